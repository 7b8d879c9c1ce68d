//! The ids of everything that has one. Hosts make them (UUID v7) and hand them in with a command;
//! nothing here makes an id.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A concert, and the queue that stands before it: there is exactly one of each.
    ConcertId;
    /// One performance of a concert, with its seats.
    ScheduleId;
    /// A place in a concert's queue. The queue token that a person holds names it.
    TicketId;
    /// Seats that one person holds or has bought.
    ReservationId;
    /// A person, as the host's authentication names them. Also names their wallet.
    UserId;
    /// A movement of money: a charge, a payment or a refund.
    TransferId;
}
