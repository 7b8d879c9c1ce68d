// A fair start: who joins before the opening is drawn, and can check the draw.

import type { ConcertId, Millis } from "./types.js";

/** 32 bytes as 64 hexadecimal digits. */
export type Hex = string;

/** Who joins between `opens_at` and the concert's `sale_opens_at`, and in which order they are let in. */
export interface Prequeue {
  /** From when on one may join; before `sale_opens_at`. */
  opens_at: Millis;
  /** By lot, or first come, first served. */
  draw: "random" | "arrival";
  /** The name of the public value that is mixed into a random draw. */
  beacon: string | null;
  /** The secret of a random draw; `null` for none. */
  seed: Hex | null;
}

/** A {@link Prequeue} as a command brings it. */
export interface PrequeueInput extends Omit<Prequeue, "beacon" | "seed"> {
  /** None by default. */
  beacon?: string | null;
  /** Must be there for a random draw. */
  seed?: Hex | null;
}

/** What a draw was made with. */
export interface Reveal {
  seed: Hex;
  beacon_value: string | null;
}

/** A pre-queue that has closed, and its draw once it is made. */
export interface Draw {
  /** How many joined before the opening. */
  arrivals: number;
  reveal: Reveal | null;
  /** Nobody waits who has this ticket number or a lower one. */
  passed_through: number;
}

/** The numbers of somebody who is drawn. */
export interface Lot {
  /** In the order of arrival, from 1. */
  arrival_number: number;
  /** In the order of the draw, from 1; `null` until it is made. */
  ticket_number: number | null;
}

/** What happens in a fair start. */
export type DrawEventKind =
  | { kind: "prequeue_closed"; concert_id: ConcertId; arrivals: number }
  | { kind: "queue_drawn"; concert_id: ConcertId; reveal: Reveal };
