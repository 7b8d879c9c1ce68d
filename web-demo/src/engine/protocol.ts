/**
 * What pages and the engine's worker say to each other: one answer to each call, and frames of typed
 * arrays. Nobody here runs anything: `host` does, `client` asks.
 */

import type {
  Command, Concert, Invariants, Outcome, PersonView, Rejection, Report, Reservation, ReservationStatus, Scenario, Schedule,
  Section, Standing, StoryLine, Wallet,
} from '@frontrow/wasm';

/** Which of the costly parts of a frame somebody looks at. */
export interface Wanted {
  /** The hall whose seats are wanted, from 0. */
  hall: number | null;
  /** Whether everybody's stage is wanted. */
  stages: boolean;
}

/** One simulation at one time. Lanes of one session share their clock. */
export interface LaneFrame {
  isDone: boolean;
  /** Thousandths of the scenario. */
  progress: number;
  /** Second, came, waiting, active, held, sold. */
  counts: Float64Array;
  /** Rows of those six, one after another: what came to the curve since the last frame. */
  curve: Float64Array;
  /** The first of those rows, counted from the curve's beginning: 0 in the first frame of a session. */
  curveFrom: number;
  /** 0 free, 1 held, 2 sold; seat 1 at index 0. */
  seats: Uint8Array | null;
  /** Everybody who has come, by number: an index into `Opened.stages`. */
  stages: Uint8Array | null;
  /** The name of an invariant that is broken. Looked at once a second, and when the lane is done. */
  broken: string | null;
}

export interface Frame {
  /** How far every lane has come, in the scenario's milliseconds. */
  millis: number;
  isDone: boolean;
  lanes: LaneFrame[];
}

/** What does not change in a lane. */
export interface Opened {
  scenario: Scenario;
  /** Sections of each hall. */
  halls: Section[][];
  /** Names of the stages. */
  stages: readonly string[];
}

/** What the worker can be asked. There is one session at a time, of one lane or more. */
export interface Methods {
  /** Begins a session anew, with a lane for each scenario. A scenario that makes no sense leaves the last session. */
  open(scenarios: Scenario[]): Opened[];
  /** The same session from its beginning. */
  restart(): void;
  /** The scenario with its defaults. */
  complete(scenario: unknown): Scenario;
  /**
   * Time passes until then, or as far as it goes within a budget; both in milliseconds. It stands still once
   * all lanes are done, unless it is `endless`: somebody at the screen may still have something to do.
   */
  advance(until: number, budget: number, wanted: Wanted, endless?: boolean): Frame;
  /** So many things happen in the first lane; the others come along. */
  step(steps: number, wanted: Wanted): Frame;
  /** How it stands, without time passing. */
  look(wanted: Wanted): Frame;
  report(lane: number): Report;
  person(lane: number, number: number): PersonView | undefined;
  /** Runs a scenario again and watches one person; the session stays as it is. */
  story(scenario: Scenario, person: number): StoryLine[];

  // The person at the screen, in the first lane.
  execute(command: Command): Outcome;
  markSeen(ticketId: string): void;
  standing(ticketId: string): Standing | undefined;
  concert(): Concert;
  schedules(): Schedule[];
  reservation(id: string): Reservation | undefined;
  reservationStatus(id: string): ReservationStatus | undefined;
  wallet(userId: string): Wallet | undefined;
  audit(): Invariants;
}

export type Method = keyof Methods;

export interface Request<M extends Method = Method> {
  id: number;
  method: M;
  args: Parameters<Methods[M]>;
}

/** Why a call failed: what the rules refused, or anything else that went wrong. */
export interface Failure {
  message: string;
  rejection: Rejection | null;
  /** Which of the scenarios it is about, from 0. */
  lane: number;
}

export type Answer = { id: number; value: unknown } | { id: number; failure: Failure };
