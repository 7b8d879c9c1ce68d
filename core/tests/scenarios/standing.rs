//! What people in the queue are told: exact places, when it is their turn, when to ask again.

use crate::story::{CONCERT, Story, second};
use frontrow_core::concert::{AdmissionChange, ConcertState};
use frontrow_core::queue::{Phase, admit_reader};
use frontrow_core::{ConcertId, Rejection};
use std::collections::BTreeSet;

/// Seconds until a person's turn, and whether that is known.
fn eta(story: &Story, person: u32) -> (Option<u64>, bool) {
    let standing = story.standing(person);
    (standing.eta_seconds, standing.eta_known)
}

#[test]
fn a_place_is_the_number_of_people_ahead_plus_one() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4, 5]);
    let places = |story: &Story| [1, 2, 3, 4, 5].map(|person| story.standing(person).position);
    assert_eq!(places(&story), [Some(1), Some(2), Some(3), Some(4), Some(5)]);
    assert_eq!(story.standing(1).waiting, 5);

    story.leave(4).unwrap();
    assert_eq!(places(&story), [Some(1), Some(2), Some(3), None, Some(4)]);

    story.at(0);
    assert_eq!(places(&story), [None, None, Some(1), None, Some(2)]);
    assert_eq!(story.standing(3).waiting, 2);
}

#[test]
fn no_shows_who_were_passed_over_are_not_counted() {
    let mut story = Story::with(|concert| concert.admission.lapse_seconds = 30);
    story.join_all(&[1, 2, 3, 4, 5]);
    story.at(-1);
    for person in [3, 4, 5] {
        story.poll(person);
    }

    story.at(0);

    assert_eq!(story.active(), [3, 4]);
    assert_eq!((story.standing(5).position, story.standing(5).waiting), (Some(1), 1));
}

#[test]
fn places_are_exact_in_a_long_line_with_many_gaps() {
    let mut story = Story::new();
    story.join_all(&(1..=10_000).collect::<Vec<_>>());
    for person in (1..=10_000).filter(|person| person % 3 == 0) {
        story.leave(person).unwrap();
    }

    for person in [1, 2, 4, 5_000, 9_998, 10_000] {
        let ahead = (1..person).filter(|other| other % 3 != 0).count() as u64;
        assert_eq!(story.standing(person).position, Some(ahead + 1));
    }
}

#[test]
fn the_turn_is_known_from_place_batch_interval_and_next_tick() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4, 5]);
    assert_eq!(eta(&story, 1), (Some(100), true));
    assert_eq!(eta(&story, 2), (Some(100), true));
    assert_eq!(eta(&story, 3), (Some(110), true));

    story.at_millis(3_500);

    // Six and a half seconds, rounded up.
    assert_eq!(eta(&story, 3), (Some(7), true));
    assert_eq!(eta(&story, 5), (Some(17), true));
    assert_eq!(story.standing(5).next_admission_in_seconds, Some(7));
    assert_eq!(eta(&story, 1), (Some(0), true), "who is in waits no more");
}

#[test]
fn the_turn_that_was_told_is_kept() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3, 4, 5, 6, 7]);
    for person in 1..=7 {
        let (eta_seconds, known) = eta(&story, person);
        assert!(known);
        let turn = i64::try_from(eta_seconds.unwrap()).unwrap() - 100;
        let mut later = Story::new();
        later.join_all(&[1, 2, 3, 4, 5, 6, 7]);
        later.at_millis(turn * 1_000 - 1);
        assert_eq!(later.phase(person), Phase::Waiting);
        later.at(turn);
        assert_eq!(later.phase(person), Phase::Active);
    }
}

#[test]
fn where_the_cap_binds_the_turn_is_a_guess() {
    let mut story = Story::with(|concert| {
        concert.admission.max_active = Some(2);
        concert.admission.active_seconds = 60;
    });
    story.join_all(&[1, 2, 3, 4, 5]);
    assert_eq!(eta(&story, 2), (Some(100), true), "there is a slot for 2");
    let (guess, known) = eta(&story, 3);
    assert!(guess > Some(100) && !known);

    story.at(0);

    // Both slots are taken; the guess is that they come free after 60 seconds, then after 120.
    assert_eq!(eta(&story, 3), (Some(70), false));
    assert_eq!(eta(&story, 5), (Some(130), false));
}

#[test]
fn a_cap_lowered_below_those_who_are_in_leaves_a_guess() {
    let mut story = Story::with(|concert| {
        concert.admission.max_active = Some(4);
        concert.admission.active_seconds = 60;
    });
    story.join_all(&[1, 2, 3, 4, 5, 6]);
    story.at(0);
    story.at(10);
    assert_eq!(story.active(), [1, 2, 3, 4]);

    let max_active = Some(Some(1));
    story.change_admission(AdmissionChange { max_active, ..AdmissionChange::default() });

    // One slot from the tick after the next 60 seconds on, and another one 60 seconds later.
    assert_eq!(eta(&story, 5), (Some(70), false));
    assert_eq!(eta(&story, 6), (Some(130), false));
}

