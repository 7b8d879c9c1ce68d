//! What is likely in a story: mostly what makes sense where it stands, sometimes nonsense.

mod operators;
mod people;

pub use operators::setup;

use crate::model::{Model, Place, TicketRow};
use crate::names;
use crate::reference::Story;
use crate::transitions::{Action, Drive, Transition};
use frontrow_core::{ConcertId, ScheduleId, TicketId, Timestamp, UserId};
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
    let until = |at: &Timestamp| at.millis_since(story.clock);
    let ahead: Vec<i64> = story.model.turning_points().iter().map(until).collect();
    let mut steps = vec![
        (24, Just(0_i64).boxed()),
        (6, (1..1_000_i64).boxed()),
        (4, (1..6_i64).prop_map(|seconds| seconds * 1_000).boxed()),
        (1, Just(-700_i64).boxed()),
    ];
    if !ahead.is_empty() {
        let beside = prop_oneof![6 => Just(0_i64), 2 => Just(-1), 2 => Just(1)];
        let next = select(ahead[..ahead.len().min(3)].to_vec());
        let far = prop_oneof![4 => select(ahead), 1 => Just(3_600_000), 1 => Just(10_800_000)];
        steps.push((12, (next, beside.clone()).prop_map(|(to, beside)| to + beside).boxed()));
        if story.next_id.is_multiple_of(3) {
            steps.push((1, (far, beside).prop_map(|(to, beside)| to + beside).boxed()));
        }
    }
    Union::new_weighted(steps).boxed()
}

fn action(story: &Story, timed: bool) -> BoxedStrategy<Action> {
    let model = &story.model;
    let id = story.next_id;
    let may_hold = |t: &&TicketRow| match t.place {
        Place::Active { until, .. } => model.now < until,
        _ => false,
    };
    let active = model.tickets.iter().filter(may_hold);
    let (holding, ready): (Vec<_>, Vec<_>) =
        active.partition(|ticket| model.live_hold(ticket.id).is_some());
    let if_any = |tickets: &[&TicketRow], weight| if tickets.is_empty() { 1 } else { weight };
    let sweeps = if timed { 1 } else { 2 };
    let mut actions: Vec<(u32, BoxedStrategy<Action>)> = vec![
        (if model.tickets.len() < 3 { 30 } else { 9 }, execute(people::join(model, id))),
        (1, execute(people::leave(model))),
        (if timed { 1 } else { 12 }, execute(operators::tick(story))),
        (sweeps, execute(operators::refresh_sold_out())),
        (if model.awaits_draw() { 6 } else { 1 }, execute(operators::draw())),
        (sweeps, execute(people::expire_ticket(model))),
        (sweeps, execute(people::expire_reservation(model))),
        (if_any(&ready, 30), execute(people::hold(model, id))),
        (if_any(&holding, 24), execute(people::pay(model, id))),
        (2, execute(people::withdraw(model, id))),
        (2, execute(people::charge(id))),
        (2, execute(operators::update())),
        (1, execute(operators::add_schedule(id))),
        (3, ticket_id(model).prop_map(Action::Seen).boxed()),
    ];
    if story.next_id.is_multiple_of(4) {
        actions.push((1, execute(operators::create_concert(id))));
    }
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
    prop_oneof![16 => Just(1), 6 => Just(2), 1 => Just(names::NOBODY)]
        .prop_map(names::concert)
        .boxed()
}

fn schedule_id(model: &Model) -> BoxedStrategy<ScheduleId> {
    known_or(model.schedules.keys().copied().collect(), names::schedule(names::NOBODY))
}
