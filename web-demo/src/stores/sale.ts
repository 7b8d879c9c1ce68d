/** A sale as its operator sees it: figures as they move, and the levers. */

import type { Client } from '../api/client';
import { Problem } from '../api/problem';
import type { Admission, Audit, Concert, Figures, Notice } from '../api/types';
import { Pulse } from './pulse';
import { Store } from './store';

/** Seconds between two looks. */
const EVERY = 1;
const RETRY_EVERY = 3;
/** Looks that are kept for the curves: ten minutes. */
const HISTORY_MAX = 600;
const KEY = 'frontrow.operator';

export interface Moment {
  at: number;
  waiting: number;
  active: number;
  sold: number;
}

export type Done = 'applied' | 'paused' | 'resumed' | 'draining' | 'refilling' | 'announced' | 'silenced' | 'drawn';

export interface SaleState {
  /** The operator's bearer token; empty while the console is locked. */
  token: string;
  concerts: Concert[];
  concert: Concert | null;
  figures: Figures | null;
  history: Moment[];
  audit: Audit | null;
  problem: Problem | null;
  done: Done | null;
  busy: boolean;
}

export const LOCKED: SaleState = { token: '', concerts: [], concert: null, figures: null, history: [], audit: null, problem: null, done: null, busy: false };

/** Seats sold in a minute, over the last minute that was watched. */
export function soldPerMinute(history: readonly Moment[]): number {
  const last = history.at(-1);
  const first = history.find((moment) => last !== undefined && last.at - moment.at <= 60_000);
  if (last === undefined || first === undefined || last.at === first.at) return 0;
  return Math.round(((last.sold - first.sold) * 60_000) / Math.max(10_000, last.at - first.at));
}

export class Sale {
  readonly store = new Store<SaleState>(LOCKED);
  private readonly pulse = new Pulse(() => this.look());

  constructor(private readonly client: Client) {}

  /** Opens the console with a token; the tab remembers it, the server checks it. */
  async unlock(token: string): Promise<void> {
    await this.attempt(async () => {
      const concerts = await this.client.concerts();
      const concert = concerts[0] ?? null;
      const figures = concert === null ? null : await this.client.figures(concert.id, token);
      recallOrKeep(token);
      this.store.set({ token, concerts, concert, figures });
      this.pulse.start();
    });
  }

  /** Goes on with the token that this tab was given. */
  async resumeWatching(): Promise<void> {
    const token = this.store.value.token || recallOrKeep();
    if (token !== '') await this.unlock(token);
  }

  lock(): void {
    this.pulse.stop();
    recallOrKeep('');
    this.store.set(LOCKED);
  }

  stop(): void {
    this.pulse.stop();
  }

  choose(concert: Concert): void {
    this.store.set({ concert, figures: null, history: [], audit: null, done: null });
    this.pulse.start();
  }

  async pause(paused: boolean): Promise<void> {
    await this.change({ paused }, paused ? 'paused' : 'resumed');
  }

  /** Turns away who does not stand in the queue yet, or takes them again. */
  async drain(draining: boolean): Promise<void> {
    await this.change({ draining }, draining ? 'draining' : 'refilling');
  }

  /** Tells the people in line something, or takes it away. */
  async announce(notice: Notice | null): Promise<void> {
    await this.change({ notice }, notice === null ? 'silenced' : 'announced');
  }

  /** Hands in the public value that the draw waits for. */
  async draw(beaconValue: string): Promise<void> {
    await this.attempt(async () => {
      const { concert, token } = this.store.value;
      if (concert === null) return;
      this.show(await this.client.draw(concert.id, beaconValue, token), 'drawn');
    });
    // Somebody else was quicker: what was drawn is shown.
    const { concert, problem } = this.store.value;
    if (problem?.code !== 'already_drawn' || concert === null) return;
    await this.attempt(async () => this.show(await this.client.concert(concert.id), null));
    this.store.set({ problem });
  }

  async apply(admission: Admission): Promise<void> {
    await this.change({ admission }, 'applied');
  }

  async runAudit(): Promise<void> {
    await this.attempt(async () => this.store.set({ audit: await this.client.audit(this.store.value.token) }));
  }

  dismiss(): void {
    this.store.set({ problem: null });
  }

  private async change(change: Parameters<Client['change']>[1], done: Done): Promise<void> {
    await this.attempt(async () => {
      const { concert, token } = this.store.value;
      if (concert === null) return;
      this.show(await this.client.change(concert.id, change, token), done);
    });
  }

  /** Takes a concert as it is now, for when one comes back to it too. */
  private show(concert: Concert, done: Done | null): void {
    const concerts = this.store.value.concerts.map((one) => (one.id === concert.id ? concert : one));
    this.store.set({ concert, concerts, done });
  }

  private async look(): Promise<number | null> {
    const { concert, token, history } = this.store.value;
    if (concert === null) return null;
    try {
      const figures = await this.client.figures(concert.id, token);
      if (this.store.value.concert?.id !== concert.id) return null;
      const moment = { at: Date.now(), waiting: figures.waiting, active: figures.active, sold: figures.seats_sold };
      const problem = this.store.value.problem?.code === 'offline' ? null : this.store.value.problem;
      const known = { ...(this.store.value.concert ?? concert), state: figures.concert_state };
      this.store.set({ figures, history: [...history, moment].slice(-HISTORY_MAX), problem, concert: known });
      return EVERY;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.store.set({ problem: error });
      return error.isTransient ? RETRY_EVERY : null;
    }
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    if (this.store.value.busy) return;
    this.store.set({ busy: true, problem: null, done: null });
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.store.set({ problem: error });
    } finally {
      this.store.set({ busy: false });
    }
  }
}

/** Keeps a token for this tab, or gives the one that is kept. */
function recallOrKeep(token?: string): string {
  try {
    if (token !== undefined) sessionStorage.setItem(KEY, token);
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return token ?? '';
  }
}