#[test]
fn a_cap_that_can_never_bind_leaves_the_turn_known() {
    // Ten seconds, and a hold of ten taken at their end, have two ticks of two: four are active at most.
    for (max_active, known) in [(4, true), (3, false)] {
        let mut story = Story::with(|concert| {
            concert.admission.max_active = Some(max_active);
            concert.admission.active_seconds = 10;
            concert.holds.hold_seconds = 10;
        });
        story.join_all(&[1, 2, 3, 4, 5, 6]);

        assert_eq!(eta(&story, 6), (Some(120), known));
    }
}

#[test]
fn a_turn_is_known_while_it_hardly_matters_who_leaves() {
    let mut story = Story::new();
    story.join_all(&(1..=40).collect::<Vec<_>>());
    // The sale opens in 100 seconds; those of the first minute after it are known, and those whose wait is
    // at most a tenth longer than to the opening.
    assert_eq!([13, 14, 15, 40].map(|person| eta(&story, person).1), [true, true, false, false]);
    story.at(0);
    // 15 and 16 are seventh in line of pairs, and will have waited for 70 seconds.
    assert_eq!([14, 15].map(|person| eta(&story, person).1), [true, false]);
    for tick in 1..6 {
        story.at(tick * 10);
    }
    // At most an interval after the next tick, whoever leaves.
    assert_eq!([13, 15, 16, 17].map(|person| eta(&story, person).1), [true, true, true, false]);
}

#[test]
fn in_an_inventory_aware_concert_the_turn_is_a_guess() {
    for max_active in [None, Some(5)] {
        let mut story = Story::with(|concert| {
            concert.admission.inventory_aware = true;
            concert.admission.max_active = max_active;
        });
        story.join_all(&[1]);

        assert_eq!(eta(&story, 1), (Some(100), false));
    }
}

#[test]
fn while_nobody_is_let_in_the_turn_cannot_be_told() {
    let mut story = Story::new();
    story.join_all(&[1]);

    story.pause(true);
    assert_eq!(eta(&story, 1), (None, false));
    story.pause(false);
    assert_eq!(eta(&story, 1), (Some(100), true));
    story.close();
    assert_eq!(eta(&story, 1), (None, false));
}

#[test]
fn who_polls_as_told_is_never_absent() {
    for lapse_seconds in [5, 6, 30, 180, 86_400] {
        let mut story = Story::new();
        story.change_admission(AdmissionChange {
            lapse_seconds: Some(lapse_seconds),
            ..AdmissionChange::default()
        });
        story.join_all(&(1..=3_000).collect::<Vec<_>>());

        for person in [1, 7, 500, 3_000] {
            let poll_after_seconds = story.standing(person).poll_after_seconds;
            assert!(poll_after_seconds >= 1);
            assert!(poll_after_seconds <= 60);
            assert!(poll_after_seconds * 3 <= u64::from(lapse_seconds));
        }
    }
}

#[test]
fn polls_spread_out_with_the_wait() {
    let mut story = Story::new();
    story.join_all(&(1..=200).collect::<Vec<_>>());
    let poll_after = |person| story.standing(person).poll_after_seconds;

    assert!(poll_after(1) < poll_after(80));
    let together: BTreeSet<_> = (150..200).map(poll_after).collect();
    assert!(together.len() > 5, "people who joined together don't ask together");
}

#[test]
fn who_is_in_is_told_how_long() {
    let mut story = Story::inside(&[1]);

    let standing = story.standing(1);

    assert_eq!((standing.state, standing.position), (Phase::Active, None));
    assert_eq!(standing.expires_at, Some(second(600)));
    assert_eq!(standing.expires_in_seconds, Some(600));
    story.at(600);
    let standing = story.standing(1);
    assert_eq!((standing.state, standing.expires_at), (Phase::Expired, None));
}

#[test]
fn a_concert_is_scheduled_until_its_sale_opens() {
    let mut story = Story::new();
    story.join_all(&[1]);
    story.at_millis(-1);
    assert_eq!(story.standing(1).concert_state, ConcertState::Scheduled);
    story.at(0);
    assert_eq!(story.standing(1).concert_state, ConcertState::Open);
}

#[test]
fn only_an_active_ticket_of_the_same_concert_may_look_at_seats() {
    let mut story = Story::new();
    story.join_all(&[1, 2, 3]);
    story.at(0);
    let elsewhere = ConcertId(story.fresh_id());
    let look = |story: &Story, person| admit_reader(story.ticket(person), CONCERT, story.now());

    assert_eq!(look(&story, 1), Ok(()));
    assert_eq!(look(&story, 3), Err(Rejection::QueueTokenWaiting));
    let wrong = Err(Rejection::QueueTokenWrongConcert);
    assert_eq!(admit_reader(story.ticket(1), elsewhere, story.now()), wrong);
    assert_eq!(admit_reader(story.ticket(3), elsewhere, story.now()), wrong);
    story.leave(1).unwrap();
    assert_eq!(look(&story, 1), Err(Rejection::QueueTokenExpired));
    story.buy(2, &[1]);
    assert_eq!(look(&story, 2), Err(Rejection::QueueTokenExpired));
    story.asleep_until(60_000);
    assert_eq!(look(&story, 3), Err(Rejection::QueueTokenWaiting), "its tick has not run");
}
