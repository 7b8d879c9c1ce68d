//! The rows of a store, as they are handed to an audit one by one.

use crate::concert::{Concert, Schedule};
use crate::ids::ScheduleId;
use crate::ledger::{Transfer, Wallet};
use crate::queue::{Queue, Ticket};
use crate::seating::{Reservation, Seat};
use crate::state::Stored;

/// A row as a store keeps it. An audit wants kind after kind, in this order: those of later kinds are looked at beside
/// those of earlier ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A concert.
    Concert(Stored<Concert>),
    /// A queue.
    Queue(Stored<Queue>),
    /// A schedule.
    Schedule(Stored<Schedule>),
    /// A wallet.
    Wallet(Stored<Wallet>),
    /// An entry of the ledger.
    Transfer(Transfer),
    /// A reservation.
    Reservation(Stored<Reservation>),
    /// A ticket.
    Ticket(Stored<Ticket>),
    /// A seat.
    Seat {
        /// In which schedule.
        schedule_id: ScheduleId,
        /// Its number.
        number: u32,
        /// The row.
        stored: Stored<Seat>,
    },
}
