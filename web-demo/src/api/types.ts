/** What goes over the wire, typed by hand from the HTTP contract. Nothing here runs. */

export type ConcertState = 'scheduled' | 'open' | 'paused' | 'sold_out' | 'closed';
export type TicketState = 'waiting' | 'active' | 'expired' | 'consumed' | 'left';
export type SeatStatus = 'available' | 'held' | 'sold';
export type ReservationState = 'held' | 'confirmed' | 'expired' | 'released' | 'cancelled';

export interface Admission {
  interval_seconds: number;
  batch_size: number;
  active_seconds: number;
  max_active: number | null;
  lapse_seconds: number;
  inventory_aware: boolean;
}

export interface Holds {
  hold_seconds: number;
  max_seats_per_user: number;
}

/** The operator's text for the people in line. */
export interface Notice {
  ko: string;
  en: string;
}

/** In which order those are let in who joined before the sale opened. */
export type DrawMode = 'random' | 'arrival';

/** A queue that opens before the sale does. */
export interface Prequeue {
  opens_at: string;
  draw: DrawMode;
  /** The name of a public value that is mixed into the draw. */
  beacon: string | null;
  /** The SHA-256 of the seed, shown before the draw. */
  commitment: string | null;
  /** How many joined before the sale opened, once that is fixed. */
  arrivals: number | null;
  /** Shown after the draw. */
  seed: string | null;
  beacon_value: string | null;
}

/** What somebody has in a draw. */
export interface Lot {
  arrival_number: number;
  /** The place among all who were drawn; null until the draw. */
  ticket_number: number | null;
}

export interface Concert {
  id: string;
  title: string;
  sale_opens_at: string;
  admission: Admission;
  holds: Holds;
  state: ConcertState;
  /** Whether the queue takes nobody new, while those in it are served. */
  draining: boolean;
  notice: Notice | null;
  prequeue: Prequeue | null;
}

export interface ConcertChange {
  admission?: Partial<Admission>;
  paused?: boolean;
  draining?: boolean;
  /** Null takes it away. */
  notice?: Notice | null;
}

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

export interface DemoSession {
  user_id: string;
  token: string;
}

export interface QueueToken {
  /** Only in the answer to joining. */
  token?: string | null;
  ticket_id: string;
  concert_id: string;
  user_id: string;
  state: TicketState;
  position: number | null;
  waiting: number;
  eta_seconds: number | null;
  eta_known: boolean;
  next_admission_at: string | null;
  next_admission_in_seconds: number | null;
  poll_after_seconds: number;
  issued_at: string;
  expires_at: string | null;
  expires_in_seconds: number | null;
  already_queued: boolean;
  concert_state: ConcertState;
  notice: string | null;
  /** Only for whoever joined before the opening of a sale that draws. */
  lot?: Lot | null;
  server_time: string;
}

export interface Schedule {
  id: string;
  concert_id: string;
  starts_at: string;
  venue: string;
  seats_total: number;
  seats_available: number;
}

export interface Seat {
  number: number;
  label: string;
  section: string;
  price: number;
  status: SeatStatus;
}

export interface SeatMap {
  schedule_id: string;
  as_of: string;
  data: Seat[];
}

export interface ReservedSeat {
  number: number;
  label: string;
  section: string;
  price: number;
}

export type SeatChoice = { seats: number[] } | { best: { count: number; section?: string } };

export interface Reservation {
  id: string;
  concert_id: string;
  schedule_id: string;
  user_id: string;
  state: ReservationState;
  seats: ReservedSeat[];
  amount: number;
  currency: string;
  held_at: string;
  expires_at: string;
  expires_in_seconds: number | null;
}

export interface Balance {
  user_id: string;
  balance: number;
  currency: string;
  updated_at: string;
}

export interface Charge {
  id: string;
  user_id: string;
  amount: number;
  balance: number;
  currency: string;
  charged_at: string;
}

export interface Payment {
  id: string;
  reservation_id: string;
  concert_id: string;
  user_id: string;
  amount: number;
  balance: number;
  currency: string;
  seats: ReservedSeat[];
  paid_at: string;
  queue_token_state: TicketState;
}

export interface AuditCheck {
  invariant: string;
  ok: boolean;
  checked: number;
  violated: number;
}

export interface Audit {
  ok: boolean;
  events: number;
  checks: AuditCheck[];
}

/** How a sale stands, for its operator. */
export interface Figures {
  concert_id: string;
  concert_state: ConcertState;
  waiting: number;
  active: number;
  seats_total: number;
  seats_available: number;
  seats_held: number;
  seats_sold: number;
  revenue: number;
  currency: string;
  server_time: string;
}
