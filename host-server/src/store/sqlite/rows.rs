//! From rows of SQLite to what the rules call them. The columns are listed once for each table.

use super::super::{StoreError, StoredReply};
use super::error::store_error;
use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::ledger::{Transfer, TransferKind, Wallet};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::{Queue, TickRest, Ticket, TicketHold, TicketState};
use frontrow_core::seating::{Reservation, ReservationState, Seat};
use frontrow_core::state::Stored;
use frontrow_core::{Amount, Timestamp};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, Row, Type};
use uuid::Uuid;

macro_rules! concert_columns {
    () => {
        "concerts.id, concerts.title, concerts.sale_opens_at, concerts.interval_seconds, \
         concerts.batch_size, concerts.active_seconds, concerts.max_active, concerts.lapse_seconds, \
         concerts.inventory_aware, concerts.hold_seconds, concerts.max_seats_per_user, \
         concerts.paused, concerts.closed, concerts.created_at"
    };
}

macro_rules! queue_columns {
    () => {
        "queues.concert_id, queues.next_number, queues.next_tick_at, queues.rest_tick_at, \
         queues.rest_remaining, queues.sold_out"
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
        "seats.number, seats.reservation_id, seats.held_until, seats.sold, \
         seats.version, seats.changed_at"
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
    seat_columns, ticket_columns, transfer_columns, wallet_columns,
};

/// A row whose columns are read by name, as what the rules use.
pub(super) struct Columns<'r>(pub &'r SqliteRow);

impl<'r> Columns<'r> {
    pub fn get<T: Decode<'r, Sqlite> + Type<Sqlite>>(&self, name: &str) -> Result<T, StoreError> {
        self.0.try_get(name).map_err(store_error)
    }

    /// A number that the rules know to be within `T`.
    pub fn int<T: TryFrom<i64>>(&self, name: &str) -> Result<T, StoreError> {
        let value: i64 = self.get(name)?;
        T::try_from(value).map_err(|_| corrupt(name, value))
    }

    pub fn opt_int<T: TryFrom<i64>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let value: Option<i64> = self.get(name)?;
        value.map(|value| T::try_from(value).map_err(|_| corrupt(name, value))).transpose()
    }

    pub fn time(&self, name: &str) -> Result<Timestamp, StoreError> {
        self.get(name).map(Timestamp::from_millis)
    }

    pub fn opt_time(&self, name: &str) -> Result<Option<Timestamp>, StoreError> {
        let millis: Option<i64> = self.get(name)?;
        Ok(millis.map(Timestamp::from_millis))
    }

    /// A time that must be there for the state that the row is in.
    fn due_time(&self, name: &str) -> Result<Timestamp, StoreError> {
        self.opt_time(name)?.ok_or_else(|| corrupt(name, "NULL"))
    }

    pub fn id<T: From<Uuid>>(&self, name: &str) -> Result<T, StoreError> {
        let text: &str = self.get(name)?;
        Uuid::try_parse(text).map(T::from).map_err(|_| corrupt(name, text))
    }

    pub fn opt_id<T: From<Uuid>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let text: Option<&str> = self.get(name)?;
        let parse = |text| Uuid::try_parse(text).map(T::from).map_err(|_| corrupt(name, text));
        text.map(parse).transpose()
    }

    /// An id that must be there for the state that the row is in.
    fn due_id<T: From<Uuid>>(&self, name: &str) -> Result<T, StoreError> {
        self.opt_id(name)?.ok_or_else(|| corrupt(name, "NULL"))
    }

    pub fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        let text: &str = self.get(name)?;
        serde_json::from_str(text).map_err(|error| corrupt(name, error))
    }

    fn amount(&self, name: &str) -> Result<Amount, StoreError> {
        let units: u64 = self.int(name)?;
        Amount::new(units).map_err(|_| corrupt(name, units))
    }

    /// A row with its version.
    pub fn stored<T>(
        &self,
        value: impl FnOnce(&Self) -> Result<T, StoreError>,
    ) -> Result<Stored<T>, StoreError> {
        let (version, changed_at) = (self.int("version")?, self.time("changed_at")?);
        Ok(Stored { value: value(self)?, version, changed_at })
    }
}

/// What a column holds can't be what it should be.
fn corrupt(column: &str, value: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("column {column} holds {value}"))
}

pub(super) fn concert(row: &Columns<'_>) -> Result<Concert, StoreError> {
    Ok(Concert {
        id: row.id("id")?,
        title: row.get("title")?,
        sale_opens_at: row.time("sale_opens_at")?,
        admission: AdmissionPolicy {
            interval_seconds: row.int("interval_seconds")?,
            batch_size: row.int("batch_size")?,
            active_seconds: row.int("active_seconds")?,
            max_active: row.opt_int("max_active")?,
            lapse_seconds: row.int("lapse_seconds")?,
            inventory_aware: row.get("inventory_aware")?,
        },
        holds: HoldPolicy {
            hold_seconds: row.int("hold_seconds")?,
            max_seats_per_user: row.int("max_seats_per_user")?,
        },
        paused: row.get("paused")?,
        closed: row.get("closed")?,
        created_at: row.time("created_at")?,
    })
}

