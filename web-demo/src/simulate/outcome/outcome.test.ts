import type { Report } from '@frontrow/wasm';
import { describe, expect, test } from 'vitest';
import { FIELDS } from '../scenario/fields';
import { BASE, preset } from '../scenario/presets';
import { compare } from './compare';
import { curveCsv, outcomeJson } from './files';
import { findings } from './insights';
import { expanded, parseValues, suggestedValues } from './sweep';

const quantiles = (p50: number, count = 10): Report['wait'] => ({ count, mean_millis: p50, p50_millis: p50, p95_millis: p50 * 2, p99_millis: p50 * 3, max_millis: p50 * 4 });

/** A good sale, of which tests change what they are about. */
function report(change: Partial<Report> = {}): Report {
  return {
    version: 1, seed: 1, ended_at_second: 900, events: 10, event_hash: '00', sold_out_at_second: 480, refusals: {},
    people: { came: 100, bought: 80, gave_up: 0, passed_over: 0, sold_out: 20, refused: 0, ran_out: 0, no_seats: 0, payment_failed: 0, abandoned: 0, waiting: 0, active: 0, rejoining: 0, bots: 0, bots_bought: 0 },
    seats: { total: 160, held: 0, sold: 160, sell_through_basis_points: 10_000 },
    wait: quantiles(60_000), eta: { quoted: 10, off_by: quantiles(5000), earlier: 5, later: 5 },
    counts: { tickets: 100, admitted: 80, no_shows: 0, timed_out: 0, left: 0, holds: 80, holds_lapsed: 0, holds_released: 0, payments_failed: 0, payments: 80, revenue: 1000, tick_parts: 9, waiting_max: 50, active_max: 30, commands: 300 },
    littles_law: { line_over_time: 1, sum_of_waits: 1, ok: true, mean_line_thousandths: 1, mean_wait_millis: 1 },
    invariants: { ok: true, checks: [] },
    curve: [{ at_second: 0, came: 0, waiting: 0, active: 0, held: 0, sold: 0 }, { at_second: 10, came: 5, waiting: 3, active: 2, held: 1, sold: 0 }],
    ...change,
  };
}

const keys = (change: Partial<Report>): string[] => findings(report(change), BASE).map(({ key }) => key);

describe('findings', () => {
  test('a good sale is called so', () => expect(keys({})).toEqual(['sold_out', 'smooth']));

  test('K too high: most who were let in found nothing', () => {
    expect(keys({ people: { ...report().people, bought: 20, no_seats: 60 } })).toContain('k_too_high');
  });

  test('seats that stay while people go without are bad, and an empty line is not', () => {
    const seats = { total: 160, held: 0, sold: 140, sell_through_basis_points: 8750 };
    const tone = (bought: number): string | undefined => findings(report({ seats, sold_out_at_second: null, people: { ...report().people, bought } }), BASE).find(({ key }) => key === 'unsold')?.tone;
    expect([tone(50), tone(95)]).toEqual(['bad', 'good']);
  });

  test('holds that lapse, bots and long waits are told', () => {
    expect(keys({ counts: { ...report().counts, holds_lapsed: 30 }, wait: quantiles(1_200_000), people: { ...report().people, bots: 30, bots_bought: 2 } })).toEqual(['sold_out', 'holds_lapse', 'bots', 'long_wait']);
  });
});

describe('a comparison', () => {
  const of = (change: Partial<Report>): { scenario: typeof BASE; report: Report } => ({ scenario: BASE, report: report(change) });

  test('of the same has no differences', () => expect(compare(of({}), of({}))).toEqual([]));

  test('says what is better and what is worse', () => {
    const told = compare(of({}), of({ wait: quantiles(30_000), people: { ...report().people, bought: 70 } }));
    expect(told.map(({ measure, verdict }) => `${measure.key} ${verdict}`)).toEqual(['bought worse', 'wait_p50 better', 'wait_p95 better', 'wait_p99 better']);
  });

  test('a sell-out that never came is a difference without a verdict', () => {
    expect(compare(of({}), of({ sold_out_at_second: null }))).toMatchObject([{ measure: { key: 'sold_out_after' }, a: 180_000, b: null, verdict: 'neutral' }]);
  });
});

describe('a sweep', () => {
  const [interval] = FIELDS.admission;
  if (interval === undefined) throw new Error('fields have moved');

  test('reads lists and ranges', () => {
    expect(parseValues(interval, '20, 5;10 5')).toEqual({ values: [5, 10, 20] });
    expect(parseValues(interval, '10-40/10')).toEqual({ values: [10, 20, 30, 40] });
    for (const wrong of ['', '0', 'a', '10-20/0']) expect(parseValues(interval, wrong)).toEqual({ reason: 'must be 1 to 86400' });
    expect(parseValues(interval, '1-100/1')).toEqual({ reason: 'must be 1 to 24 values' });
  });

  test('varies one number and nothing else', () => {
    const made = expanded(preset('bots'), 'admission.interval_seconds', [5, 6]);
    expect(made.map((one) => one.admission.interval_seconds)).toEqual([5, 6]);
    expect(made[0]).toEqual({ ...preset('bots'), admission: { ...preset('bots').admission, interval_seconds: 5 } });
  });

  test('suggests values within the bounds of every field', () => {
    for (const field of Object.values(FIELDS).flat()) {
      for (const value of suggestedValues(preset('calm'), field)) expect(value >= field.min && value <= field.max, field.path).toBe(true);
    }
  });
});

describe('files', () => {
  test('a curve is CSV, with the twin beside it', () => {
    const twin = report({ curve: [{ at_second: 10, came: 6, waiting: 4, active: 2, held: 0, sold: 0 }] });
    expect(curveCsv([report(), twin]).split('\r\n')).toEqual([
      'at_second,came,waiting,active,held,sold,came_b,waiting_b,active_b,held_b,sold_b', '0,0,0,0,0,0,,,,,', '10,5,3,2,1,0,6,4,2,0,0', '',
    ]);
  });

  test('an outcome can be read back', () => {
    const one = { scenario: BASE, report: report() };
    expect(JSON.parse(outcomeJson([one], '#/simulate?v=1'))).toEqual({ link: '#/simulate?v=1', ...one });
    expect(JSON.parse(outcomeJson([one, one], ''))).toEqual({ link: '', a: one, b: one });
  });
});
