//! `execute`, the only way to write. Commands queue in lanes; a lane takes all that waits and runs it as
//! one transaction. While one batch commits the next gathers, so batches grow with load and a lone
//! command waits for nobody.
//!
//! What lives here: the lanes and their bounds (`lane`), how long they take (`load`), one transaction (`batch`), and equal
//! idempotency keys (`keys`). No rule does: each command is decided by core.

mod batch;
mod keys;
mod lane;
mod load;

pub use keys::{Idempotency, Reply};

use crate::config::KEEP_KEYS_HOURS_DEFAULT;
use crate::store::{Store, Writers};
use async_trait::async_trait;
use frontrow_core::{Command, Event, Outcome, Rejection, State, Timestamp};
use keys::KeyGate;
use lane::{Job, Lane};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::sync::oneshot;
use uuid::Uuid;

/// Bounds of the write path.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Lanes of each kind (queue, buyer) where the store has many writers.
    pub lanes: usize,
    /// Commands that may wait in one lane; one more is refused as overloaded.
    pub lane_capacity: usize,
    /// How long a command may have to wait for its answer while a burst passes, and how long a burst may last; one that
    /// would wait for longer is refused as overloaded, at once.
    pub wait_max: Duration,
    /// The same where more comes all the time than can be done.
    pub standing_wait_max: Duration,
    /// Most commands in one transaction. By default 256: measured on Postgres where a thousand people hold seats at once,
    /// with 64 an eighth fewer were held in a second; with 1,024 an eighth more, but each batch took four times as long,
    /// for which everybody in it waits, and runs anew where one of its rows had changed.
    pub batch_max: usize,
    /// How long a request waits for an earlier one with the same idempotency key.
    pub key_wait: Duration,
    /// How long the answer to an idempotency key is kept; then the key [acts anew](crate::retention).
    pub key_kept: Duration,
    /// How often a batch that met a conflict or lost its connection is run again.
    pub attempts_max: u32,
    /// First pause before it is run again; doubled each time.
    pub retry_pause: Duration,
    /// How many batches of a lane lock what they read after one that did not met another one: so that a lane which
    /// keeps meeting others (as those of several replicas that serve one queue do) runs few batches twice.
    pub locked_batches: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lanes: 2,
            lane_capacity: 32_768,
            wait_max: Duration::from_secs(5),
            standing_wait_max: Duration::from_millis(500),
            batch_max: 256,
            key_wait: Duration::from_secs(10),
            key_kept: Duration::from_hours(KEEP_KEYS_HOURS_DEFAULT.into()),
            attempts_max: 5,
            retry_pause: Duration::from_millis(20),
            locked_batches: 64,
        }
    }
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly every answer is the large one")]
pub enum Answer {
    /// It was decided, and what it changed is stored.
    Decided {
        /// The answer of the rules.
        outcome: Result<Outcome, Rejection>,
        /// When it was decided.
        at: Timestamp,
    },
    /// Its idempotency key was answered before; nothing was done.
    Replayed(Reply),
    /// Its idempotency key was answered before, for another request; nothing was done.
    KeyReused,
}

/// Why a command has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ExecuteError {
    /// The lane is full, or a command that comes now would wait for too long; nothing was done.
    #[error("overloaded")]
    Overloaded {
        /// How long it would wait.
        wait: Duration,
    },
    /// An equal idempotency key is still in flight; this request did nothing.
    #[error("an equal idempotency key is in flight")]
    KeyInFlight,
    /// The database can't be used.
    #[error("the database is unavailable")]
    Unavailable {
        /// Whether it may have been done all the same.
        outcome_unknown: bool,
    },
    /// A fault of ours; nothing was done.
    #[error("internal fault")]
    Internal,
}

/// Told of every batch after its commit, before anybody is answered.
#[async_trait]
pub trait CommitObserver: Send + Sync {
    /// The rows as the batch left them (those that it loaded), and what happened.
    async fn committed(&self, state: &State, events: &[Event]);

    /// The same of a batch of which nobody could tell whether it was committed.
    async fn unclear(&self, state: &State, events: &[Event]);
}

/// The write path.
pub struct Executor {
    queue_lanes: Vec<Lane>,
    buyer_lanes: Vec<Lane>,
    gate: KeyGate,
}

