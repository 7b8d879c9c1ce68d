/** What a visitor can ask of whoever sells: a server behind HTTP, or the rules in this very page. */

import type {
  Balance, Charge, Concert, DemoSession, Payment, QueueToken, Reservation, Schedule, SeatChoice, SeatMap,
} from './types';

export interface Credentials {
  bearer?: string;
  queueToken?: string;
}

/** A seat map with the tag that asks for news only. */
export interface TaggedSeatMap {
  map: SeatMap;
  etag: string | undefined;
}

/** Every refusal is thrown as a `Problem`. */
export interface BoxOffice {
  /** Seconds between two looks at the seats. */
  readonly seatsEverySeconds: number;
  demoSession(): Promise<DemoSession>;
  concerts(): Promise<Concert[]>;
  concert(id: string): Promise<Concert>;
  join(concertId: string, bearer: string): Promise<QueueToken>;
  place(queueToken: string): Promise<QueueToken>;
  /** Tells the place now and whenever it changes, until nothing will change any more or somebody ends it. */
  watch?(queueToken: string, see: (place: QueueToken) => Promise<void>, ended: AbortSignal): Promise<void>;
  leave(queueToken: string): Promise<void>;
  schedules(concertId: string, queueToken: string): Promise<Schedule[]>;
  /** Every seat of a schedule, or null if nothing changed since `etag`. */
  seats(scheduleId: string, queueToken: string, etag?: string): Promise<TaggedSeatMap | null>;
  reserve(scheduleId: string, choice: SeatChoice, who: Required<Credentials>, key: string): Promise<Reservation>;
  reservations(userId: string, bearer: string): Promise<Reservation[]>;
  release(reservationId: string, bearer: string): Promise<void>;
  balance(userId: string, bearer: string): Promise<Balance>;
  charge(userId: string, amount: number, bearer: string, key: string): Promise<Charge>;
  pay(reservation: Reservation, who: Required<Credentials>, key: string): Promise<Payment>;
}
