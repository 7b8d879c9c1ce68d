//! One batch as one transaction: load, look for kept answers, decide and apply, write, commit.

use super::Answer;
use super::lane::Job;
use crate::store::{
    BatchId, CommitError, Concurrency, JournalEntry, Store, StoreError, StoredReply, Transaction,
};
use frontrow_core::{Command, Decision, Event, Key, Need, State, Timestamp, UserId, decide};
use std::collections::BTreeSet;

/// How often the rules may ask for more before that is taken for a fault.
const NEED_ROUNDS_MAX: u32 = 64;

/// A batch that ran.
pub(super) struct Attempt {
    pub answers: Vec<Answer>,
    pub state: State,
    pub events: Vec<Event>,
}

pub(super) enum Failure {
    /// Nothing happened.
    Store(StoreError),
    /// It may have happened.
    Unclear(Box<Attempt>),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Runs the jobs in their order. A batch that changes nothing writes nothing.
pub(super) async fn attempt(
    store: &dyn Store,
    batch: BatchId,
    concurrency: Concurrency,
    jobs: &[Job],
) -> Result<Attempt, Failure> {
    let mut transaction = store.begin(batch, concurrency).await?;
    let mut state = State::partial();
    let commands: Vec<&Command> = jobs.iter().map(|job| &job.command).collect();
    let keys = idempotency_keys(jobs);
    transaction.announce(&keys);
    let gathering = Gathering { transaction: transaction.as_mut(), concurrency };
    gathering.load(&mut state, &commands, store.now()).await?;
    let kept = kept_answers(transaction.as_mut(), jobs, &keys).await?;
    let mut now = transaction.now().await?;

    let mut run = Run { state, journal: Vec::new(), replies: Vec::new() };
    let mut answers = Vec::with_capacity(jobs.len());
    for (job, kept) in jobs.iter().zip(kept) {
        if let Some(answer) = kept {
            answers.push(answer);
            continue;
        }
        let decision = run.decide(transaction.as_mut(), &job.command, &mut now).await?;
        answers.push(run.take(job, decision, now));
    }
    let Run { mut state, journal, replies } = run;
    let outcome = if journal.is_empty() {
        Ok(())
    } else {
        transaction.write(&mut state, &journal, &replies).await?;
        transaction.commit().await
    };
    let events = journal.into_iter().map(|entry| entry.event).collect();
    let done = Attempt { answers, state, events };
    match outcome {
        Ok(()) => Ok(done),
        Err(CommitError::Failed(error)) => Err(Failure::Store(error)),
        Err(CommitError::Unclear(_)) => Err(Failure::Unclear(Box::new(done))),
    }
}

fn idempotency_keys(jobs: &[Job]) -> Vec<(UserId, String)> {
    let idempotencies = jobs.iter().filter_map(|job| job.idempotency.as_ref());
    idempotencies.map(|idempotency| (idempotency.caller, idempotency.key.clone())).collect()
}

/// The answers that are kept already, in the order of the jobs; `keys` are theirs.
async fn kept_answers(
    transaction: &mut dyn Transaction,
    jobs: &[Job],
    keys: &[(UserId, String)],
) -> Result<Vec<Option<Answer>>, StoreError> {
    if keys.is_empty() {
        return Ok(jobs.iter().map(|_| None).collect());
    }
    let mut kept = transaction.replies(keys).await?.into_iter();
    let answer = |job: &Job| {
        let idempotency = job.idempotency.as_ref()?;
        let reply = kept.next().flatten()?;
        Some(if reply.fingerprint == idempotency.fingerprint {
            Answer::Replayed(reply.into())
        } else {
            Answer::KeyReused
        })
    };
    Ok(jobs.iter().map(answer).collect())
}

/// A command whose keys are not all loaded yet.
struct Waiting<'c> {
    command: &'c Command,
    keys: Vec<Key>,
}

/// Loads what all commands need before any of them is decided.
struct Gathering<'t> {
    transaction: &'t mut dyn Transaction,
    concurrency: Concurrency,
}

impl Gathering<'_> {
    async fn load(
        self,
        state: &mut State,
        commands: &[&Command],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let first = |command: &&'_ Command| command.keys().into_vec();
        let mut waiting: Vec<Waiting<'_>> =
            commands.iter().map(|command| Waiting { command, keys: first(command) }).collect();
        for Waiting { command, keys } in &mut waiting {
            self.transaction.recall(state, keys);
            // What is remembered can tell of more that will be needed, so that it is loaded together.
            if keys.iter().any(|key| state.has(key))
                && let Err(Need(more)) = decide(state, command, now)
            {
                *keys = more;
            }
        }
        for _ in 0..NEED_ROUNDS_MAX {
            let keys = self.next(waiting.iter().flat_map(|waiting| &waiting.keys));
            if keys.is_empty() {
                return Ok(());
            }
            self.transaction.load(state, &keys).await?;
            let at = now.max(state.last_change());
            waiting.retain_mut(|Waiting { command, keys }| {
                keys.retain(|key| !state.has(key));
                if keys.is_empty()
                    && let Err(Need(more)) = decide(state, command, at)
                {
                    *keys = more;
                }
                !keys.is_empty()
            });
        }
        Ok(())
    }

    /// What to load next. Where rows are locked, that is one class: it is loaded once nobody needs anything of an
    /// earlier one, so that all rows of it are locked together, in order. Two batches never wait for each other in a
    /// circle then, however many commands they have.
    fn next<'k>(&self, wanted: impl Iterator<Item = &'k Key> + Clone) -> Vec<Key> {
        let first = wanted.clone().map(Key::class).min();
        let is_next =
            |key: &&Key| self.concurrency == Concurrency::Optimistic || Some(key.class()) == first;
        let keys: BTreeSet<Key> = wanted.filter(is_next).copied().collect();
        keys.into_iter().collect()
    }
}

/// What a batch has done so far.
struct Run {
    state: State,
    journal: Vec<JournalEntry>,
    replies: Vec<StoredReply>,
}

impl Run {
    /// Decides one command on what the ones before it left. What they changed can need more rows.
    async fn decide(
        &mut self,
        transaction: &mut dyn Transaction,
        command: &Command,
        now: &mut Timestamp,
    ) -> Result<Decision, StoreError> {
        for _ in 0..NEED_ROUNDS_MAX {
            *now = (*now).max(self.state.last_change());
            match decide(&self.state, command, *now) {
                Ok(decision) => return Ok(decision),
                Err(Need(keys)) => transaction.load(&mut self.state, &keys).await?,
            }
        }
        Err(StoreError::Other("the rules need rows without end".to_owned()))
    }

    /// Applies a decision, and draws its answer. Kept are the answers that changed something.
    fn take(&mut self, job: &Job, decision: Decision, at: Timestamp) -> Answer {
        let changed = !decision.events.is_empty();
        for event in decision.events {
            self.state.apply(&event);
            let version = self.state.version_of(&event.subject());
            self.journal.push(JournalEntry { event, version });
        }
        if changed && let Some(idempotency) = &job.idempotency {
            let reply = (idempotency.render)(&decision.outcome, at);
            self.replies.push(idempotency.stored(reply));
        }
        Answer::Decided { outcome: decision.outcome, at }
    }
}
