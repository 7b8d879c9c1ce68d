/** A visitor's place in line: told as it changes where the box office does that, else asked as often as it says.
    What being let in means is told by its owner. */

import type { QueueToken } from '../api/types';
import { extended, isDrawn } from './journey-state';
import { Pulse } from './pulse';
import type { Visit } from './visit';

/** Seconds until the next try when the box office could not be reached. */
const RETRY_EVERY = 3;

export interface LineEvents {
  letIn(): Promise<void>;
  /** The draw was held since the last look. */
  drawn(): Promise<void>;
  /** One's turn is over, in whatever way. */
  over(): void;
}

export class LineWatch {
  private readonly pulse: Pulse;
  private watching = new AbortController();

  constructor(
    private readonly visit: Visit,
    private readonly events: LineEvents,
  ) {
    this.pulse = new Pulse(() => this.follow(), visit.clock);
  }

  start(): void {
    this.stop();
    this.watching = new AbortController();
    this.pulse.start();
  }

  stop(): void {
    this.watching.abort();
    this.pulse.stop();
  }

  /** Listens for as long as that goes, and then asks. */
  private async follow(): Promise<number | null> {
    const { office, queueToken } = this.visit;
    const { signal } = this.watching;
    try {
      await office.watch?.(queueToken, (place) => this.see(place), signal);
    } catch {
      // Asking tells what is wrong.
    }
    return signal.aborted ? null : this.ask();
  }

  async ask(): Promise<number | null> {
    const { visit } = this;
    try {
      const place = await visit.office.place(visit.queueToken);
      await this.see(place);
      return place.state === 'waiting' || place.state === 'active' ? place.poll_after_seconds : null;
    } catch (error) {
      visit.show(error);
      return RETRY_EVERY;
    }
  }

  async see(place: QueueToken): Promise<void> {
    const { visit } = this;
    const now = visit.clock.now();
    const { step, trail, problem, place: before, statistics } = visit.state;
    if (problem?.code === 'offline') visit.store.set({ problem: null });
    visit.store.set({ place, placeReadAt: now, trail: extended(trail, place, now) });
    if (isDrawn(place) && !isDrawn(before)) {
      // Before the draw nobody has a place to begin with.
      if (statistics?.joinedPosition === null) visit.note({ joinedPosition: place.position });
      void this.events.drawn();
    }
    if (place.state === 'waiting') {
      visit.store.set({ step: 'waiting' });
    } else if (place.state === 'active') {
      if (step === 'lobby' || step === 'waiting') await this.events.letIn();
    } else if (step !== 'ticket') {
      this.events.over();
    }
  }
}
