import { expect, test, vi } from 'vitest';
import { Problem } from '../api/problem';
import { EngineError, type Engine } from '../engine/client';
import { LEVELS, anySeed, challengeIn, hashOf, scenarioOf, seatsOf } from './levels';
import { isRecord, scoreOf, type Finish } from './score';
import { SimClock } from './sim-clock';
import { SimOffice, newUuid, seatsOfSections } from './sim-office';

const BILLING = { title: 'Show', venue: 'Hall', startsAt: '2030-01-01T19:00:00.000Z' };
const SECTIONS = [{ name: 'R', rows: 2, seats_per_row: 3, price: 100 }];

test('a challenge survives its address, and what is none is refused', () => {
  for (const level of LEVELS) expect(challengeIn(hashOf({ level, seed: 41 }))).toEqual({ level, seed: 41 });
  for (const hash of ['', '#/play', '#/play?level=none&seed=1', '#/play?level=arena', '#/play?level=arena&seed=-1', '#/play?level=arena&seed=1.5', '#/play?level=arena&seed=99999999']) {
    expect(challengeIn(hash)).toBeNull();
  }
  expect(Number.isInteger(anySeed())).toBe(true);
});

test('levels get harder: more people a seat or more bots', () => {
  expect(LEVELS.map((level) => level.difficulty)).toEqual([1, 2, 3, 4]);
  expect(seatsOf(LEVELS[3]!)).toBeGreaterThan(10_000);
  for (const level of LEVELS) expect(level.people).toBeGreaterThan(2 * seatsOf(level));
  expect(scenarioOf(LEVELS[2]!, 5)).toMatchObject({ seed: 5, bots: { share_percent: 20 } });
});

test('a simulated clock calls what is due, once, and never before its time', () => {
  let real = 0;
  const clock = new SimClock(1000, () => real);
  const called = vi.fn();
  clock.after(500, called);
  const calledOff = clock.after(10, called);
  calledOff();
  real = 1000;
  clock.advance(499);
  expect(called).not.toHaveBeenCalled();
  clock.advance(500);
  clock.advance(900);
  expect(called).toHaveBeenCalledOnce();
  expect(clock.now()).toBe(1900);
  clock.advance(100);
  expect(clock.millis).toBe(900);
});

test('however fast time passes, nothing is called again at once', () => {
  let real = 0;
  const clock = new SimClock(0, () => real);
  const called = vi.fn();
  clock.after(10, called);
  clock.advance(60_000);
  expect(called).not.toHaveBeenCalled();
  real = 100;
  clock.advance(60_001);
  expect(called).toHaveBeenCalledOnce();
});

test('seats are numbered as the rules number them', () => {
  const seats = seatsOfSections([...SECTIONS, { name: 'S', rows: 1, seats_per_row: 1, price: 50 }]);
  expect(seats.map((seat) => seat.label)).toEqual(['R-1-1', 'R-1-2', 'R-1-3', 'R-2-1', 'R-2-2', 'R-2-3', 'S-1-1']);
  expect(seats.map((seat) => seat.number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(seats[6]).toMatchObject({ section: 'S', price: 50, status: 'available' });
});

test('an id is a UUID of version 4', () => {
  expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a map is told once, and what did not change stays the same', async () => {
  const office = new SimOffice({} as Engine, new SimClock(0), BILLING, SECTIONS);
  const first = await office.seats('hall', 'ticket');
  office.see(Uint8Array.of(0, 1, 0, 0, 2, 0));
  const second = await office.seats('hall', 'ticket', first?.etag);
  expect(second?.map.data.map((seat) => seat.status)).toEqual(['available', 'held', 'available', 'available', 'sold', 'available']);
  expect(second?.map.data[0]).toBe(first?.map.data[0]);
  office.see(Uint8Array.of(0, 1, 0, 0, 2, 0));
  expect(await office.seats('hall', 'ticket', second?.etag)).toBeNull();
});

test('what the rules refuse is the problem that a server would tell', async () => {
  const failure = { message: 'taken', rejection: { code: 'seat_taken' as const, seats: [2] }, lane: 0 };
  const engine = { call: () => Promise.reject(new EngineError(failure)) } as unknown as Engine;
  const office = new SimOffice(engine, new SimClock(0), BILLING, SECTIONS);
  const refused = await office.reserve('hall', { seats: [2] }, { queueToken: 'ticket' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ code: 'seat_taken', seats: [2], isTransient: false });
});

test('a score tells how many were slower, and whether it is the best so far', () => {
  const statistics = { joinedAt: 10_400, joinedPosition: 30, quotedSeconds: 20, admittedAt: 20_000, heldAt: 30_000, paidAt: 50_000, gone: 3, misses: 1 };
  const finish: Finish = { ending: 'ticket', level: 'arena', seed: 1, opensAt: 10_000, endedAt: 50_000, bought: 50, people: 1000, statistics };
  const score = scoreOf(finish, 41);
  expect(score).toMatchObject({ reactionSeconds: 0.4, totalSeconds: 40, fasterThanPercent: 95 });
  expect(isRecord(score)).toBe(true);
  expect(isRecord(scoreOf(finish, 40))).toBe(false);
  expect(isRecord(scoreOf({ ...finish, ending: 'sold_out' }, null))).toBe(false);
});
