//! Ticks that are too long for one decision go on in parts, under the same tick.

use crate::story::{NOBODY, Story, second};
use frontrow_core::policy::TICK_CHUNK;
use frontrow_core::queue::TickRest;
use frontrow_core::{EventKind, Outcome, Timestamp};

fn ticked(admitted: u32, skipped: u32, expired: u32, more: bool) -> Outcome {
    Outcome::Ticked { admitted, skipped, expired, more }
}

/// The instants of the ticks that let people in.
fn admission_ticks(story: &mut Story) -> Vec<Timestamp> {
    let mut ticks: Vec<_> = story
        .news()
        .iter()
        .filter_map(|kind| match kind {
            EventKind::TicketAdmitted { tick_at, .. } => Some(*tick_at),
            _ => None,
        })
        .collect();
    ticks.dedup();
    ticks
}

fn crowd(people: u32) -> Vec<u32> {
    (1..=people).collect()
}

#[test]
fn a_large_batch_is_let_in_in_parts_and_never_more_than_the_batch() {
    let mut story = Story::with(|concert| concert.admission.batch_size = 2_500);
    story.join_all(&crowd(2_600));
    story.asleep_until(3);

    assert_eq!(story.tick(), Ok(ticked(TICK_CHUNK, 0, 0, true)));
    assert_eq!(story.queue().rest, Some(TickRest { tick_at: second(0), remaining: 1_500 }));
    story.asleep_until(4);
    assert_eq!(story.tick(), Ok(ticked(TICK_CHUNK, 0, 0, true)));
    assert_eq!(story.tick(), Ok(ticked(500, 0, 0, false)));

    assert_eq!(story.queue().rest, None);
    assert_eq!(story.tick(), Ok(Outcome::TickIdle));
    assert_eq!(admission_ticks(&mut story), [second(0)]);
    assert_eq!(story.active(), crowd(2_500));
    assert_eq!(story.standing(2_600).next_admission_at, Some(second(10)));
}

#[test]
fn a_tick_that_must_pass_over_many_no_shows_goes_on_until_its_batch_is_full() {
    let mut story = Story::with(|concert| concert.admission.lapse_seconds = 30);
    story.join_all(&crowd(2_100));
    story.asleep_until(0);
    for person in 2_098..=2_100 {
        story.poll(person);
    }

    assert_eq!(story.tick(), Ok(ticked(0, TICK_CHUNK, 0, true)));
    assert_eq!(story.queue().rest, Some(TickRest { tick_at: second(0), remaining: 2 }));
    assert_eq!(story.tick(), Ok(ticked(0, TICK_CHUNK, 0, true)));
    assert_eq!(story.tick(), Ok(ticked(2, 97, 0, false)));

    assert_eq!((story.active(), story.waiting()), (vec![2_098, 2_099], vec![2_100]));
    assert_eq!(admission_ticks(&mut story), [second(0)]);
}

#[test]
fn a_tick_that_must_expire_many_lets_people_in_once_all_are_expired() {
    let mut story = Story::with(|concert| {
        concert.admission.batch_size = 1_500;
        concert.admission.active_seconds = 5;
        concert.admission.max_active = Some(1_500);
    });
    story.join_all(&crowd(1_502));
    story.at(0);
    assert_eq!(story.active().len(), 1_500);

    story.asleep_until(10);
    assert_eq!(story.tick(), Ok(ticked(0, 0, TICK_CHUNK, true)));
    assert_eq!(story.tick(), Ok(ticked(2, 0, 500, false)));

    assert_eq!(story.active(), [1_501, 1_502]);
}

#[test]
fn who_joins_between_the_parts_of_a_tick_waits_for_the_next() {
    let mut story = Story::with(|concert| concert.admission.batch_size = 1_500);
    story.join_all(&crowd(1_200));
    story.asleep_until(1);
    story.tick().unwrap();
    story.join_all(&[9_001]);

    assert_eq!(story.tick(), Ok(ticked(200, 0, 0, false)));

    assert_eq!(story.waiting(), [9_001]);
    story.at(10);
    assert_eq!(story.waiting(), NOBODY);
}

#[test]
fn a_host_that_is_told_when_to_wake_finishes_a_long_tick_at_once() {
    let mut story = Story::with(|concert| concert.admission.batch_size = 2_500);
    story.join_all(&crowd(2_600));

    story.at(0);

    assert_eq!(story.active().len(), 2_500);
    assert_eq!(story.world.poll_timeout(), Some(second(10)));
}

#[test]
fn what_is_left_of_a_tick_is_dropped_by_a_pause() {
    let mut story = Story::with(|concert| concert.admission.batch_size = 1_500);
    story.join_all(&crowd(1_600));
    story.asleep_until(1);
    story.tick().unwrap();

    story.pause(true);
    assert_eq!(story.tick(), Ok(Outcome::TickIdle));
    story.asleep_until(5);
    story.pause(false);

    assert_eq!(story.queue().rest, None);
    assert_eq!(story.active().len(), 1_000);
    story.at(10);
    assert_eq!(story.active().len(), 1_600);
}

#[test]
fn a_rest_whose_line_has_gone_ends_quietly() {
    let mut story = Story::with(|concert| concert.admission.batch_size = 1_500);
    story.join_all(&crowd(1_001));
    story.asleep_until(1);
    story.tick().unwrap();
    story.leave(1_001).unwrap();

    assert_eq!(story.tick(), Ok(ticked(0, 0, 0, false)));

    assert_eq!(story.queue().rest, None);
    assert_eq!(story.tick(), Ok(Outcome::TickIdle));
}
