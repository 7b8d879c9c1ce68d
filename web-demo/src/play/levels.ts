/** The sales that one can practise on, and who else comes. What is asked of the engine is only said here. */

import type { Scenario, ScenarioInput, Section } from '@frontrow/wasm';

export type LevelId = 'theatre' | 'arena' | 'bots' | 'stadium';

export interface Level {
  id: LevelId;
  /** 1 is the easiest. */
  difficulty: 1 | 2 | 3 | 4;
  /** How many others come. */
  people: number;
  /** Mean seconds by which they are late: half of them are there before it. */
  rush: number;
  /** How many of 100 are bots. */
  bots: number;
  admission: { interval_seconds: number; batch_size: number; active_seconds: number };
  holdSeconds: number;
  sections: Section[];
}

/** Seconds before the sale opens in which one gets ready. */
export const DOORS_SECONDS = 6;
/** Seats that one person may have. */
const SEATS_MAX = 4;
/** Simulated seconds until everybody has gone home. */
const DURATION_SECONDS = 7200;
/** Random numbers are drawn from seeds below this. */
const SEEDS = 1_000_000;

export const LEVELS: readonly Level[] = [
  {
    id: 'theatre', difficulty: 1, people: 900, rush: 30, bots: 0, holdSeconds: 180,
    admission: { interval_seconds: 5, batch_size: 12, active_seconds: 300 },
    sections: [
      { name: 'R', rows: 6, seats_per_row: 22, price: 99_000 },
      { name: 'S', rows: 8, seats_per_row: 26, price: 77_000 },
    ],
  },
  {
    id: 'arena', difficulty: 2, people: 20_000, rush: 25, bots: 0, holdSeconds: 180,
    admission: { interval_seconds: 5, batch_size: 60, active_seconds: 300 },
    sections: [
      { name: 'VIP', rows: 12, seats_per_row: 40, price: 165_000 },
      { name: 'R', rows: 20, seats_per_row: 56, price: 143_000 },
      { name: 'S', rows: 22, seats_per_row: 64, price: 121_000 },
    ],
  },
  {
    id: 'bots', difficulty: 3, people: 15_000, rush: 25, bots: 20, holdSeconds: 120,
    admission: { interval_seconds: 5, batch_size: 60, active_seconds: 240 },
    sections: [
      { name: 'R', rows: 14, seats_per_row: 40, price: 165_000 },
      { name: 'S', rows: 20, seats_per_row: 48, price: 132_000 },
    ],
  },
  {
    id: 'stadium', difficulty: 4, people: 90_000, rush: 25, bots: 5, holdSeconds: 180,
    admission: { interval_seconds: 5, batch_size: 200, active_seconds: 300 },
    sections: [
      { name: 'VIP', rows: 20, seats_per_row: 70, price: 198_000 },
      { name: 'R', rows: 40, seats_per_row: 100, price: 165_000 },
      { name: 'S', rows: 42, seats_per_row: 110, price: 132_000 },
    ],
  },
];

export function seatsOf(level: Level): number {
  return level.sections.reduce((total, section) => total + section.rows * section.seats_per_row, 0);
}

/** The level's crowd with that seed: nobody is early, and most come in the first seconds. */
export function scenarioOf(level: Level, seed: number): Scenario {
  const scenario: ScenarioInput = {
    version: 1,
    seed,
    duration_seconds: DURATION_SECONDS,
    sale_opens_at_second: DOORS_SECONDS,
    admission: { ...level.admission, max_active: null, lapse_seconds: 0, inventory_aware: false },
    holds: { hold_seconds: level.holdSeconds, max_seats_per_user: SEATS_MAX },
    halls: [{ sections: level.sections }],
    arrivals: [{ kind: 'on_sale_spike', people: level.people, early_percent: 0, early_seconds: 1, late_seconds: level.rush }],
    bots: { share_percent: level.bots, pay_percent: 40 },
  };
  // The engine fills in what has a default.
  return scenario as Scenario;
}

export function anySeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! % SEEDS;
}

/** A crowd that is known by its level and seed. */
export interface Challenge {
  level: Level;
  seed: number;
}

/** The challenge that an address such as `#/play?level=arena&seed=7` names. */
export function challengeIn(hash: string): Challenge | null {
  const query = new URLSearchParams(hash.split('?', 2)[1] ?? '');
  const level = LEVELS.find((one) => one.id === query.get('level'));
  const seed = Number(query.get('seed') ?? Number.NaN);
  return level !== undefined && Number.isInteger(seed) && seed >= 0 && seed < SEEDS ? { level, seed } : null;
}

export function hashOf({ level, seed }: Challenge): string {
  return `#/play?level=${level.id}&seed=${seed}`;
}
