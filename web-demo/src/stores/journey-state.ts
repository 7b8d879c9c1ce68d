/** What a visitor's way from the lobby to the ticket consists of. Plain data: rooms on another engine fill the same. */

import type { Problem } from '../api/problem';
import type { Concert, Payment, QueueToken, Reservation, Schedule, Seat } from '../api/types';
import type { DrawCheck } from './draw-check';

export type Step = 'lobby' | 'waiting' | 'choosing' | 'holding' | 'ticket' | 'ended';
export type Busy = 'joining' | 'holding' | 'releasing' | 'charging' | 'paying' | 'leaving';

/** A moment of the wait. */
export interface TrailPoint {
  at: number;
  position: number;
}

/** What is remembered for the end. Times are milliseconds of the journey's clock. */
export interface Statistics {
  joinedAt: number;
  joinedPosition: number | null;
  quotedSeconds: number | null;
  admittedAt: number | null;
  heldAt: number | null;
  paidAt: number | null;
  /** Seats that others took while this visitor looked. */
  gone: number;
  /** Times that others were quicker. */
  misses: number;
}

export interface JourneyState {
  step: Step;
  busy: Busy | null;
  problem: Problem | null;
  concerts: Concert[] | null;
  concert: Concert | null;
  place: QueueToken | null;
  /** When `place` was read, so that its seconds can be counted on. */
  placeReadAt: number;
  trail: TrailPoint[];
  schedules: Schedule[];
  schedule: Schedule | null;
  /** Every seat of the schedule; the first is seat 1. */
  seats: Seat[];
  /** Numbers of the seats that the visitor points at. */
  chosen: ReadonlySet<number>;
  /** Labels of chosen seats that somebody else took last. */
  lost: string[];
  reservation: Reservation | null;
  /** When the hold ends, by the journey's clock. */
  holdEndsAt: number;
  balance: number | null;
  currency: string;
  payment: Payment | null;
  statistics: Statistics | null;
  /** What the draw was bound to when this visitor joined. */
  commitment: string | null;
  drawCheck: DrawCheck | 'checking' | null;
}

/** Points of the wait that are kept. */
const TRAIL_MAX = 400;

export const START: JourneyState = {
  step: 'lobby', busy: null, problem: null, concerts: null, concert: null, place: null, placeReadAt: 0, trail: [],
  schedules: [], schedule: null, seats: [], chosen: new Set(), lost: [], reservation: null, holdEndsAt: 0,
  balance: null, currency: 'KRW', payment: null, statistics: null, commitment: null, drawCheck: null,
};

export function startedAt(place: QueueToken, now: number): Statistics {
  return {
    joinedAt: now, joinedPosition: place.position, quotedSeconds: place.eta_seconds,
    admittedAt: place.state === 'active' ? now : null, heldAt: null, paidAt: null, gone: 0, misses: 0,
  };
}

/** The trail with one more point, thinned to every second one when it grows too long. */
export function extended(trail: TrailPoint[], place: QueueToken, now: number): TrailPoint[] {
  if (place.state !== 'waiting' || place.position === null) return trail;
  const longer = [...trail, { at: now, position: place.position }];
  return longer.length <= TRAIL_MAX ? longer : longer.filter((_, index) => index % 2 === 0);
}

/** What a newer seat map means for a visitor: which chosen seats are lost, and how many others went. */
export function compared(before: Seat[], after: Seat[], chosen: ReadonlySet<number>): { lost: Seat[]; gone: number } {
  const lost: Seat[] = [];
  let gone = 0;
  for (const [index, seat] of after.entries()) {
    // Seats that did not change are the same objects where the box office is in this page.
    if (seat.status === 'available' || seat === before[index]) continue;
    if (before[index]?.status === 'available') gone += 1;
    if (chosen.has(seat.number)) lost.push(seat);
  }
  return { lost, gone };
}

/** Seconds left until the hold ends. */
export function secondsLeft(endsAt: number, now: number): number {
  return Math.max(0, (endsAt - now) / 1000);
}

/** Whether somebody has a number that was drawn. */
export function isDrawn(place: QueueToken | null): boolean {
  return (place?.lot?.ticket_number ?? null) !== null;
}
