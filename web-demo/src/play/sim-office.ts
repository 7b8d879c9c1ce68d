/**
 * A box office whose rules run in the engine's worker, beside a simulated crowd: what a server does over HTTP, for one
 * visitor. It decides nothing; it translates. Its queue token is the ticket's id, for nobody else can ask.
 */

import type { Command, Outcome, Rejection, Reservation as Row, Section, Standing } from '@frontrow/wasm';
import type { BoxOffice, TaggedSeatMap } from '../api/box-office';
import { Problem } from '../api/problem';
import type {
  Balance, Charge, Concert, DemoSession, Payment, QueueToken, Reservation, ReservedSeat, Schedule, Seat, SeatChoice, SeatStatus,
} from '../api/types';
import { EngineError, type Engine } from '../engine/client';
import type { SimClock } from './sim-clock';

/** In the order in which the engine numbers them. */
const STATUSES: readonly SeatStatus[] = ['available', 'held', 'sold'];
const CURRENCY = 'KRW';

/** What a sale is called; the engine sells seats without names. */
export interface Billing {
  title: string;
  venue: string;
  /** When the show begins, in ISO 8601. */
  startsAt: string;
}

/** A random UUID (version 4). `crypto.randomUUID` is there on secure origins only. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Every seat of a hall that nobody has yet, numbered section by section and row by row. */
export function seatsOfSections(sections: readonly Section[]): Seat[] {
  const seats: Seat[] = [];
  for (const { name, rows, seats_per_row: inRow, price } of sections) {
    for (let row = 1; row <= rows; row += 1) {
      for (let place = 1; place <= inRow; place += 1) {
        seats.push({ number: seats.length + 1, label: `${name}-${row}-${place}`, section: name, price, status: 'available' });
      }
    }
  }
  return seats;
}

export class SimOffice implements BoxOffice {
  readonly seatsEverySeconds = 0.25;
  private seatList: Seat[];
  private version = 0;

  constructor(
    private readonly engine: Engine,
    private readonly clock: SimClock,
    private readonly billing: Billing,
    sections: readonly Section[],
  ) {
    this.seatList = seatsOfSections(sections);
  }

  /** Takes the seats of a frame; unchanged ones stay the same objects. */
  see(statuses: Uint8Array): void {
    let next: Seat[] | null = null;
    for (const [index, seat] of this.seatList.entries()) {
      const status = STATUSES[statuses[index] ?? 0] ?? 'available';
      if (status === seat.status) continue;
      next ??= [...this.seatList];
      next[index] = { ...seat, status };
    }
    if (next === null) return;
    this.seatList = next;
    this.version += 1;
  }

  async demoSession(): Promise<DemoSession> {
    return { user_id: newUuid(), token: newUuid() };
  }

  async concerts(): Promise<Concert[]> {
    return [await this.concert()];
  }

  async concert(): Promise<Concert> {
    const concert = await this.ask(() => this.engine.call('concert'));
    const { id, sale_opens_at: opens, admission, holds } = concert;
    const state = concert.paused ? 'paused' : concert.closed ? 'closed' : opens > this.clock.millis ? 'scheduled' : 'open';
    return { id, title: this.billing.title, sale_opens_at: this.iso(opens), admission, holds, state, draining: concert.draining, notice: concert.notice, prequeue: null };
  }

  async join(concertId: string): Promise<QueueToken> {
    const ticketId = newUuid();
    this.userId = newUuid();
    await this.execute('joined', { command: 'join', ticket_id: ticketId, concert_id: concertId, user_id: this.userId });
    return { ...(await this.place(ticketId)), token: ticketId };
  }

  async place(ticketId: string): Promise<QueueToken> {
    const standing = await this.ask(async () => {
      await this.engine.call('markSeen', ticketId);
      return this.engine.call('standing', ticketId);
    });
    if (standing === undefined) throw new Problem({ code: 'queue_token_invalid', status: 404, detail: '' });
    return this.placeOf(ticketId, standing);
  }

  async leave(ticketId: string): Promise<void> {
    await this.execute('left', { command: 'leave', ticket_id: ticketId });
  }

  async schedules(concertId: string): Promise<Schedule[]> {
    const schedules = await this.ask(() => this.engine.call('schedules'));
    const { venue, startsAt } = this.billing;
    const free = this.seatList.filter((seat) => seat.status === 'available').length;
    return schedules.map(({ id }) => ({
      id, concert_id: concertId, starts_at: startsAt, venue, seats_total: this.seatList.length, seats_available: free,
    }));
  }

