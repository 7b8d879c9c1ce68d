/** Visitors that the page makes up: they join, look, hold and pay on the real server like anybody. */

import { newKey, type Client } from '../api/client';
import { Problem } from '../api/problem';
import { Store } from './store';

export interface CrowdState {
  waiting: number;
  inside: number;
  bought: number;
}

/** How many come at once. */
export const CROWD_SIZE = 60;
/** Calls under way at the same time while they join. */
const JOINING_AT_ONCE = 6;
/** Seconds that a visitor at least takes to choose, and then to pay. */
const THINK_SECONDS = 1.5;

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export class Crowd {
  readonly store = new Store<CrowdState>({ waiting: 0, inside: 0, bought: 0 });
  private turn = 0;

  constructor(private readonly client: Client) {}

  get isAbout(): boolean {
    return this.store.value.waiting + this.store.value.inside > 0;
  }

  /** Sends visitors to a concert; done when all stand in line. */
  async send(concertId: string, count = CROWD_SIZE): Promise<void> {
    const { turn } = this;
    let left = count;
    const join = async (): Promise<void> => {
      for (; left > 0 && turn === this.turn; ) {
        left -= 1;
        await this.oneJoins(concertId, turn).catch(forgive);
      }
    };
    await Promise.all(Array.from({ length: JOINING_AT_ONCE }, join));
  }

  /** They go home: whoever waits or looks simply does not come back. */
  stop(): void {
    this.turn += 1;
    this.store.set({ waiting: 0, inside: 0 });
  }

  private async oneJoins(concertId: string, turn: number): Promise<void> {
    const session = await this.client.demoSession();
    const place = await this.client.join(concertId, session.token);
    this.count(turn, { waiting: 1 });
    void this.oneBuys(concertId, session.user_id, session.token, place.token ?? '', turn)
      .catch(forgive)
      .finally(() => this.count(turn, { inside: -1 }));
  }

  private async oneBuys(concertId: string, user: string, bearer: string, queueToken: string, turn: number): Promise<void> {
    for (;;) {
      const place = await this.client.place(queueToken).catch(forgive);
      if (turn !== this.turn) return;
      if (place !== undefined && place.state !== 'waiting') break;
      await pause(place?.poll_after_seconds ?? THINK_SECONDS);
    }
    this.count(turn, { waiting: -1, inside: 1 });
    const who = { bearer, queueToken };
    const schedule = (await this.client.schedules(concertId, queueToken))[0];
    if (schedule === undefined) return;
    await pause(THINK_SECONDS * (1 + 3 * Math.random()));
    const choice = { best: { count: 1 + Math.floor(Math.random() * 3) } };
    const reservation = await this.client.reserve(schedule.id, choice, who, newKey());
    await this.client.charge(user, reservation.amount, bearer, newKey());
    await pause(THINK_SECONDS * (1 + 4 * Math.random()));
    if (turn !== this.turn) return;
    await this.client.pay(reservation, who, newKey());
    this.count(turn, { bought: 1 });
  }

  private count(turn: number, by: Partial<CrowdState>): void {
    if (turn !== this.turn) return;
    const { waiting, inside, bought } = this.store.value;
    this.store.set({ waiting: waiting + (by.waiting ?? 0), inside: inside + (by.inside ?? 0), bought: bought + (by.bought ?? 0) });
  }
}

/** A refusal ends one visitor's way and nothing else; anything but a refusal is a fault of the page. */
function forgive(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error;
  return undefined;
}
