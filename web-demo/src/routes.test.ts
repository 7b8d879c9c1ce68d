import { expect, test } from 'vitest';
import { ROOMS, roomOf, type Room } from './routes';

test('every room is found at its address, with whatever the address adds', () => {
  for (const room of Object.keys(ROOMS) as Room[]) {
    expect(roomOf(ROOMS[room].hash)).toBe(room);
    expect(roomOf(`${ROOMS[room].hash}?seed=1`)).toBe(room);
  }
});

test('any other address is the start page’s', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#main']) expect(roomOf(hash)).toBe('play');
});
