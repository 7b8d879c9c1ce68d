//! Runs commands through the port: load, decide, apply, write, commit.

use frontrow_core::{Command, Events, Key, Need, Outcome, Rejection, State, decide};
use frontrow_server::store::{
    BatchId, CommitError, Concurrency, JournalEntry, Store, StoreError, Transaction,
};
use uuid::Uuid;

/// A batch's id that was not used before.
pub fn new_batch() -> BatchId {
    BatchId(Uuid::new_v4())
}

/// What commands came to, not yet written.
pub struct Decided {
    pub state: State,
    pub journal: Vec<JournalEntry>,
    pub outcomes: Vec<Result<Outcome, Rejection>>,
}

/// Runs commands as one batch, and commits it.
pub async fn run(store: &dyn Store, commands: &[Command]) -> Vec<Result<Outcome, Rejection>> {
    let rest_on_what_they_change = commands.iter().all(Command::rests_on_what_it_changes);
    let concurrency =
        if rest_on_what_they_change { Concurrency::Optimistic } else { Concurrency::Pessimistic };
    let mut transaction = store.begin(new_batch(), concurrency).await.unwrap();
    let mut decided = decide_all(transaction.as_mut(), commands).await;
    transaction.write(&mut decided.state, &decided.journal, &[]).await.unwrap();
    transaction.commit().await.unwrap();
    decided.outcomes
}

/// Runs one command that must be accepted.
pub async fn accept(store: &dyn Store, command: Command) -> Outcome {
    run(store, &[command]).await.remove(0).unwrap()
}

/// Decides commands on rows loaded in a transaction that is then dropped.
pub async fn decide_only(store: &dyn Store, commands: &[Command]) -> Decided {
    let mut transaction = store.begin(new_batch(), Concurrency::Pessimistic).await.unwrap();
    decide_all(transaction.as_mut(), commands).await
}

/// Writes what was decided before, in a transaction of its own.
pub async fn write(store: &dyn Store, mut decided: Decided) -> Result<(), StoreError> {
    let mut transaction = store.begin(new_batch(), Concurrency::Pessimistic).await?;
    transaction.write(&mut decided.state, &decided.journal, &[]).await?;
    transaction.commit().await.map_err(|error| match error {
        CommitError::Failed(error) => error,
        CommitError::Unclear(reason) => panic!("unclear: {reason}"),
    })
}

/// Decides commands in order. When one needs more, everything is loaded anew with it and decided
/// again from the first, so that derived figures are always loaded before anything has changed.
pub async fn decide_all(transaction: &mut dyn Transaction, commands: &[Command]) -> Decided {
    let mut keys: Vec<Key> = commands.iter().flat_map(Command::keys).collect();
    loop {
        let mut state = State::partial();
        transaction.load(&mut state, &keys).await.unwrap();
        let now = transaction.now().await.unwrap().max(state.last_change());
        match decide_on(state, commands, now) {
            Ok(decided) => return decided,
            Err(Need(more)) => {
                assert!(more.iter().any(|key| !keys.contains(key)), "{more:?} were loaded");
                keys.extend(more);
            }
        }
    }
}

/// Decides commands in order on a state.
pub fn decide_on(
    state: State,
    commands: &[Command],
    now: frontrow_core::Timestamp,
) -> Result<Decided, Need> {
    let (journal, outcomes) = (Vec::new(), Vec::new());
    let mut decided = Decided { state, journal, outcomes };
    for command in commands {
        let decision = decide(&decided.state, command, now)?;
        decided.apply(decision.events);
        decided.outcomes.push(decision.outcome);
    }
    Ok(decided)
}

impl Decided {
    fn apply(&mut self, events: Events) {
        for event in events {
            self.state.apply(&event);
            let version = self.state.version_of(&event.subject());
            self.journal.push(JournalEntry { event, version });
        }
    }
}
