/**
 * A session as a film: play, pause, speed, step, and any time. It asks the engine for one frame at a time,
 * at the pace of the screen, so a slow scenario makes a slow film and never a queue of work. A page that
 * nobody sees stands still.
 */

import { EngineError, type Engine } from './client';
import type { Frame, Wanted } from './protocol';

/** Milliseconds that the engine may work on one frame: while it plays, and while a time is sought. */
const [PLAY_BUDGET_MS, SEEK_BUDGET_MS] = [24, 80];
/** Longest time between two frames that counts as played: after a pause of the page nothing jumps. */
const GAP_MS_MAX = 250;

export interface Viewer {
  /** What of a frame is looked at now. */
  wanted(): Wanted;
  frame(frame: Frame): void;
  /** Whether it plays, or the speed, or the sought time has changed. */
  changed(): void;
  failed(error: EngineError): void;
}

/** Calls back at the next frame of the screen. */
export type Screen = (callback: (now: number) => void) => void;

export class Playback {
  /** Simulated seconds in a second. */
  speed = 1;
  /** The time that is being sought, in milliseconds. */
  sought: number | null = null;
  frame: Frame | null = null;
  private playing = false;
  private endless = false;
  private busy = false;
  private scheduled = false;
  private shownAt: number | null = null;
  /** Where the film is, in milliseconds; a fraction of one counts at low speeds. */
  private head = 0;
  private session = 0;
  private stepsAsked = 0;

  constructor(
    private readonly engine: Engine,
    private readonly viewer: Viewer,
    private readonly screen: Screen = (callback) => void requestAnimationFrame(callback),
  ) {}

  get isPlaying(): boolean {
    return this.playing;
  }

  /** The film begins anew, with a session that was opened just now. `endless` plays on when all lanes are done. */
  opened({ endless = false } = {}): void {
    this.session += 1;
    Object.assign(this, { frame: null, head: 0, sought: null, endless, stepsAsked: 0 });
    this.schedule();
  }

  play(speed = this.speed): void {
    this.speed = speed;
    this.playing = true;
    this.shownAt = null;
    this.viewer.changed();
    this.schedule();
  }

  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    this.viewer.changed();
  }

  /** Goes to a time. What lies before the present is run again from the start. */
  seek(millis: number): void {
    this.sought = Math.max(0, Math.round(millis));
    this.viewer.changed();
    this.schedule();
  }

  /** Pauses, and lets so many things happen. */
  step(steps = 1): void {
    this.pause();
    this.stepsAsked += steps;
    this.schedule();
  }

  /** Asks for the frame again, since something else is wanted of it, or something was done. */
  refresh(): void {
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.screen((now) => {
      this.scheduled = false;
      void this.shown(now);
    });
  }

  private async shown(now: number): Promise<void> {
    if (this.busy) return this.schedule();
    this.busy = true;
    const { session } = this;
    try {
      const frame = await this.next(now);
      // A frame of a session that was left says nothing about this one.
      if (session === this.session) this.take(frame);
    } catch (error) {
      this.pause();
      this.sought = null;
      if (error instanceof EngineError) this.viewer.failed(error);
      else throw error;
    } finally {
      this.busy = false;
    }
    if (this.playing || this.sought !== null || session !== this.session || this.stepsAsked > 0) this.schedule();
  }

  private async next(now: number): Promise<Frame> {
    const wanted = this.viewer.wanted();
    const elapsed = this.shownAt === null ? 0 : Math.min(now - this.shownAt, GAP_MS_MAX);
    this.shownAt = now;
    if (this.sought !== null) {
      if (this.frame !== null && this.sought < this.frame.millis) {
        this.frame = null;
        await this.engine.call('restart');
      }
      return this.engine.call('advance', this.sought ?? 0, SEEK_BUDGET_MS, wanted);
    }
    if (this.stepsAsked > 0) {
      const steps = this.stepsAsked;
      this.stepsAsked = 0;
      return this.engine.call('step', steps, wanted);
    }
    if (!this.playing) return this.engine.call('look', wanted);
    this.head += elapsed * this.speed;
    return this.engine.call('advance', Math.floor(this.head), PLAY_BUDGET_MS, wanted, this.endless);
  }

  private take(frame: Frame): void {
    this.frame = frame;
    if (this.sought !== null && (frame.millis >= this.sought || frame.isDone)) this.sought = null;
    // What the engine could not do in time is not owed.
    if (!this.playing || Math.floor(this.head) > frame.millis) this.head = frame.millis;
    if (this.sought !== null) this.head = frame.millis;
    if (this.playing && frame.isDone && !this.endless && this.sought === null) this.playing = false;
    this.viewer.frame(frame);
  }
}
