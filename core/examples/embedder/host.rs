//! The host: it owns the database, says what time it is, and asks the rules. No rule is here.

use crate::database::{Conflict, Database};
use crate::load::load;
use frontrow_core::{
    Command, ConcertId, Decision, Event, Key, Need, Outcome, Rejection, State, Timestamp, decide,
};
use std::slice;

/// What a command answers.
pub type Answer = Result<Outcome, Rejection>;

/// Commands that were decided, and not stored yet: the rows as they will be, what is to be journalled,
/// and what to answer.
pub struct Batch {
    state: State,
    lines: Vec<(u64, Event)>,
    answers: Vec<Answer>,
}

/// Decides commands, one after the other, on what the database says now.
pub fn decide_all(database: &Database, commands: &[Command], clock_now: Timestamp) -> Batch {
    let mut batch = Batch { state: State::partial(), lines: Vec::new(), answers: Vec::new() };
    for command in commands {
        let Decision { events, outcome } = decide_next(database, &mut batch, command, clock_now);
        for event in events {
            batch.state.apply(&event);
            batch.lines.push((batch.state.version_of(&event.subject()), event));
        }
        batch.answers.push(outcome);
    }
    batch
}

/// Decides one command, loading what it needs. What the commands before it changed stays as they left
/// it, though the database does not have it yet; that goes for figures that count rows as well.
fn decide_next(
    database: &Database,
    batch: &mut Batch,
    command: &Command,
    clock_now: Timestamp,
) -> Decision {
    let mut keys: Vec<Key> = command.keys().to_vec();
    loop {
        keys.retain(|key| !batch.state.has(key));
        // In lock order, for hosts that lock: class by class, sorted in each.
        keys.sort_by_key(|key| (key.class(), *key));
        for key in &keys {
            load(database, &mut batch.state, key);
        }
        // Time never runs backwards for a row, though this host's clock may.
        let now = clock_now.max(batch.state.last_change());
        match decide(&batch.state, command, now) {
            Ok(decision) => return decision,
            Err(Need(more)) => keys = more,
        }
    }
}

/// Stores a batch, all of it or nothing. A conflict means that somebody was faster: decide again.
pub fn commit(database: &mut Database, batch: Batch) -> Result<Vec<Answer>, Conflict> {
    database.commit(batch.state, batch.lines)?;
    Ok(batch.answers)
}

/// Carries out commands, in order, as one.
pub fn execute_all(
    database: &mut Database,
    commands: &[Command],
    clock_now: Timestamp,
) -> Vec<Answer> {
    loop {
        let batch = decide_all(database, commands, clock_now);
        if let Ok(answers) = commit(database, batch) {
            return answers;
        }
    }
}

/// Carries out one command.
pub fn execute(database: &mut Database, command: &Command, clock_now: Timestamp) -> Answer {
    let mut answers = execute_all(database, slice::from_ref(command), clock_now);
    answers.pop().expect("each command is answered")
}

/// Admits who is due, and looks whether the concert is sold out; what a host does each second.
pub fn sweep(database: &mut Database, concert_id: ConcertId, clock_now: Timestamp) {
    // This host was never down, so it has served polls from the beginning.
    let tick = Command::Tick { concert_id, served_since: Timestamp::MIN };
    while let Ok(Outcome::Ticked { more: true, .. }) = execute(database, &tick, clock_now) {}
    let refreshed = execute(database, &Command::RefreshSoldOut { concert_id }, clock_now);
    assert!(refreshed.is_ok(), "the concert is there");
}

/// When the next tick finds somebody in line; a host that sleeps till then need not sweep each second.
pub fn next_tick(database: &Database, concert_id: ConcertId) -> Option<Timestamp> {
    let concert = database.concerts.get(concert_id)?.value;
    let queue = database.queues.get(concert_id)?.value;
    let (head, _) = database.waiting_tickets(concert_id, 0, 1).pop()?;
    queue.due_tick(&concert, head.value.issued_at)
}
