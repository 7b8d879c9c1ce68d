//! Concerts that are history, and checkpoints of them: how the rows of a concert stood when nothing of it could move any
//! more. An audit goes on from a checkpoint, so that most of the concert's part of the journal can be pruned.
//!
//! Pruned are the events of tickets and of reservations, and the ticks: nearly all there are. What an operator did, the
//! draw and every movement of money stay in the journal, and go on proving concerts, schedules and the ledger. Tickets
//! of a checkpoint's concert may be pruned too: that payments consumed theirs was checked before.

use crate::event::{Event, EventKind};
use crate::ids::{ConcertId, ScheduleId};
use crate::queue::{Queue, Ticket, TicketState};
use crate::seating::{Reservation, ReservationState, Seat};
use crate::state::{State, Stored};
use crate::time::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

const DAY_SECONDS: u32 = 86_400;

/// A row of a checkpoint. Its JSON is kept for ever, so fields are added, with a default, and never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "snake_case")]
pub enum CheckpointRow {
    /// The queue.
    Queue {
        /// The row.
        stored: Stored<Queue>,
    },
    /// A seat that somebody held once.
    Seat {
        /// In which schedule.
        schedule_id: ScheduleId,
        /// Its number.
        number: u32,
        /// The row.
        stored: Stored<Seat>,
    },
    /// A reservation.
    Reservation {
        /// The row.
        stored: Stored<Reservation>,
    },
}

/// The rows of a concert that is history, as its events tell them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which concert.
    pub concert_id: ConcertId,
    /// When its queue changed last. A tick at or before this is told by the checkpoint.
    pub queue_changed_at: Timestamp,
    /// Its queue, its reservations, and its seats that were ever held.
    pub rows: Vec<CheckpointRow>,
}

/// The concerts that are history at `now`, by a state that has every row: closed for good; nobody active, no hold stored
/// as held; and each of these so many days ago: its creation and opening, the start of its last schedule, the last
/// change of its queue. Who still waits in such a concert is never let in.
pub fn history(state: &State, keep_days: u32, now: Timestamp) -> Vec<ConcertId> {
    let keep_seconds = keep_days.saturating_mul(DAY_SECONDS);
    let is_over = |at: Timestamp| at.plus_seconds(keep_seconds) <= now;
    let mut moving: FxHashSet<ConcertId> = FxHashSet::default();
    let schedules = state.schedules.iter();
    moving.extend(
        schedules.filter(|(_, row)| !is_over(row.starts_at)).map(|(_, row)| row.concert_id),
    );
    let active = |state: &TicketState| matches!(state, TicketState::Active { .. });
    let tickets = state.tickets.iter().filter(|(_, ticket)| active(&ticket.state));
    moving.extend(tickets.map(|(_, ticket)| ticket.concert_id));
    let held = |state: &ReservationState| matches!(state, ReservationState::Held);
    let reservations = state.reservations.iter().filter(|(_, row)| held(&row.state));
    moving.extend(reservations.map(|(_, row)| row.concert_id));
    let mut found: Vec<ConcertId> = state
        .concerts
        .iter()
        .filter(|(id, concert)| {
            let queue_is_over =
                state.queues.stored(*id).is_some_and(|queue| is_over(queue.changed_at));
            let began_at = concert.created_at.max(concert.sale_opens_at);
            concert.closed && queue_is_over && is_over(began_at) && !moving.contains(id)
        })
        .map(|(id, _)| id)
        .collect();
    found.sort_unstable();
    found
}

/// The checkpoint of a concert, by a state that has every row; `None` if there is no such concert.
pub(super) fn checkpoint(state: &State, concert_id: ConcertId) -> Option<Checkpoint> {
    let queue = state.queues.stored(concert_id)?;
    let queue_changed_at = queue.changed_at;
    let mut rows = vec![CheckpointRow::Queue { stored: owned(queue) }];
    let reservations = state.reservations.iter().filter(|(_, row)| row.concert_id == concert_id);
    rows.extend(reservations.filter_map(|(id, _)| {
        let stored = owned(state.reservations.stored(id)?);
        Some(CheckpointRow::Reservation { stored })
    }));
    let is_ours = |id: ScheduleId| {
        state.schedules.get(id).is_some_and(|schedule| schedule.concert_id == concert_id)
    };
    let seats = state.seats.iter().filter(|((schedule_id, _), _)| is_ours(*schedule_id));
    rows.extend(seats.filter_map(|((schedule_id, number), _)| {
        let stored = owned(state.seats.stored((schedule_id, number))?);
        Some(CheckpointRow::Seat { schedule_id, number, stored })
    }));
    Some(Checkpoint { concert_id, queue_changed_at, rows })
}

