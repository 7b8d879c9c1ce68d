//! The queue before a concert: who stands in it, in what order, and who is let in.
//!
//! ```text
//!           tick                 payment
//! waiting ───────▶ active ───────────────▶ consumed
//!  │   │            │  │
//!  │   │ no-show    │  │ time ran out
//!  │   └──────▶ expired ◀┘
//!  └─────leave────▶ left ◀─┘ leave
//! ```
//!
//! Tickets are numbered by the queue's own counter. A tick comes at `sale_opens_at` and then every
//! `interval_seconds`; each lets in at most `batch_size` waiting tickets in order of number: of arrival, or of the
//! draw that a concert with a fair start makes of those who joined before the opening ([`draw`]).

mod admission;
mod apply;
mod decide;
pub mod draw;
mod eta;
mod line;
pub mod pacing;
mod standing;

pub(crate) use admission::{due_part, refresh_sold_out, tick};
pub(crate) use apply::{apply, set_hold};
pub(crate) use decide::{expire, held_ticket, join, leave};
pub use draw::{Commitment, Draw, DrawError, DrawSeed, NotHex, Order, Reveal, verify_draw};
pub use line::Line;
pub use standing::{Counts, Lot, Standing, admit_reader, standing};

use crate::concert::Concert;
use crate::ids::{ConcertId, ReservationId, TicketId, UserId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A concert's queue: the counter that numbers tickets, and the next tick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Whose queue it is.
    pub concert_id: ConcertId,
    /// The number of the next ticket, from 1.
    pub next_number: u64,
    /// The next tick, or an earlier one if those since found an empty line: an empty line stores
    /// nothing. [`Queue::announced_tick`] is what people are told.
    pub next_tick_at: Timestamp,
    /// What is left of a tick that was too long for one decision.
    pub rest: Option<TickRest>,
    /// Whether every seat was found sold.
    pub sold_out: bool,
    /// The pre-queue of a concert that draws, once it has closed. None in journals of before it came.
    #[serde(default)]
    pub draw: Option<Draw>,
}

/// The rest of a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickRest {
    /// The tick that goes on.
    pub tick_at: Timestamp,
    /// How many it may still admit.
    pub remaining: u32,
}

impl Queue {
    pub(crate) fn new(concert: &Concert) -> Self {
        Self {
            concert_id: concert.id,
            next_number: 1,
            next_tick_at: concert.sale_opens_at,
            rest: None,
            sold_out: false,
            draw: None,
        }
    }

    /// Whether those who joined before the opening have been drawn.
    pub fn is_drawn(&self) -> bool {
        self.draw.as_ref().is_some_and(|draw| draw.reveal.is_some())
    }

    /// Whether nobody is let in until an operator hands in the value of a beacon.
    pub fn awaits_beacon(&self, concert: &Concert) -> bool {
        let prequeue = concert.drawn_prequeue();
        prequeue.is_some_and(|prequeue| prequeue.beacon.is_some()) && !self.is_drawn()
    }

    /// Whether the ticket number of who arrived with this number is still to be drawn.
    pub fn is_undrawn(&self, concert: &Concert, arrival_number: u64) -> bool {
        let is_of_the_draw = self.draw.as_ref().is_none_or(|draw| arrival_number <= draw.arrivals);
        concert.drawn_prequeue().is_some() && is_of_the_draw && !self.is_drawn()
    }

    /// Nobody waits who has this ticket number or a lower one, as far as is kept.
    pub(crate) fn passed_through(&self) -> u64 {
        self.draw.as_ref().map_or(0, |draw| draw.passed_through)
    }

    /// The last tick at or before `now`, or `None` before the first that is not done.
    pub fn latest_tick(&self, concert: &Concert, now: Timestamp) -> Option<Timestamp> {
        let interval = i64::from(concert.admission.interval_seconds) * 1_000;
        let late = now.millis_since(self.next_tick_at);
        (late >= 0).then(|| self.next_tick_at.plus_millis(late - late % interval))
    }

    /// The first tick after `now`.
    pub fn announced_tick(&self, concert: &Concert, now: Timestamp) -> Timestamp {
        match self.latest_tick(concert, now) {
            Some(tick_at) => tick_at.plus_seconds(concert.admission.interval_seconds),
            None => self.next_tick_at,
        }
    }

