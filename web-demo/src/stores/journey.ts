/** A visitor's way to a ticket on a real server: what can be done, and what is asked again and again. */

import { newKey, type Client } from '../api/client';
import { Problem } from '../api/problem';
import type { Concert, DemoSession, QueueToken, Reservation, Schedule, SeatChoice } from '../api/types';
import { compared, extended, START, startedAt, type Busy, type JourneyState, type Statistics } from './journey-state';
import { recall, remember } from './keepsake';
import { Pulse } from './pulse';
import { Store } from './store';

/** Seconds between two looks at the seats. */
const SEATS_EVERY = 1;
/** Seconds until the next try when the server could not be reached. */
const RETRY_EVERY = 3;

export class Journey {
  readonly store = new Store<JourneyState>(START);
  private session: DemoSession | null = null;
  private queueToken = '';
  private etag: string | undefined;
  private readonly placePulse = new Pulse(() => this.askPlace());
  private readonly seatsPulse = new Pulse(() => this.askSeats());
  /** The key of a charge or payment that was tried and may be tried again. */
  private keys = new Map<string, string>();

  constructor(private readonly client: Client) {}

  /** Goes on where this tab was, or shows the lobby. */
  async begin(): Promise<void> {
    const kept = recall();
    if (kept !== null) {
      try {
        const [concert, place] = await Promise.all([this.client.concert(kept.concertId), this.client.place(kept.queueToken)]);
        this.session = kept.session;
        this.queueToken = kept.queueToken;
        if (place.state === 'waiting' || place.state === 'active') {
          this.store.set({ concert, statistics: kept.statistics });
          await this.askBalance();
          await this.enter(place);
          return;
        }
      } catch {
        // A token of another server or time: there is nothing to go on with.
      }
      remember(null);
    }
    await this.showConcerts();
  }

  async showConcerts(): Promise<void> {
    await this.attempt(null, async () => this.store.set({ concerts: await this.client.concerts() }));
  }

  async join(concert: Concert): Promise<void> {
    await this.attempt('joining', async () => {
      const session = (this.session ??= await this.client.demoSession());
      const place = await this.client.join(concert.id, session.token);
      this.queueToken = place.token ?? '';
      const { balance, currency } = this.store.value;
      this.store.set({ ...START, concerts: this.store.value.concerts, balance, currency, concert, busy: 'joining', statistics: startedAt(place, Date.now()) });
      await this.enter(place);
    });
  }

  async leave(): Promise<void> {
    await this.attempt('leaving', async () => {
      await this.client.leave(this.queueToken);
      await this.askPlace();
    });
  }

  async chooseSchedule(schedule: Schedule): Promise<void> {
    this.etag = undefined;
    this.store.set({ schedule, seats: [], chosen: new Set(), lost: [] });
    this.seatsPulse.start();
  }

  /** Chooses a seat or lets it go; one that is gone or too many is said. */
  toggleSeat(number: number): void {
    const { seats, chosen, concert } = this.store.value;
    const next = new Set(chosen);
    if (next.delete(number)) {
      this.store.set({ chosen: next, problem: null });
    } else if (seats[number - 1]?.status !== 'available') {
      this.store.set({ problem: new Problem({ code: 'seat_taken', status: 409, detail: '' }) });
    } else if (concert !== null && next.size >= concert.holds.max_seats_per_user) {
      this.store.set({ problem: new Problem({ code: 'seat_limit_exceeded', status: 409, detail: '' }) });
    } else {
      this.store.set({ chosen: next.add(number), problem: null, lost: [] });
    }
  }

  clearSeats(): void {
    this.store.set({ chosen: new Set(), lost: [] });
  }

  async hold(choice: SeatChoice = { seats: [...this.store.value.chosen].sort((a, b) => a - b) }): Promise<void> {
    await this.attempt('holding', async () => {
      const { schedule } = this.store.value;
      if (schedule === null || this.session === null) return;
      const who = { bearer: this.session.token, queueToken: this.queueToken };
      const reservation = await this.client.reserve(schedule.id, choice, who, newKey());
      this.note({ heldAt: Date.now() });
      this.showHold(reservation);
    });
  }

