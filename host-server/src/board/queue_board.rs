//! One queue as polls need it: who stands where, and how the concert admits. Everything that it is told has
//! the version that it left behind, so that it may be told twice and in any order.

use super::marks::Marks;
use super::places::{Known, Place, Places, phase_of};
use crate::auth::QueueToken;
use frontrow_core::concert::{Concert, Notice};
use frontrow_core::queue::{
    Counts, Line, Order, Phase, Queue, Standing, Ticket, TicketState, standing,
};
use frontrow_core::state::Stored;
use frontrow_core::{ConcertId, ReservationId, TicketId, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A place in line, as its holder is told it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The ticket. Of one that has ended, when it did is not kept.
    pub ticket: Ticket,
    /// How it stands.
    pub standing: Standing,
    /// What the operator has to say, if anything.
    pub notice: Option<Arc<Notice>>,
}

/// A ticket that a tick let in, as the journal tells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Admitted {
    pub ticket_id: TicketId,
    pub concert_id: ConcertId,
    pub number: u64,
    pub state: TicketState,
    pub version: u64,
}

/// An active ticket.
#[derive(Debug)]
struct Active {
    state: TicketState,
    version: u64,
}

/// What is kept of one queue.
#[derive(Debug)]
pub(super) struct QueueBoard {
    concert: Stored<Concert>,
    /// The concert's, for whom it may concern.
    notice: Option<Arc<Notice>>,
    queue: Stored<Queue>,
    /// In which order the line is let in.
    order: Order,
    /// Who waits, by ticket number.
    line: Line,
    /// The highest arrival number that is known. Numbers have no gaps, so whoever has a lower one that was not told yet
    /// joined at another replica a moment ago, and waits.
    highest: u64,
    places: Places,
    active: HashMap<TicketId, Active>,
    expiries: BTreeSet<(Timestamp, TicketId)>,
    marks: Marks,
}

impl QueueBoard {
    /// A queue in which nobody stands.
    pub(super) fn new(concert: Stored<Concert>, queue: Stored<Queue>) -> Self {
        Self {
            notice: notice(&concert.value),
            concert,
            order: Order::of(&queue.value),
            queue,
            line: Line::new(),
            highest: 0,
            places: Places::default(),
            active: HashMap::new(),
            expiries: BTreeSet::new(),
            marks: Marks::default(),
        }
    }

    pub(super) fn put_concert(&mut self, concert: Stored<Concert>) {
        if self.concert.version < concert.version {
            self.notice = notice(&concert.value);
            self.concert = concert;
        }
    }

    pub(super) fn put_queue(&mut self, queue: Stored<Queue>) {
        if self.queue.version >= queue.version {
            return;
        }
        let was_drawn = self.queue.value.is_drawn();
        self.queue = queue;
        if self.queue.value.is_drawn() && !was_drawn {
            self.draw();
        }
    }

    /// The line was in order of arrival, and is in that of the draw from now on.
    fn draw(&mut self) {
        let order = Order::of(&self.queue.value);
        let arrivals = order.drawn_arrivals();
        self.presume(arrivals);
        let waiting = |number: &u64| self.line.contains(*number);
        let (left, later) = (
            (1..=arrivals).filter(|number| !waiting(number)),
            (arrivals + 1..=self.highest).filter(waiting),
        );
        // Few have left by then, and only for those is a place looked up.
        let mut line: Line = (1..=arrivals).chain(later).collect();
        for number in left {
            line.leave(order.ticket_number(number));
        }
        (self.order, self.line) = (order, line);
    }

    /// Whoever has one of the numbers up to this, and was not told of yet, waits.
    fn presume(&mut self, highest: u64) {
        for number in (self.highest + 1)..=highest {
            self.line.join(self.order.ticket_number(number));
        }
        self.highest = self.highest.max(highest);
    }

    /// Takes a ticket of those that were stored when it was loaded, by number: who is not told is not there.
    pub(super) fn load_ticket(&mut self, ticket: &Known) {
        self.highest = self.highest.max(ticket.number);
        self.put_ticket(ticket);
    }

