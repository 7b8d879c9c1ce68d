//! What comes in from JavaScript may be anything: each argument is read here, and one that makes no
//! sense is a `malformed_request`, like a field that the rules refuse.

mod plain;

use frontrow_core::concert::{Concert, ConcertChange, Schedule};
use frontrow_core::seating::Choice;
use frontrow_core::sim::Scenario;
use frontrow_core::{
    Actor, Command, ConcertId, Rejection, ReservationId, ScheduleId, TicketId, Timestamp,
    TransferId, UserId,
};
use js_sys::JSON;
use plain::Plain;
use serde::Deserialize;
use uuid::Uuid;
use wasm_bindgen::prelude::*;

use crate::error::thrown;

/// Furthest time from 1970 that a `Date` can name, in milliseconds. What the rules add to a time stays
/// a whole number for JavaScript.
const DATE_MILLIS_MAX: f64 = 8.64e15;

/// Longest command as JSON text, in UTF-16 units: twice what the largest hall needs.
const COMMAND_UNITS_MAX: u32 = 1 << 20;

/// Longest scenario as JSON text: a week of recorded arrivals, counted by the second, takes half of it.
const SCENARIO_UNITS_MAX: u32 = 1 << 22;

/// A command.
pub(crate) fn command(value: &JsValue) -> Result<Command, JsValue> {
    let command = plain("command", value, COMMAND_UNITS_MAX)?;
    let command = command.tagged("command").and_then(Tagged::deserialize);
    command.map_err(|error| misread("command", error))
}

/// A scenario, not yet validated.
pub(crate) fn scenario(value: &JsValue) -> Result<Scenario, JsValue> {
    let scenario = plain("scenario", value, SCENARIO_UNITS_MAX)?;
    Scenario::deserialize(scenario).map_err(|error| misread("scenario", error))
}

/// Whatever was handed in as what JSON makes of it. That throws, where walking the original by hand would not
/// end: at a circle, a getter that fails, or a depth without an end.
fn plain(name: &str, value: &JsValue, units_max: u32) -> Result<Plain, JsValue> {
    let json = JSON::stringify(value).map_err(|_| malformed(name, "can't be written as JSON"))?;
    if json.is_string() && json.length() > units_max {
        let reason = format!("must have at most {units_max} characters as JSON");
        return Err(malformed(name, reason));
    }
    // Of `undefined`, a function or a symbol there is no text.
    let text = json.as_string().ok_or_else(|| malformed(name, "must be an object"))?;
    Ok(Plain::new(JSON::parse(&text)?))
}

/// What is thrown for an argument that is none; `error` knows where in it the reason is.
fn misread(name: &str, error: plain::Error) -> JsValue {
    let misfit = error.misfit();
    let field = if misfit.path.is_empty() { name } else { &misfit.path };
    malformed(field, misfit.reason)
}

/// [`Command`], as the variants that its field `command` names. Core's own reader takes any format, for which it
/// keeps every command in a general form first, and is that much larger. The compiler holds this one to core's.
#[derive(Deserialize)]
#[serde(remote = "Command", rename_all = "snake_case")]
enum Tagged {
    CreateConcert {
        concert: Concert,
    },
    UpdateConcert {
        concert_id: ConcertId,
        change: ConcertChange,
    },
    AddSchedule {
        schedule: Schedule,
    },
    Join {
        ticket_id: TicketId,
        concert_id: ConcertId,
        user_id: UserId,
    },
    Leave {
        ticket_id: TicketId,
    },
    Tick {
        concert_id: ConcertId,
        served_since: Timestamp,
    },
    Draw {
        concert_id: ConcertId,
        beacon_value: String,
    },
    RefreshSoldOut {
        concert_id: ConcertId,
    },
    ExpireTicket {
        ticket_id: TicketId,
    },
    Hold {
        reservation_id: ReservationId,
        schedule_id: ScheduleId,
        ticket_id: TicketId,
        user_id: UserId,
        choice: Choice,
    },
    ExpireReservation {
        reservation_id: ReservationId,
    },
    Withdraw {
        reservation_id: ReservationId,
        by: Actor,
        refund_id: TransferId,
    },
    Charge {
        transfer_id: TransferId,
        user_id: UserId,
        amount: u64,
    },
    Pay {
        payment_id: TransferId,
        reservation_id: ReservationId,
        ticket_id: TicketId,
        user_id: UserId,
        amount: u64,
    },
}

/// A time in milliseconds since 1970.
pub(crate) fn time(name: &str, value: &JsValue) -> Result<Timestamp, JsValue> {
    match value.as_f64() {
        #[allow(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
        Some(millis) if millis.fract() == 0.0 && millis.abs() <= DATE_MILLIS_MAX => {
            Ok(Timestamp::from_millis(millis as i64))
        }
        _ => Err(malformed(name, "must be whole milliseconds since 1970, as `Date.now()` gives")),
    }
}

/// The id of something.
pub(crate) fn id<T: From<Uuid>>(name: &str, value: &JsValue) -> Result<T, JsValue> {
    let id = value.as_string().and_then(|text| Uuid::try_parse(&text).ok());
    id.map(T::from).ok_or_else(|| malformed(name, "must be a UUID"))
}

/// A whole number from `min` to 2^32 − 1.
pub(crate) fn whole(name: &str, value: &JsValue, min: u32) -> Result<u32, JsValue> {
    let range = f64::from(min)..=f64::from(u32::MAX);
    match value.as_f64() {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, and within the type"
        )]
        Some(number) if number.fract() == 0.0 && range.contains(&number) => Ok(number as u32),
        _ => Err(malformed(name, format!("must be a whole number from {min} to {}", u32::MAX))),
    }
}

/// What is thrown for an argument that makes no sense.
pub(crate) fn malformed(field: &str, reason: impl Into<String>) -> JsValue {
    thrown(&Rejection::malformed(field, reason))
}
