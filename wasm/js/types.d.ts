// The shapes of everything that crosses the boundary, field by field as `frontrow-core` writes them.
// A test writes one of each from Rust (`tests/samples.ts`), and the compiler checks them against these.

import type { Draw, DrawEventKind, Lot, Prequeue, PrequeueInput } from "./draw.js";

/** Milliseconds since 1970-01-01T00:00:00Z, a whole number, as `Date.now()` gives. */
export type Millis = number;
/** Money in minor units, a whole number, 0 to 2^53 − 1. */
export type Amount = number;

/** A UUID, as `crypto.randomUUID()` gives. Version 7 sorts by time. */
export type Id = string;
/** Names a concert, and the queue that stands before it. */
export type ConcertId = Id;
/** Names one performance of a concert, with its seats. */
export type ScheduleId = Id;
/** Names a place in a concert's queue. */
export type TicketId = Id;
/** Names seats that one person holds or has bought. */
export type ReservationId = Id;
/** Names a person, and their wallet. */
export type UserId = Id;
/** Names a movement of money: a charge, a payment or a refund. */
export type TransferId = Id;

/** How people are let in from the queue. */
export interface AdmissionPolicy {
  /** Seconds from tick to tick, 1 to 86,400. */
  interval_seconds: number;
  /** Tickets that one tick admits at most, 1 to 1,000,000. */
  batch_size: number;
  /** Seconds in which an active ticket may take holds, 1 to 86,400. */
  active_seconds: number;
  /** Cap on active tickets, 1 to 1,000,000; `null` for none. */
  max_active: number | null;
  /** Seconds unseen after which a waiting ticket is passed over at its turn: 0 (never), or 5 to 86,400. */
  lapse_seconds: number;
  /** Whether to admit no more people than there are free seats for. */
  inventory_aware: boolean;
}

/** An {@link AdmissionPolicy} in which the last three may be left out: no cap, 180 seconds, off. */
export type AdmissionPolicyInput = Omit<
  AdmissionPolicy,
  "max_active" | "lapse_seconds" | "inventory_aware"
> &
  Partial<AdmissionPolicy>;

/** How seats are held. */
export interface HoldPolicy {
  /** Seconds that a hold lives, 1 to 86,400. */
  hold_seconds: number;
  /** Seats that one person may hold and own in the concert, 1 to 1,000. */
  max_seats_per_user: number;
}

/** An operator's text for the people in line, in both languages: 1 to 500 characters each, none of control. */
export interface Notice {
  ko: string;
  en: string;
}

/** What an operator sells, and how people are let in. */
export interface Concert {
  id: ConcertId;
  title: string;
  /** The first tick. */
  sale_opens_at: Millis;
  admission: AdmissionPolicy;
  holds: HoldPolicy;
  /** Whether the operator has stopped admission for now. */
  paused: boolean;
  /** Whether the operator has ended the sale, for good. */
  closed: boolean;
  /** Whether the queue takes nobody new, while those in it are served. */
  draining: boolean;
  /** The operator's text for the people in line. */
  notice: Notice | null;
  /** A fair start. */
  prequeue: Prequeue | null;
  /** When it was created; set by the rules. */
  created_at: Millis;
}

/** A {@link Concert} as a command brings it. Holds live 300 seconds and 4 seats by default. */
export interface ConcertInput extends Omit<Concert, "admission" | "holds" | "draining" | "notice" | "prequeue"> {
  /** Off by default. */
  draining?: boolean;
  /** None by default. */
  notice?: Notice | null;
  /** None by default. */
  prequeue?: PrequeueInput | null;
  admission: AdmissionPolicyInput;
  holds: Partial<HoldPolicy>;
}

/** A change of a concert: what is left out, or `null`, stays as it is. */
export interface ConcertChange {
  /** From the next tick on. But `max_active: null` takes the cap away. */
  admission?: Change<AdmissionPolicy> | null;
  /** From the next hold on. */
  holds?: Change<HoldPolicy> | null;
  /** Stop or resume admission. */
  paused?: boolean | null;
  /** `true` ends the sale for good; `false` is refused. */
  closed?: boolean | null;
  /** `true` turns away who does not stand in the queue yet; `false` takes them again. */
  draining?: boolean | null;
  /** For the people in line. Here `null` takes it away. */
  notice?: Notice | null;
}

type Change<T> = { [Field in keyof T]?: T[Field] | null };

