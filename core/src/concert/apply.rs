//! Moves the rows of concerts and schedules.

use crate::event::EventKind;
use crate::queue::Queue;
use crate::state::State;
use crate::time::Timestamp;

pub(crate) fn apply(state: &mut State, kind: &EventKind, at: Timestamp) {
    match kind {
        EventKind::ConcertCreated { concert } => {
            state.queues.insert(concert.id, Queue::new(concert), at);
            state.concerts.insert(concert.id, concert.as_ref().clone(), at);
        }
        EventKind::ConcertChanged { concert } => {
            state.concerts.change(concert.id, at, |row| *row = concert.as_ref().clone());
        }
        EventKind::ScheduleAdded { schedule } => {
            if state.derives() {
                state.figures.seats_added(schedule.concert_id, schedule.seats_total());
            }
            state.schedules.insert(schedule.id, schedule.as_ref().clone(), at);
        }
        _ => unreachable!("engine sends only this room's events"),
    }
}
