/**
 * The numbers that somebody can set: where each stands in a scenario, in which unit, and within which bounds
 * a browser is comfortable. What else may be wrong with a scenario, the engine says.
 */

import { at } from './changes';

export type Unit = 'people' | 'seconds' | 'seats' | 'percent' | 'times' | 'weight' | 'money' | 'none';
export type Group = 'admission' | 'holds' | 'hall' | 'arrivals' | 'people' | 'bots' | 'run';

export interface NumberField {
  path: string;
  unit: Unit;
  min: number;
  max: number;
  /** Whether it may be empty, which is `null`. */
  optional?: boolean;
}

export interface FieldProblem {
  /** 0 for the scenario, 1 for its twin. */
  lane: number;
  path: string;
  /** In English, as the engine says it: `must be 1 to 100`. */
  reason: string;
}

const field = (path: string, unit: Unit, min: number, max: number): NumberField => ({ path, unit, min, max });

export const SECONDS_MAX = 86_400;
export const PEOPLE_MAX = 1_000_000;

export const FIELDS: Record<Exclude<Group, 'hall' | 'arrivals'>, NumberField[]> = {
  admission: [
    field('admission.interval_seconds', 'seconds', 1, SECONDS_MAX),
    field('admission.batch_size', 'people', 1, PEOPLE_MAX),
    { ...field('admission.max_active', 'people', 1, PEOPLE_MAX), optional: true },
    field('admission.active_seconds', 'seconds', 1, SECONDS_MAX),
    field('admission.lapse_seconds', 'seconds', 0, SECONDS_MAX),
  ],
  holds: [field('holds.hold_seconds', 'seconds', 1, SECONDS_MAX), field('holds.max_seats_per_user', 'seats', 1, 1000)],
  people: [
    field('people.payment_failure_percent', 'percent', 0, 100),
    field('people.payment_tries_max', 'times', 1, 100),
    field('people.abandon_percent', 'percent', 0, 100),
    field('people.leave_percent', 'percent', 0, 100),
    field('people.seat_tries_max', 'times', 1, 100),
    field('people.rejoins_max', 'times', 0, 100),
  ],
  bots: [
    field('bots.share_percent', 'percent', 0, 100),
    field('bots.pay_percent', 'percent', 0, 100),
    field('bots.rejoins_max', 'times', 0, 100),
  ],
  run: [
    field('sale_opens_at_second', 'seconds', 0, 604_799),
    field('duration_seconds', 'seconds', 1, 604_800),
    field('seed', 'none', 0, Number.MAX_SAFE_INTEGER),
  ],
};

export const TASTES: NumberField[] = ['front_first', 'random', 'best_available'].map((name) => field(`people.taste.${name}`, 'weight', 0, 1_000_000));

/** The parts of each shape of a duration. */
export const SPREADS: Record<string, NumberField[]> = {
  fixed: [field('seconds', 'seconds', 0, 604_800)],
  uniform: [field('min_seconds', 'seconds', 0, 604_800), field('max_seconds', 'seconds', 0, 604_800)],
  exponential: [field('mean_seconds', 'seconds', 1, 604_800)],
  log_normal: [field('median_seconds', 'seconds', 1, 604_800), field('sigma_percent', 'percent', 0, 300)],
};

/** The parts of each shape of a wave of arrivals; what was recorded is a list of its own. */
export const WAVES: Record<string, NumberField[]> = {
  on_sale_spike: [
    field('people', 'people', 0, PEOPLE_MAX), field('early_percent', 'percent', 0, 100),
    field('early_seconds', 'seconds', 1, SECONDS_MAX), field('late_seconds', 'seconds', 1, SECONDS_MAX),
  ],
  steady: [field('people', 'people', 0, PEOPLE_MAX), field('from_second', 'seconds', 0, 604_799), field('seconds', 'seconds', 1, 604_800)],
  burst: [field('people', 'people', 0, PEOPLE_MAX), field('at_second', 'seconds', 0, 604_799)],
  recorded: [field('from_second', 'seconds', 0, 604_799)],
};

export const SECTION: NumberField[] = [field('rows', 'none', 1, 1000), field('seats_per_row', 'seats', 1, 1000), field('price', 'money', 1, 1_000_000_000)];

/** What a sweep can vary: every number that stands in the scenario by itself. */
export const SWEPT: NumberField[] = [
  ...FIELDS.admission, ...FIELDS.holds, field('arrivals.0.people', 'people', 1, PEOPLE_MAX), ...FIELDS.people.slice(0, 3), ...FIELDS.bots.slice(0, 2), field('seed', 'none', 0, Number.MAX_SAFE_INTEGER),
];

/** What twins have in common: who comes, and when. */
export function isShared(path: string): boolean {
  return ['seed', 'duration_seconds', 'sale_opens_at_second', 'sample_seconds'].includes(path) || path.split('.')[0] === 'arrivals';
}

/** What is written in an input, as a number of that field; otherwise why it is none. */
export function parseField({ min, max, optional }: NumberField, written: string): { value: number | null } | { reason: string } {
  const text = written.trim();
  if (text === '' && optional === true) return { value: null };
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value) || value < min || value > max) return { reason: `must be ${min} to ${max}` };
  return { value };
}

/** The first number of a scenario that is out of what a browser is comfortable with. Links can bring any. */
export function uncomfortable(scenario: unknown): { path: string; reason: string } | null {
  const waves = (at(scenario, 'arrivals') ?? []) as { kind: string; people?: number; counts?: number[] }[];
  const people = waves.map((wave) => wave.people ?? (wave.counts ?? []).reduce((sum, count) => sum + count, 0));
  if (people.reduce((sum, count) => sum + count, 0) <= PEOPLE_MAX) return null;
  return { path: waves.length === 1 && waves[0]?.kind !== 'recorded' ? 'arrivals.0.people' : 'arrivals', reason: `must be 1 to ${PEOPLE_MAX}` };
}
