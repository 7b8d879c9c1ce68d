//! Decisions about concerts and schedules. Only operators send these commands; hosts check that.

use super::{Concert, ConcertChange, Schedule};
use crate::decision::Decision;
use crate::event::{Event, EventKind, Events};
use crate::ids::ConcertId;
use crate::key::{Key, Mode, Need};
use crate::outcome::Outcome;
use crate::queue::{self, Queue, TickRest};
use crate::rejection::{FieldError, Rejection};
use crate::state::State;
use crate::time::Timestamp;

pub(crate) fn create(state: &State, concert: &Concert, now: Timestamp) -> Result<Decision, Need> {
    let mut errors = Vec::new();
    concert.validate(&mut errors);
    if !errors.is_empty() {
        return Decision::refuse(Rejection::MalformedRequest { errors });
    }
    if state.concert(concert.id)?.is_some() {
        return Decision::refuse(Rejection::IdInUse);
    }
    let concert = Concert { created_at: now, ..concert.clone() };
    let created = EventKind::ConcertCreated { concert: Box::new(concert.clone()) };
    Decision::accept(created.at(now), Outcome::ConcertCreated { concert })
}

pub(crate) fn update(
    state: &State,
    concert_id: ConcertId,
    change: &ConcertChange,
    now: Timestamp,
) -> Result<Decision, Need> {
    state.require(&[Key::Queue(concert_id), Key::Concert(concert_id, Mode::Write)])?;
    let (Some(concert), Some(queue)) = (state.concert(concert_id)?, state.queue(concert_id)?)
    else {
        return Decision::refuse(Rejection::ConcertNotFound);
    };
    let changed = change.applied_to(concert);
    let mut errors = Vec::new();
    changed.validate(&mut errors);
    if change.closed == Some(false) {
        errors.push(FieldError::new("closed", "can only be true: a sale is closed for good"));
    }
    if !errors.is_empty() {
        return Decision::refuse(Rejection::MalformedRequest { errors });
    }
    let outcome = Outcome::ConcertChanged { concert: changed.clone() };
    if changed == *concert {
        return Decision::accept(Events::new(), outcome);
    }

    let mut events = Events::new();
    let resumed = concert.paused && !changed.paused;
    let retimed = concert.admission.interval_seconds != changed.admission.interval_seconds;
    if resumed || retimed {
        // The announced tick stays. One that is due but has not run yet still runs, by the old
        // numbers; what was missed while paused is not made up for.
        let kept = if resumed { None } else { queue::due_part(state, concert, queue, now)? };
        events.extend(keep_announced(concert, queue, kept, now).map(|kind| kind.at(now)));
    }
    events.push(EventKind::ConcertChanged { concert: Box::new(changed) }.at(now));
    Decision::accept(events, outcome)
}

/// Stores the tick that was announced, if the stored one is an earlier one, together with the part of a
/// tick that is due.
fn keep_announced(
    concert: &Concert,
    queue: &Queue,
    due: Option<TickRest>,
    now: Timestamp,
) -> Option<EventKind> {
    let concert_id = concert.id;
    let next_tick_at = queue.announced_tick(concert, now);
    if next_tick_at == queue.next_tick_at && queue.rest == due {
        return None;
    }
    let Some(TickRest { tick_at, remaining }) = due else {
        return Some(EventKind::TickRescheduled { concert_id, next_tick_at });
    };
    Some(EventKind::TickRan {
        concert_id,
        tick_at,
        admitted: 0,
        batch_size: concert.admission.batch_size,
        max_active: concert.admission.max_active,
        next_tick_at,
        remaining,
        passed_through: None,
    })
}

pub(crate) fn add_schedule(
    state: &State,
    schedule: &Schedule,
    now: Timestamp,
) -> Result<Decision, Need> {
    let mut errors = Vec::new();
    schedule.validate(&mut errors);
    if !errors.is_empty() {
        return Decision::refuse(Rejection::MalformedRequest { errors });
    }
    if state.concert(schedule.concert_id)?.is_none() {
        return Decision::refuse(Rejection::ConcertNotFound);
    }
    if state.schedule(schedule.id)?.is_some() {
        return Decision::refuse(Rejection::IdInUse);
    }
    let added: Event = EventKind::ScheduleAdded { schedule: Box::new(schedule.clone()) }.at(now);
    Decision::accept(added, Outcome::ScheduleAdded { schedule: schedule.clone() })
}