/** How a concert stands, for people. */
export type ConcertState = "scheduled" | "open" | "paused" | "sold_out" | "closed";

/** A block of equal rows at one price. */
export interface Section {
  /** Unique in the schedule. */
  name: string;
  /** At least 1, the first one in front. */
  rows: number;
  /** At least 1. */
  seats_per_row: number;
  /** Price of a seat, above zero. */
  price: Amount;
}

/** One performance. Nothing of it ever changes. */
export interface Schedule {
  id: ScheduleId;
  concert_id: ConcertId;
  /** When it begins; from then on nothing is held or cancelled. */
  starts_at: Millis;
  venue: string;
  /** In the order in which seats are numbered, from 1. */
  sections: Section[];
}

/** A concert's queue. */
export interface Queue {
  concert_id: ConcertId;
  /** The number of the next ticket, from 1. */
  next_number: number;
  /** The next tick, or an earlier one if those since found an empty line. */
  next_tick_at: Millis;
  /** What is left of a tick that was too long for one decision. */
  rest: { tick_at: Millis; remaining: number } | null;
  /** Whether every seat was found sold. */
  sold_out: boolean;
  /** The pre-queue of a concert that draws, once it has closed. */
  draw: Draw | null;
}

/** The hold that an active ticket has taken. */
export interface TicketHold {
  reservation_id: ReservationId;
  expires_at: Millis;
  /** How many seats. */
  seats: number;
}

/** How a ticket is stored. */
export type TicketState =
  | { state: "waiting" }
  | {
      state: "active";
      admitted_at: Millis;
      /** New holds are taken until then. */
      active_until: Millis;
      /** The hold taken last, unless it was released. */
      hold: TicketHold | null;
    }
  | { state: "expired"; at: Millis }
  | { state: "consumed"; at: Millis }
  | { state: "left"; at: Millis };

/** A person's place in a queue. */
export interface Ticket {
  id: TicketId;
  concert_id: ConcertId;
  user_id: UserId;
  /** Place in the order of arrival, from 1. */
  number: number;
  issued_at: Millis;
  /** How it is stored; `World.standing` tells how it stands at a time. */
  state: TicketState;
}

/** How a ticket stands at a time. */
export type Phase = "waiting" | "active" | "expired" | "consumed" | "left";

/** What a person in the queue is told. */
export interface Standing {
  state: Phase;
  /** 1 for the head of the line; `null` unless waiting, and until the draw. */
  position: number | null;
  /** How many wait. */
  waiting: number;
  /** Seconds until it is let in if nobody ahead leaves, which makes it sooner; 0 once active, `null` while nobody is. */
  eta_seconds: number | null;
  /** Whether that is how it will be, within 10 % or one interval; else it depends on who leaves, or on free slots. */
  eta_known: boolean;
  /** The next tick, if the concert admits at all. */
  next_admission_at: Millis | null;
  next_admission_in_seconds: number | null;
  /** When to ask again, 1 to 60; another time at each poll, so that people don't ask together. */
  poll_after_seconds: number;
  /** When its time runs out; `null` unless active. */
  expires_at: Millis | null;
  expires_in_seconds: number | null;
  concert_state: ConcertState;
  /** The numbers of who joined before the opening of a concert that draws. */
  lot: Lot | null;
}

/** How a reservation is stored. */
export type ReservationState =
  | { state: "held" }
  | { state: "confirmed"; payment_id: TransferId; at: Millis }
  | { state: "expired"; at: Millis }
  | { state: "released"; at: Millis }
  | { state: "cancelled"; payment_id: TransferId; refund_id: TransferId; at: Millis };

/** How a reservation stands at a time. */
export type ReservationStatus = "held" | "confirmed" | "expired" | "released" | "cancelled";

/** Seats that one person holds, held or has bought. */
export interface Reservation {
  id: ReservationId;
  concert_id: ConcertId;
  schedule_id: ScheduleId;
  user_id: UserId;
  /** The ticket with which it was made. */
  ticket_id: TicketId;
  /** The seats, ascending. */
  seats: number[];
  /** What they cost together. */
  amount: Amount;
  held_at: Millis;
  /** The hold lives while `now < expires_at`. */
  expires_at: Millis;
  /** How it is stored; `World.reservationStatus` tells how it stands at a time. */
  state: ReservationState;
}

/** A person's money. */
export interface Wallet {
  user_id: UserId;
  balance: Amount;
  updated_at: Millis;
}

