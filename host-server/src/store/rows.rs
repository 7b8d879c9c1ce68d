//! From rows of a database to what the rules call them, whatever the database. The columns are listed
//! once for each table; how a column is read is the adapter's own ([`Columns`]).

mod queues;

pub(super) use queues::{
    concert, concert_and_queue, counts, due_queue, queue, stored_ticket, ticket, versioned,
};

use super::{StoreError, StoredReply};
use frontrow_core::audit::CheckpointRow;
use frontrow_core::concert::Schedule;
use frontrow_core::ledger::{Transfer, TransferKind, Wallet};
use frontrow_core::seating::{Reservation, ReservationState, Seat, SeatNumbers};
use frontrow_core::state::{HeldSeats, Inventory, Stored};
use frontrow_core::{Amount, ConcertId, Event, ScheduleId, TicketId, Timestamp, UserId};
use serde::de::DeserializeOwned;
use std::fmt::Display;
use uuid::Uuid;

macro_rules! concert_columns {
    () => {
        "concerts.id, concerts.title, concerts.sale_opens_at, concerts.interval_seconds, \
         concerts.batch_size, concerts.active_seconds, concerts.max_active, concerts.lapse_seconds, \
         concerts.inventory_aware, concerts.hold_seconds, concerts.max_seats_per_user, \
         concerts.paused, concerts.closed, concerts.draining, concerts.notice_ko, \
         concerts.notice_en, concerts.prequeue_opens_at, concerts.prequeue_draw, \
         concerts.prequeue_beacon, concerts.prequeue_seed, concerts.created_at"
    };
}

macro_rules! queue_columns {
    () => {
        "queues.concert_id, queues.next_number, queues.next_tick_at, queues.rest_tick_at, \
         queues.rest_remaining, queues.sold_out, queues.draw_arrivals, queues.draw_seed, \
         queues.draw_beacon_value, queues.draw_passed_through"
    };
}

macro_rules! versioned_columns {
    () => {
        "concerts.version AS concert_version, concerts.changed_at AS concert_changed_at, \
         queues.version AS queue_version, queues.changed_at AS queue_changed_at"
    };
}

macro_rules! ticket_columns {
    () => {
        "tickets.id, tickets.concert_id, tickets.user_id, tickets.number, tickets.issued_at, \
         tickets.state, tickets.admitted_at, tickets.active_until, tickets.hold_reservation_id, \
         tickets.hold_expires_at, tickets.hold_seats, tickets.ended_at, tickets.version, \
         tickets.changed_at"
    };
}

macro_rules! schedule_columns {
    () => {
        "schedules.id, schedules.concert_id, schedules.starts_at, schedules.venue, \
         schedules.sections, schedules.version, schedules.changed_at"
    };
}

macro_rules! seat_columns {
    () => {
        "seats.number, seats.reservation_id, seats.held_until, seats.sold, seats.version, \
         seats.changed_at"
    };
}

macro_rules! reservation_columns {
    () => {
        "reservations.id, reservations.concert_id, reservations.schedule_id, reservations.user_id, \
         reservations.ticket_id, reservations.seats, reservations.amount, reservations.held_at, \
         reservations.expires_at, reservations.state, reservations.state_at, \
         reservations.payment_id, reservations.refund_id, reservations.version, \
         reservations.changed_at"
    };
}

macro_rules! wallet_columns {
    () => {
        "wallets.user_id, wallets.balance, wallets.updated_at, wallets.version, wallets.changed_at"
    };
}

macro_rules! transfer_columns {
    () => {
        "transfers.id, transfers.user_id, transfers.kind, transfers.reservation_id, \
         transfers.concert_id, transfers.amount, transfers.balance_after, transfers.at"
    };
}

macro_rules! reply_columns {
    () => {
        "replies.caller, replies.key, replies.fingerprint, replies.status, replies.content_type, \
         replies.body"
    };
}

pub(super) use {
    concert_columns, queue_columns, reply_columns, reservation_columns, schedule_columns,
    seat_columns, ticket_columns, transfer_columns, versioned_columns, wallet_columns,
};

