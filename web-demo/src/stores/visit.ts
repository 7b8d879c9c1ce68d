/** One visitor at one box office: who they are there, by which clock, and what is known of their way so far. */

import type { BoxOffice, Credentials } from '../api/box-office';
import { Problem } from '../api/problem';
import type { DemoSession } from '../api/types';
import type { Clock } from './clock';
import { START, type Busy, type JourneyState, type Statistics } from './journey-state';
import type { Keepsake, Keepsakes } from './keepsake';
import { Store } from './store';

export class Visit {
  readonly store = new Store<JourneyState>(START);
  session: DemoSession | null = null;
  queueToken = '';

  constructor(
    readonly office: BoxOffice,
    readonly clock: Clock,
    private readonly keepsakes: Keepsakes,
  ) {}

  get state(): Readonly<JourneyState> {
    return this.store.value;
  }

  /** What proves who asks, once they have joined. */
  get who(): Required<Credentials> {
    return { bearer: this.session?.token ?? '', queueToken: this.queueToken };
  }

  /** Does one thing at a time, and hands on why it failed. */
  async attempt(busy: Busy | null, action: () => Promise<void>, refused: (problem: Problem) => void): Promise<void> {
    if (this.state.busy !== null) return;
    this.store.set({ busy, problem: null });
    try {
      await action();
    } catch (error) {
      this.show(error);
      if (error instanceof Problem) refused(error);
    } finally {
      this.store.set({ busy: null });
    }
  }

  /** Shows a refusal; anything else is a fault of the page. */
  show(error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    this.store.set({ problem: error });
  }

  note(change: Partial<Statistics>): void {
    const { statistics } = this.state;
    if (statistics !== null) this.store.set({ statistics: { ...statistics, ...change } });
  }

  keep(): void {
    const { concert, statistics, commitment } = this.state;
    if (this.session === null || concert === null || statistics === null) return;
    this.keepsakes.remember({ session: this.session, concertId: concert.id, queueToken: this.queueToken, statistics, commitment });
  }

  forget(): void {
    this.keepsakes.remember(null);
  }

  /** Becomes the visitor that is remembered, if there is one: gives the concert and what was noted. */
  recall(): Keepsake | null {
    const kept = this.keepsakes.recall();
    if (kept === null) return null;
    this.session = kept.session;
    this.queueToken = kept.queueToken;
    return kept;
  }
}
