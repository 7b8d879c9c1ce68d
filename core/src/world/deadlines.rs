//! What a world must do by itself, and when. A heap with lazy deletion: an entry whose reason is gone
//! is dropped when it comes up.

use crate::event::{Event, EventKind};
use crate::ids::{ConcertId, ReservationId, TicketId};
use crate::queue::Phase;
use crate::seating::ReservationState;
use crate::state::State;
use crate::time::Timestamp;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something to do. Those of the same instant are done in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deadline {
    /// A hold runs out: its reservation is stored expired.
    Reservation(ReservationId),
    /// An active ticket's time runs out.
    Ticket(TicketId),
    /// The last seat was sold, or one came back.
    SoldOut(ConcertId),
    /// A tick that finds somebody in line.
    Tick(ConcertId),
}

#[derive(Debug, Default)]
pub(super) struct Deadlines {
    heap: BinaryHeap<Reverse<(Timestamp, Deadline)>>,
    /// The one tick in the heap that counts, for each concert.
    ticks: FxHashMap<ConcertId, Timestamp>,
}

impl Deadlines {
    /// Adds what follows from an event that was just applied.
    pub(super) fn note(&mut self, state: &State, event: &Event) {
        match &event.kind {
            EventKind::TicketIssued { concert_id, .. }
            | EventKind::TickRan { concert_id, .. }
            | EventKind::QueueDrawn { concert_id, .. }
            | EventKind::TickRescheduled { concert_id, .. } => {
                self.note_tick(state, *concert_id, event.at);
            }
            EventKind::ConcertChanged { concert } => self.note_tick(state, concert.id, event.at),
            EventKind::SoldOutChanged { concert_id, .. } => {
                self.note_tick(state, *concert_id, event.at);
                self.note_sold_out(state, *concert_id, event.at);
            }
            EventKind::TicketAdmitted { ticket_id, active_until, .. } => {
                self.push(*active_until, Deadline::Ticket(*ticket_id));
            }
            EventKind::SeatsHeld { reservation_id, ticket_id, expires_at, .. } => {
                self.push(*expires_at, Deadline::Reservation(*reservation_id));
                self.note_ticket(state, *ticket_id);
            }
            EventKind::ReservationReleased { ticket_id, .. } => self.note_ticket(state, *ticket_id),
            EventKind::ReservationConfirmed { concert_id, .. }
            | EventKind::ReservationCancelled { concert_id, .. } => {
                self.note_sold_out(state, *concert_id, event.at);
            }
            EventKind::ScheduleAdded { schedule } => {
                self.note_sold_out(state, schedule.concert_id, event.at);
            }
            EventKind::ConcertCreated { .. }
            | EventKind::PrequeueClosed { .. }
            | EventKind::TicketExpired { .. }
            | EventKind::TicketLeft { .. }
            | EventKind::TicketConsumed { .. }
            | EventKind::ReservationExpired { .. }
            | EventKind::Transferred { .. } => {}
        }
    }

    /// The next deadline that still has a reason.
    pub(super) fn next(&mut self, state: &State) -> Option<Timestamp> {
        while let Some(Reverse((at, deadline))) = self.heap.peek().copied() {
            if self.stands(state, at, deadline) {
                return Some(at);
            }
            self.heap.pop();
        }
        None
    }

    /// Takes the next deadline that is due and still has a reason.
    pub(super) fn pop_due(&mut self, state: &State, now: Timestamp) -> Option<Deadline> {
        let at = self.next(state).filter(|at| *at <= now)?;
        let Reverse((_, deadline)) = self.heap.pop()?;
        if let Deadline::Tick(concert_id) = deadline {
            debug_assert_eq!(self.ticks.get(&concert_id), Some(&at));
            self.ticks.remove(&concert_id);
        }
        Some(deadline)
    }

    fn push(&mut self, at: Timestamp, deadline: Deadline) {
        self.heap.push(Reverse((at, deadline)));
    }

    /// Sets the tick that counts: the first one that finds somebody, if there is to be any.
    pub(super) fn note_tick(&mut self, state: &State, concert_id: ConcertId, now: Timestamp) {
        let Some(at) = next_tick(state, concert_id, now) else {
            self.ticks.remove(&concert_id);
            return;
        };
        if self.ticks.insert(concert_id, at) != Some(at) {
            self.push(at, Deadline::Tick(concert_id));
        }
    }

    fn note_ticket(&mut self, state: &State, ticket_id: TicketId) {
        if let Some(ticket) = state.tickets.get(ticket_id) {
            self.push(ticket.expires_at(), Deadline::Ticket(ticket_id));
        }
    }

    fn note_sold_out(&mut self, state: &State, concert_id: ConcertId, now: Timestamp) {
        if sold_out_differs(state, concert_id) {
            self.push(now, Deadline::SoldOut(concert_id));
        }
    }

    fn stands(&self, state: &State, at: Timestamp, deadline: Deadline) -> bool {
        match deadline {
            Deadline::Reservation(id) => {
                state.reservations.get(id).is_some_and(|row| row.state == ReservationState::Held)
            }
            Deadline::Ticket(id) => state.tickets.get(id).is_some_and(|ticket| {
                ticket.expires_at() == at && ticket.phase(at) == Phase::Expired
            }),
            Deadline::SoldOut(id) => sold_out_differs(state, id),
            Deadline::Tick(id) => self.ticks.get(&id) == Some(&at),
        }
    }
}

/// The first tick that the head of the line had joined by; at once if a tick goes on.
fn next_tick(state: &State, concert_id: ConcertId, now: Timestamp) -> Option<Timestamp> {
    let concert = state.concerts.get(concert_id)?;
    let queue = state.queues.get(concert_id)?;
    let head = state.indexes.get(&concert_id)?.waiting.values().next();
    let tick_at = match head.and_then(|id| state.tickets.get(*id)) {
        Some(head) => queue.due_tick(concert, head.issued_at)?,
        None => queue.rest.and(queue.due_tick(concert, now))?,
    };
    Some(if tick_at == Timestamp::MIN { now } else { tick_at })
}

fn sold_out_differs(state: &State, concert_id: ConcertId) -> bool {
    let inventory = state.figures.inventory(concert_id);
    state.queues.get(concert_id).is_some_and(|queue| queue.sold_out != inventory.is_sold_out())
}
