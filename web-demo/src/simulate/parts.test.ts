import { describe, expect, test } from 'vitest';
import { countTones, gridFor, nextOf, personAt, TONES, tonesOf } from './crowd';
import { emptyCurve, extended } from './state';
import { parseCounts, reshapedWave } from './waves';
import { reasonText, seatLabel, share } from './words';

const STAGES = ['coming', 'waiting', 'active', 'rejoining', 'bought', 'gave_up', 'passed_over', 'sold_out', 'refused', 'ran_out', 'no_seats', 'payment_failed', 'abandoned'];

describe('the crowd', () => {
  test('everybody has a dot, and a click on it finds them', () => {
    for (const people of [1, 40, 1000, 15_000]) {
      const grid = gridFor(people, 500, 300);
      expect([grid.each, grid.rows * grid.pitch <= 300, grid.columns * grid.pitch <= 500]).toEqual([1, true, true]);
      const last = people - 1;
      expect(personAt(grid, people, ((last % grid.columns) + 0.5) * grid.pitch, (Math.floor(last / grid.columns) + 0.5) * grid.pitch)).toBe(last);
      expect(personAt(grid, people, 1, 5000)).toBeNull();
    }
  });

  test('a million people are dots of several', () => {
    const grid = gridFor(1_000_000, 500, 300);
    expect(grid.each * grid.columns * grid.rows).toBeGreaterThanOrEqual(1_000_000);
    expect(grid.rows * grid.pitch).toBeLessThanOrEqual(300);
  });

  test('every stage has a tone, and everybody is counted once', () => {
    const tones = tonesOf(STAGES);
    const counts = countTones(Uint8Array.from(STAGES.keys()), tones, 20);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    expect(counts[TONES.indexOf('coming')]).toBe(8);
    expect(counts[TONES.indexOf('without')]).toBe(4);
  });

  test('the next of a tone comes after, and then from the beginning', () => {
    const tones = tonesOf(STAGES);
    const [bought, waiting] = [STAGES.indexOf('bought'), STAGES.indexOf('waiting')];
    const stages = Uint8Array.of(bought, waiting, bought);
    const next = (after: number): number | null => nextOf(stages, tones, TONES.indexOf('bought'), after);
    expect([next(-1), next(0), next(2)]).toEqual([0, 2, 0]);
    expect(nextOf(stages, tones, TONES.indexOf('gone'), 0)).toBeNull();
  });
});

describe('figures and words', () => {
  test('a curve grows by rows, and begins anew from the first', () => {
    const once = extended(emptyCurve(), Float64Array.of(0, 1, 2, 3, 4, 5), 0);
    const twice = extended(once, Float64Array.of(10, 6, 7, 8, 9, 10), 1);
    expect(twice).toEqual({ seconds: [0, 10], came: [1, 6], waiting: [2, 7], active: [3, 8], held: [4, 9], sold: [5, 10] });
    expect(extended(twice, Float64Array.of(0, 1, 2, 3, 4, 5), 0).seconds).toEqual([0]);
  });

  test('a seat is called as its ticket says', () => {
    const sections = [{ name: 'R', rows: 2, seats_per_row: 3, price: 1 }, { name: 'S', rows: 1, seats_per_row: 2, price: 1 }];
    expect([1, 3, 4, 6, 7, 8].map((seat) => seatLabel(sections, seat))).toEqual(['R-1-1', 'R-1-3', 'R-2-1', 'R-2-3', 'S-1-1', 'S-1-2']);
  });

  test('what is not everything is never 100 %', () => {
    expect([share(1), share(0.9999), share(0.015), share(0)]).toEqual(['100%', '99%', '1.5%', '0%']);
  });

  test('the engine’s bounds are told in the visitor’s language, and the rest as it is', () => {
    expect(reasonText('must be 1 to 86400')).toBe('Must be 1 to 86,400');
    expect(reasonText('must be unique in the hall')).toBe('must be unique in the hall');
  });
});

describe('arrivals', () => {
  test('counts are read as they are pasted', () => {
    expect(parseCounts('1, 2\n3;4')).toEqual([1, 2, 3, 4]);
    for (const wrong of ['', 'a', '1 -2', '1.5']) expect(parseCounts(wrong)).toBeNull();
  });

  test('another shape has about as many people', () => {
    const burst = reshapedWave({ kind: 'recorded', from_second: 0, counts: [3, 4] }, 'burst', 60);
    expect(burst).toEqual({ kind: 'burst', people: 7, at_second: 60 });
    expect(reshapedWave(burst, 'on_sale_spike', 60)).toMatchObject({ people: 7 });
  });
});