impl Executor {
    /// Starts the lanes.
    pub fn start(
        store: &Arc<dyn Store>,
        observers: Vec<Arc<dyn CommitObserver>>,
        limits: Limits,
    ) -> Self {
        let observers: Arc<[Arc<dyn CommitObserver>]> = observers.into();
        let lane = || Lane::start(Arc::clone(store), Arc::clone(&observers), limits);
        let (queue_lanes, buyer_lanes) = match store.writers() {
            Writers::One => {
                let only = lane();
                (vec![only.clone()], vec![only])
            }
            Writers::Many => {
                let lanes = || (0..limits.lanes).map(|_| lane()).collect();
                (lanes(), lanes())
            }
        };
        Self { queue_lanes, buyer_lanes, gate: KeyGate::new(limits.key_wait) }
    }

    /// Carries out a command.
    pub async fn execute(&self, command: Command) -> Result<Answer, ExecuteError> {
        self.run(command, None).await
    }

    /// Carries out a command once for its idempotency key, however often it is sent.
    pub async fn execute_once(
        &self,
        command: Command,
        idempotency: Idempotency,
    ) -> Result<Answer, ExecuteError> {
        self.run(command, Some(idempotency)).await
    }

    /// Finishes what was accepted, and ends.
    pub async fn shut_down(&self) {
        for lane in self.queue_lanes.iter().chain(&self.buyer_lanes) {
            lane.shut_down().await;
        }
    }

    async fn run(
        &self,
        command: Command,
        idempotency: Option<Idempotency>,
    ) -> Result<Answer, ExecuteError> {
        let guard = match &idempotency {
            Some(idempotency) => Some(self.gate.enter(idempotency).await?),
            None => None,
        };
        let (answer, answered) = oneshot::channel();
        let lane = self.lane_of(&command);
        let is_asked_by_many = is_asked_by_many(&command);
        let job = Job { command, idempotency, answer, _guard: guard };
        if is_asked_by_many {
            lane.send(job)?;
        } else {
            lane.send_patiently(job).await?;
        }
        answered.await.unwrap_or(Err(ExecuteError::Internal))
    }

    fn lane_of(&self, command: &Command) -> &Lane {
        let (lanes, id) = match command {
            Command::CreateConcert { concert } => (&self.queue_lanes, concert.id.0),
            Command::AddSchedule { schedule } => (&self.queue_lanes, schedule.concert_id.0),
            Command::UpdateConcert { concert_id, .. }
            | Command::Join { concert_id, .. }
            | Command::Tick { concert_id, .. }
            | Command::Draw { concert_id, .. }
            | Command::RefreshSoldOut { concert_id } => (&self.queue_lanes, concert_id.0),
            Command::Leave { ticket_id } | Command::ExpireTicket { ticket_id } => {
                (&self.queue_lanes, ticket_id.0)
            }
            Command::Hold { user_id, .. }
            | Command::Charge { user_id, .. }
            | Command::Pay { user_id, .. } => (&self.buyer_lanes, user_id.0),
            Command::Withdraw { reservation_id, .. }
            | Command::ExpireReservation { reservation_id } => {
                (&self.buyer_lanes, reservation_id.0)
            }
        };
        &lanes[spread(id, lanes.len())]
    }
}

/// Whether a crowd can send so many of these that they can't all be served. Those of operators and timers are few, and
/// the crowd waits for what they do: they are never refused.
fn is_asked_by_many(command: &Command) -> bool {
    match command {
        Command::Join { .. }
        | Command::Leave { .. }
        | Command::Hold { .. }
        | Command::Charge { .. }
        | Command::Pay { .. }
        | Command::Withdraw { .. } => true,
        Command::CreateConcert { .. }
        | Command::AddSchedule { .. }
        | Command::UpdateConcert { .. }
        | Command::Draw { .. }
        | Command::Tick { .. }
        | Command::RefreshSoldOut { .. }
        | Command::ExpireTicket { .. }
        | Command::ExpireReservation { .. } => false,
    }
}

fn spread(id: Uuid, lanes: usize) -> usize {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
    usize::try_from(hash % lanes as u64).unwrap_or(0)
}
