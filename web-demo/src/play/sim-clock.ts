/** The simulation's time as a clock: it moves with its frames, so countdowns and polls keep to its speed. */

import type { Clock } from '../stores/clock';

/** Milliseconds of the browser between two calls of the same thing, however fast time passes. */
const GAP_MS = 60;

interface Due {
  at: number;
  notBefore: number;
  call: () => void;
}

export class SimClock implements Clock {
  /** A countdown is looked at often, for a second may be short. */
  readonly lookMillis = 200;
  private readonly waiting = new Set<Due>();
  private current = 0;

  /**
   * @param epoch what the scenario's start is called, in milliseconds since 1970
   * @param real the browser's clock
   */
  constructor(
    private readonly epoch: number,
    private readonly real: () => number = () => performance.now(),
  ) {}

  now(): number {
    return this.epoch + this.current;
  }

  /** Milliseconds since the scenario's start. */
  get millis(): number {
    return this.current;
  }

  /** What this clock says at a time of the scenario. */
  at(millis: number): number {
    return this.epoch + millis;
  }

  after(millis: number, call: () => void): () => void {
    const due = { at: this.current + millis, notBefore: this.real() + GAP_MS, call };
    this.waiting.add(due);
    return () => this.waiting.delete(due);
  }

  /** Time has come so far; what was due by then is called. */
  advance(millis: number): void {
    this.current = Math.max(this.current, millis);
    const real = this.real();
    for (const due of [...this.waiting]) {
      // One call may call another off.
      if (due.at > this.current || due.notBefore > real || !this.waiting.delete(due)) continue;
      due.call();
    }
  }
}
