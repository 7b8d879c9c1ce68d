//! A lane: a bounded queue of commands, and the task that runs all that waits as one batch.

use super::batch::{Attempt, Failure, attempt};
use super::keys::{Idempotency, KeyGuard};
use super::load::Load;
use super::{Answer, CommitObserver, ExecuteError, Limits};
use crate::store::{BatchId, Concurrency, Settlement, Store, StoreError};
use frontrow_core::Command;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tracing::{debug, error, warn};
use uuid::Uuid;

/// A command that waits for its batch.
pub(super) struct Job {
    pub command: Command,
    pub idempotency: Option<Idempotency>,
    pub answer: oneshot::Sender<Result<Answer, ExecuteError>>,
    pub _guard: Option<KeyGuard>,
}

enum Message {
    Run(Box<Job>),
    Stop,
}

/// The sending side of a lane.
#[derive(Clone)]
pub(super) struct Lane {
    sender: mpsc::Sender<Message>,
    load: Arc<Load>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Lane {
    pub(super) fn start(
        store: Arc<dyn Store>,
        observers: Arc<[Arc<dyn CommitObserver>]>,
        limits: Limits,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(limits.lane_capacity);
        let load = Arc::new(Load::new(limits));
        let runner =
            Runner { store, observers, limits, load: Arc::clone(&load), locked_batches: 0 };
        let task = tokio::spawn(runner.serve(receiver));
        Self { sender, load, task: Arc::new(Mutex::new(Some(task))) }
    }

    /// Lets a job wait for its batch, unless the lane is full or it would be answered too late.
    pub(super) fn send(&self, job: Job) -> Result<(), ExecuteError> {
        self.load.accept().map_err(|wait| ExecuteError::Overloaded { wait })?;
        self.sender.try_send(Message::Run(Box::new(job))).map_err(|_| {
            self.load.dropped(1);
            ExecuteError::Overloaded { wait: self.load.wait() }
        })
    }

    /// Lets a job wait for its batch, and before that for room in the lane.
    pub(super) async fn send_patiently(&self, job: Job) -> Result<(), ExecuteError> {
        let room = self.sender.reserve().await.map_err(|_| ExecuteError::Internal)?;
        self.load.accept_anyway();
        room.send(Message::Run(Box::new(job)));
        Ok(())
    }

    /// Runs what waits, then ends. Ending twice is ending once.
    pub(super) async fn shut_down(&self) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // A lane that is gone already has nothing to finish.
            let _ = self.sender.send(Message::Stop).await;
            if task.await.is_err() {
                error!("a lane ended in a panic");
            }
        }
    }
}

struct Runner {
    store: Arc<dyn Store>,
    observers: Arc<[Arc<dyn CommitObserver>]>,
    limits: Limits,
    load: Arc<Load>,
    /// How many of the next batches lock what they read.
    locked_batches: u32,
}

/// What to do with a batch that failed for good.
enum Failed {
    /// Run its halves by themselves; a command that stands alone is answered with this.
    Halve(ExecuteError),
    /// The database can't be reached: answer all of it with this.
    GiveUp(ExecuteError),
}

/// How often a batch is tried on a database that can't be reached.
const UNAVAILABLE_ATTEMPTS_MAX: u32 = 3;
/// How long after a batch was first run it is tried again on such a database: a connection that was cut is
/// found out at once, while an outage takes as long as a connection is waited for.
const UNAVAILABLE_RETRIED_FOR: Duration = Duration::from_secs(1);
/// How long it is asked how an unclear commit ended, before its callers are told that nobody knows.
const SETTLED_FOR: Duration = Duration::from_secs(4);
/// The database can't be used, and nothing was done.
const UNAVAILABLE: ExecuteError = ExecuteError::Unavailable { outcome_unknown: false };

impl Runner {
    async fn serve(mut self, mut receiver: mpsc::Receiver<Message>) {
        let mut stopping = false;
        while !stopping {
            let Some(first) = receiver.recv().await else { return };
            let mut jobs = Vec::new();
            let mut message = Some(first);
            while let Some(next) = message {
                match next {
                    Message::Run(job) => jobs.push(*job),
                    Message::Stop => {
                        stopping = true;
                        break;
                    }
                }
                message = if jobs.len() < self.limits.batch_max {
                    receiver.try_recv().ok()
                } else {
                    None
                };
            }
            let (commands, since) = (jobs.len(), Instant::now());
            let is_reached = self.run(jobs).await;
            self.load.ran(commands, since.elapsed());
            if !is_reached {
                stopping |= self.refuse_waiting(&mut receiver);
            }
        }
    }

    /// Runs jobs as one batch; where one of them is guilty of a failure, the halves by themselves. False if
    /// the database can't be reached.
    async fn run(&mut self, jobs: Vec<Job>) -> bool {
        let mut is_reached = true;
        let mut waiting = vec![jobs];
        while let Some(mut jobs) = waiting.pop() {
            if jobs.is_empty() {
                continue;
            }
            match self.run_batch(&jobs).await {
                Ok(answers) => {
                    for (job, answer) in jobs.into_iter().zip(answers) {
                        // Who asked may have gone away; what was done is stored all the same.
                        let _ = job.answer.send(Ok(answer));
                    }
                }
                Err(Failed::Halve(_)) if jobs.len() > 1 => {
                    let rest = jobs.split_off(jobs.len() / 2);
                    waiting.push(rest);
                    waiting.push(jobs);
                }
                Err(failed) => {
                    let (Failed::Halve(error) | Failed::GiveUp(error)) = failed;
                    is_reached &= !matches!(failed, Failed::GiveUp(_));
                    for job in jobs {
                        let _ = job.answer.send(Err(error));
                    }
                }
            }
        }
        is_reached
    }