/// A row whose columns are read by name. Where an adapter finds NULL, it says `None`.
pub(super) trait Columns {
    fn opt_integer(&self, name: &str) -> Result<Option<i64>, StoreError>;
    fn opt_text(&self, name: &str) -> Result<Option<&str>, StoreError>;
    fn opt_uuid(&self, name: &str) -> Result<Option<Uuid>, StoreError>;
    fn flag(&self, name: &str) -> Result<bool, StoreError>;
    fn bytes(&self, name: &str) -> Result<Vec<u8>, StoreError>;
    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError>;
    fn seat_numbers(&self, name: &str) -> Result<SeatNumbers, StoreError>;

    fn text(&self, name: &str) -> Result<&str, StoreError> {
        there(name, self.opt_text(name)?)
    }

    /// A number that the rules know to be within `T`.
    fn opt_int<T: TryFrom<i64>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let value = self.opt_integer(name)?;
        value.map(|value| T::try_from(value).map_err(|_| corrupt(name, value))).transpose()
    }

    fn int<T: TryFrom<i64>>(&self, name: &str) -> Result<T, StoreError> {
        there(name, self.opt_int(name)?)
    }

    fn opt_time(&self, name: &str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_integer(name)?.map(Timestamp::from_millis))
    }

    fn time(&self, name: &str) -> Result<Timestamp, StoreError> {
        there(name, self.opt_time(name)?)
    }

    fn opt_id<T: From<Uuid>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        Ok(self.opt_uuid(name)?.map(T::from))
    }

    fn id<T: From<Uuid>>(&self, name: &str) -> Result<T, StoreError> {
        there(name, self.opt_id(name)?)
    }

    fn amount(&self, name: &str) -> Result<Amount, StoreError> {
        let units: u64 = self.int(name)?;
        Amount::new(units).map_err(|_| corrupt(name, units))
    }

    /// A row with its version.
    fn stored<T>(
        &self,
        value: impl FnOnce(&Self) -> Result<T, StoreError>,
    ) -> Result<Stored<T>, StoreError> {
        let (version, changed_at) = (self.int("version")?, self.time("changed_at")?);
        Ok(Stored { value: value(self)?, version, changed_at })
    }
}

/// What must be there, by the schema or for the state that the row is in.
fn there<T>(name: &str, value: Option<T>) -> Result<T, StoreError> {
    value.ok_or_else(|| corrupt(name, "NULL"))
}

/// What a column holds can't be what it should be.
pub(super) fn corrupt(column: &str, value: impl Display) -> StoreError {
    StoreError::Corrupt(format!("column {column} holds {value}"))
}

pub(super) fn schedule(row: &impl Columns) -> Result<Schedule, StoreError> {
    Ok(Schedule {
        id: row.id("id")?,
        concert_id: row.id("concert_id")?,
        starts_at: row.time("starts_at")?,
        venue: row.text("venue")?.to_owned(),
        sections: row.json("sections")?,
    })
}

pub(super) fn seat(row: &impl Columns) -> Result<Seat, StoreError> {
    let Some(reservation_id) = row.opt_id("reservation_id")? else { return Ok(Seat::Free) };
    if row.flag("sold")? {
        return Ok(Seat::Sold { reservation_id });
    }
    Ok(Seat::Held { reservation_id, held_until: row.time("held_until")? })
}

/// A seat of a map, with its number.
pub(super) fn numbered_seat(row: &impl Columns) -> Result<(u32, Stored<Seat>), StoreError> {
    Ok((row.int("number")?, row.stored(seat)?))
}

/// A seat of one of several maps.
pub(super) fn seat_of_map(
    row: &impl Columns,
) -> Result<(ScheduleId, (u32, Stored<Seat>)), StoreError> {
    Ok((row.id("schedule_id")?, numbered_seat(row)?))
}

