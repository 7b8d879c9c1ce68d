/** A visitor's way to a ticket: what can be done at each step. What is watched meanwhile is in `line-watch` and `hall-watch`. */

import type { BoxOffice } from '../api/box-office';
import { newKey } from '../api/client';
import { Problem } from '../api/problem';
import type { Concert, Reservation, Schedule, SeatChoice } from '../api/types';
import { loadVerifyDraw } from '../engine/draw';
import type { Clock } from './clock';
import { checkDraw } from './draw-check';
import { HallWatch } from './hall-watch';
import { START, startedAt, type Busy, type JourneyState } from './journey-state';
import type { Keepsakes } from './keepsake';
import { LineWatch } from './line-watch';
import type { Store } from './store';
import { Visit } from './visit';

export class Journey {
  private readonly visit: Visit;
  private readonly line: LineWatch;
  private readonly hall: HallWatch;
  /** The key of a charge or payment that was tried and may be tried again. */
  private readonly keys = new Map<string, string>();

  constructor(office: BoxOffice, clock: Clock, keepsakes: Keepsakes) {
    this.visit = new Visit(office, clock, keepsakes);
    this.hall = new HallWatch(this.visit);
    this.line = new LineWatch(this.visit, { letIn: () => this.getIn(), drawn: () => this.lookAtDraw(), over: () => this.end() });
  }

  get store(): Store<JourneyState> {
    return this.visit.store;
  }

  get clock(): Clock {
    return this.visit.clock;
  }

  /** Goes on where this tab was, or shows the lobby. */
  async begin(): Promise<void> {
    const kept = this.visit.recall();
    if (kept !== null) {
      try {
        const { office, queueToken } = this.visit;
        const [concert, place] = await Promise.all([office.concert(kept.concertId), office.place(queueToken)]);
        if (place.state === 'waiting' || place.state === 'active') {
          this.store.set({ concert, statistics: kept.statistics, commitment: kept.commitment });
          await this.askBalance();
          await this.line.see(place);
          this.line.start();
          return;
        }
      } catch {
        // A token of another server or time: there is nothing to go on with.
        this.visit.session = null;
      }
      this.visit.forget();
    }
    await this.showConcerts();
  }

  async showConcerts(): Promise<void> {
    await this.attempt(null, async () => this.store.set({ concerts: await this.visit.office.concerts() }));
  }

  async join(concert: Concert): Promise<void> {
    await this.attempt('joining', async () => {
      const { office, clock } = this.visit;
      const session = (this.visit.session ??= await office.demoSession());
      const place = await office.join(concert.id, session.token);
      this.visit.queueToken = place.token ?? '';
      const { balance, currency, concerts } = this.store.value;
      const [commitment, statistics] = [concert.prequeue?.commitment ?? null, startedAt(place, clock.now())];
      this.store.set({ ...START, concerts, balance, currency, concert, busy: 'joining', statistics, commitment });
      this.visit.keep();
      await this.line.see(place);
      this.line.start();
    });
  }

  async leave(): Promise<void> {
    await this.attempt('leaving', async () => {
      await this.visit.office.leave(this.visit.queueToken);
      await this.line.ask();
    });
  }

  chooseSchedule(schedule: Schedule): void {
    this.hall.show(schedule);
  }

  toggleSeat(number: number): void {
    this.hall.toggle(number);
  }

  clearSeats(): void {
    this.store.set({ chosen: new Set(), lost: [] });
  }

  async hold(choice: SeatChoice = { seats: [...this.store.value.chosen].sort((a, b) => a - b) }): Promise<void> {
    await this.attempt('holding', async () => {
      const { schedule } = this.store.value;
      if (schedule === null) return;
      const { office, who, clock } = this.visit;
      const reservation = await office.reserve(schedule.id, choice, who, newKey());
      this.visit.note({ heldAt: clock.now() });
      this.showHold(reservation);
    });
  }

  async release(): Promise<void> {
    await this.attempt('releasing', async () => {
      const { reservation } = this.store.value;
      if (reservation === null) return;
      await this.visit.office.release(reservation.id, this.visit.who.bearer);
      this.backToSeats();
    });
  }

  async charge(amount: number): Promise<void> {
    await this.attempt('charging', async () => {
      const { office, session } = this.visit;
      if (session === null) return;
      const charged = await this.oncePer(`charge ${amount}`, (key) => office.charge(session.user_id, amount, session.token, key));
      this.store.set({ balance: charged.balance, currency: charged.currency });
    });
  }

