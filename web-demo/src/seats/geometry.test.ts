import { expect, test } from 'vitest';
import { layOut, moved, partsOf, placeOf, seatAt } from './geometry';

const rows = (section: string, count: number, seats: number): { label: string }[] =>
  Array.from({ length: count * seats }, (_, index) => ({ label: `${section}-${Math.floor(index / seats) + 1}-${(index % seats) + 1}` }));
const hall = layOut([...rows('R', 3, 8), ...rows('S', 2, 6)]);

test('a label is taken apart from its end, since a section may have a dash', () => {
  expect(partsOf('R-3-17')).toEqual({ section: 'R', row: '3', seat: '17' });
  expect(partsOf('left-wing-3-17')).toEqual({ section: 'left-wing', row: '3', seat: '17' });
});

test('rows and sections are found', () => {
  expect(hall.rows.map((row) => row.length)).toEqual([8, 8, 8, 6, 6]);
  expect(hall.sections).toEqual(['R', 'S']);
  expect(hall.columns).toBe(8);
});

test('every seat is found where it is drawn, and overlaps no other', () => {
  for (let index = 0; index < hall.rowOf.length; index += 1) {
    const { x, y } = placeOf(hall, index);
    expect(seatAt(hall, x, y)).toBe(index);
    expect(y + 0.5).toBeLessThanOrEqual(hall.height);
  }
  expect(seatAt(hall, 4, 0.5)).toBeNull();
  expect(seatAt(hall, -1, 4)).toBeNull();
});

test('keys stay within the row and the hall', () => {
  expect(moved(hall, 0, 'left')).toBe(0);
  expect(moved(hall, 7, 'right')).toBe(7);
  expect(moved(hall, 3, 'home')).toBe(0);
  expect(moved(hall, 3, 'end')).toBe(7);
  expect(moved(hall, 3, 'up')).toBe(3);
  expect(moved(hall, 3, 'down')).toBe(11);
  expect(moved(hall, 3, 'last')).toBe(35);
});

test('down into a shorter row keeps to what is below, and to its ends', () => {
  expect(moved(hall, 20, 'down')).toBe(27);
  expect(moved(hall, 16, 'down')).toBe(24);
  expect(moved(hall, 23, 'down')).toBe(29);
  expect(moved(hall, 27, 'up')).toBe(20);
});

test('ten thousand seats are laid out in a moment', () => {
  const started = performance.now();
  expect(layOut(rows('R', 100, 100)).rows).toHaveLength(100);
  expect(performance.now() - started).toBeLessThan(250);
});