/** Why money moved. */
export type TransferKind =
  | { transfer: "charge" }
  | { transfer: "payment" | "refund"; reservation_id: ReservationId; concert_id: ConcertId };

/** A movement of money between a wallet and another account. */
export type Transfer = TransferKind & {
  id: TransferId;
  user_id: UserId;
  /** Above zero. */
  amount: Amount;
  /** The wallet's balance after it. */
  balance_after: Amount;
  at: Millis;
};

/** What somebody wants to hold: these seats, all or none; or the best that are free. */
export type Choice =
  | { seats: number[] }
  | { best: { count: number; section?: string | null } };

/** Who asks to withdraw a reservation: a person, who sees only their own, or the operator. */
export type Actor = { user: UserId } | "admin";

/** What can be asked of the rules. Ids of new things come with the command. */
export type Command =
  /** Create a concert and its queue. */
  | { command: "create_concert"; concert: ConcertInput }
  /** Change a concert's policy, pause or resume it, drain its queue, tell those in it something, or close it. */
  | { command: "update_concert"; concert_id: ConcertId; change: ConcertChange }
  /** Add a performance and its seats. */
  | { command: "add_schedule"; schedule: Schedule }
  /** Join a concert's queue. */
  | { command: "join"; ticket_id: TicketId; concert_id: ConcertId; user_id: UserId }
  /** Leave the queue; a hold is released with it. */
  | { command: "leave"; ticket_id: TicketId }
  /** Admit the next batch, if a tick is due. `World.handleTimeout` does it by itself. */
  | { command: "tick"; concert_id: ConcertId; served_since: Millis }
  /** Draw those who joined before the opening, with the value of the concert's beacon. */
  | { command: "draw"; concert_id: ConcertId; beacon_value: string }
  /** See whether every seat is sold. `World.handleTimeout` does it by itself. */
  | { command: "refresh_sold_out"; concert_id: ConcertId }
  /** Store the expiry of an active ticket. `World.handleTimeout` does it by itself. */
  | { command: "expire_ticket"; ticket_id: TicketId }
  /** Hold seats. */
  | {
      command: "hold";
      reservation_id: ReservationId;
      schedule_id: ScheduleId;
      ticket_id: TicketId;
      user_id: UserId;
      choice: Choice;
    }
  /** Store the expiry of a hold. `World.handleTimeout` does it by itself. */
  | { command: "expire_reservation"; reservation_id: ReservationId }
  /** Release a hold, or cancel what was bought and give the price back. */
  | { command: "withdraw"; reservation_id: ReservationId; by: Actor; refund_id: TransferId }
  /** Add money to a person's balance. */
  | { command: "charge"; transfer_id: TransferId; user_id: UserId; amount: Amount }
  /** Pay for held seats, exactly what the reservation costs. */
  | {
      command: "pay";
      payment_id: TransferId;
      reservation_id: ReservationId;
      ticket_id: TicketId;
      user_id: UserId;
      amount: Amount;
    };

/** The answer to an accepted command. */
export type Outcome =
  | { outcome: "concert_created"; concert: Concert }
  | { outcome: "concert_changed"; concert: Concert }
  | { outcome: "schedule_added"; schedule: Schedule }
  /** `already_queued` tells whether they stood there before. */
  | { outcome: "joined"; ticket: Ticket; already_queued: boolean }
  | { outcome: "left" }
  /** A tick was not due, or found nobody to admit and nothing to store. */
  | { outcome: "tick_idle" }
  /** `more` tells that the tick goes on: send the command again. */
  | { outcome: "ticked"; admitted: number; skipped: number; expired: number; more: boolean }
  | { outcome: "drawn" }
  | { outcome: "sold_out_refreshed"; sold_out: boolean }
  | { outcome: "expiry_stored"; stored: boolean }
  | { outcome: "held"; reservation: Reservation }
  | { outcome: "withdrawn"; refund: Transfer | null }
  | { outcome: "paid"; reservation: Reservation; transfer: Transfer }
  | { outcome: "charged"; transfer: Transfer };

/** Why a ticket expired: its time ran out, or its holder was not seen when its turn came. */
export type ExpiryCause = "timed_out" | "no_show";

