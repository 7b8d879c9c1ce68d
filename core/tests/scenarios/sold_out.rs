//! Sold out: decided at ticks and by refreshes, never inside a payment; and open again.

use crate::story::{CONCERT, NOBODY, Story, hall, second};
use frontrow_core::concert::ConcertState;
use frontrow_core::{Command, EventKind, Outcome, Rejection, ScheduleId};

/// Two seats, two people inside, and two in line.
fn two_seats() -> Story {
    let mut story = Story::without_seats(|_| {});
    story.add(hall(1, 2));
    story.join_all(&[1, 2, 3, 4]);
    story.at(0);
    story.news();
    story
}

/// As [`two_seats`], with both of them sold at second 5.
fn sold_out() -> Story {
    let mut story = two_seats();
    story.at(5);
    story.buy(1, &[1]);
    story.buy(2, &[2]);
    story.at(5);
    story.news();
    assert!(story.queue().sold_out);
    story
}

fn refresh() -> Command {
    Command::RefreshSoldOut { concert_id: CONCERT }
}

fn tells_sold_out(kind: &EventKind) -> bool {
    matches!(kind, EventKind::SoldOutChanged { .. })
}

#[test]
fn the_payment_of_the_last_seat_does_not_decide_it_and_a_refresh_does() {
    let mut story = two_seats();
    story.buy(1, &[1]);
    story.buy(2, &[2]);
    assert!(!story.news().iter().any(tells_sold_out));
    assert!(!story.queue().sold_out);
    assert_eq!(story.world.poll_timeout(), Some(story.now()), "it is to be refreshed at once");

    story.wake();

    let next_tick_at = second(10);
    let expected = EventKind::SoldOutChanged { concert_id: CONCERT, sold_out: true, next_tick_at };
    assert_eq!(story.news(), [expected]);
    assert_eq!(story.send(&refresh()), Ok(Outcome::SoldOutRefreshed { sold_out: true }));
    assert_eq!(story.news(), [], "it is stored once");
}

#[test]
fn a_tick_that_finds_every_seat_sold_admits_nobody() {
    let mut story = two_seats();
    story.buy(1, &[1]);
    story.buy(2, &[2]);
    story.news();

    story.asleep_until(10);

    assert_eq!(story.tick(), Ok(Outcome::SoldOutRefreshed { sold_out: true }));
    assert!(story.news().iter().all(tells_sold_out));
    assert_eq!(story.waiting(), [3, 4]);
    assert_eq!(story.tick(), Ok(Outcome::TickIdle));
}

#[test]
fn seats_that_are_only_held_are_not_sold() {
    let mut story = two_seats();
    story.buy(1, &[1]);
    story.hold(2, &[2]).unwrap();

    story.at(10);

    assert_eq!(story.send(&refresh()), Ok(Outcome::SoldOutRefreshed { sold_out: false }));
    assert_eq!(story.waiting(), NOBODY);
}

#[test]
fn a_concert_that_has_no_seats_is_never_sold_out() {
    let mut story = Story::without_seats(|_| {});

    assert_eq!(story.send(&refresh()), Ok(Outcome::SoldOutRefreshed { sold_out: false }));

    story.join_all(&[1]);
    story.at(0);
    assert_eq!(story.active(), [1]);
}

#[test]
fn those_in_line_are_told_and_nobody_may_join() {
    let mut story = sold_out();

    story.at(100);

    let standing = story.standing(3);
    assert_eq!(standing.position, Some(1), "they keep their place");
    assert_eq!(standing.concert_state, ConcertState::SoldOut);
    assert_eq!((standing.next_admission_at, standing.eta_seconds), (None, None));
    assert_eq!(story.join(5), Err(Rejection::SoldOut));
    let again = story.join(3);
    assert!(matches!(again, Ok(Outcome::Joined { already_queued: true, .. })));
}

#[test]
fn a_cancelled_seat_reopens_the_sale_at_the_next_tick() {
    let mut story = sold_out();
    story.at(33);

    story.withdraw(1).unwrap();
    story.at(33);

    let news = story.news();
    let next_tick_at = second(40);
    let opened = EventKind::SoldOutChanged { concert_id: CONCERT, sold_out: false, next_tick_at };
    assert_eq!(news.last(), Some(&opened));
    assert_eq!(story.waiting(), [3, 4], "the ticks since it was sold out are not made up for");
    story.join_all(&[5]);
    story.at(40);
    assert_eq!((story.active(), story.waiting()), (vec![3, 4], vec![5]));
}

#[test]
fn a_new_schedule_reopens_the_sale() {
    let mut story = sold_out();
    story.at(20);

    let mut second_hall = hall(1, 1);
    second_hall.id = ScheduleId(story.fresh_id());
    story.add(second_hall);

    story.at(30);
    assert!(!story.queue().sold_out);
    assert_eq!(story.active(), [3, 4]);
}

#[test]
fn a_tick_that_finds_a_seat_unsold_reopens_the_sale_itself() {
    let mut story = sold_out();
    story.asleep_until(12);
    story.withdraw(1).unwrap();
    story.news();

    let ticked = story.tick();

    assert_eq!(ticked, Ok(Outcome::Ticked { admitted: 2, skipped: 0, expired: 0, more: false }));
    let next_tick_at = second(20);
    let opened = EventKind::SoldOutChanged { concert_id: CONCERT, sold_out: false, next_tick_at };
    assert_eq!(story.news()[0], opened);
}

#[test]
fn a_sale_that_is_sold_out_and_open_again_within_one_tick_admits_no_second_batch() {
    let mut story = sold_out();
    story.withdraw(1).unwrap();
    story.at(6);

    assert_eq!(story.tick(), Ok(Outcome::TickIdle), "the tick at 0 has run");

    story.at(10);
    assert_eq!(story.active(), [3, 4]);
}

#[test]
fn a_tick_that_was_under_way_when_the_last_seat_was_sold_is_over() {
    let mut story = Story::without_seats(|concert| concert.admission.batch_size = 1_500);
    story.add(hall(1, 1));
    story.join_all(&(1..=1_600).collect::<Vec<_>>());
    story.asleep_until(1);
    story.tick().unwrap();
    story.buy(1, &[1]);

    assert_eq!(story.tick(), Ok(Outcome::SoldOutRefreshed { sold_out: true }));

    assert_eq!(story.queue().rest, None);
    assert_eq!(story.waiting().len(), 600);
}
