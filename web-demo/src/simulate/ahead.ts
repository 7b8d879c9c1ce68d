/** Runs a sale to its end, ahead of the film of it. */

import type { Report, Scenario } from '@frontrow/wasm';
import type { Engine } from '../engine/client';
import type { Frame } from '../engine/protocol';

/** Later than any scenario's end, in milliseconds. */
const FOREVER = 700_000_000;
/** Milliseconds of work between two looks at whether it is still wanted. */
const BUDGET_MS = 120;

export interface Watcher {
  /** Whether somebody still wants to know. */
  isWanted(): boolean;
  /** Thousandths of the way. */
  progress(thousandths: number): void;
  /** Looks at a frame; false stops the run. */
  sound(frame: Frame): boolean;
}

/** What comes of each scenario; `null` if nobody wants to know any more. */
export async function runToEnd(engine: Engine, scenarios: Scenario[], watcher: Watcher): Promise<Report[] | null> {
  await engine.call('open', scenarios);
  for (;;) {
    const frame = await engine.call('advance', FOREVER, BUDGET_MS, { hall: null, stages: false });
    if (!watcher.isWanted()) return null;
    if (!watcher.sound(frame) || frame.isDone) break;
    watcher.progress(Math.min(...frame.lanes.map((lane) => lane.progress)));
  }
  const reports = await Promise.all(scenarios.map((_, lane) => engine.call('report', lane)));
  if (!watcher.isWanted()) return null;
  // Nobody asks for its rows any more.
  await engine.call('open', []);
  return reports;
}
