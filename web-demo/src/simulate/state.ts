/** What the room knows: the experiment, what came of it, and the film of it. No behaviour. */

import type { PersonView, Report, Scenario, StoryLine } from '@frontrow/wasm';
import type { Frame, Opened } from '../engine/protocol';
import type { Changes } from './scenario/changes';
import type { FieldProblem } from './scenario/fields';

/** 0 is the scenario, 1 its twin. */
export type LaneNumber = 0 | 1;

export interface SessionState {
  scenario: Scenario;
  /** What the twin differs in; `null` without a twin. */
  twin: Changes | null;
  /** Which of the two is being changed, and which is drawn where there is room for one. */
  editing: LaneNumber;
  watching: LaneNumber;
  /** The hall that is drawn, from 0. */
  hall: number;
  phase: 'opening' | 'ready' | 'failed';
  /** Why the scenario as it stands does not run. What ran before goes on. */
  problems: FieldProblem[];
  /** What runs: `null` until something has. */
  opened: Opened[] | null;
  /** Thousandths of the run to the end; `null` when it is over. */
  forecast: number | null;
  /** What comes of each lane, once the run to the end is over. */
  outcomes: Report[] | null;
  broken: Broken | null;
  /** Parts of the address that mean nothing here. */
  unread: string[];
  person: Watched | null;
}

/** An invariant that did not hold. */
export interface Broken {
  lane: number;
  invariant: string;
  second: number;
  /** The address that repeats it. */
  link: string;
}

/** Somebody whose story is read. */
export interface Watched {
  number: number;
  /** `null` while it is being found out, or before they come. */
  view: PersonView | null;
  lines: StoryLine[] | null;
}

/** Figures over time, a row for each sample. */
export interface Curve {
  seconds: number[];
  came: number[];
  waiting: number[];
  active: number[];
  held: number[];
  sold: number[];
}

export interface FilmState {
  frame: Frame | null;
  /** As far as the film has come, for each lane. */
  curves: Curve[];
  isPlaying: boolean;
  speed: number;
  /** The time that is being sought, in milliseconds. */
  sought: number | null;
}

export const SPEEDS = [1, 10, 60, 300, 1000] as const;

export function emptyCurve(): Curve {
  return { seconds: [], came: [], waiting: [], active: [], held: [], sold: [] };
}

/** Adds rows of a frame to a curve. */
export function extended(curve: Curve, rows: Float64Array, from: number): Curve {
  const whole = from === 0 ? emptyCurve() : curve;
  const columns = [whole.seconds, whole.came, whole.waiting, whole.active, whole.held, whole.sold];
  for (const [index, value] of rows.entries()) columns[index % 6]?.push(value);
  return rows.length === 0 && from !== 0 ? curve : { ...whole };
}

export function curveOf(report: Report): Curve {
  const column = (name: keyof Report['curve'][number]): number[] => report.curve.map((sample) => sample[name]);
  return { seconds: column('at_second'), came: column('came'), waiting: column('waiting'), active: column('active'), held: column('held'), sold: column('sold') };
}

/** Where the film ends, in milliseconds, as far as that is known. */
export function endMillis({ outcomes, scenario }: Pick<SessionState, 'outcomes' | 'scenario'>, frame: Frame | null): number {
  const seconds = outcomes === null ? scenario.duration_seconds : Math.max(...outcomes.map((report) => report.ended_at_second));
  return frame?.isDone === true && outcomes !== null ? Math.max(frame.millis, 1) : Math.max(seconds * 1000, frame?.millis ?? 0, 1);
}

/** The speed at which so long a film takes about a quarter of a minute. */
export function fittingSpeed(millis: number): number {
  const wanted = millis / 1000 / 15;
  return SPEEDS.reduce((best, speed) => (Math.abs(Math.log(speed / wanted)) < Math.abs(Math.log(best / wanted)) ? speed : best));
}