  async release(): Promise<void> {
    await this.attempt('releasing', async () => {
      const { reservation } = this.store.value;
      if (reservation === null || this.session === null) return;
      await this.client.release(reservation.id, this.session.token);
      this.backToSeats();
    });
  }

  async charge(amount: number): Promise<void> {
    await this.attempt('charging', async () => {
      if (this.session === null) return;
      const { user_id: user, token } = this.session;
      const charged = await this.oncePer(`charge ${amount}`, (key) => this.client.charge(user, amount, token, key));
      this.store.set({ balance: charged.balance, currency: charged.currency });
    });
  }

  async pay(): Promise<void> {
    await this.attempt('paying', async () => {
      const { reservation } = this.store.value;
      if (reservation === null || this.session === null) return;
      const who = { bearer: this.session.token, queueToken: this.queueToken };
      const payment = await this.oncePer(`pay ${reservation.id}`, (key) => this.client.pay(reservation, who, key));
      this.stop();
      remember(null);
      this.note({ paidAt: Date.now() });
      this.store.set({ step: 'ticket', payment, balance: payment.balance, currency: payment.currency });
    });
  }

  /** The countdown ran out: the seats belong to whoever is next. */
  holdLapsed(): void {
    if (this.store.value.step !== 'holding' || this.store.value.busy === 'paying') return;
    this.backToSeats();
    this.store.set({ problem: new Problem({ code: 'hold_expired', status: 410, detail: '' }) });
  }

  /** Back to the lobby, with the wallet that one has. */
  async restart(): Promise<void> {
    this.stop();
    remember(null);
    const { balance, currency } = this.store.value;
    this.store.set({ ...START, balance, currency });
    await this.showConcerts();
  }

  dismiss(): void {
    this.store.set({ problem: null, lost: [] });
  }

  stop(): void {
    this.placePulse.stop();
    this.seatsPulse.stop();
  }

  private async enter(place: QueueToken): Promise<void> {
    this.keep();
    await this.see(place);
    this.placePulse.start();
  }

  /** Asks for one's place; the server says when to ask again. */
  private async askPlace(): Promise<number | null> {
    try {
      const place = await this.client.place(this.queueToken);
      if (this.store.value.problem?.code === 'offline') this.store.set({ problem: null });
      await this.see(place);
      return place.state === 'waiting' || place.state === 'active' ? place.poll_after_seconds : null;
    } catch (error) {
      this.show(error);
      return RETRY_EVERY;
    }
  }

  private async see(place: QueueToken): Promise<void> {
    const now = Date.now();
    const { step, trail } = this.store.value;
    this.store.set({ place, placeReadAt: now, trail: extended(trail, place, now) });
    if (place.state === 'waiting') {
      this.store.set({ step: 'waiting' });
    } else if (place.state === 'active') {
      if (step === 'lobby' || step === 'waiting') await this.getIn(now);
    } else if (step !== 'ticket') {
      this.stop();
      remember(null);
      this.store.set({ step: 'ended' });
    }
  }

  private async getIn(now: number): Promise<void> {
    const { concert, statistics } = this.store.value;
    if (concert === null || this.session === null) return;
    if (statistics?.admittedAt === null) this.note({ admittedAt: now });
    this.keep();
    this.store.set({ step: 'choosing' });
    const mine = await this.client.reservations(this.session.user_id, this.session.token);
    const held = mine.find((one) => one.state === 'held' && one.concert_id === concert.id);
    const schedules = await this.client.schedules(concert.id, this.queueToken);
    const schedule = schedules.find((one) => one.id === held?.schedule_id) ?? schedules[0];
    this.store.set({ schedules });
    if (schedule !== undefined) await this.chooseSchedule(schedule);
    if (held !== undefined) this.showHold(held);
  }

