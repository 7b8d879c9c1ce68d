//! What is likely in a story: mostly what makes sense where it stands, sometimes nonsense.

mod operators;
mod people;

pub use operators::setup;

use crate::model::Model;
use crate::names;
use crate::reference::Story;
use crate::transitions::{Action, Drive, Transition};
use frontrow_core::{ConcertId, ScheduleId, TicketId, UserId};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

/// People who act.
const USERS: u128 = 6;

/// The next line of a story.
pub fn transition(story: &Story, timed: bool) -> BoxedStrategy<Transition> {
    let drive = if timed {
        prop_oneof![4 => Just(Drive::OnTime), 1 => Just(Drive::Late), 1 => Just(Drive::ByHand)]
            .boxed()
    } else {
        Just(Drive::ByHand).boxed()
    };
    (step(story), drive, action(story, timed))
        .prop_map(|(step, drive, action)| Transition { step, drive, action })
        .boxed()
}

/// How time passes: not at all, a little, to a turning point or a millisecond beside it, for hours, and
/// now and then backwards.
fn step(story: &Story) -> BoxedStrategy<i64> {
    let ahead = story.model.turning_points();
    let until = |at: frontrow_core::Timestamp| at.millis_since(story.clock);
    let near: Vec<i64> = ahead.into_iter().take(8).map(until).collect();
    let mut steps = vec![
        (14, Just(0_i64).boxed()),
        (6, (1..1_000_i64).boxed()),
        (6, (1..12_i64).prop_map(|seconds| seconds * 1_000).boxed()),
        (1, (30..200_i64).prop_map(|seconds| seconds * 1_000).boxed()),
        (1, prop_oneof![9 => Just(-700_i64), 1 => Just(3_600_000), 1 => Just(10_800_000)].boxed()),
    ];
    if !near.is_empty() {
        let beside = prop_oneof![6 => Just(0_i64), 2 => Just(-1), 2 => Just(1)];
        steps.push((12, (select(near), beside).prop_map(|(to, beside)| to + beside).boxed()));
    }
    Union::new_weighted(steps).boxed()
}

fn action(story: &Story, timed: bool) -> BoxedStrategy<Action> {
    let model = &story.model;
    let id = story.next_id;
    let sweeps = if timed { 1 } else { 3 };
    let mut actions: Vec<(u32, BoxedStrategy<Action>)> = vec![
        (8, execute(people::join(id))),
        (2, execute(people::leave(model))),
        (if timed { 1 } else { 9 }, execute(operators::tick(story))),
        (sweeps, execute(operators::refresh_sold_out())),
        (sweeps, execute(people::expire_ticket(model))),
        (sweeps, execute(people::expire_reservation(model))),
        (12, execute(people::hold(model, id))),
        (12, execute(people::pay(model, id))),
        (4, execute(people::withdraw(model, id))),
        (4, execute(people::charge(id))),
        (4, execute(operators::update())),
        (1, execute(operators::add_schedule(id))),
        (1, execute(operators::create_concert(id))),
        (3, ticket_id(model).prop_map(Action::Seen).boxed()),
    ];
    if timed {
        actions.push((1, Just(Action::Served).boxed()));
        actions.push((4, Just(Action::Nothing).boxed()));
    }
    Union::new_weighted(actions).boxed()
}

fn execute(command: BoxedStrategy<frontrow_core::Command>) -> BoxedStrategy<Action> {
    command.prop_map(Action::Execute).boxed()
}

/// One of these mostly, else one that does not exist.
fn known_or<T: Clone + std::fmt::Debug + 'static>(known: Vec<T>, unknown: T) -> BoxedStrategy<T> {
    if known.is_empty() {
        Just(unknown).boxed()
    } else {
        prop_oneof![24 => select(known), 1 => Just(unknown)].boxed()
    }
}

fn ticket_id(model: &Model) -> BoxedStrategy<TicketId> {
    let ids = model.tickets.iter().map(|ticket| ticket.id).collect();
    known_or(ids, names::ticket(names::NOBODY))
}

fn user_id() -> BoxedStrategy<UserId> {
    (1..=USERS).prop_map(names::user).boxed()
}

fn concert_id() -> BoxedStrategy<ConcertId> {
    prop_oneof![12 => Just(1), 6 => Just(2), 1 => Just(names::NOBODY)]
        .prop_map(names::concert)
        .boxed()
}

fn schedule_id(model: &Model) -> BoxedStrategy<ScheduleId> {
    known_or(model.schedules.keys().copied().collect(), names::schedule(names::NOBODY))
}
