//! The names of what a decision reads, by which a host loads it, and in which order it locks it.

use crate::ids::{ConcertId, ReservationId, ScheduleId, TicketId, UserId};
use smallvec::SmallVec;

/// How a row is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Without a lock: only what never changes is used (and a policy, which binds what reads it later).
    Fact,
    /// Locked until the transaction ends, since the decision may change it.
    Write,
}

/// Something that a decision reads. The order of the variants is the order in which hosts load them
/// ([`Class`]), and within one class keys are sorted: so two transactions never wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A concert's queue; always locked.
    Queue(ConcertId),
    /// A concert's policy.
    Concert(ConcertId, Mode),
    /// A schedule; a fact.
    Schedule(ScheduleId),
    /// A reservation's owner, ticket, schedule, seats and amount, which never change.
    ReservationFacts(ReservationId),
    /// Every seat of a schedule as it is now, not locked: to choose from.
    SeatMap(ScheduleId),
    /// A ticket; always locked.
    Ticket(TicketId),
    /// The ticket (stored waiting or active) by which this person stands in this queue; locked.
    LiveTicket(ConcertId, UserId),
    /// The first `limit` tickets stored active, by `(expires_at, id)`; locked.
    ExpiringTickets {
        /// Whose queue.
        concert_id: ConcertId,
        /// How many.
        limit: u32,
    },
    /// The first `limit` tickets stored waiting with a number above `after`, by number, and when
    /// their holders were last seen; locked.
    WaitingTickets {
        /// Whose queue.
        concert_id: ConcertId,
        /// Where to go on; 0 for the head of the line.
        after: u64,
        /// How many.
        limit: u32,
    },
    /// The ticket that has this number in a queue, and when its holder was last seen; locked. Those who were drawn are
    /// found by it, whose numbers don't follow one another.
    NumberedTicket(ConcertId, u64),
    /// A reservation; locked.
    Reservation(ReservationId),
    /// A seat; locked.
    Seat(ScheduleId, u32),
    /// A wallet; locked.
    Wallet(UserId),
    /// How many tickets are stored active. Counted after the locks, in a statement of its own.
    ActiveCount(ConcertId),
    /// The holds of the tickets stored active.
    ActiveHolds(ConcertId),
    /// How many seats the concert has, and how many of them are sold.
    Inventory(ConcertId),
    /// How many seats this person owns in this concert: those of confirmed reservations.
    OwnedSeats(ConcertId, UserId),
}

/// The classes of rows, in lock order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Queues.
    Queue,
    /// What is read without a lock, and policies.
    Facts,
    /// Tickets.
    Ticket,
    /// Reservations.
    Reservation,
    /// Seats.
    Seat,
    /// Wallets.
    Wallet,
    /// Figures that are derived from rows, read after every lock.
    Derived,
}

impl Key {
    /// The class that this key is loaded with.
    pub const fn class(&self) -> Class {
        match self {
            Self::Queue(_) => Class::Queue,
            Self::Concert(..)
            | Self::Schedule(_)
            | Self::ReservationFacts(_)
            | Self::SeatMap(_) => Class::Facts,
            Self::Ticket(_)
            | Self::LiveTicket(..)
            | Self::ExpiringTickets { .. }
            | Self::WaitingTickets { .. }
            | Self::NumberedTicket(..) => Class::Ticket,
            Self::Reservation(_) => Class::Reservation,
            Self::Seat(..) => Class::Seat,
            Self::Wallet(_) => Class::Wallet,
            Self::ActiveCount(_)
            | Self::ActiveHolds(_)
            | Self::Inventory(_)
            | Self::OwnedSeats(..) => Class::Derived,
        }
    }
}

/// The keys that a command knows; they need no heap.
pub type Keys = SmallVec<[Key; 4]>;

/// What must be loaded before the command can be decided. Never a decision: a row that was forgotten
/// can't look like a row that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need(pub Vec<Key>);

impl From<Key> for Need {
    fn from(key: Key) -> Self {
        Self(vec![key])
    }
}
