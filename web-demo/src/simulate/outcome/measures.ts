/** The figures by which outcomes are judged: how each is read from a report, and whether more of it is better. */

import type { Report, Scenario } from '@frontrow/wasm';

export type MeasureUnit = 'people' | 'seats' | 'share' | 'millis' | 'money' | 'count';
export type MeasureKey =
  | 'sell_through' | 'sold_out_after' | 'bought' | 'wait_p50' | 'wait_p95' | 'wait_p99' | 'eta_p50' | 'eta_p95' | 'empty_handed'
  | 'gave_up' | 'seat_taken' | 'lapsed' | 'active_max' | 'waiting_max' | 'revenue' | 'bots_bought';

export interface Measure {
  key: MeasureKey;
  unit: MeasureUnit;
  /** Whether an operator wants more of it, or less; `null` if that depends. */
  wanted: 'more' | 'less' | null;
  /** `null` where there is nothing to tell. */
  of: (report: Report, scenario: Scenario) => number | null;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const measure = (key: MeasureKey, unit: MeasureUnit, wanted: Measure['wanted'], of: Measure['of']): Measure => ({ key, unit, wanted, of });

/** Of the people who were let in, how many; each is counted once, however often they joined. */
function letIn({ people }: Report): number {
  return people.bought + people.ran_out + people.no_seats + people.payment_failed + people.abandoned + people.active;
}

export const MEASURES: readonly Measure[] = [
  measure('sell_through', 'share', 'more', (report) => share(report.seats.sold, report.seats.total)),
  measure('sold_out_after', 'millis', null, (report, scenario) => (report.sold_out_at_second === null ? null : (report.sold_out_at_second - scenario.sale_opens_at_second) * 1000)),
  measure('bought', 'people', 'more', (report) => report.people.bought),
  measure('wait_p50', 'millis', 'less', (report) => (report.wait.count === 0 ? null : report.wait.p50_millis)),
  measure('wait_p95', 'millis', 'less', (report) => (report.wait.count === 0 ? null : report.wait.p95_millis)),
  measure('wait_p99', 'millis', 'less', (report) => (report.wait.count === 0 ? null : report.wait.p99_millis)),
  measure('eta_p50', 'millis', 'less', (report) => (report.eta.off_by.count === 0 ? null : report.eta.off_by.p50_millis)),
  measure('eta_p95', 'millis', 'less', (report) => (report.eta.off_by.count === 0 ? null : report.eta.off_by.p95_millis)),
  measure('empty_handed', 'share', 'less', (report) => share(report.people.no_seats + report.people.ran_out, letIn(report))),
  measure('gave_up', 'people', 'less', (report) => report.people.gave_up),
  measure('seat_taken', 'count', 'less', (report) => report.refusals['seat_taken'] ?? 0),
  measure('lapsed', 'share', 'less', (report) => share(report.counts.holds_lapsed, report.counts.holds)),
  measure('waiting_max', 'people', null, (report) => report.counts.waiting_max),
  measure('active_max', 'people', null, (report) => report.counts.active_max),
  measure('revenue', 'money', 'more', (report) => report.counts.revenue),
  measure('bots_bought', 'people', 'less', (report) => (report.people.bots === 0 ? null : report.people.bots_bought)),
];

export function measureOf(key: MeasureKey): Measure {
  const found = MEASURES.find((one) => one.key === key);
  if (found === undefined) throw new Error(`there is no measure ${key}`);
  return found;
}