pub(super) fn queue(row: &Columns<'_>) -> Result<Queue, StoreError> {
    let rest = match (row.opt_time("rest_tick_at")?, row.opt_int("rest_remaining")?) {
        (Some(tick_at), Some(remaining)) => Some(TickRest { tick_at, remaining }),
        _ => None,
    };
    Ok(Queue {
        concert_id: row.id("concert_id")?,
        next_number: row.int("next_number")?,
        next_tick_at: row.time("next_tick_at")?,
        rest,
        sold_out: row.get("sold_out")?,
    })
}

pub(super) fn ticket(row: &Columns<'_>) -> Result<Ticket, StoreError> {
    let state = match row.get("state")? {
        "waiting" => TicketState::Waiting,
        "active" => TicketState::Active {
            admitted_at: row.due_time("admitted_at")?,
            active_until: row.due_time("active_until")?,
            hold: ticket_hold(row)?,
        },
        "expired" => TicketState::Expired { at: row.due_time("ended_at")? },
        "consumed" => TicketState::Consumed { at: row.due_time("ended_at")? },
        "left" => TicketState::Left { at: row.due_time("ended_at")? },
        other => return Err(corrupt("state", other)),
    };
    Ok(Ticket {
        id: row.id("id")?,
        concert_id: row.id("concert_id")?,
        user_id: row.id("user_id")?,
        number: row.int("number")?,
        issued_at: row.time("issued_at")?,
        state,
    })
}

fn ticket_hold(row: &Columns<'_>) -> Result<Option<TicketHold>, StoreError> {
    let Some(reservation_id) = row.opt_id("hold_reservation_id")? else { return Ok(None) };
    let (expires_at, seats) = (row.due_time("hold_expires_at")?, row.int("hold_seats")?);
    Ok(Some(TicketHold { reservation_id, expires_at, seats }))
}

pub(super) fn schedule(row: &Columns<'_>) -> Result<Schedule, StoreError> {
    Ok(Schedule {
        id: row.id("id")?,
        concert_id: row.id("concert_id")?,
        starts_at: row.time("starts_at")?,
        venue: row.get("venue")?,
        sections: row.json("sections")?,
    })
}

pub(super) fn seat(row: &Columns<'_>) -> Result<Seat, StoreError> {
    let Some(reservation_id) = row.opt_id("reservation_id")? else { return Ok(Seat::Free) };
    if row.get("sold")? {
        return Ok(Seat::Sold { reservation_id });
    }
    Ok(Seat::Held { reservation_id, held_until: row.due_time("held_until")? })
}

pub(super) fn reservation(row: &Columns<'_>) -> Result<Reservation, StoreError> {
    let state = match row.get("state")? {
        "held" => ReservationState::Held,
        "confirmed" => ReservationState::Confirmed {
            payment_id: row.due_id("payment_id")?,
            at: row.due_time("state_at")?,
        },
        "expired" => ReservationState::Expired { at: row.due_time("state_at")? },
        "released" => ReservationState::Released { at: row.due_time("state_at")? },
        "cancelled" => ReservationState::Cancelled {
            payment_id: row.due_id("payment_id")?,
            refund_id: row.due_id("refund_id")?,
            at: row.due_time("state_at")?,
        },
        other => return Err(corrupt("state", other)),
    };
    Ok(Reservation {
        id: row.id("id")?,
        concert_id: row.id("concert_id")?,
        schedule_id: row.id("schedule_id")?,
        user_id: row.id("user_id")?,
        ticket_id: row.id("ticket_id")?,
        seats: row.json("seats")?,
        amount: row.amount("amount")?,
        held_at: row.time("held_at")?,
        expires_at: row.time("expires_at")?,
        state,
    })
}

pub(super) fn wallet(row: &Columns<'_>) -> Result<Wallet, StoreError> {
    Ok(Wallet {
        user_id: row.id("user_id")?,
        balance: row.amount("balance")?,
        updated_at: row.time("updated_at")?,
    })
}

pub(super) fn transfer(row: &Columns<'_>) -> Result<Transfer, StoreError> {
    let about = || Ok((row.due_id("reservation_id")?, row.due_id("concert_id")?));
    let kind = match row.get("kind")? {
        "charge" => TransferKind::Charge,
        "payment" => {
            let (reservation_id, concert_id) = about()?;
            TransferKind::Payment { reservation_id, concert_id }
        }
        "refund" => {
            let (reservation_id, concert_id) = about()?;
            TransferKind::Refund { reservation_id, concert_id }
        }
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

pub(super) fn reply(row: &Columns<'_>) -> Result<StoredReply, StoreError> {
    let fingerprint: &[u8] = row.get("fingerprint")?;
    Ok(StoredReply {
        caller: row.id("caller")?,
        key: row.get("key")?,
        fingerprint: fingerprint.try_into().map_err(|_| corrupt("fingerprint", "no 32 bytes"))?,
        status: row.int("status")?,
        content_type: row.get("content_type")?,
        body: row.get("body")?,
    })
}
