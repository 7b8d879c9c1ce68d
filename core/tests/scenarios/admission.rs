//! Who is let in at a tick, and when ticks come: order, batches, missed ticks, quiet lines. Changes of
//! policy are in `admission_policy`, ticks too long for one decision in `admission_parts`.

use crate::story::{NOBODY, Story, second};
use frontrow_core::queue::Phase;
use frontrow_core::{EventKind, Outcome};

#[test]
fn nobody_is_let_in_before_the_sale_opens() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3]);

    story.at_millis(-1);
    assert_eq!(story.active(), NOBODY);

    story.at(0);
    assert_eq!(story.active(), [1, 2]);
}

#[test]
fn each_tick_lets_in_one_batch_and_ticks_are_an_interval_apart() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4, 5]);

    story.at(0);
    assert_eq!(story.active(), [1, 2]);
    story.at_millis(9_999);
    assert_eq!(story.active(), [1, 2]);
    story.at(10);
    assert_eq!(story.active(), [1, 2, 3, 4]);
    story.at(20);
    assert_eq!(story.active(), [1, 2, 3, 4, 5]);
}

#[test]
fn people_are_let_in_in_the_order_in_which_they_joined() {
    let mut story = Story::new();
    // 9 is first, whatever their names are; they all join in the same millisecond.
    story.join_all(&[9, 4, 7, 1]);
    assert_eq!([9, 4, 7, 1].map(|person| story.ticket(person).number), [1, 2, 3, 4]);

    story.at(0);
    assert_eq!(story.active(), [4, 9]);
    story.at(10);
    assert_eq!(story.active(), [1, 4, 7, 9]);
}

#[test]
fn tickets_are_numbered_by_the_queue_and_numbers_are_never_used_again() {
    let mut story = Story::new();
    story.join_all(&[1, 2]);
    story.leave(2).unwrap();
    // The clock steps back an hour: the order is the queue's, not the clock's.
    story.asleep_until(-3_700);
    story.join_all(&[3, 2]);

    assert_eq!([1, 3, 2].map(|person| story.ticket(person).number), [1, 3, 4]);
    assert_eq!(story.queue().next_number, 5);
}

#[test]
fn who_joins_after_a_tick_waits_for_the_next() {
    let mut story = Story::new();
    story.join_all(&[1]);
    story.at_millis(1);
    story.join_all(&[2]);

    story.at_millis(9_999);
    assert_eq!(story.active(), [1]);
    story.at(10);
    assert_eq!(story.active(), [1, 2]);
}

#[test]
fn who_joins_at_the_instant_of_a_tick_is_let_in_by_it_if_it_has_not_run() {
    let mut story = Story::new();
    story.at(0);
    // The tick at 0 found nobody, so it is still to come.
    story.join_all(&[1]);
    story.at(0);
    assert_eq!(story.active(), [1]);

    // Now it has run, and there is one tick at 0.
    story.join_all(&[2]);
    story.at(0);
    assert_eq!(story.active(), [1]);
    story.at(10);
    assert_eq!(story.active(), [1, 2]);
}

#[test]
fn missed_ticks_do_not_add_up() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4, 5, 6]);

    // The host is away from before the opening; the ticks at 0, 10, 20 and 30 pass.
    story.asleep_until(35).wake();

    assert_eq!(story.active(), [1, 2]);
    let Some(EventKind::TickRan { tick_at, next_tick_at, .. }) = story.news().pop() else {
        panic!("a tick ends with its report")
    };
    assert_eq!((tick_at, next_tick_at), (second(30), second(40)));
    story.at_millis(39_999);
    assert_eq!(story.active(), [1, 2]);
    story.at(40);
    assert_eq!(story.active(), [1, 2, 3, 4]);
}

#[test]
fn a_late_tick_lets_in_only_those_who_had_joined_by_its_instant() {
    let mut story = Story::new();
    story.join_all(&[1]);
    story.asleep_until(12).join_all(&[2]);

    story.asleep_until(15).wake();

    assert_eq!(story.active(), [1]);
    story.at(20);
    assert_eq!(story.active(), [1, 2]);
}

#[test]
fn an_active_ticket_lives_from_when_it_was_let_in_even_if_the_tick_was_late() {
    let mut story = Story::with(|concert| concert.admission.active_seconds = 60);
    story.join_all(&[1]);
    story.asleep_until(7).wake();

    story.at_millis(66_999);
    assert_eq!(story.phase(1), Phase::Active);
    story.at(67);
    assert_eq!(story.phase(1), Phase::Expired);
}

#[test]
fn an_empty_line_stores_nothing() {
    let mut story = Story::new();
    let before = story.news().len();
    assert_eq!(before, 2, "the concert and its schedule");

    story.at(10_000);
    let queue = story.queue().clone();
    assert_eq!(story.tick(), Ok(Outcome::TickIdle));

    assert_eq!(story.news(), []);
    assert_eq!(*story.queue(), queue);
    assert_eq!(story.world.poll_timeout(), None);
}

#[test]
fn ticks_keep_their_beat_through_a_quiet_time() {
    let mut story = Story::new();
    story.at(1_003);
    story.join_all(&[1]);

    assert_eq!(story.world.poll_timeout(), Some(second(1_010)));
    story.at_millis(1_009_999);
    assert_eq!(story.active(), NOBODY);
    story.at(1_010);
    assert_eq!(story.active(), [1]);
}

#[test]
fn a_tick_that_is_not_due_does_nothing() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3]);
    story.news();

    assert_eq!(story.tick(), Ok(Outcome::TickIdle));
    story.at(0);
    assert_eq!(story.news().len(), 3, "two people and the report");

    story.at(5);
    assert_eq!(story.tick(), Ok(Outcome::TickIdle));
    assert_eq!(story.news(), []);
}

#[test]
fn who_leaves_the_line_is_not_let_in_and_holds_nobody_up() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4]);
    story.leave(1).unwrap();
    story.leave(3).unwrap();

    story.at(0);

    assert_eq!(story.active(), [2, 4]);
    assert_eq!(story.phase(1), Phase::Left);
}

#[test]
fn the_timer_outlives_the_head_of_the_line() {
    let mut story = Story::new();
    story.join_all(&[1]);
    story.at(5);
    story.join_all(&[2]);
    story.at(12);
    story.join_all(&[3]);
    // 2 was due at 10; 3 is at the head once 2 has left, and is due at 20.
    assert_eq!(story.active(), [1, 2]);
    story.leave(3).unwrap();
    story.at(17);
    story.join_all(&[4]);

    story.at(20);

    assert_eq!(story.active(), [1, 2, 4]);
}

#[test]
fn joining_twice_keeps_the_first_place() {
    let mut story = Story::new();
    story.join_all(&[1, 2]);
    let ticket = story.ticket(1).clone();
    story.news();

    let again = story.join(1);

    assert_eq!(again, Ok(Outcome::Joined { ticket, already_queued: true }));
    assert_eq!(story.news(), []);
    assert_eq!(story.standing(1).position, Some(1));
}

#[test]
fn who_has_left_or_expired_joins_again_at_the_back() {
    let mut story = Story::with(|concert| concert.admission.active_seconds = 5);
    story.join_all(&[1, 2]);
    story.leave(2).unwrap();
    story.join_all(&[2]);
    assert_eq!(story.ticket(2).number, 3);

    story.at(0);
    // Nobody has stored that the ticket's time ran out: joining does.
    story.asleep_until(6);
    story.join_all(&[1]);
    assert_eq!((story.ticket(1).number, story.phase(1)), (4, Phase::Waiting));
}
