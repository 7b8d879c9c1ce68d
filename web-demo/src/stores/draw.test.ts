import { expect, test, vi } from 'vitest';
import type { BoxOffice } from '../api/box-office';
import { Client } from '../api/client';
import type { Concert, Lot, Prequeue, QueueToken } from '../api/types';
import type { VerifyDraw } from '../engine/draw';
import { checkDraw } from './draw-check';
import type { Clock } from './clock';
import { Journey } from './journey';
import { KEPT_NOWHERE } from './keepsake';
import { Sale } from './sale';

const WAITING: Prequeue = { opens_at: '2030-01-01T00:00:00Z', draw: 'random', beacon: null, commitment: 'c0', arrivals: null, seed: null, beacon_value: null };
const DRAWN: Prequeue = { ...WAITING, arrivals: 9, seed: '5eed' };
const LOT: Lot = { arrival_number: 3, ticket_number: 7 };

const gives = (verify: VerifyDraw) => () => Promise.resolve(verify);
const refuses = (field: string): VerifyDraw => () => {
  throw Object.assign(new Error(field), { rejection: { code: 'malformed_request', errors: [{ field, reason: '' }] } });
};

test('a draw holds when the published values give the number', async () => {
  const verify = vi.fn<VerifyDraw>(() => 7);
  const { fault, evidence } = await checkDraw(DRAWN, LOT, 'c0', gives(verify));
  expect(fault).toBeNull();
  expect(evidence).toEqual({ seed: '5eed', commitment: 'c0', beacon_value: null, arrivals: 9, arrival_number: 3, ticket_number: 7 });
  expect(verify).toHaveBeenCalledWith('5eed', 'c0', null, 9, 3);
});

test('what does not hold is told by its reason', async () => {
  const fault = async (...[prequeue, committed, verify]: [Prequeue | null, string | null, VerifyDraw]): Promise<unknown> =>
    (await checkDraw(prequeue, LOT, committed, gives(verify))).fault;
  expect(await fault(null, null, () => 7)).toBe('unpublished');
  expect(await fault(WAITING, 'c0', () => 7)).toBe('unpublished');
  expect(await fault({ ...DRAWN, beacon: 'lottery' }, 'c0', () => 7)).toBe('unpublished');
  expect(await fault(DRAWN, 'c1', () => 7)).toBe('commitment');
  expect(await fault(DRAWN, null, refuses('seed'))).toBe('seed');
  expect(await fault(DRAWN, null, refuses('arrivals'))).toBe('values');
  expect(await fault(DRAWN, null, () => 8)).toBe('number');
  const offline = await checkDraw(DRAWN, LOT, null, () => Promise.reject(new Error('offline')));
  expect(offline.fault).toBe('failed');
});

test('a visitor has no place until the draw, and learns of it and of what it was made of', async () => {
  // Given somebody who joined before the sale opened
  let place = { ticket_id: 't', state: 'waiting', position: null, eta_seconds: null, poll_after_seconds: 1, lot: { ...LOT, ticket_number: null } } as QueueToken;
  const looks: (() => void)[] = [];
  const clock: Clock = { now: () => 0, lookMillis: 1000, after: (_millis, look) => { looks.push(look); return () => undefined; } };
  const concert = { id: 'c', prequeue: WAITING } as Concert;
  const office = {
    demoSession: async () => ({ user_id: 'u', token: 'bearer' }),
    join: async () => ({ ...place, token: 'queue' }),
    place: async () => place,
    concert: async () => ({ ...concert, prequeue: DRAWN }),
  } as unknown as BoxOffice;
  const journey = new Journey(office, clock, KEPT_NOWHERE);
  await journey.join(concert);
  expect(journey.store.value).toMatchObject({ step: 'waiting', trail: [], commitment: 'c0', statistics: { joinedPosition: null } });

  // When the draw is held
  place = { ...place, position: 7, lot: LOT };
  await vi.waitFor(() => expect(looks.length).toBeGreaterThan(0));
  looks.at(-1)?.();

  // Then the place is known, and the seed with it
  await vi.waitFor(() => expect(journey.store.value.concert?.prequeue?.seed).toBe('5eed'));
  expect(journey.store.value).toMatchObject({ statistics: { joinedPosition: 7 }, commitment: 'c0' });
  journey.stop();
});

test('the operator hands in a value, and sees the draw that somebody else held', async () => {
  const concert = { id: 'c', prequeue: { ...WAITING, beacon: 'lottery' } } as Concert;
  const drawn = { ...concert, prequeue: { ...DRAWN, beacon: 'lottery', beacon_value: '1 2 3' } } as Concert;
  const asked: unknown[] = [];
  let refused = false;
  const send = vi.fn(async (url: unknown, request?: RequestInit) => {
    asked.push([url, request?.body]);
    if (refused && request?.method === 'POST') return new Response('{"code":"already_drawn"}', { status: 409 });
    return new Response(JSON.stringify(drawn));
  });
  const sale = new Sale(new Client('./', () => 'en', send as typeof fetch));
  sale.store.set({ concert, concerts: [concert] });
  await sale.draw('1 2 3');
  expect(asked).toEqual([['./v1/concerts/c/draw', '{"beacon_value":"1 2 3"}']]);
  expect(sale.store.value).toMatchObject({ concert: drawn, concerts: [drawn], done: 'drawn', problem: null });

  refused = true;
  sale.store.set({ concert, concerts: [concert], done: null });
  await sale.draw('4 5 6');
  expect(sale.store.value).toMatchObject({ concert: drawn, done: null, problem: { code: 'already_drawn' } });
});