/** What happened. */
export type EventKind =
  | { kind: "concert_created"; concert: Concert }
  /** The whole row as it is now. */
  | { kind: "concert_changed"; concert: Concert }
  | { kind: "schedule_added"; schedule: Schedule }
  /** The next tick was moved, and what was left of the last one is dropped. */
  | { kind: "tick_rescheduled"; concert_id: ConcertId; next_tick_at: Millis }
  | {
      kind: "ticket_issued";
      ticket_id: TicketId;
      concert_id: ConcertId;
      user_id: UserId;
      number: number;
    }
  | {
      kind: "ticket_admitted";
      ticket_id: TicketId;
      concert_id: ConcertId;
      number: number;
      tick_at: Millis;
      active_until: Millis;
    }
  | { kind: "ticket_expired"; ticket_id: TicketId; concert_id: ConcertId; cause: ExpiryCause }
  | { kind: "ticket_left"; ticket_id: TicketId; concert_id: ConcertId }
  | { kind: "ticket_consumed"; ticket_id: TicketId; concert_id: ConcertId }
  | {
      kind: "tick_ran";
      concert_id: ConcertId;
      tick_at: Millis;
      admitted: number;
      batch_size: number;
      max_active: number | null;
      next_tick_at: Millis;
      /** Admissions that the rest of this tick may still make. */
      remaining: number;
      /** Where a draw's order is followed: nobody waits who has this ticket number or a lower one. */
      passed_through: number | null;
    }
  | DrawEventKind
  | { kind: "sold_out_changed"; concert_id: ConcertId; sold_out: boolean; next_tick_at: Millis }
  | {
      kind: "seats_held";
      reservation_id: ReservationId;
      concert_id: ConcertId;
      schedule_id: ScheduleId;
      user_id: UserId;
      ticket_id: TicketId;
      seats: number[];
      amount: Amount;
      expires_at: Millis;
    }
  | { kind: "reservation_expired"; reservation_id: ReservationId }
  | {
      kind: "reservation_released";
      reservation_id: ReservationId;
      ticket_id: TicketId;
      schedule_id: ScheduleId;
      seats: number[];
    }
  | {
      kind: "reservation_confirmed";
      reservation_id: ReservationId;
      concert_id: ConcertId;
      user_id: UserId;
      schedule_id: ScheduleId;
      seats: number[];
      payment_id: TransferId;
    }
  | {
      kind: "reservation_cancelled";
      reservation_id: ReservationId;
      concert_id: ConcertId;
      user_id: UserId;
      schedule_id: ScheduleId;
      seats: number[];
      refund_id: TransferId;
    }
  | { kind: "transferred"; transfer: Transfer };

/** Something that happened, and when it was decided. */
export type FrontrowEvent = EventKind & { at: Millis };

/** A field of a command that is out of its bounds. */
export interface FieldError {
  /** Path of the field, such as `admission.batch_size`. */
  field: string;
  /** What it must be, in English, for developers. */
  reason: string;
}

/** Why a command was refused. Where several apply, the first one listed is told. */
export type Rejection =
  | { code: "malformed_request"; errors: FieldError[] }
  | { code: "amount_invalid" }
  | { code: "queue_token_invalid" }
  | { code: "concert_not_found" }
  | { code: "schedule_not_found" }
  | { code: "reservation_not_found" }
  | { code: "queue_token_wrong_concert" }
  | { code: "queue_token_waiting" }
  | { code: "already_paid" }
  | { code: "hold_expired" }
  | { code: "reservation_not_held" }
  | { code: "queue_token_expired" }
  | { code: "schedule_started" }
  | { code: "sale_closed" }
  /** The ticket has a live hold already. */
  | { code: "hold_exists"; reservation_id: ReservationId }
  | { code: "seat_not_found" }
  /** `limit` is the most that are allowed. */
  | { code: "seat_limit_exceeded"; limit: number }
  /** `seats` are those that somebody has. */
  | { code: "seat_taken"; seats: number[] }
  | { code: "no_seats_available" }
  | { code: "no_schedules_available" }
  | { code: "queue_closed" }
  /** One may join from `opens_at` on. */
  | { code: "queue_not_open"; opens_at: Millis }
  | { code: "sold_out" }
  | { code: "amount_mismatch"; expected: Amount }
  | { code: "balance_not_found" }
  | { code: "insufficient_balance"; balance: Amount; required: Amount }
  | { code: "balance_limit_exceeded" }
  | { code: "draw_not_open" }
  | { code: "already_drawn" }
  | { code: "id_in_use" };

/** The stable name of a refusal. */
export type RejectionCode = Rejection["code"];
