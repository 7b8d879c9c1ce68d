/** Runs a sweep, one value after the other, in a worker of its own that can be stopped at any time. */

import type { Scenario } from '@frontrow/wasm';
import { EngineError, type Engine } from '../engine/client';
import { Store } from '../stores/store';
import { expanded, type SweepPoint } from './outcome/sweep';

/** Later than any scenario's end, in milliseconds. */
const FOREVER = 700_000_000;

export interface SweepState {
  running: boolean;
  /** The number that was varied, and how many values there are. */
  path: string;
  all: number;
  /** What has come out so far, in the order of the values. */
  points: SweepPoint[];
  /** Why it stopped: a value with which the scenario makes no sense. */
  reason: string | null;
}

export class SweepRun {
  readonly store = new Store<SweepState>({ running: false, path: '', all: 0, points: [], reason: null });
  private engine: Engine | null = null;

  constructor(private readonly make: () => Engine) {}

  async start(scenario: Scenario, path: string, values: readonly number[]): Promise<void> {
    this.stop();
    const engine = this.make();
    this.engine = engine;
    this.store.set({ running: true, path, all: values.length, points: [], reason: null });
    try {
      for (const [index, one] of expanded(scenario, path, values).entries()) {
        await engine.call('open', [one]);
        await engine.call('advance', FOREVER, Infinity, { hall: null, stages: false });
        const report = await engine.call('report', 0);
        this.store.set({ points: [...this.store.value.points, { value: values[index] ?? null, scenario: one, report }] });
      }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // Stopped by the visitor, or refused by the engine.
      if (this.engine === engine) this.store.set({ reason: error.field?.reason ?? error.message });
    }
    if (this.engine === engine) this.stop();
  }

  stop(): void {
    const { engine } = this;
    this.engine = null;
    engine?.stop();
    this.store.set({ running: false });
  }
}