  async seats(scheduleId: string, _ticketId: string, etag?: string): Promise<TaggedSeatMap | null> {
    const tag = String(this.version);
    if (tag === etag) return null;
    return { map: { schedule_id: scheduleId, as_of: this.iso(this.clock.millis), data: this.seatList }, etag: tag };
  }

  async reserve(scheduleId: string, choice: SeatChoice, { queueToken }: { queueToken: string }): Promise<Reservation> {
    const { reservation } = await this.execute('held', {
      command: 'hold', reservation_id: newUuid(), schedule_id: scheduleId, ticket_id: queueToken, user_id: this.userId, choice,
    });
    return this.reservationOf(reservation);
  }

  /** Nobody comes back to a sale that ended with its page, so nobody finds an older hold. */
  async reservations(): Promise<Reservation[]> {
    return [];
  }

  async release(reservationId: string): Promise<void> {
    await this.execute('withdrawn', {
      command: 'withdraw', reservation_id: reservationId, by: { user: this.userId }, refund_id: newUuid(),
    });
  }

  async balance(): Promise<Balance> {
    const wallet = await this.ask(() => this.engine.call('wallet', this.userId));
    if (wallet === undefined) throw new Problem({ code: 'balance_not_found', status: 404, detail: '' });
    return { user_id: this.userId, balance: wallet.balance, currency: CURRENCY, updated_at: this.iso(wallet.updated_at) };
  }

  async charge(_userId: string, amount: number): Promise<Charge> {
    const { transfer } = await this.execute('charged', { command: 'charge', transfer_id: newUuid(), user_id: this.userId, amount });
    const { id, balance_after: balance, at } = transfer;
    return { id, user_id: this.userId, amount, balance, currency: CURRENCY, charged_at: this.iso(at) };
  }

  async pay(held: Reservation, { queueToken }: { queueToken: string }): Promise<Payment> {
    const { transfer } = await this.execute('paid', {
      command: 'pay', payment_id: newUuid(), reservation_id: held.id, ticket_id: queueToken, user_id: this.userId, amount: held.amount,
    });
    const { id, balance_after: balance, amount, at } = transfer;
    return {
      id, reservation_id: held.id, concert_id: held.concert_id, user_id: this.userId, amount, balance, currency: CURRENCY,
      seats: held.seats, paid_at: this.iso(at), queue_token_state: 'consumed',
    };
  }

  private userId = '';

  private placeOf(ticketId: string, standing: Standing): QueueToken {
    const { next_admission_at: next, expires_at: expires, ...same } = standing;
    return {
      ...same, ticket_id: ticketId, concert_id: '', user_id: this.userId, issued_at: '', already_queued: false, notice: null,
      // A worker is asked, and no server: one's place is seen to fall.
      poll_after_seconds: Math.min(1, standing.poll_after_seconds),
      next_admission_at: next === null ? null : this.iso(next),
      expires_at: expires === null ? null : this.iso(expires),
      server_time: this.iso(this.clock.millis),
    };
  }

  private reservationOf(row: Row): Reservation {
    const { id, concert_id, schedule_id, user_id, amount, held_at: held, expires_at: expires } = row;
    const seats = row.seats.map((number): ReservedSeat => {
      const { label = '', section = '', price = 0 } = this.seatList[number - 1] ?? {};
      return { number, label, section, price };
    });
    return {
      id, concert_id, schedule_id, user_id, state: 'held', seats, amount, currency: CURRENCY, held_at: this.iso(held),
      expires_at: this.iso(expires), expires_in_seconds: Math.max(0, (expires - this.clock.millis) / 1000),
    };
  }

  /** Sends a command; its answer is the one that such a command has. */
  private async execute<K extends Outcome['outcome']>(kind: K, command: Command): Promise<Extract<Outcome, { outcome: K }>> {
    const outcome = await this.ask(() => this.engine.call('execute', command));
    if (outcome.outcome !== kind) throw Problem.local('unreadable_answer', `${outcome.outcome} for ${command.command}`);
    return outcome as Extract<Outcome, { outcome: K }>;
  }

  private async ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw error instanceof EngineError ? problemOf(error.failure.rejection, error.message) : error;
    }
  }

  private iso(millis: number): string {
    return new Date(this.clock.at(millis)).toISOString();
  }
}

function problemOf(rejection: Rejection | null, message: string): Problem {
  if (rejection === null) return Problem.local('engine_stopped', message);
  return new Problem({ ...rejection, status: 409, detail: message });
}
