//! What a command that was accepted answers. Places in line and counts are read models (`queue`),
//! never part of an outcome: they would make every decision depend on the whole line.

use crate::concert::{Concert, Schedule};
use crate::ledger::Transfer;
use crate::queue::Ticket;
use crate::seating::Reservation;
use serde::{Deserialize, Serialize};

/// The answer to an accepted command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are the rows that their types describe")]
pub enum Outcome {
    /// A concert came to be.
    ConcertCreated { concert: Concert },
    /// The concert as it is now.
    ConcertChanged { concert: Concert },
    /// A schedule came to be.
    ScheduleAdded { schedule: Schedule },
    /// The person stands in the queue.
    Joined {
        ticket: Ticket,
        /// Whether they stood there before.
        already_queued: bool,
    },
    /// The person stands in the queue no more.
    Left,
    /// A tick was not due, or found nobody to admit and nothing to store.
    TickIdle,
    /// A tick ran, or a part of one.
    Ticked {
        /// Tickets admitted.
        admitted: u32,
        /// No-shows passed over.
        skipped: u32,
        /// Active tickets whose time was found to have run out.
        expired: u32,
        /// Whether the tick goes on: send the command again.
        more: bool,
    },
    /// Those who joined before the opening are drawn (now, or were before).
    Drawn,
    /// Whether the concert is sold out now.
    SoldOutRefreshed { sold_out: bool },
    /// Whether an expiry was stored.
    ExpiryStored { stored: bool },
    /// Seats are held.
    Held { reservation: Reservation },
    /// A reservation is released or cancelled (now, or was before).
    Withdrawn { refund: Option<Transfer> },
    /// The seats are the person's.
    Paid { reservation: Reservation, transfer: Transfer },
    /// The balance was charged.
    Charged { transfer: Transfer },
}