fn owned<T: Clone>(Stored { value, version, changed_at }: Stored<&T>) -> Stored<T> {
    Stored { value: value.clone(), version, changed_at }
}

/// The checkpoints that an audit goes on from.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    queues: FxHashMap<ConcertId, Stored<Queue>>,
}

impl Checkpoints {
    pub(super) fn has(&self, concert_id: ConcertId) -> bool {
        self.queues.contains_key(&concert_id)
    }

    /// Whether a stored ticket need not be gone yet, though its events may be: it is of a concert that has a checkpoint, and
    /// not active.
    pub(super) fn leave_over(&self, ticket: &Ticket) -> bool {
        self.has(ticket.concert_id) && !matches!(ticket.state, TicketState::Active { .. })
    }

    /// Puts a row of a checkpoint into `state`, if it is kept there. A queue is kept until its concert is there.
    pub(super) fn take(&mut self, state: &mut State, concert_id: ConcertId, row: CheckpointRow) {
        match row {
            CheckpointRow::Queue { stored } => {
                self.queues.insert(concert_id, stored);
            }
            CheckpointRow::Seat { schedule_id, number, stored } => {
                if state.keeps_seat(schedule_id, number) {
                    state.seats.restore((schedule_id, number), stored);
                }
            }
            CheckpointRow::Reservation { stored } => {
                if state.keeps_user(stored.value.user_id) {
                    state.reservations.restore(stored.value.id, stored);
                }
            }
        }
    }

    /// Whether a checkpoint tells what an event did; it may be pruned, and need not be.
    pub(super) fn tell(&self, state: &State, event: &Event) -> bool {
        let of_concert = |id: ConcertId| self.queues.get(&id);
        match event.kind {
            EventKind::TicketIssued { concert_id, .. }
            | EventKind::TicketAdmitted { concert_id, .. }
            | EventKind::TicketExpired { concert_id, .. }
            | EventKind::TicketLeft { concert_id, .. }
            | EventKind::TicketConsumed { concert_id, .. }
            | EventKind::SeatsHeld { concert_id, .. }
            | EventKind::ReservationConfirmed { concert_id, .. }
            | EventKind::ReservationCancelled { concert_id, .. } => self.has(concert_id),
            // The reservation may be of another slice, and its seats of this one.
            EventKind::ReservationReleased { schedule_id, .. } => {
                let schedule = state.schedules.get(schedule_id);
                schedule.is_some_and(|schedule| self.has(schedule.concert_id))
            }
            EventKind::ReservationExpired { reservation_id } => {
                let reservation = state.reservations.get(reservation_id);
                reservation.is_some_and(|reservation| self.has(reservation.concert_id))
            }
            EventKind::TickRescheduled { concert_id, .. }
            | EventKind::TickRan { concert_id, .. }
            | EventKind::PrequeueClosed { concert_id, .. }
            | EventKind::QueueDrawn { concert_id, .. }
            | EventKind::SoldOutChanged { concert_id, .. } => {
                of_concert(concert_id).is_some_and(|queue| event.at <= queue.changed_at)
            }
            EventKind::ConcertCreated { .. }
            | EventKind::ConcertChanged { .. }
            | EventKind::ScheduleAdded { .. }
            | EventKind::Transferred { .. } => false,
        }
    }

    /// The queue that a checkpoint has, for a concert that has just come to be.
    pub(super) fn queue_after(&self, event: &Event) -> Option<(ConcertId, Stored<Queue>)> {
        let EventKind::ConcertCreated { concert } = &event.kind else { return None };
        Some((concert.id, self.queues.get(&concert.id)?.clone()))
    }
}