    /// The next tick that will find somebody, if the head of the line joined at `head_issued_at`;
    /// [`Timestamp::MIN`] (at once) while a tick goes on, `None` while nobody is let in.
    pub fn due_tick(&self, concert: &Concert, head_issued_at: Timestamp) -> Option<Timestamp> {
        if !concert.admits() || self.sold_out || self.awaits_beacon(concert) {
            return None;
        }
        if self.rest.is_some() {
            return Some(Timestamp::MIN);
        }
        match self.latest_tick(concert, head_issued_at) {
            Some(tick_at) if tick_at == head_issued_at => Some(tick_at),
            _ => Some(self.announced_tick(concert, head_issued_at)),
        }
    }
}

/// A person's place in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Whose queue it is in.
    pub concert_id: ConcertId,
    /// Whose place it is.
    pub user_id: UserId,
    /// Place in the order of arrival, from 1; the line is let in by it, unless there was a [draw].
    pub number: u64,
    /// When its holder joined.
    pub issued_at: Timestamp,
    /// How it is stored; [`Ticket::phase`] tells how it stands at a time.
    pub state: TicketState,
}

/// How a ticket is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TicketState {
    /// In the line.
    Waiting,
    /// Let in.
    Active {
        /// When.
        admitted_at: Timestamp,
        /// New holds are taken until then.
        active_until: Timestamp,
        /// The hold taken last, unless it was released.
        hold: Option<TicketHold>,
    },
    /// Time ran out.
    Expired {
        /// When that was stored.
        at: Timestamp,
    },
    /// A payment used it.
    Consumed {
        /// When.
        at: Timestamp,
    },
    /// Its holder left.
    Left {
        /// When.
        at: Timestamp,
    },
}

/// The hold that an active ticket has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketHold {
    /// The reservation.
    pub reservation_id: ReservationId,
    /// When the hold runs out.
    pub expires_at: Timestamp,
    /// Seats in it.
    pub seats: u32,
}

/// How a ticket stands at a time, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// In the line.
    Waiting,
    /// Let in.
    Active,
    /// Time ran out, stored or not.
    Expired,
    /// A payment used it.
    Consumed,
    /// Its holder left.
    Left,
}

impl TicketState {
    /// When an active ticket's time runs out: its active seconds, or its hold's if that is later.
    /// [`Timestamp::MAX`] unless it is stored active.
    pub fn expires_at(&self) -> Timestamp {
        match self {
            Self::Active { active_until, hold, .. } => {
                hold.map_or(*active_until, |hold| hold.expires_at.max(*active_until))
            }
            _ => Timestamp::MAX,
        }
    }
}

impl Ticket {
    /// When an active ticket's time runs out, as [`TicketState::expires_at`] tells.
    pub fn expires_at(&self) -> Timestamp {
        self.state.expires_at()
    }

    /// How it stands at `now`.
    pub fn phase(&self, now: Timestamp) -> Phase {
        match self.state {
            TicketState::Waiting => Phase::Waiting,
            TicketState::Active { .. } if now < self.expires_at() => Phase::Active,
            TicketState::Active { .. } | TicketState::Expired { .. } => Phase::Expired,
            TicketState::Consumed { .. } => Phase::Consumed,
            TicketState::Left { .. } => Phase::Left,
        }
    }

    /// The hold that lives at `now`.
    pub fn live_hold(&self, now: Timestamp) -> Option<TicketHold> {
        match self.state {
            TicketState::Active { hold, .. } => hold.filter(|hold| now < hold.expires_at),
            _ => None,
        }
    }

    /// Whether it may take new holds at `now`.
    pub fn takes_holds(&self, now: Timestamp) -> bool {
        matches!(self.state, TicketState::Active { active_until, .. } if now < active_until)
    }

    /// Whether it is stored waiting or active, whatever the time.
    pub fn is_stored_live(&self) -> bool {
        matches!(self.state, TicketState::Waiting | TicketState::Active { .. })
    }
}

#[cfg(test)]
mod tests;