pub(super) fn reservation(row: &impl Columns) -> Result<Reservation, StoreError> {
    let state = match row.text("state")? {
        "held" => ReservationState::Held,
        "confirmed" => ReservationState::Confirmed {
            payment_id: row.id("payment_id")?,
            at: row.time("state_at")?,
        },
        "expired" => ReservationState::Expired { at: row.time("state_at")? },
        "released" => ReservationState::Released { at: row.time("state_at")? },
        "cancelled" => ReservationState::Cancelled {
            payment_id: row.id("payment_id")?,
            refund_id: row.id("refund_id")?,
            at: row.time("state_at")?,
        },
        other => return Err(corrupt("state", other)),
    };
    Ok(Reservation {
        id: row.id("id")?,
        concert_id: row.id("concert_id")?,
        schedule_id: row.id("schedule_id")?,
        user_id: row.id("user_id")?,
        ticket_id: row.id("ticket_id")?,
        seats: row.seat_numbers("seats")?,
        amount: row.amount("amount")?,
        held_at: row.time("held_at")?,
        expires_at: row.time("expires_at")?,
        state,
    })
}

pub(super) fn wallet(row: &impl Columns) -> Result<Wallet, StoreError> {
    Ok(Wallet {
        user_id: row.id("user_id")?,
        balance: row.amount("balance")?,
        updated_at: row.time("updated_at")?,
    })
}

pub(super) fn transfer(row: &impl Columns) -> Result<Transfer, StoreError> {
    let kind = match row.text("kind")? {
        "charge" => TransferKind::Charge,
        "payment" => TransferKind::Payment {
            reservation_id: row.id("reservation_id")?,
            concert_id: row.id("concert_id")?,
        },
        "refund" => TransferKind::Refund {
            reservation_id: row.id("reservation_id")?,
            concert_id: row.id("concert_id")?,
        },
        other => return Err(corrupt("kind", other)),
    };
    Ok(Transfer {
        id: row.id("id")?,
        user_id: row.id("user_id")?,
        kind,
        amount: row.amount("amount")?,
        balance_after: row.amount("balance_after")?,
        at: row.time("at")?,
    })
}

pub(super) fn reply(row: &impl Columns) -> Result<StoredReply, StoreError> {
    let fingerprint = row.bytes("fingerprint")?;
    Ok(StoredReply {
        caller: row.id("caller")?,
        key: row.text("key")?.to_owned(),
        fingerprint: fingerprint.try_into().map_err(|_| corrupt("fingerprint", "no 32 bytes"))?,
        status: row.int("status")?,
        content_type: row.text("content_type")?.to_owned(),
        body: row.bytes("body")?,
    })
}

/// An event of the journal, with its position.
pub(super) fn journal_entry(row: &impl Columns) -> Result<(u64, Event), StoreError> {
    Ok((row.int("position")?, row.json("event")?))
}

/// A part of a concert's checkpoint.
pub(super) fn checkpoint_part(
    row: &impl Columns,
) -> Result<(ConcertId, Vec<CheckpointRow>), StoreError> {
    Ok((row.id("concert_id")?, row.json("rows")?))
}

/// How many tickets of a queue are stored active.
pub(super) fn active_count(row: &impl Columns) -> Result<(ConcertId, u64), StoreError> {
    Ok((row.id("concert_id")?, row.int("active")?))
}

/// What the ticket of an active hold has.
pub(super) fn active_hold(
    row: &impl Columns,
) -> Result<(ConcertId, (TicketId, HeldSeats)), StoreError> {
    let held =
        HeldSeats { expires_at: row.time("hold_expires_at")?, seats: row.int("hold_seats")? };
    Ok((row.id("concert_id")?, (row.id("id")?, held)))
}

pub(super) fn inventory(row: &impl Columns) -> Result<(ConcertId, Inventory), StoreError> {
    let inventory = Inventory { seats: row.int("seats")?, sold: row.int("sold")? };
    Ok((row.id("concert_id")?, inventory))
}

/// How many seats of a concert somebody paid for.
pub(super) fn owned_seats(row: &impl Columns) -> Result<((ConcertId, UserId), u32), StoreError> {
    Ok(((row.id("concert_id")?, row.id("user_id")?), row.int("seats")?))
}
