/** Figures of simulations in words and units. */

import type { Scenario, Section } from '@frontrow/wasm';
import { formatClock, formatDuration, formatMoney, formatNumber } from '../format';
import { simulateTexts } from '../i18n/simulate';
import { settings } from '../stores/settings';
import type { Measure } from './outcome/measures';

/** What the simulator counts money in: its prices are won. */
const CURRENCY = 'KRW';

export const number = (value: number): string => formatNumber(value, settings.value.locale);
export const money = (value: number): string => formatMoney(value, CURRENCY, settings.value.locale);
export const duration = (millis: number): string => formatDuration(millis / 1000, settings.value.locale);
export const clock = (millis: number): string => formatClock(Math.floor(millis / 1000));

export function share(value: number): string {
  const digits = value > 0 && value < 0.1 ? 1 : 0;
  // What is not everything is never told as 100 %.
  const shown = value < 1 ? Math.min(value, digits === 0 ? 0.99 : value) : value;
  return new Intl.NumberFormat(settings.value.locale, { style: 'percent', maximumFractionDigits: digits }).format(shown);
}

/** A figure in its unit; what there is nothing to tell about is a word, or a dash. */
export function figure({ key, unit }: Measure, value: number | null): string {
  if (value === null) return key === 'sold_out_after' ? (simulateTexts().measure['never'] ?? '–') : '–';
  if (unit === 'share') return share(value);
  if (unit === 'millis') return duration(value);
  return unit === 'money' ? money(value) : number(value);
}

/** Why a field is wrong, in the visitor's language where the engine's sentence is a known one. */
export function reasonText(reason: string): string {
  const texts = simulateTexts();
  const values = /^must be 1 to (\d+) values$/.exec(reason);
  if (values?.[1] !== undefined) return texts.whole(number(Number(values[1])));
  const bounds = /^must be (\d+) to (\d+)( |$)/.exec(reason);
  return bounds?.[1] === undefined || bounds[2] === undefined ? reason : texts.mustBe(number(Number(bounds[1])), number(Number(bounds[2])));
}

/** How a scenario's number is called: by its whole path, or by its last part. */
export function fieldName(path: string): string {
  const texts = simulateTexts();
  const parts = path.split('.');
  return texts.field[path] ?? texts.field[parts.slice(-2).join('.')] ?? texts.field[parts.at(-1) ?? ''] ?? texts.group[parts[0] ?? ''] ?? path;
}

/** What is printed on a ticket: `R-3-17`. */
export function seatLabel(sections: readonly Section[], seat: number): string {
  let first = 1;
  for (const { name, rows, seats_per_row: perRow } of sections) {
    if (seat < first + rows * perRow) {
      const index = seat - first;
      return `${name}-${Math.floor(index / perRow) + 1}-${(index % perRow) + 1}`;
    }
    first += rows * perRow;
  }
  return String(seat);
}

export function seatsOf({ sections }: Scenario['halls'][number]): number {
  return sections.reduce((sum, section) => sum + section.rows * section.seats_per_row, 0);
}

export function peopleOf(scenario: Scenario): number {
  return scenario.arrivals.reduce((sum, wave) => sum + (wave.kind === 'recorded' ? wave.counts.reduce((all, count) => all + count, 0) : wave.people), 0);
}
