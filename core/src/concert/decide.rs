//! Decisions about concerts and schedules. Only operators send these commands; hosts check that.

use super::{Concert, ConcertChange, Schedule};
use crate::decision::Decision;
use crate::event::{Event, EventKind, Events};
use crate::ids::ConcertId;
use crate::key::{Key, Mode, Need};
use crate::outcome::Outcome;
use crate::queue;
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
    if resumed || (retimed && !queue::tick_is_due(state, concert, queue, now)?) {
        // The announced tick stays; what was missed while paused is not made up for.
        let next_tick_at = queue.announced_tick(concert, now);
        if next_tick_at != queue.next_tick_at || queue.rest.is_some() {
            events.push(EventKind::TickRescheduled { concert_id, next_tick_at }.at(now));
        }
    }
    events.push(EventKind::ConcertChanged { concert: Box::new(changed) }.at(now));
    Decision::accept(events, outcome)
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
    if state.schedule(schedule.id)?.is_some() {
        return Decision::refuse(Rejection::IdInUse);
    }
    if state.concert(schedule.concert_id)?.is_none() {
        return Decision::refuse(Rejection::ConcertNotFound);
    }
    let added: Event = EventKind::ScheduleAdded { schedule: Box::new(schedule.clone()) }.at(now);
    Decision::accept(added, Outcome::ScheduleAdded { schedule: schedule.clone() })
}
