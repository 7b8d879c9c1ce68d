/** What an operator should see in an outcome, as findings with figures. The words are elsewhere. */

import type { Report, Scenario } from '@frontrow/wasm';
import { measureOf } from './measures';

export type Finding =
  | { key: 'sold_out'; tone: 'good'; millis: number }
  | { key: 'unsold'; tone: 'good' | 'bad'; seats: number; share: number; without: number }
  | { key: 'k_too_high'; tone: 'bad'; share: number }
  | { key: 'holds_lapse'; tone: 'warn'; share: number; holds: number }
  | { key: 'bots'; tone: 'warn'; share: number; bought: number; bots: number }
  | { key: 'long_wait'; tone: 'warn'; millis: number }
  | { key: 'eta_off'; tone: 'warn'; millis: number; early: number }
  | { key: 'cap_reached'; tone: 'info'; cap: number }
  | { key: 'gave_up'; tone: 'warn'; share: number }
  | { key: 'smooth'; tone: 'good'; millis: number };

/** From when on a figure is a finding. */
const EMPTY_HANDED_SHARE = 0.5;
/** Up to which a sale may still be called smooth. */
const SMOOTH_EMPTY_HANDED_SHARE = 0.25;
const LAPSED_SHARE = 0.12;
const GAVE_UP_SHARE = 0.1;
const LONG_WAIT_MILLIS = 15 * 60_000;
/** How far off quotes may be, as a share of the median wait. */
const ETA_SHARE = 0.5;

/** Most findings that are worth reading. */
const FINDINGS_MAX = 5;

export function findings(report: Report, scenario: Scenario): Finding[] {
  const { people, seats, counts, wait, eta } = report;
  const found: Finding[] = [];
  const soldOut = measureOf('sold_out_after').of(report, scenario);
  const emptyHanded = measureOf('empty_handed').of(report, scenario) ?? 0;
  const lapsed = measureOf('lapsed').of(report, scenario) ?? 0;
  const without = people.came - people.bought;
  if (soldOut !== null) found.push({ key: 'sold_out', tone: 'good', millis: soldOut });
  else if (seats.sold < seats.total) {
    const unsold = seats.total - seats.sold;
    // Seats that stay while people go without are the sale's failure; an empty line is not.
    found.push({ key: 'unsold', tone: without > unsold ? 'bad' : 'good', seats: unsold, share: unsold / seats.total, without });
  }
  if (lapsed >= LAPSED_SHARE) found.push({ key: 'holds_lapse', tone: 'warn', share: lapsed, holds: counts.holds_lapsed });
  if (people.bots > 0) found.push({ key: 'bots', tone: 'warn', share: people.bots / people.came, bought: people.bots_bought, bots: people.bots });
  if (emptyHanded >= EMPTY_HANDED_SHARE) found.push({ key: 'k_too_high', tone: 'bad', share: emptyHanded });
  if (people.gave_up >= people.came * GAVE_UP_SHARE) found.push({ key: 'gave_up', tone: 'warn', share: people.gave_up / people.came });
  if (wait.p50_millis >= LONG_WAIT_MILLIS) found.push({ key: 'long_wait', tone: 'warn', millis: wait.p50_millis });
  if (eta.off_by.p50_millis > Math.max(60_000, wait.p50_millis * ETA_SHARE)) found.push({ key: 'eta_off', tone: 'warn', millis: eta.off_by.p50_millis, early: eta.earlier / Math.max(1, eta.quoted) });
  const cap = scenario.admission.max_active;
  if (cap !== null && counts.active_max >= cap) found.push({ key: 'cap_reached', tone: 'info', cap });
  const isSmooth = emptyHanded < SMOOTH_EMPTY_HANDED_SHARE && found.every(({ tone }) => tone === 'good' || tone === 'info');
  if (isSmooth && wait.count > 0) found.push({ key: 'smooth', tone: 'good', millis: wait.p95_millis });
  return found.slice(0, FINDINGS_MAX);
}
