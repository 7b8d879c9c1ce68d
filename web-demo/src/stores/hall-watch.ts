/** A visitor before the seats: how they change, which are chosen, and which somebody else was quicker to take. */

import { Problem } from '../api/problem';
import type { Schedule, Seat } from '../api/types';
import { compared } from './journey-state';
import { Pulse } from './pulse';
import type { Visit } from './visit';

/** Seconds until the next try when the seats could not be read. */
const RETRY_EVERY = 3;

export class HallWatch {
  private readonly pulse: Pulse;
  private etag: string | undefined;

  constructor(private readonly visit: Visit) {
    this.pulse = new Pulse(() => this.ask(), visit.clock);
  }

  start(): void {
    this.pulse.start();
  }

  stop(): void {
    this.pulse.stop();
  }

  show(schedule: Schedule): void {
    this.etag = undefined;
    this.visit.store.set({ schedule, seats: [], chosen: new Set(), lost: [] });
    this.start();
  }

  /** Chooses a seat or lets it go; one that is gone or too many is said. */
  toggle(number: number): void {
    const { state, store } = this.visit;
    const { seats, chosen, concert } = state;
    const next = new Set(chosen);
    if (next.delete(number)) {
      store.set({ chosen: next, problem: null });
    } else if (seats[number - 1]?.status !== 'available') {
      store.set({ problem: new Problem({ code: 'seat_taken', status: 409, detail: '' }) });
    } else if (concert !== null && next.size >= concert.holds.max_seats_per_user) {
      store.set({ problem: new Problem({ code: 'seat_limit_exceeded', status: 409, detail: '' }) });
    } else {
      store.set({ chosen: next.add(number), problem: null, lost: [] });
    }
  }

  /** A hold was refused because these seats are somebody else's. */
  lose(numbers: readonly number[]): void {
    const { seats, chosen, statistics } = this.visit.state;
    const taken = new Set(numbers);
    const lost = seats.filter((seat) => taken.has(seat.number)).map((seat) => seat.label);
    this.visit.note({ misses: (statistics?.misses ?? 0) + Math.max(1, taken.size) });
    this.visit.store.set({ lost, chosen: new Set([...chosen].filter((number) => !taken.has(number))) });
    this.start();
  }

  private async ask(): Promise<number | null> {
    const { visit } = this;
    const { schedule } = visit.state;
    if (schedule === null) return null;
    try {
      const tagged = await visit.office.seats(schedule.id, visit.queueToken, this.etag);
      if (tagged !== null && visit.state.schedule === schedule) {
        this.etag = tagged.etag;
        this.see(tagged.map.data);
      }
      return visit.office.seatsEverySeconds;
    } catch (error) {
      visit.show(error);
      return error instanceof Problem && error.isTransient ? RETRY_EVERY : null;
    }
  }

  private see(after: Seat[]): void {
    const { seats: before, chosen, busy, step, statistics, lost: lostBefore } = this.visit.state;
    // One's own hold shows up as held seats too.
    const watched = step === 'choosing' && busy !== 'holding';
    const { lost, gone } = compared(before, after, watched ? chosen : new Set());
    const kept = new Set([...chosen].filter((number) => !lost.some((seat) => seat.number === number)));
    if (before.length > 0 && watched && statistics !== null) {
      this.visit.note({ gone: statistics.gone + gone, misses: statistics.misses + lost.length });
    }
    this.visit.store.set({ seats: after, chosen: kept, lost: lost.length > 0 ? lost.map((seat) => seat.label) : lostBefore });
  }
}
