/** A sweep: the same scenario once for each value of one number. It runs nothing. */

import type { Report, Scenario } from '@frontrow/wasm';
import { at, changed } from '../scenario/changes';
import { parseField, type NumberField } from '../scenario/fields';

/** Most values of one sweep. */
export const VALUES_MAX = 24;

export interface SweepPoint {
  value: number | null;
  scenario: Scenario;
  report: Report;
}

/** Values around the present one: a quarter to four times it, within the field's bounds. */
export function suggestedValues(scenario: Scenario, field: NumberField): number[] {
  const present = at(scenario, field.path);
  if (field.path === 'seed') return [1, 2, 3, 4, 5, 6].filter((seed) => seed !== present);
  if (field.unit === 'percent') return [0, 5, 10, 20, 30, 50];
  const middle = typeof present === 'number' && present > 0 ? present : 100;
  const values = [0.25, 0.5, 0.75, 1, 1.5, 2, 4].map((factor) => Math.round(middle * factor));
  return [...new Set(values.map((value) => Math.min(field.max, Math.max(field.min, value))))];
}

/** Reads values such as `10, 20 50` or `10-50/10` (from, to, step). */
export function parseValues(field: NumberField, written: string): { values: number[] } | { reason: string } {
  const values: number[] = [];
  for (const word of written.split(/[\s,;]+/).filter((one) => one !== '')) {
    const range = /^(\d+)-(\d+)\/(\d+)$/.exec(word);
    if (range !== null) {
      const [from, to, step] = range.slice(1).map(Number) as [number, number, number];
      for (let value = from; step > 0 && value <= to && values.length <= VALUES_MAX; value += step) values.push(value);
      continue;
    }
    const parsed = parseField({ ...field, optional: false }, word);
    if ('reason' in parsed) return parsed;
    if (parsed.value !== null) values.push(parsed.value);
  }
  const unique = [...new Set(values)].sort((one, other) => one - other);
  const outside = unique.some((value) => value < field.min || value > field.max);
  if (unique.length === 0 || outside) return { reason: `must be ${field.min} to ${field.max}` };
  return unique.length > VALUES_MAX ? { reason: `must be 1 to ${VALUES_MAX} values` } : { values: unique };
}

export function expanded(scenario: Scenario, path: string, values: readonly number[]): Scenario[] {
  return values.map((value) => changed(scenario, path, value));
}
