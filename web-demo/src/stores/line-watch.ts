/** A visitor's place in line: asked as often as the box office says. What being let in means is told by its owner. */

import type { QueueToken } from '../api/types';
import { extended } from './journey-state';
import { Pulse } from './pulse';
import type { Visit } from './visit';

/** Seconds until the next try when the box office could not be reached. */
const RETRY_EVERY = 3;

export interface LineEvents {
  letIn(): Promise<void>;
  /** One's turn is over, in whatever way. */
  over(): void;
}

export class LineWatch {
  private readonly pulse: Pulse;

  constructor(
    private readonly visit: Visit,
    private readonly events: LineEvents,
  ) {
    this.pulse = new Pulse(() => this.ask(), visit.clock);
  }

  start(): void {
    this.pulse.start();
  }

  stop(): void {
    this.pulse.stop();
  }

  async ask(): Promise<number | null> {
    const { visit } = this;
    try {
      const place = await visit.office.place(visit.queueToken);
      if (visit.state.problem?.code === 'offline') visit.store.set({ problem: null });
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
    const { step, trail } = visit.state;
    visit.store.set({ place, placeReadAt: now, trail: extended(trail, place, now) });
    if (place.state === 'waiting') {
      visit.store.set({ step: 'waiting' });
    } else if (place.state === 'active') {
      if (step === 'lobby' || step === 'waiting') await this.events.letIn();
    } else if (step !== 'ticket') {
      this.events.over();
    }
  }
}
