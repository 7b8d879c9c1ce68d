//! The rules of Frontrow, a waiting room and a box office for concerts that everybody wants at the same
//! second: who is let in from the queue, who holds which seats and for how long, and what a payment
//! moves.
//!
//! This crate does nothing by itself. It does no I/O, starts no thread, reads no clock and makes no
//! random number: a host hands in rows, a command and the time, and is told what happens. So the very
//! same rules run in a server, in a browser, in a simulator and in tests.
//!
//! # Two ways to use it
//!
//! **With a [`World`]**, where every row fits in memory (a browser, a simulation, a small sale):
//!
//! - [`World::execute`] carries out a [`Command`] at a time;
//! - [`World::poll_event`] hands out the [`Event`]s that followed: drain it after each call;
//! - [`World::poll_timeout`] says when [`World::handle_timeout`] is to be called next.
//!
//! **With [`decide`] and a [`State`]**, where rows live in a database:
//!
//! ```text
//! Command::keys ─▶ load ─▶ decide ─▶ Decision { events, outcome } ─▶ State::apply ─▶ changes ─▶ store
//!                   ▲        │
//!                   └─ Need ◀┘  rows that only other rows could name
//! ```
//!
//! - [`decide`] only reads; [`State::apply`] moves the rows, and never fails.
//! - A row that was not loaded is a [`Need`], never a decision: a forgotten row can't look like a free
//!   seat.
//! - Keys are loaded [class](Class) by class and sorted in each, which is the order to lock in.
//! - Figures (keys of [`Class::Derived`]) are counted after the locks, and before anything is applied
//!   to the state: from then on `apply` keeps them.
//! - `now` is the later of the host's clock and [`State::last_change`], so that time never runs
//!   backwards for a row.
//! - Changed rows ([`state::Table::changes`]) are stored only over the version that was loaded, and
//!   together with their events: replaying the journal gives the rows.
//!
//! `examples/embedder` is such a host in 400 lines; `examples/journey.rs` drives a world.
//!
//! # The rooms
//!
//! | room | what is decided there |
//! | --- | --- |
//! | [`concert`] | what is for sale, its policy, pause, drain and close, the notice to those in line |
//! | [`queue`] | joining, leaving, ticks, no-shows, sold out; and what people in line are told |
//! | [`seating`] | holds, and which seats are the best |
//! | [`payment`] | where seats and money change hands |
//! | [`ledger`] | balances, in double entry |
//!
//! Each has its nouns and their state machine in `mod.rs`, a `decide.rs` that refuses early and then
//! tells events, and an `apply.rs` that moves rows. Around them: [`policy`] (every limit, by name),
//! [`message`] (every text), [`state`] (the rows), and [`audit`] (the invariants, checked from the
//! journal and the rows by code that shares nothing with the decisions).
//!
//! # A journey
//!
//! ```
//! use frontrow_core::concert::{Concert, Schedule, Section};
//! use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
//! use frontrow_core::seating::{Choice, Seat};
//! use frontrow_core::{
//!     Amount, Clock, Command, ConcertId, ManualClock, ReservationId, ScheduleId, TicketId,
//!     Timestamp, TransferId, UserId, World,
//! };
//! use uuid::Uuid;
//!
//! // Ids and the time come from outside; here they stand still.
//! let id = Uuid::from_u128;
//! let (concert_id, schedule_id, user_id) = (ConcertId(id(1)), ScheduleId(id(2)), UserId(id(3)));
//! let (ticket_id, reservation_id) = (TicketId(id(4)), ReservationId(id(5)));
//! let clock = ManualClock::new(Timestamp::from_millis(1_795_345_170_000));
//! let sale_opens_at = clock.now().plus_seconds(30);
//! let mut world = World::new();
//!
//! // A concert that lets a hundred people in every ten seconds, and a hall of two hundred seats.
//! let (interval_seconds, batch_size, active_seconds) = (10, 100, 600);
//! let (max_active, lapse_seconds, inventory_aware) = (None, 180, false);
//! let admission = AdmissionPolicy {
//!     interval_seconds, batch_size, active_seconds, max_active, lapse_seconds, inventory_aware,
//! };
//! let (holds, created_at) = (HoldPolicy::default(), clock.now());
//! let (title, notice, prequeue) = ("Frontrow Live".to_owned(), None, None);
//! let (paused, closed, draining) = (false, false, false);
//! let concert = Concert {
//!     id: concert_id, title, sale_opens_at, admission, holds, paused, closed, draining, notice,
//!     prequeue, created_at,
//! };
//! world.execute(&Command::CreateConcert { concert }, clock.now())?;
//! let (name, price) = ("R".to_owned(), Amount::new(154_000)?);
//! let sections = vec![Section { name, rows: 10, seats_per_row: 20, price }];
//! let (venue, starts_at) = ("Olympic Hall".to_owned(), sale_opens_at.plus_seconds(86_400));
//! let schedule = Schedule { id: schedule_id, concert_id, starts_at, venue, sections };
//! world.execute(&Command::AddSchedule { schedule }, clock.now())?;
//!
//! // Somebody joins, and is let in at the first tick.
//! world.execute(&Command::Join { ticket_id, concert_id, user_id }, clock.now())?;
//! assert_eq!(world.poll_timeout(), Some(sale_opens_at));
//! clock.set(sale_opens_at);
//! world.handle_timeout(clock.now());
//!
//! // They hold the best two seats, charge their balance, and pay: the seats are theirs.
//! let choice = Choice::Best { count: 2, section: None };
//! let hold = Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice };
//! world.execute(&hold, clock.now())?;
//! let charge = Command::Charge { transfer_id: TransferId(id(6)), user_id, amount: 400_000 };
//! world.execute(&charge, clock.now())?;
//! let (payment_id, amount) = (TransferId(id(7)), 308_000);
//! let pay = Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount };
//! world.execute(&pay, clock.now())?;
//! let sold = Seat::Sold { reservation_id };
//! assert_eq!(world.state().seats().get((schedule_id, 10)), Some(&sold));
//! assert_eq!(world.state().seats().get((schedule_id, 11)), Some(&sold));
//!
//! // All of it was told, in order.
//! assert_eq!(std::iter::from_fn(|| world.poll_event()).count(), 10);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
mod mixing;
mod money;
mod outcome;
pub mod payment;
pub mod policy;
pub mod queue;
mod rejection;
pub mod seating;
#[cfg(feature = "sim")]
pub mod sim;
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