  private async askSeats(): Promise<number | null> {
    const { schedule } = this.store.value;
    if (schedule === null) return null;
    try {
      const tagged = await this.client.seats(schedule.id, this.queueToken, this.etag);
      if (tagged !== null && this.store.value.schedule === schedule) {
        this.etag = tagged.etag;
        this.seeSeats(tagged.map.data);
      }
      return SEATS_EVERY;
    } catch (error) {
      this.show(error);
      return error instanceof Problem && error.isTransient ? RETRY_EVERY : null;
    }
  }

  private seeSeats(after: JourneyState['seats']): void {
    const { seats: before, chosen, busy, step, statistics, lost: lostBefore } = this.store.value;
    // One's own hold shows up as held seats too.
    const watched = step === 'choosing' && busy !== 'holding';
    const { lost, gone } = compared(before, after, watched ? chosen : new Set());
    const kept = new Set([...chosen].filter((number) => !lost.some((seat) => seat.number === number)));
    if (before.length > 0 && watched && statistics !== null) this.note({ gone: statistics.gone + gone, misses: statistics.misses + lost.length });
    this.store.set({ seats: after, chosen: kept, lost: lost.length > 0 ? lost.map((seat) => seat.label) : lostBefore });
  }

  private showHold(reservation: Reservation): void {
    this.seatsPulse.stop();
    const seconds = reservation.expires_in_seconds ?? 0;
    const { currency } = reservation;
    this.store.set({ step: 'holding', reservation, holdEndsAt: Date.now() + seconds * 1000, currency, chosen: new Set(), lost: [] });
    // A wallet that was never charged is known to be empty; asking for it would be refused.
    if (this.store.value.balance !== null) void this.askBalance();
  }

  private backToSeats(): void {
    this.store.set({ step: 'choosing', reservation: null, problem: null });
    this.seatsPulse.start();
  }

  private async askBalance(): Promise<void> {
    if (this.session === null) return;
    try {
      const { balance, currency } = await this.client.balance(this.session.user_id, this.session.token);
      this.store.set({ balance, currency });
    } catch (error) {
      if (error instanceof Problem && error.code === 'balance_not_found') this.store.set({ balance: null });
      else this.show(error);
    }
  }

  /** Tries something with one key until the server's answer is known. */
  private async oncePer<T>(what: string, call: (key: string) => Promise<T>): Promise<T> {
    const key = this.keys.get(what) ?? newKey();
    this.keys.set(what, key);
    try {
      const answer = await call(key);
      this.keys.delete(what);
      return answer;
    } catch (error) {
      if (error instanceof Problem && !error.isTransient) this.keys.delete(what);
      throw error;
    }
  }

  /** Does one thing at a time, and shows why it failed. */
  private async attempt(busy: Busy | null, action: () => Promise<void>): Promise<void> {
    if (this.store.value.busy !== null) return;
    this.store.set({ busy, problem: null });
    try {
      await action();
    } catch (error) {
      this.refused(error);
    } finally {
      this.store.set({ busy: null });
    }
  }

  private refused(error: unknown): void {
    this.show(error);
    if (!(error instanceof Problem)) return;
    const { chosen, seats, statistics } = this.store.value;
    if (error.code === 'seat_taken') {
      const taken = new Set(error.seats);
      const lost = seats.filter((seat) => taken.has(seat.number)).map((seat) => seat.label);
      if (statistics !== null) this.note({ misses: statistics.misses + Math.max(1, taken.size) });
      this.store.set({ lost, chosen: new Set([...chosen].filter((number) => !taken.has(number))) });
      this.seatsPulse.start();
    } else if (error.code === 'hold_expired' || error.code === 'reservation_not_held') {
      this.backToSeats();
      this.show(error);
    }
  }

  private show(error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    this.store.set({ problem: error });
  }

  private note(change: Partial<Statistics>): void {
    const { statistics } = this.store.value;
    if (statistics !== null) this.store.set({ statistics: { ...statistics, ...change } });
  }

  private keep(): void {
    const { concert, statistics } = this.store.value;
    if (this.session === null || concert === null || statistics === null) return;
    remember({ session: this.session, concertId: concert.id, queueToken: this.queueToken, statistics });
  }
}
