//! What both handles read from a world's rows in the same way.

use frontrow_core::concert::Schedule;
use frontrow_core::queue::admit_reader as may_read;
use frontrow_core::{ConcertId, Rejection, TicketId, Timestamp, World};
use wasm_bindgen::prelude::*;

use crate::error::thrown;

/// Checks that the holder of a ticket may look at a concert's schedules and seats at `now`.
pub(crate) fn admit_reader(
    world: &World,
    ticket_id: TicketId,
    concert_id: ConcertId,
    now: Timestamp,
) -> Result<(), JsValue> {
    let ticket = world.state().tickets().get(ticket_id).ok_or(Rejection::QueueTokenInvalid);
    ticket
        .and_then(|ticket| may_read(ticket, concert_id, now))
        .map_err(|rejection| thrown(&rejection))
}

/// The schedules of a concert, the first one first.
pub(crate) fn schedules(world: &World, concert_id: ConcertId) -> Vec<&Schedule> {
    let rows = world.state().schedules().iter().map(|(_, schedule)| schedule);
    let mut schedules: Vec<&Schedule> =
        rows.filter(|schedule| schedule.concert_id == concert_id).collect();
    schedules.sort_unstable_by_key(|schedule| (schedule.starts_at, schedule.id));
    schedules
}
