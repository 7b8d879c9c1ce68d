import { afterEach, describe, expect, test, vi } from 'vitest';
import { Engine } from '../engine/client';
import { fakePackage, portTo } from '../engine/fake';
import { EngineHost } from '../engine/host';
import { BASE } from './scenario/presets';
import { Session } from './session';
import { endMillis, fittingSpeed } from './state';

/** Time enough for a fake engine's answers, which come at once but later. */
const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 60; turns += 1) await new Promise((resolve) => setTimeout(resolve));
};

function sessionOn(pack: Parameters<typeof fakePackage>[0] = {}): { session: Session; addresses: string[] } {
  const addresses: string[] = [];
  const session = new Session({
    engine: () => new Engine(portTo(new EngineHost(fakePackage(pack)))),
    screen: (callback) => void setTimeout(() => callback(performance.now())),
    moves: () => false,
    address: (link) => addresses.push(link),
  });
  return { session, addresses };
}

afterEach(() => void vi.useRealTimers());

describe('a session', () => {
  test('opens what a link names, runs it to its end and shows that', async () => {
    const { session, addresses } = sessionOn();
    await session.visit('#/simulate?v=1&duration_seconds=60&sale_opens_at_second=5');
    await settled();
    const { phase, outcomes, forecast, scenario } = session.store.value;
    expect([phase, outcomes?.length, forecast, scenario.duration_seconds]).toEqual(['ready', 1, null, 60]);
    expect(session.film.value.frame).toMatchObject({ millis: 60_000, isDone: true });
    expect(addresses.at(-1)).toBe('#/simulate?v=1&duration_seconds=60&sale_opens_at_second=5');
  });

  test('goes to the second that a link names', async () => {
    const { session } = sessionOn();
    await session.visit('#/simulate?v=1&duration_seconds=60&at=21');
    await settled();
    expect(session.film.value.frame?.millis).toBe(21_000);
  });

  test('an invariant that breaks stops it, with a link that repeats it', async () => {
    const { session } = sessionOn({ breaksAt: 30_000 });
    await session.visit('#/simulate?v=1&duration_seconds=60');
    await settled();
    const { broken } = session.store.value;
    expect(broken).toMatchObject({ lane: 0, invariant: 'no_overtaking' });
    expect(broken?.link).toBe(`#/simulate?v=1&duration_seconds=60&at=${broken?.second}`);
    expect(session.film.value.isPlaying).toBe(false);
  });

  test('what makes no sense is a problem, and what ran goes on', async () => {
    const { session } = sessionOn();
    await session.visit('#/simulate?v=1&duration_seconds=60');
    await settled();
    const before = session.store.value.opened;
    await session.visit('#/simulate?v=1&arrivals.0.people=2000000');
    expect(session.store.value.problems).toEqual([{ lane: 0, path: 'arrivals.0.people', reason: 'must be 1 to 1000000' }]);
    expect(session.store.value.opened).toBe(before);
  });

  test('a twin keeps to its own changes, and never to other arrivals', async () => {
    const { session, addresses } = sessionOn();
    await session.visit('#/simulate?v=1&duration_seconds=60');
    await session.compare(true);
    session.change('admission.batch_size', 7);
    session.change('arrivals.0.people', 7);
    session.change('seed', 7);
    expect(session.store.value.twin).toEqual({ 'admission.batch_size': 7 });
    session.change('admission.batch_size', BASE.admission.batch_size);
    expect(session.store.value.twin).toEqual({});
    session.edit(0);
    session.change('seed', 9);
    expect(session.scenarios().map(({ seed }) => seed)).toEqual([9, 9]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await settled();
    expect(addresses.at(-1)).toBe('#/simulate?v=1&seed=9&duration_seconds=60&b');
    expect(session.store.value.outcomes).toHaveLength(2);
  });
});

describe('a film’s length', () => {
  test('is the scenario’s until the run to the end is over', () => {
    const scenario = { ...BASE, duration_seconds: 100 };
    expect(endMillis({ scenario, outcomes: null }, null)).toBe(100_000);
    expect(endMillis({ scenario, outcomes: [{ ended_at_second: 40 }] as never }, null)).toBe(40_000);
  });

  test('takes about a quarter of a minute', () => {
    expect([10, 600, 3600, 86_400].map((seconds) => fittingSpeed(seconds * 1000))).toEqual([1, 60, 300, 1000]);
  });
});
