import { expect, test, vi } from 'vitest';
import { Client } from '../api/client';
import { Problem, problemOf } from '../api/problem';
import type { Concert, QueueToken, Seat } from '../api/types';
import { en } from '../i18n/en';
import { ko } from '../i18n/ko';
import { compared, extended, secondsLeft, type TrailPoint } from './journey-state';
import { Sale, soldPerMinute } from './sale';
import { localeFor } from './settings';
import { Store } from './store';

const seat = (number: number, status: Seat['status']): Seat => ({ number, label: `R-1-${number}`, section: 'R', price: 1000, status });

test('a store tells its listeners until they leave', () => {
  const store = new Store({ a: 1, b: 2 });
  const told = vi.fn();
  const leave = store.subscribe(told);
  store.set({ a: 3 });
  leave();
  store.set({ a: 4 });
  expect(told).toHaveBeenCalledOnce();
  expect(store.value).toEqual({ a: 4, b: 2 });
});

test('the language is the one that was chosen, else what the browser prefers, else English', () => {
  expect(localeFor('ko', ['en-US'])).toBe('ko');
  expect(localeFor(null, ['ko-KR', 'en'])).toBe('ko');
  expect(localeFor(null, ['fr', 'en-GB'])).toBe('en');
  expect(localeFor('xx', [])).toBe('en');
});

test('a newer map tells which chosen seats are lost and how many others went', () => {
  const before = [seat(1, 'available'), seat(2, 'available'), seat(3, 'held'), seat(4, 'available')];
  const after = [seat(1, 'held'), seat(2, 'available'), seat(3, 'sold'), seat(4, 'sold')];
  const { lost, gone } = compared(before, after, new Set([1, 2]));
  expect(lost.map((one) => one.number)).toEqual([1]);
  expect(gone).toBe(2);
});

test('the trail is thinned when it grows long, and keeps its start', () => {
  let trail: TrailPoint[] = [];
  for (let at = 0; at < 2000; at += 1) trail = extended(trail, { state: 'waiting', position: 2000 - at } as QueueToken, at);
  expect(trail.length).toBeLessThanOrEqual(400);
  expect(trail[0]).toEqual({ at: 0, position: 2000 });
});

test('a hold ends at its very instant', () => {
  expect(secondsLeft(10_000, 9_000)).toBe(1);
  expect(secondsLeft(10_000, 10_000)).toBe(0);
  expect(secondsLeft(10_000, 11_000)).toBe(0);
});

test('sales a minute are told from the last minute', () => {
  const at = (seconds: number, sold: number) => ({ at: seconds * 1000, waiting: 0, active: 0, sold });
  expect(soldPerMinute([])).toBe(0);
  expect(soldPerMinute([at(0, 0), at(100, 50), at(160, 80)])).toBe(30);
});

test('whatever a server answers becomes a problem', () => {
  const taken = problemOf({ code: 'seat_taken', detail: 'x', seats: [3, 'a'] }, 409, null);
  expect([taken.code, taken.seats, taken.isTransient]).toEqual(['seat_taken', [3], false]);
  expect(problemOf('<html>', 502, null).code).toBe('unreadable_answer');
  expect(problemOf({ code: 'overloaded' }, 503, '2').retryAfterSeconds).toBe(2);
});

test('a call with a key is sent again with the same key; a call without is not', async () => {
  const keys: unknown[] = [];
  const send = vi.fn(async (_url: unknown, request?: RequestInit) => {
    keys.push((request?.headers as Record<string, string>)['idempotency-key']);
    if (keys.length === 1) return new Response('{"code":"overloaded"}', { status: 503, headers: { 'retry-after': '0' } });
    return new Response('{"balance":1}', { status: 201 });
  });
  const client = new Client('./', () => 'ko', send as typeof fetch);
  await client.charge('u', 1, 'bearer', 'one');
  expect(keys).toEqual(['one', 'one']);
  keys.length = 0;
  await expect(client.join('c', 'bearer')).rejects.toBeInstanceOf(Problem);
  expect(keys).toEqual([undefined]);
});

test('the operator drains the queue and tells the people in line something, or nothing any more', async () => {
  const changes: unknown[] = [];
  const concert = { id: 'c', state: 'open', draining: false, notice: null } as Concert;
  const send = vi.fn(async (_url: unknown, request?: RequestInit) => {
    const change = JSON.parse(request?.body as string) as Partial<Concert>;
    changes.push(change);
    return new Response(JSON.stringify({ ...concert, ...change }));
  });
  const sale = new Sale(new Client('./', () => 'en', send as typeof fetch));
  sale.store.set({ concert });
  await sale.drain(true);
  expect([sale.store.value.concert?.draining, sale.store.value.done]).toEqual([true, 'draining']);
  const notice = { ko: '잠시만요.', en: 'A moment.' };
  await sale.announce(notice);
  expect([sale.store.value.concert?.notice, sale.store.value.done]).toEqual([notice, 'announced']);
  await sale.announce(null);
  expect([sale.store.value.concert?.notice, sale.store.value.done]).toEqual([null, 'silenced']);
  expect(changes).toEqual([{ draining: true }, { notice }, { notice: null }]);
});

test('both languages have the same codes and say them differently', () => {
  expect(Object.keys(ko.problem).sort()).toEqual(Object.keys(en.problem).sort());
  expect(Object.keys(ko.operator.invariant).sort()).toEqual(Object.keys(en.operator.invariant).sort());
  expect(ko.problem['seat_taken']).toBe('이미 선택된 좌석입니다.');
});
