//! `max_active`: a tick first stores the expiry of those whose time has run out, then counts.

use crate::story::{NOBODY, Story};
use frontrow_core::concert::AdmissionChange;
use frontrow_core::{EventKind, ExpiryCause, Outcome};

fn cap(max_active: Option<u32>) -> AdmissionChange {
    AdmissionChange { max_active: Some(max_active), ..AdmissionChange::default() }
}

fn capped_at(max_active: u32) -> Story {
    Story::with(|concert| concert.admission.max_active = Some(max_active))
}

#[test]
fn no_more_than_the_cap_are_active() {
    let mut story = capped_at(3);
    story.join_all(&[1, 2, 3, 4, 5]);

    story.at(100);

    assert_eq!(story.active(), [1, 2, 3]);
}

#[test]
fn a_full_house_waits_and_each_tick_says_so() {
    let mut story = capped_at(1);
    story.join_all(&[1, 2]);
    story.at(9);
    story.news();

    story.at(10);

    let news = story.news();
    assert!(matches!(news[..], [EventKind::TickRan { admitted: 0, max_active: Some(1), .. }]));
}

#[test]
fn who_leaves_or_pays_makes_room_at_the_next_tick() {
    let mut story = capped_at(2);
    story.join_all(&[1, 2, 3, 4]);
    story.at(3);
    story.leave(1).unwrap();
    story.buy(2, &[1]);
    assert_eq!(story.active(), NOBODY, "room is filled at ticks, not at once");

    story.at(10);

    assert_eq!(story.active(), [3, 4]);
}

#[test]
fn a_tick_first_expires_those_whose_time_has_run_out() {
    let mut story = Story::with(|concert| {
        concert.admission.max_active = Some(1);
        concert.admission.active_seconds = 10;
    });
    story.join_all(&[1, 2]);
    story.at(0);
    story.news();

    // Nobody has swept ticket 1, whose time runs out at the very instant of the tick.
    story.asleep_until(10);
    let ticked = story.tick();

    assert_eq!(ticked, Ok(Outcome::Ticked { admitted: 1, skipped: 0, expired: 1, more: false }));
    let ticket_id = story.ticket_id(1);
    let timed_out = |kind: &EventKind| matches!(kind, EventKind::TicketExpired { ticket_id: id, cause: ExpiryCause::TimedOut, .. } if *id == ticket_id);
    assert!(timed_out(&story.news()[0]), "the expiry comes before the admission");
    assert_eq!(story.active(), [2]);
}

#[test]
fn a_ticket_that_lives_a_millisecond_longer_keeps_its_room() {
    let mut story = Story::with(|concert| {
        concert.admission.max_active = Some(1);
        concert.admission.active_seconds = 10;
    });
    story.join_all(&[1, 2]);
    story.asleep_until_millis(1).wake();

    story.at(10);
    assert_eq!(story.active(), [1]);
    story.at(20);
    assert_eq!(story.active(), [2]);
}

#[test]
fn a_lowered_cap_sends_nobody_away_and_lets_nobody_in_until_there_is_room() {
    let mut story = capped_at(4);
    story.join_all(&[1, 2, 3, 4, 5, 6]);
    story.at(10);

    story.change_admission(cap(Some(2)));

    story.at(20);
    assert_eq!(story.active(), [1, 2, 3, 4]);
    story.leave(1).unwrap();
    story.leave(2).unwrap();
    story.at(30);
    assert_eq!(story.active(), [3, 4], "two are in, and two is the cap");
    story.leave(3).unwrap();
    story.at(40);
    assert_eq!(story.active(), [4, 5]);
}

#[test]
fn a_raised_cap_and_one_taken_away_bind_from_the_next_tick() {
    let mut story = capped_at(1);
    story.join_all(&[1, 2, 3, 4, 5]);
    story.at(0);

    story.change_admission(cap(Some(2)));
    story.at(10);
    assert_eq!(story.active(), [1, 2]);

    story.change_admission(cap(None));
    story.at(20);
    assert_eq!(story.active(), [1, 2, 3, 4]);
}

#[test]
fn a_ticket_that_lives_on_by_its_hold_counts_as_active() {
    let mut story = Story::with(|concert| {
        concert.admission.max_active = Some(1);
        concert.admission.active_seconds = 5;
        concert.holds.hold_seconds = 20;
    });
    story.join_all(&[1, 2]);
    story.at(4);
    story.hold(1, &[1]).unwrap();

    story.at(20);
    assert_eq!(story.active(), [1], "its hold lives until 24");
    story.at(30);
    assert_eq!(story.active(), [2]);
}