    /// Runs jobs as one batch, again and again while that may help.
    async fn run_batch(&mut self, jobs: &[Job]) -> Result<Vec<Answer>, Failed> {
        let since = Instant::now();
        let mut pause = self.limits.retry_pause;
        let mut concurrency = self.concurrency_for(jobs);
        let mut attempt_number = 1;
        while attempt_number <= self.limits.attempts_max {
            let batch = BatchId(Uuid::now_v7());
            let ran = attempt(self.store.as_ref(), batch, concurrency, jobs);
            match AssertUnwindSafe(ran).catch_unwind().await {
                Ok(Ok(done)) => return Ok(self.publish(done).await),
                Ok(Err(Failure::Store(StoreError::Conflict(reason))))
                    if concurrency == Concurrency::Optimistic =>
                {
                    debug!(%reason, "a batch met another one, and is run again with locks");
                    concurrency = Concurrency::Pessimistic;
                    self.locked_batches = self.limits.locked_batches;
                    continue;
                }
                Ok(Err(Failure::Unclear(done))) => match self.settle(batch).await {
                    Some(Settlement::Committed) => return Ok(self.publish(*done).await),
                    Some(Settlement::NotCommitted) => {}
                    None => {
                        for observer in self.observers.iter() {
                            observer.unclear(&done.state, &done.events).await;
                        }
                        let outcome_unknown = true;
                        return Err(Failed::GiveUp(ExecuteError::Unavailable { outcome_unknown }));
                    }
                },
                Ok(Err(Failure::Store(error))) => judge(&error, attempt_number, since)?,
                Err(_) => {
                    error!(commands = jobs.len(), "a batch ended in a panic");
                    return Err(Failed::Halve(ExecuteError::Internal));
                }
            }
            attempt_number += 1;
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        Err(Failed::Halve(UNAVAILABLE))
    }

    /// Without locks, if all commands can do without and batches did not meet others lately.
    fn concurrency_for(&mut self, jobs: &[Job]) -> Concurrency {
        let is_contended = self.locked_batches > 0;
        self.locked_batches = self.locked_batches.saturating_sub(1);
        if !is_contended && jobs.iter().all(|job| job.command.rests_on_what_it_changes()) {
            Concurrency::Optimistic
        } else {
            Concurrency::Pessimistic
        }
    }

    /// Answers what waits, so that nobody waits for one outage after the other. Whether the lane was stopped.
    fn refuse_waiting(&self, receiver: &mut mpsc::Receiver<Message>) -> bool {
        while let Ok(message) = receiver.try_recv() {
            match message {
                Message::Run(job) => {
                    self.load.dropped(1);
                    let _ = job.answer.send(Err(UNAVAILABLE));
                }
                Message::Stop => return true,
            }
        }
        false
    }

    /// Tells the observers, before anybody is answered.
    async fn publish(&self, done: Attempt) -> Vec<Answer> {
        if !done.events.is_empty() {
            for observer in self.observers.iter() {
                observer.committed(&done.state, &done.events).await;
            }
        }
        done.answers
    }

    /// Asks how an unclear commit ended, for a while.
    async fn settle(&self, batch: BatchId) -> Option<Settlement> {
        let since = Instant::now();
        let mut pause = self.limits.retry_pause.max(Duration::from_millis(1));
        for attempt_number in 1..=self.limits.attempts_max {
            if attempt_number > 1 && since.elapsed() >= SETTLED_FOR {
                break;
            }
            match self.store.settle(batch).await {
                Ok(settlement) => return Some(settlement),
                Err(error) => warn!(%error, "an unclear commit can't be settled yet"),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        None
    }
}

/// Whether running a batch again may help. `since` is when it was first run.
fn judge(error: &StoreError, attempt_number: u32, since: Instant) -> Result<(), Failed> {
    match error {
        StoreError::Conflict(reason) => {
            warn!(%reason, attempt_number, "a batch met a conflict");
            Ok(())
        }
        StoreError::Unavailable(reason) => {
            warn!(%reason, attempt_number, "the database is unavailable");
            // Another try outlasts a connection that was cut; an outage is told to the callers.
            if attempt_number < UNAVAILABLE_ATTEMPTS_MAX
                && since.elapsed() < UNAVAILABLE_RETRIED_FOR
            {
                Ok(())
            } else {
                Err(Failed::GiveUp(UNAVAILABLE))
            }
        }
        StoreError::Constraint { .. } | StoreError::Corrupt(_) | StoreError::Other(_) => {
            error!(%error, "a batch failed");
            Err(Failed::Halve(ExecuteError::Internal))
        }
    }
}
