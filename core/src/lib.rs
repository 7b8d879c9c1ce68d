//! x
#![warn(missing_docs)]

pub mod audit;
mod command;
pub mod concert;
mod decision;
mod engine;
mod event;
mod ids;
mod key;
pub mod ledger;
pub mod message;
mod money;
mod outcome;
pub mod payment;
pub mod policy;
pub mod queue;
mod rejection;
pub mod seating;
pub mod state;
mod time;
mod world;

pub use command::{Actor, Command};
pub use decision::Decision;
pub use engine::decide;
pub use event::{Event, EventKind, Events, ExpiryCause};
pub use ids::{ConcertId, ReservationId, ScheduleId, TicketId, TransferId, UserId};
pub use key::{Class, Key, Keys, Mode, Need};
pub use message::Language;
pub use money::{Amount, AmountTooLarge};
pub use outcome::Outcome;
pub use rejection::{FieldError, Rejection};
pub use state::State;
pub use time::{Clock, ManualClock, Timestamp};
pub use world::World;
