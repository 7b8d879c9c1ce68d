/**
 * The scenarios that the room begins with. `BASE` is what links are told against, so it is part of their
 * format: it never changes. A new one comes with a new version of links.
 */

import type { Scenario, Section, Spread } from '@frontrow/wasm';
import { applied, type Changes } from './changes';

const logNormal = (median_seconds: number, sigma_percent: number): Spread & { kind: 'log_normal' } => ({ kind: 'log_normal', median_seconds, sigma_percent });
const section = (name: string, rows: number, seats_per_row: number, price: number): Section & { [key: string]: string | number } => ({ name, rows, seats_per_row, price });

export const BASE: Scenario = {
  version: 1,
  seed: 2026,
  duration_seconds: 3600,
  sale_opens_at_second: 300,
  sample_seconds: 10,
  admission: { interval_seconds: 10, batch_size: 20, active_seconds: 300, max_active: 400, lapse_seconds: 180, inventory_aware: false },
  holds: { hold_seconds: 180, max_seats_per_user: 4 },
  halls: [{ sections: [section('R', 12, 30, 154_000), section('S', 16, 40, 121_000), section('A', 20, 50, 99_000)] }],
  arrivals: [{ kind: 'on_sale_spike', people: 1000, early_percent: 40, early_seconds: 90, late_seconds: 400 }],
  people: {
    patience: logNormal(3600, 100),
    leave_percent: 50,
    think: logNormal(20, 60),
    payment: logNormal(45, 60),
    payment_failure_percent: 3,
    payment_tries_max: 3,
    abandon_percent: 4,
    seat_tries_max: 5,
    rejoins_max: 1,
    group_weights: [30, 50, 10, 10],
    taste: { front_first: 20, random: 50, best_available: 30 },
  },
  bots: { share_percent: 0, pay_percent: 10, rejoins_max: 3 },
};

export type PresetName = 'calm' | 'three_minutes' | 'k_too_high' | 'holds_starve' | 'bots';

const CHANGES: Record<PresetName, Changes> = {
  calm: {},
  three_minutes: {
    duration_seconds: 1200,
    sample_seconds: 5,
    'admission.interval_seconds': 5,
    'admission.max_active': 600,
    'admission.active_seconds': 120,
    'holds.hold_seconds': 60,
    'holds.max_seats_per_user': 2,
    halls: [{ sections: [section('R', 10, 24, 154_000), section('S', 14, 26, 121_000)] }],
    'arrivals.0.people': 20_000,
    'arrivals.0.early_percent': 75,
    'arrivals.0.early_seconds': 80,
    'arrivals.0.late_seconds': 60,
    'people.think': logNormal(8, 40),
    'people.payment': logNormal(15, 40),
    'people.payment_failure_percent': 1,
    'people.abandon_percent': 2,
  },
  k_too_high: {
    'admission.batch_size': 500,
    'admission.max_active': null,
    'arrivals.0.people': 5000,
    'arrivals.0.early_percent': 70,
    'arrivals.0.late_seconds': 120,
  },
  holds_starve: {
    'admission.batch_size': 15,
    'admission.max_active': 100,
    'holds.hold_seconds': 900,
    'arrivals.0.people': 2500,
    'arrivals.0.early_percent': 60,
    'arrivals.0.late_seconds': 200,
    'people.abandon_percent': 30,
  },
  bots: {
    'admission.max_active': 150,
    'holds.hold_seconds': 300,
    'arrivals.0.people': 3000,
    'arrivals.0.early_percent': 60,
    'arrivals.0.late_seconds': 200,
    'bots.share_percent': 30,
    'bots.pay_percent': 5,
    'bots.rejoins_max': 10,
  },
};

export const PRESETS = Object.keys(CHANGES) as PresetName[];

export function preset(name: PresetName): Scenario {
  return applied(BASE, CHANGES[name]);
}

/** The preset that a scenario is, if it is one. */
export function presetOf(scenario: Scenario): PresetName | null {
  const written = JSON.stringify(scenario);
  return PRESETS.find((name) => JSON.stringify(preset(name)) === written) ?? null;
}
