//! Whether the stories are any good: what they reach between them.

use crate::config;
use crate::model::Answer;
use crate::reference::Reference;
use crate::transitions::Action;
use frontrow_core::seating::Choice;
use frontrow_core::{Command, Outcome, Rejection};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use proptest_state_machine::ReferenceStateMachine;
use std::collections::BTreeMap;

/// What is told apart: every refusal, and what an acceptance did.
const ANSWERS: [&str; 50] = [
    "malformed_request",
    "amount_invalid",
    "id_in_use",
    "queue_token_invalid",
    "concert_not_found",
    "schedule_not_found",
    "reservation_not_found",
    "queue_token_wrong_concert",
    "queue_token_waiting",
    "already_paid",
    "hold_expired",
    "reservation_not_held",
    "queue_token_expired",
    "schedule_started",
    "sale_closed",
    "hold_exists",
    "seat_not_found",
    "seat_limit_exceeded",
    "limit reached by what was bought",
    "seat_taken",
    "no_seats_available",
    "queue_closed",
    "queue_not_open",
    "draw_not_open",
    "already_drawn",
    "drawn",
    "tick that draws",
    "sold_out",
    "amount_mismatch",
    "balance_not_found",
    "insufficient_balance",
    "balance_limit_exceeded",
    "created",
    "changed",
    "added",
    "joined",
    "joined before",
    "left",
    "idle tick",
    "tick that admits",
    "tick that skips",
    "tick that expires",
    "tick for nobody",
    "refreshed: sold out",
    "refreshed: unsold",
    "expiry stored",
    "expiry not stored",
    "held",
    "paid",
    "refunded",
];

#[test]
fn stories_reach_every_answer() {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let config = config(500);
    let cases = config.cases.max(500);
    let mut runner = TestRunner::new(config);
    let stories = Reference::<false>::sequential_strategy(1..100);
    for _ in 0..cases {
        let tree = stories.new_tree(&mut runner).expect("every story can be told");
        let (mut story, transitions, _) = tree.current();
        for transition in &transitions {
            story.tell(transition);
            let Some(answer) = &story.expected else { continue };
            for name in kinds(answer) {
                *counts.entry(name).or_default() += 1;
            }
            if is_by_what_was_bought(&transition.action, answer) {
                *counts.entry("limit reached by what was bought").or_default() += 1;
            }
        }
    }
    let missing: Vec<_> = ANSWERS.iter().filter(|name| !counts.contains_key(*name)).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}; seen: {counts:#?}");
}

/// Whether so many seats would do, if nothing had been bought before.
fn is_by_what_was_bought(action: &Action, answer: &Answer) -> bool {
    let Err(Rejection::SeatLimitExceeded { limit }) = answer else { return false };
    let Action::Execute(Command::Hold { choice, .. }) = action else { return false };
    match choice {
        Choice::Seats(seats) => seats.len() <= *limit as usize,
        Choice::Best { count, .. } => count <= limit,
    }
}

fn kinds(answer: &Answer) -> Vec<&'static str> {
    match answer {
        Err(rejection) => vec![rejection.code()],
        Ok(Outcome::ConcertCreated { .. }) => vec!["created"],
        Ok(Outcome::ConcertChanged { .. }) => vec!["changed"],
        Ok(Outcome::ScheduleAdded { .. }) => vec!["added"],
        Ok(Outcome::Joined { already_queued: false, .. }) => vec!["joined"],
        Ok(Outcome::Joined { already_queued: true, .. }) => vec!["joined before"],
        Ok(Outcome::Left) => vec!["left"],
        Ok(Outcome::TickIdle) => vec!["idle tick"],
        Ok(Outcome::Drawn) => vec!["drawn"],
        Ok(Outcome::Ticked { admitted: 0, skipped: 0, expired: 0, more: true }) => {
            vec!["tick that draws"]
        }
        Ok(Outcome::Ticked { admitted, skipped, expired, .. }) => {
            let counts = [(admitted, "tick that admits"), (skipped, "tick that skips")];
            let counts = counts.into_iter().chain([(expired, "tick that expires")]);
            let did: Vec<_> = counts.filter(|(n, _)| **n > 0).map(|(_, name)| name).collect();
            if did.is_empty() { vec!["tick for nobody"] } else { did }
        }
        Ok(Outcome::SoldOutRefreshed { sold_out: true }) => vec!["refreshed: sold out"],
        Ok(Outcome::SoldOutRefreshed { sold_out: false }) => vec!["refreshed: unsold"],
        Ok(Outcome::ExpiryStored { stored: true }) => vec!["expiry stored"],
        Ok(Outcome::ExpiryStored { stored: false }) => vec!["expiry not stored"],
        Ok(Outcome::Held { .. }) => vec!["held"],
        Ok(Outcome::Withdrawn { refund: Some(_) }) => vec!["refunded"],
        Ok(Outcome::Withdrawn { refund: None }) => vec!["released"],
        Ok(Outcome::Paid { .. }) => vec!["paid"],
        Ok(Outcome::Charged { .. }) => vec!["charged"],
    }
}
