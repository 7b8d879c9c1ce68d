//! Every row in memory, and every deadline: the rules as one thing that can be driven.
//!
//! For browsers, simulations, tests and embedders whose sale fits in memory. A server with rows in a
//! database uses [`decide`](crate::decide) and [`State`] itself.

mod deadlines;

use crate::command::Command;
use crate::engine::decide;
use crate::event::{Event, EventKind};
use crate::ids::{ConcertId, TicketId};
use crate::outcome::Outcome;
use crate::queue::{Counts, Line, Phase, Standing, standing};
use crate::rejection::Rejection;
use crate::state::State;
use crate::time::Timestamp;
use deadlines::{Deadline, Deadlines};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// The rules with every row, driven by whoever owns it.
///
/// # How to drive it
///
/// A world never waits, reads no clock and starts nothing. Its methods are of three kinds:
///
/// - [`execute`](Self::execute) carries out a command at a time that you hand in;
/// - [`poll_timeout`](Self::poll_timeout) says when [`handle_timeout`](Self::handle_timeout) should be
///   called next: for an admission tick, an expiry, or to see whether the concert is sold out;
/// - [`poll_event`](Self::poll_event) hands out what happened, oldest first.
///
/// After each `execute` or `handle_timeout`, drain `poll_event` until it is `None`, then ask
/// `poll_timeout` anew, since it may have changed. Calling `handle_timeout` early or often does nothing;
/// calling it late delays admissions (missed ticks do not add up) and the storing of expiries, and
/// nothing else: holds and tickets end on time whether or not anybody sweeps them.
///
/// Time never runs backwards: a `now` before the last one counts as the last one.
///
/// # Presence
///
/// Hosts in which people poll call [`mark_seen`](Self::mark_seen) when they do; with `lapse_seconds` on,
/// people who are not seen are passed over at their turn.
#[derive(Debug)]
pub struct World {
    state: State,
    deadlines: Deadlines,
    lines: FxHashMap<ConcertId, Line>,
    events: VecDeque<Event>,
    now: Timestamp,
    served_since: Timestamp,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A world in which nothing has happened.
    pub fn new() -> Self {
        Self {
            state: State::complete(),
            deadlines: Deadlines::default(),
            lines: FxHashMap::default(),
            events: VecDeque::new(),
            now: Timestamp::MIN,
            served_since: Timestamp::MIN,
        }
    }

    /// A world in which nothing has happened, with room for so many people in line.
    #[cfg(feature = "sim")]
    pub(crate) fn with_room(people: usize) -> Self {
        let mut world = Self::new();
        world.state.reserve_line(people);
        world
    }

    /// Carries out a command. What happened is waiting in [`poll_event`](Self::poll_event), also after a
    /// refusal: paying for a lapsed hold stores its expiry.
    pub fn execute(&mut self, command: &Command, now: Timestamp) -> Result<Outcome, Rejection> {
        self.now = self.now.max(now);
        let decision =
            decide(&self.state, command, self.now).expect("a complete state needs nothing");
        for event in decision.events {
            self.take(event);
        }
        decision.outcome
    }

    /// When [`handle_timeout`](Self::handle_timeout) should be called next; `None` if nothing is due
    /// until somebody does something.
    pub fn poll_timeout(&mut self) -> Option<Timestamp> {
        self.deadlines.next(&self.state)
    }

    /// Does what is due at `now`: ticks, expiries, and whether a concert is sold out.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        let until = self.now;
        while let Some(deadline) = self.deadlines.pop_due(&self.state, until) {
            let command = match deadline {
                Deadline::Tick(concert_id) => {
                    Command::Tick { concert_id, served_since: self.served_since }
                }
                Deadline::SoldOut(concert_id) => Command::RefreshSoldOut { concert_id },
                Deadline::Ticket(ticket_id) => Command::ExpireTicket { ticket_id },
                Deadline::Reservation(reservation_id) => {
                    Command::ExpireReservation { reservation_id }
                }
            };
            // What is due may have been done by a command in between; then nothing happens.
            let _ = self.execute(&command, until);
            if let Deadline::Tick(concert_id) = deadline {
                // The head of the line may have left, and the next one joined after this tick.
                self.deadlines.note_tick(&self.state, concert_id, until);
            }
        }
    }

    /// The next event that happened, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Notes that the holder of a waiting ticket was seen at `now`.
    pub fn mark_seen(&mut self, ticket_id: TicketId, now: Timestamp) {
        let waits = |ticket: &crate::queue::Ticket| ticket.phase(now) == Phase::Waiting;
        if self.state.tickets.get(ticket_id).is_some_and(waits) {
            self.state.mark_seen(ticket_id, now);
        }
    }

    /// Says since when polls have been served without a break: after an outage nobody counts as absent
    /// for time in which they could not be seen.
    pub fn set_served_since(&mut self, since: Timestamp) {
        self.served_since = since;
    }

    /// How a ticket stands at `now`; `None` if there is no such ticket.
    pub fn standing(&self, ticket_id: TicketId, now: Timestamp) -> Option<Standing> {
        let ticket = self.state.tickets.get(ticket_id)?;
        let concert = self.state.concerts.get(ticket.concert_id)?;
        let queue = self.state.queues.get(ticket.concert_id)?;
        let line = self.lines.get(&ticket.concert_id)?;
        let index = self.state.indexes.get(&ticket.concert_id)?;
        let ticket_number = index.order.ticket_number(ticket.number);
        let active = self.state.active_at(ticket.concert_id, now);
        let counts = Counts::with_active(line, ticket_number, active);
        Some(standing(ticket, concert, queue, counts, now))
    }

    /// The rows.
    pub fn state(&self) -> &State {
        &self.state
    }

    fn take(&mut self, event: Event) {
        self.leave_line(&event.kind);
        self.state.apply(&event);
        match event.kind {
            // Who joins after a draw is behind it, and keeps their number.
            EventKind::TicketIssued { concert_id, number, .. } => {
                self.lines.entry(concert_id).or_default().join(number);
            }
            EventKind::QueueDrawn { concert_id, .. } => {
                let index = self.state.indexes.get(&concert_id);
                let line = index.map(|index| index.order.line_of(index.waiting.keys().copied()));
                *self.lines.entry(concert_id).or_default() = line.unwrap_or_default();
            }
            _ => {}
        }
        self.deadlines.note(&self.state, &event);
        self.events.push_back(event);
    }

    /// Takes a ticket that waits no more out of its line; before the event is applied, while the row
    /// still tells its number.
    fn leave_line(&mut self, kind: &EventKind) {
        if let EventKind::TicketAdmitted { ticket_id, .. }
        | EventKind::TicketExpired { ticket_id, .. }
        | EventKind::TicketLeft { ticket_id, .. } = kind
            && let Some(ticket) = self.state.tickets.get(*ticket_id)
            && let Some(line) = self.lines.get_mut(&ticket.concert_id)
        {
            let index = self.state.indexes.get(&ticket.concert_id);
            let order = index.map(|index| &index.order);
            line.leave(order.map_or(ticket.number, |order| order.ticket_number(ticket.number)));
        }
    }
}
