//! Rows of concerts, their queues, and who stands in them.

use super::super::{DueQueue, StoreError};
use super::{Columns, corrupt};
use frontrow_core::concert::{Concert, DrawKind, Notice, Prequeue};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::{
    Counts, Draw, DrawSeed, Queue, Reveal, TickRest, Ticket, TicketHold, TicketState,
};
use frontrow_core::state::Stored;

pub(in super::super) fn concert(row: &impl Columns) -> Result<Concert, StoreError> {
    Ok(Concert {
        id: row.id("id")?,
        title: row.text("title")?.to_owned(),
        sale_opens_at: row.time("sale_opens_at")?,
        admission: AdmissionPolicy {
            interval_seconds: row.int("interval_seconds")?,
            batch_size: row.int("batch_size")?,
            active_seconds: row.int("active_seconds")?,
            max_active: row.opt_int("max_active")?,
            lapse_seconds: row.int("lapse_seconds")?,
            inventory_aware: row.flag("inventory_aware")?,
        },
        holds: HoldPolicy {
            hold_seconds: row.int("hold_seconds")?,
            max_seats_per_user: row.int("max_seats_per_user")?,
        },
        paused: row.flag("paused")?,
        closed: row.flag("closed")?,
        draining: row.flag("draining")?,
        notice: notice(row)?,
        prequeue: prequeue(row)?,
        created_at: row.time("created_at")?,
    })
}

fn notice(row: &impl Columns) -> Result<Option<Notice>, StoreError> {
    let text = |name| Ok(row.opt_text(name)?.map(str::to_owned));
    let (ko, en) = (text("notice_ko")?, text("notice_en")?);
    Ok(ko.zip(en).map(|(ko, en)| Notice { ko, en }))
}

fn prequeue(row: &impl Columns) -> Result<Option<Prequeue>, StoreError> {
    let Some(opens_at) = row.opt_time("prequeue_opens_at")? else { return Ok(None) };
    let name = row.text("prequeue_draw")?;
    Ok(Some(Prequeue {
        opens_at,
        draw: DrawKind::named(name).ok_or_else(|| corrupt("prequeue_draw", name))?,
        beacon: row.opt_text("prequeue_beacon")?.map(str::to_owned),
        seed: seed(row, "prequeue_seed")?,
    }))
}

/// A seed, which no error shows.
fn seed(row: &impl Columns, name: &str) -> Result<Option<DrawSeed>, StoreError> {
    let text = row.opt_text(name)?;
    text.map(|text| text.parse().map_err(|error| corrupt(name, error))).transpose()
}

fn draw(row: &impl Columns) -> Result<Option<Draw>, StoreError> {
    let Some(arrivals) = row.opt_int("draw_arrivals")? else { return Ok(None) };
    let beacon_value = row.opt_text("draw_beacon_value")?.map(str::to_owned);
    let reveal = seed(row, "draw_seed")?.map(|seed| Reveal { seed, beacon_value });
    Ok(Some(Draw { arrivals, reveal, passed_through: row.int("draw_passed_through")? }))
}

pub(in super::super) fn queue(row: &impl Columns) -> Result<Queue, StoreError> {
    let rest = match (row.opt_time("rest_tick_at")?, row.opt_int("rest_remaining")?) {
        (Some(tick_at), Some(remaining)) => Some(TickRest { tick_at, remaining }),
        _ => None,
    };
    Ok(Queue {
        concert_id: row.id("concert_id")?,
        next_number: row.int("next_number")?,
        next_tick_at: row.time("next_tick_at")?,
        rest,
        sold_out: row.flag("sold_out")?,
        draw: draw(row)?,
    })
}

pub(in super::super) fn concert_and_queue(
    row: &impl Columns,
) -> Result<(Concert, Queue), StoreError> {
    Ok((concert(row)?, queue(row)?))
}

/// A concert and its queue with their versions, as [`versioned_columns`] names these.
pub(in super::super) fn versioned(
    row: &impl Columns,
) -> Result<(Stored<Concert>, Stored<Queue>), StoreError> {
    let (concert, queue) = concert_and_queue(row)?;
    let concert = Stored {
        value: concert,
        version: row.int("concert_version")?,
        changed_at: row.time("concert_changed_at")?,
    };
    let queue = Stored {
        value: queue,
        version: row.int("queue_version")?,
        changed_at: row.time("queue_changed_at")?,
    };
    Ok((concert, queue))
}

pub(in super::super) fn due_queue(row: &impl Columns) -> Result<DueQueue, StoreError> {
    let (concert, queue) = concert_and_queue(row)?;
    Ok(DueQueue { concert, queue, head_issued_at: row.opt_time("head_issued_at")? })
}

pub(in super::super) fn counts(row: &impl Columns) -> Result<Counts, StoreError> {
    Ok(Counts {
        ticket_number: 0,
        ahead: row.int("ahead")?,
        waiting: row.int("waiting")?,
        active: row.int("active")?,
    })
}

/// A ticket with its version.
pub(in super::super) fn stored_ticket(row: &impl Columns) -> Result<Stored<Ticket>, StoreError> {
    row.stored(ticket)
}

pub(in super::super) fn ticket(row: &impl Columns) -> Result<Ticket, StoreError> {
    let state = match row.text("state")? {
        "waiting" => TicketState::Waiting,
        "active" => TicketState::Active {
            admitted_at: row.time("admitted_at")?,
            active_until: row.time("active_until")?,
            hold: ticket_hold(row)?,
        },
        "expired" => TicketState::Expired { at: row.time("ended_at")? },
        "consumed" => TicketState::Consumed { at: row.time("ended_at")? },
        "left" => TicketState::Left { at: row.time("ended_at")? },
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

fn ticket_hold(row: &impl Columns) -> Result<Option<TicketHold>, StoreError> {
    let Some(reservation_id) = row.opt_id("hold_reservation_id")? else { return Ok(None) };
    let (expires_at, seats) = (row.time("hold_expires_at")?, row.int("hold_seats")?);
    Ok(Some(TicketHold { reservation_id, expires_at, seats }))
}
