//! People who are not there when their turn comes.

use crate::story::{CONCERT, Story, second};
use frontrow_core::queue::Phase;
use frontrow_core::{Command, EventKind, ExpiryCause, Outcome};

/// Two are let in every ten seconds; who was not seen for 30 seconds is passed over.
fn story() -> Story {
    Story::with(|concert| concert.admission.lapse_seconds = 30)
}

fn ticked(admitted: u32, skipped: u32) -> Outcome {
    Outcome::Ticked { admitted, skipped, expired: 0, more: false }
}

#[test]
fn a_no_show_is_passed_over_and_the_next_takes_the_place_in_the_same_tick() {
    let mut story = story();
    story.join_all(&[1, 2, 3, 4]);
    story.at(-20);
    for person in [2, 3, 4] {
        story.poll(person);
    }
    story.news();

    story.at(0);

    assert_eq!(story.active(), [2, 3]);
    assert_eq!(story.phase(1), Phase::Expired);
    let no_show = EventKind::TicketExpired {
        ticket_id: story.ticket_id(1),
        concert_id: story.ticket(1).concert_id,
        cause: ExpiryCause::NoShow,
    };
    assert_eq!(story.news()[0], no_show);
}

#[test]
fn joining_is_being_seen() {
    let mut story = story();
    story.at(-29);
    story.join_all(&[1]);

    story.at(0);

    assert_eq!(story.active(), [1]);
}

#[test]
fn unseen_for_exactly_lapse_seconds_is_absent_and_a_millisecond_less_is_not() {
    let mut story = story();
    story.join_all(&[1, 2]);
    story.at(-30);
    story.poll(1);
    story.at_millis(-29_999);
    story.poll(2);

    story.at(0);

    assert_eq!((story.phase(1), story.phase(2)), (Phase::Expired, Phase::Active));
}

#[test]
fn absence_counts_only_at_ones_turn() {
    let mut story = story();
    story.join_all(&[1, 2, 3]);
    story.at(-5);
    story.poll(1);
    story.poll(2);

    // 3 was away for long, but is back before the tick whose turn it is.
    story.at(0);
    assert_eq!(story.waiting(), [3]);
    story.at(9);
    story.poll(3);
    story.at(10);

    assert_eq!(story.active(), [1, 2, 3]);
}

#[test]
fn an_outage_expires_nobody() {
    let mut story = story();
    story.join_all(&[1, 2, 3]);

    // No poll was served from -90 to 5; the host says so, and ticks.
    story.asleep_until(5);
    story.world.set_served_since(second(5));
    story.wake();

    assert_eq!(story.active(), [1, 2]);
}

#[test]
fn after_an_outage_absence_counts_from_when_polls_are_served_again() {
    let mut story = story();
    story.pause(true);
    story.join_all(&[1, 2]);
    story.asleep_until(5);
    story.world.set_served_since(second(5));
    story.at(25);
    story.poll(2);
    story.pause(false);

    // At 40, 1 was not seen for 35 seconds of service, and 2 for 15.
    story.asleep_until(40).wake();

    assert_eq!((story.phase(1), story.phase(2)), (Phase::Expired, Phase::Active));
}

#[test]
fn the_command_itself_says_since_when_polls_are_served() {
    let mut story = story();
    story.join_all(&[1]);
    story.asleep_until(0);
    let tick =
        |served_since| Command::Tick { concert_id: CONCERT, served_since: second(served_since) };

    assert_eq!(story.send(&tick(-29)), Ok(ticked(1, 0)));

    story.join_all(&[2]);
    story.asleep_until(60);
    assert_eq!(story.send(&tick(30)), Ok(ticked(0, 1)));
}

#[test]
fn with_lapse_seconds_off_nobody_is_a_no_show() {
    let mut story = Story::with(|concert| concert.admission.lapse_seconds = 0);
    story.join_all(&[1]);
    story.pause(true);
    story.at(80_000);
    story.pause(false);

    story.at(80_010);

    assert_eq!(story.active(), [1]);
}

#[test]
fn who_is_let_in_is_not_asked_to_be_seen() {
    let mut story = story();
    story.at(-1);
    story.join_all(&[1]);

    story.at(500);

    assert_eq!(story.phase(1), Phase::Active);
}

#[test]
fn a_no_show_may_join_again_at_the_back() {
    let mut story = story();
    story.join_all(&[1]);
    story.at(0);
    assert_eq!(story.phase(1), Phase::Expired);

    story.join_all(&[2, 1]);

    assert_eq!(story.standing(1).position, Some(2));
}

#[test]
fn no_shows_do_not_use_up_the_batch_or_the_cap() {
    let mut story = Story::with(|concert| {
        concert.admission.lapse_seconds = 30;
        concert.admission.max_active = Some(1);
    });
    story.join_all(&[1, 2, 3, 4, 5]);
    story.asleep_until(0);
    story.poll(5);

    assert_eq!(story.tick(), Ok(ticked(1, 4)));

    assert_eq!(story.active(), [5]);
}
