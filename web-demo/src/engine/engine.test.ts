import { describe, expect, test } from 'vitest';
import { Engine, EngineError } from './client';
import { fakePackage, lasting, portTo } from './fake';
import { EngineHost } from './host';
import { Playback } from './playback';
import type { Frame, Wanted } from './protocol';

const NOTHING: Wanted = { hall: null, stages: false };

describe('a host', () => {
  test('brings all lanes to the same time, and stops when they are done', () => {
    const host = new EngineHost(fakePackage());
    host.open([lasting(10), lasting(20)]);
    const half = host.advance(12_000, Infinity, NOTHING);
    expect([half.millis, half.isDone, ...half.lanes.map((lane) => lane.isDone)]).toEqual([12_000, false, true, false]);
    expect(host.advance(60_000, Infinity, NOTHING)).toMatchObject({ millis: 20_000, isDone: true });
  });

  test('keeps to its budget', () => {
    let now = 0;
    const host = new EngineHost(fakePackage(), () => (now += 5));
    host.open([lasting(100_000)]);
    const { millis } = host.advance(100_000_000, 40, NOTHING);
    expect(millis).toBeGreaterThan(0);
    expect(millis).toBeLessThan(100_000_000);
  });

  test('hands out each row of the curve once, and all of them again after a restart', () => {
    const host = new EngineHost(fakePackage());
    host.open([lasting(10)]);
    const rows = (frame: Frame): [number, number] => [frame.lanes[0]?.curveFrom ?? -1, (frame.lanes[0]?.curve.length ?? 0) / 6];
    expect(rows(host.advance(2000, Infinity, NOTHING))).toEqual([0, 3]);
    expect(rows(host.advance(4000, Infinity, NOTHING))).toEqual([3, 2]);
    host.restart();
    expect(rows(host.advance(4000, Infinity, NOTHING))).toEqual([0, 5]);
  });

  test('a scenario that makes no sense names its lane and leaves the last session', () => {
    const host = new EngineHost(fakePackage());
    host.open([lasting(10)]);
    host.advance(3000, Infinity, NOTHING);
    expect(() => host.open([lasting(10), lasting(0)])).toThrow(expect.objectContaining({ lane: 1 }));
    expect(host.look(NOTHING).millis).toBe(3000);
  });

  test('tells which invariant is broken, and sends seats and stages only to who looks', () => {
    const host = new EngineHost(fakePackage({ breaksAt: 5000 }));
    host.open([lasting(10)]);
    const sound = host.advance(4000, Infinity, { hall: 0, stages: true }).lanes[0];
    expect(sound).toMatchObject({ broken: null, seats: Uint8Array.of(0, 2), stages: Uint8Array.of(1) });
    expect(host.advance(10_000, Infinity, NOTHING).lanes[0]).toMatchObject({ broken: 'no_overtaking', seats: null, stages: null });
  });
});

/** A film whose screen is turned by hand. */
async function film(seconds: number): Promise<{ playback: Playback; turn: (millis: number) => Promise<void>; engine: Engine }> {
  const engine = new Engine(portTo(new EngineHost(fakePackage())));
  let [now, next]: [number, ((now: number) => void) | null] = [0, null];
  const viewer = { wanted: () => NOTHING, frame: () => {}, changed: () => {}, failed: () => {} };
  const playback = new Playback(engine, viewer, (callback) => (next = callback));
  await engine.call('open', [lasting(seconds)]);
  playback.opened();
  const turn = async (millis: number): Promise<void> => {
    now += millis;
    const callback = next;
    next = null;
    callback?.(now);
    await new Promise((resolve) => setTimeout(resolve));
  };
  await turn(16);
  return { playback, turn, engine };
}

describe('a film', () => {
  test('plays at its speed, stops at the end, and shows a frame before it plays', async () => {
    const { playback, turn } = await film(100);
    expect(playback.frame?.millis).toBe(0);
    playback.play(10);
    await turn(16);
    for (let frames = 0; frames < 5; frames += 1) await turn(100);
    expect(playback.frame?.millis).toBe(5000);
    for (let frames = 0; frames < 200; frames += 1) await turn(100);
    expect([playback.frame?.millis, playback.isPlaying]).toEqual([100_000, false]);
  });

  test('time that nobody saw does not count', async () => {
    const { playback, turn } = await film(1000);
    playback.play(1);
    await turn(16);
    await turn(60_000);
    expect(playback.frame?.millis).toBe(250);
  });

  test('goes to any time, forwards and back', async () => {
    const { playback, turn } = await film(100);
    for (const millis of [60_000, 20_500, 0]) {
      playback.seek(millis);
      await turn(16);
      expect([playback.frame?.millis, playback.sought]).toEqual([millis, null]);
    }
  });

  test('a step pauses it', async () => {
    const { playback, turn } = await film(100);
    playback.play(1);
    playback.step(3);
    await turn(16);
    expect([playback.frame?.millis, playback.isPlaying]).toEqual([3000, false]);
  });
});

describe('a client', () => {
  test('fails what the stopped engine was asked', async () => {
    const engine = new Engine(portTo(new EngineHost(fakePackage())));
    const asked = engine.call('report', 0);
    engine.stop();
    await expect(asked).rejects.toBeInstanceOf(EngineError);
  });

  test('reads the field that makes no sense from a refusal', () => {
    const rejection = { code: 'malformed_request' as const, errors: [{ field: 'people.patience', reason: 'must be 1 to 9' }] };
    expect(new EngineError({ message: '', rejection, lane: 0 }).field).toEqual({ path: 'people.patience', reason: 'must be 1 to 9' });
    expect(new EngineError({ message: '', rejection: { code: 'sold_out' }, lane: 0 }).field).toBeNull();
  });
});