  async pay(): Promise<void> {
    await this.attempt('paying', async () => {
      const { reservation } = this.store.value;
      if (reservation === null) return;
      const { office, who, clock } = this.visit;
      const payment = await this.oncePer(`pay ${reservation.id}`, (key) => office.pay(reservation, who, key));
      this.stop();
      this.visit.forget();
      this.visit.note({ paidAt: clock.now() });
      this.store.set({ step: 'ticket', payment, balance: payment.balance, currency: payment.currency });
    });
  }

  /** The countdown ran out: the seats belong to whoever is next. */
  holdLapsed(): void {
    if (this.store.value.step !== 'holding' || this.store.value.busy === 'paying') return;
    this.backToSeats();
    this.store.set({ problem: new Problem({ code: 'hold_expired', status: 410, detail: '' }) });
  }

  /** Computes one's number anew from what the box office has shown. It holds nothing else up. */
  async checkDraw(): Promise<void> {
    const { place, drawCheck } = this.store.value;
    const lot = place?.lot ?? null;
    if (place === null || lot === null || drawCheck === 'checking') return;
    this.store.set({ drawCheck: 'checking' });
    await this.lookAtDraw();
    const { concert, commitment } = this.store.value;
    const result = await checkDraw(concert?.prequeue ?? null, lot, commitment, loadVerifyDraw);
    if (this.store.value.place?.ticket_id === place.ticket_id) this.store.set({ drawCheck: result });
  }

  /** Back to the lobby, with the wallet that one has. */
  async restart(): Promise<void> {
    this.stop();
    this.visit.forget();
    const { balance, currency } = this.store.value;
    this.store.set({ ...START, balance, currency });
    await this.showConcerts();
  }

  dismiss(): void {
    this.store.set({ problem: null, lost: [] });
  }

  stop(): void {
    this.line.stop();
    this.hall.stop();
  }

  /** Before the seats, or before those that one holds already. */
  private async getIn(): Promise<void> {
    const { office, session, queueToken, clock } = this.visit;
    const { concert, statistics } = this.store.value;
    if (concert === null || session === null) return;
    if (statistics?.admittedAt === null) this.visit.note({ admittedAt: clock.now() });
    this.visit.keep();
    this.store.set({ step: 'choosing' });
    const mine = await office.reservations(session.user_id, session.token);
    const held = mine.find((one) => one.state === 'held' && one.concert_id === concert.id);
    const schedules = await office.schedules(concert.id, queueToken);
    const schedule = schedules.find((one) => one.id === held?.schedule_id) ?? schedules[0];
    this.store.set({ schedules });
    if (schedule !== undefined) this.hall.show(schedule);
    if (held !== undefined) this.showHold(held);
  }

  /** What a concert tells of its draw is complete once it was held. */
  private async lookAtDraw(): Promise<void> {
    const { concert } = this.store.value;
    if (concert === null || (concert.prequeue?.seed ?? null) !== null) return;
    try {
      const known = await this.visit.office.concert(concert.id);
      if (this.store.value.concert?.id === known.id) this.store.set({ concert: known });
    } catch (error) {
      this.visit.show(error);
    }
  }

  private end(): void {
    this.stop();
    this.visit.forget();
    this.store.set({ step: 'ended' });
  }

  private showHold(reservation: Reservation): void {
    this.hall.stop();
    const seconds = reservation.expires_in_seconds ?? 0;
    const { currency } = reservation;
    const holdEndsAt = this.clock.now() + seconds * 1000;
    this.store.set({ step: 'holding', reservation, holdEndsAt, currency, chosen: new Set(), lost: [] });
    // A wallet that was never charged is known to be empty; asking for it would be refused.
    if (this.store.value.balance !== null) void this.askBalance();
  }

  private backToSeats(): void {
    this.store.set({ step: 'choosing', reservation: null, problem: null });
    this.hall.start();
  }

  private async askBalance(): Promise<void> {
    const { office, session } = this.visit;
    if (session === null) return;
    try {
      const { balance, currency } = await office.balance(session.user_id, session.token);
      this.store.set({ balance, currency });
    } catch (error) {
      if (error instanceof Problem && error.code === 'balance_not_found') this.store.set({ balance: null });
      else this.visit.show(error);
    }
  }

  /** Tries something with one key until the answer is known. */
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

  private async attempt(busy: Busy | null, action: () => Promise<void>): Promise<void> {
    await this.visit.attempt(busy, action, (problem) => {
      if (problem.code === 'seat_taken') {
        this.hall.lose(problem.seats);
      } else if (problem.code === 'hold_expired' || problem.code === 'reservation_not_held') {
        this.backToSeats();
        this.visit.show(problem);
      }
    });
  }
}
