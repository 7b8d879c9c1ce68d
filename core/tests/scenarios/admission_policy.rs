//! What operators do to admission while a sale goes on: new intervals, new batches, pause, resume, close.

use crate::story::{Answer, Story, second};
use frontrow_core::concert::{AdmissionChange, ConcertState};
use frontrow_core::{EventKind, Outcome, Rejection};

fn interval(seconds: u32) -> AdmissionChange {
    AdmissionChange { interval_seconds: Some(seconds), ..AdmissionChange::default() }
}

#[test]
fn a_changed_interval_counts_from_the_announced_tick() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4, 5, 6]);
    story.at(13);
    assert_eq!(story.standing(5).next_admission_at, Some(second(20)));

    story.change_admission(interval(60));

    assert_eq!(story.standing(5).next_admission_at, Some(second(20)), "a promise is kept");
    story.at(20);
    assert_eq!(story.active(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(story.standing(5).next_admission_at, Some(second(80)));
}

#[test]
fn a_changed_interval_counts_from_the_announced_tick_after_a_quiet_time_too() {
    let mut story = Story::new();
    // Since 0 nobody was in line, so no tick was stored; 1 joins and is told 20.
    story.at(13);
    story.join_all(&[1]);

    story.change_admission(interval(7));

    assert_eq!(story.standing(1).next_admission_at, Some(second(20)));
    story.at(20);
    assert_eq!(story.active(), [1]);
    story.join_all(&[2]);
    story.at(27);
    assert_eq!(story.active(), [1, 2]);
}

#[test]
fn an_interval_can_change_before_the_sale_opens() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3]);

    story.change_admission(interval(60));

    story.at(0);
    assert_eq!(story.active(), [1, 2]);
    story.at_millis(59_999);
    assert_eq!(story.active(), [1, 2]);
    story.at(60);
    assert_eq!(story.active(), [1, 2, 3]);
}

#[test]
fn a_changed_batch_and_active_time_bind_the_next_tick() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4, 5, 6]);
    story.at(5);

    story.change_admission(AdmissionChange {
        batch_size: Some(3),
        active_seconds: Some(30),
        ..AdmissionChange::default()
    });

    story.at(10);
    assert_eq!(story.active(), [1, 2, 3, 4, 5]);
    let lives_until = |person| story.standing(person).expires_at;
    assert_eq!(lives_until(1), Some(second(600)), "who was in keeps what they were given");
    assert_eq!(lives_until(3), Some(second(40)));
}

#[test]
fn a_paused_concert_lets_nobody_in_and_people_may_still_join() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3]);
    story.at(5);
    story.pause(true);
    story.join_all(&[4]);

    story.at(100);

    assert_eq!(story.active(), [1, 2]);
    assert_eq!(story.waiting(), [3, 4]);
    let standing = story.standing(3);
    assert_eq!(standing.concert_state, ConcertState::Paused);
    assert_eq!((standing.next_admission_at, standing.eta_known), (None, false));
    assert_eq!(story.tick(), Ok(Outcome::TickIdle));
}

#[test]
fn resuming_keeps_the_beat_and_makes_up_for_nothing() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4, 5, 6]);
    story.at(5);
    story.pause(true);
    story.at(33);

    story.pause(false);

    assert_eq!(story.active(), [1, 2], "the ticks at 10, 20 and 30 are gone");
    assert_eq!(story.standing(3).next_admission_at, Some(second(40)));
    story.at(40);
    assert_eq!(story.active(), [1, 2, 3, 4]);
}

#[test]
fn a_pause_of_which_no_tick_falls_changes_nothing() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3]);
    story.at(1);
    story.news();
    story.pause(true);
    story.at(9);
    story.pause(false);

    let rescheduled = |kind: &EventKind| matches!(kind, EventKind::TickRescheduled { .. });
    assert!(!story.news().iter().any(rescheduled));
    story.at(10);
    assert_eq!(story.active(), [1, 2, 3]);
}

#[test]
fn a_pause_before_the_opening_does_not_move_it() {
    let mut story = Story::new();
    story.join_all(&[1]);
    story.pause(true);
    story.at(-10);
    story.pause(false);

    story.at(0);

    assert_eq!(story.active(), [1]);
}

#[test]
fn a_closed_concert_lets_nobody_in_and_takes_nobody_on() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3]);
    story.at(5);

    story.close();

    story.at(100);
    assert_eq!((story.active(), story.waiting()), (vec![1, 2], vec![3]));
    assert_eq!(story.standing(3).concert_state, ConcertState::Closed);
    assert_eq!(story.join(4), Err(Rejection::QueueClosed));
    assert!(already_queued(&story.join(3)), "who stands in line is told so");
}

fn already_queued(answer: &Answer) -> bool {
    matches!(answer, Ok(Outcome::Joined { already_queued: true, .. }))
}

#[test]
fn a_change_that_changes_nothing_stores_nothing() {
    let mut story = Story::new();
    story.news();

    story.change_admission(interval(10));
    story.pause(false);

    assert_eq!(story.news(), []);
}

#[test]
fn a_tick_that_is_due_still_runs_by_the_old_numbers_when_they_are_changed_before_it() {
    let mut story = Story::with(|concert| concert.admission.interval_seconds = 60);
    story.join_all(&[1, 2, 3, 4, 5, 6]);
    story.asleep_until(13);
    assert_eq!(story.standing(6).next_admission_at, Some(second(60)));

    story.change_admission(AdmissionChange { batch_size: Some(1), ..interval(5) });

    assert_eq!(story.standing(6).next_admission_at, Some(second(60)), "what was announced stays");
    story.tick().unwrap();
    assert_eq!(story.active(), [1, 2], "the due tick was announced with two");
    story.asleep_until(60);
    story.tick().unwrap();
    assert_eq!(story.active(), [1, 2, 3]);
    assert_eq!(story.standing(6).next_admission_at, Some(second(65)));
}

#[test]
fn a_smaller_batch_binds_the_next_tick_and_not_the_rest_of_a_long_one() {
    let mut story = Story::with(|concert| concert.admission.batch_size = 2_000);
    let crowd: Vec<u32> = (1..=2_100).collect();
    story.join_all(&crowd);
    story.asleep_until(0);
    story.tick().unwrap();

    story.change_admission(AdmissionChange { batch_size: Some(10), ..AdmissionChange::default() });
    story.tick().unwrap();

    assert_eq!(story.active().len(), 2_000);
    story.asleep_until(10);
    story.tick().unwrap();
    assert_eq!(story.active().len(), 2_010);
}