    /// Takes a ticket, unless it is known to have changed since.
    pub(super) fn put_ticket(&mut self, ticket: &Known) {
        let known = self.places.get(ticket.number).and_then(|spot| spot.place.phase);
        let is_newer = match known {
            None => true,
            Some(Phase::Waiting) => ticket.state != TicketState::Waiting,
            Some(Phase::Active) => {
                self.active.get(&ticket.id).is_none_or(|active| active.version < ticket.version)
            }
            // What has ended never changes.
            Some(Phase::Expired | Phase::Consumed | Phase::Left) => false,
        };
        if !is_newer {
            return;
        }
        self.presume(ticket.number.saturating_sub(1));
        self.highest = self.highest.max(ticket.number);
        self.places.set(ticket);
        if let Some(was) = self.active.remove(&ticket.id) {
            self.expiries.remove(&(was.state.expires_at(), ticket.id));
        }
        match phase_of(&ticket.state) {
            Phase::Waiting => self.line.join(self.order.ticket_number(ticket.number)),
            Phase::Active => {
                self.leave_line(ticket.number);
                let Known { id, state, version, .. } = *ticket;
                self.expiries.insert((state.expires_at(), id));
                self.active.insert(id, Active { state, version });
            }
            Phase::Expired | Phase::Consumed | Phase::Left => self.leave_line(ticket.number),
        }
    }

    fn leave_line(&mut self, number: u64) {
        self.line.leave(self.order.ticket_number(number));
        self.marks.forget(number);
    }

    /// A tick let a ticket in; whether it is known.
    pub(super) fn put_admitted(&mut self, admitted: &Admitted) -> bool {
        let Admitted { ticket_id: id, number, state, version, .. } = *admitted;
        let issued_at = self.places.get(number).map(|spot| spot.place.issued_at);
        if let Some(issued_at) = issued_at {
            self.put_ticket(&Known { id, number, issued_at, state, version });
        }
        issued_at.is_some()
    }

    /// Whether it is known that a ticket has this reservation as its hold.
    pub(super) fn has_hold(&self, ticket_id: TicketId, reservation_id: ReservationId) -> bool {
        let hold = self.active.get(&ticket_id).and_then(|active| match active.state {
            TicketState::Active { hold, .. } => hold,
            _ => None,
        });
        hold.is_some_and(|hold| hold.reservation_id == reservation_id)
    }

    /// The place behind a token, whose signature was verified; marks its holder seen. `None` if it is not known.
    pub(super) fn look(&self, token: &QueueToken, now: Timestamp) -> Option<Seen> {
        let spot = self.places.get(token.number);
        let spot = spot.filter(|spot| spot.place.ticket_id == token.ticket_id)?;
        spot.mark(now);
        let place = spot.place;
        let ticket = Ticket {
            id: token.ticket_id,
            concert_id: token.concert_id,
            user_id: token.user_id,
            number: token.number,
            issued_at: place.issued_at,
            state: self.state(token.ticket_id, place)?,
        };
        let ticket_number = self.order.ticket_number(token.number);
        let counts = Counts::of(&self.line, ticket_number, &self.expiries, now);
        let standing = standing(&ticket, &self.concert.value, &self.queue.value, counts, now);
        Some(Seen { ticket, standing, notice: self.notice.clone() })
    }

    fn state(&self, ticket_id: TicketId, place: &Place) -> Option<TicketState> {
        // When it ended nobody asks.
        let at = place.issued_at;
        Some(match place.phase? {
            Phase::Waiting => TicketState::Waiting,
            Phase::Active => self.active.get(&ticket_id)?.state,
            Phase::Expired => TicketState::Expired { at },
            Phase::Consumed => TicketState::Consumed { at },
            Phase::Left => TicketState::Left { at },
        })
    }

    /// After so long without a poll a holder counts as absent; 0 for never.
    pub(super) fn lapse_seconds(&self) -> u32 {
        self.concert.value.admission.lapse_seconds
    }

    /// The marks that ticks may soon ask for, and that were not [written](Self::written).
    pub(super) fn marks_to_write(&self, now: Timestamp) -> Vec<(u64, TicketId, Timestamp)> {
        let lapse_seconds = self.lapse_seconds();
        if lapse_seconds == 0 {
            return Vec::new();
        }
        let numbers = self.line.numbers().map(|number| self.order.arrival_number(number));
        let spots = numbers.filter_map(|number| Some((number, self.places.get(number)?)));
        self.marks.to_write(spots, lapse_seconds, now)
    }

    pub(super) fn written(&mut self, marks: &[(u64, TicketId, Timestamp)]) {
        for (number, _, seen_at) in marks {
            if self.line.contains(self.order.ticket_number(*number)) {
                self.marks.written(*number, *seen_at);
            }
        }
    }

    /// Takes over who was seen, from the board that this one replaces.
    pub(super) fn take_marks(&mut self, old: &Self) {
        for number in 1..=self.highest {
            let spots = (self.places.get(number), old.places.get(number));
            if let (Some(spot), Some(old)) = spots
                && let Some(seen_at) = old.seen_at()
            {
                spot.mark(seen_at);
            }
        }
    }
}

/// What the operator has to say, so that it is handed out without a copy.
fn notice(concert: &Concert) -> Option<Arc<Notice>> {
    concert.notice.clone().map(Arc::new)
}
