//! The host: it owns the database, says what time it is, and asks the rules. No rule is here.

use crate::database::{Conflict, Database};
use crate::load::load;
use frontrow_core::{
    Command, ConcertId, Decision, Key, Outcome, Rejection, State, Timestamp, decide,
};

/// A decision, and the rows on which it was made.
pub struct Decided {
    state: State,
    decision: Decision,
}

/// Decides a command on what the database says now, and stores nothing.
pub fn decide_on(database: &Database, command: &Command, clock_now: Timestamp) -> Decided {
    let mut state = State::partial();
    let mut keys: Vec<Key> = command.keys().to_vec();
    loop {
        // In lock order, for hosts that lock: class by class, sorted in each.
        keys.sort_by_key(|key| (key.class(), *key));
        for key in &keys {
            load(database, &mut state, key);
        }
        // Time never runs backwards for a row, though this host's clock may.
        let now = clock_now.max(state.last_change());
        match decide(&state, command, now) {
            Ok(decision) => return Decided { state, decision },
            Err(need) => keys = need.0,
        }
    }
}

/// Stores a decision. A conflict means that others were faster: decide again.
pub fn commit(database: &mut Database, decided: Decided) -> Result<Answer, Conflict> {
    let Decided { state, decision } = decided;
    database.commit(state, &decision.events)?;
    Ok(decision.outcome)
}

/// What a command answers.
pub type Answer = Result<Outcome, Rejection>;

/// Carries out a command.
pub fn execute(database: &mut Database, command: &Command, clock_now: Timestamp) -> Answer {
    loop {
        let decided = decide_on(database, command, clock_now);
        if let Ok(answer) = commit(database, decided) {
            return answer;
        }
    }
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
