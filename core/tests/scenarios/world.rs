//! The contract of a world: when to call what, and what calling at the wrong time does.

use crate::story::{CONCERT, Story, concert, hall, millisecond, second, user};
use frontrow_core::queue::Phase;
use frontrow_core::{Command, ConcertId, EventKind, Outcome, Rejection, TicketId, World};
use uuid::Uuid;

fn join(person: u32) -> Command {
    let ticket_id = TicketId(Uuid::from_u128(u128::from(person)));
    Command::Join { ticket_id, concert_id: CONCERT, user_id: user(person) }
}

/// A world with the usual concert, its events drained.
fn world() -> World {
    let mut world = World::new();
    world
        .execute(&Command::CreateConcert { concert: concert() }, second(-100))
        .expect("well formed");
    world
        .execute(&Command::AddSchedule { schedule: hall(2, 5) }, second(-100))
        .expect("well formed");
    while world.poll_event().is_some() {}
    world
}

#[test]
fn a_world_in_which_nobody_waits_has_nothing_to_do() {
    assert_eq!(World::new().poll_timeout(), None);
    assert_eq!(world().poll_timeout(), None);
    assert!(World::default().poll_event().is_none());
}

#[test]
fn events_come_out_once_and_oldest_first() {
    let mut world = world();
    world.execute(&join(1), second(-2)).unwrap();
    world.execute(&join(2), second(-1)).unwrap();

    let first = world.poll_event().unwrap();
    let then = world.poll_event().unwrap();

    assert_eq!((first.at, then.at), (second(-2), second(-1)));
    assert!(matches!(first.kind, EventKind::TicketIssued { number: 1, .. }));
    assert_eq!(world.poll_event(), None);
}

#[test]
fn calling_early_or_often_does_nothing() {
    let mut world = world();
    world.execute(&join(1), second(-5)).unwrap();
    world.poll_event();
    assert_eq!(world.poll_timeout(), Some(second(0)));

    for millis in [-4_000, -3_000, -1, -1] {
        world.handle_timeout(millisecond(millis));
        assert_eq!(world.poll_event(), None);
        assert_eq!(world.poll_timeout(), Some(second(0)));
    }
    world.handle_timeout(second(0));
    assert!(world.poll_event().is_some());
    while world.poll_event().is_some() {}
    world.handle_timeout(second(0));
    assert_eq!(world.poll_event(), None);
}

#[test]
fn each_timeout_has_a_reason_and_they_come_in_order() {
    let mut story = Story::with(|concert| concert.holds.hold_seconds = 20);
    story.join_all(&[1, 2, 3]);
    assert_eq!(story.world.poll_timeout(), Some(second(0)), "the first tick");
    story.at(0);
    assert_eq!(story.world.poll_timeout(), Some(second(10)), "the tick of 3");
    story.at(10);
    assert_eq!(story.world.poll_timeout(), Some(second(600)), "the tickets of 1 and 2");
    story.hold(1, &[1]).unwrap();
    assert_eq!(story.world.poll_timeout(), Some(second(30)), "the hold of 1");
    story.withdraw(1).unwrap();
    assert_eq!(story.world.poll_timeout(), Some(second(600)));
    story.leave(1).unwrap();
    story.leave(2).unwrap();
    assert_eq!(story.world.poll_timeout(), Some(second(610)), "the ticket of 3");
    story.at(610);
    assert_eq!(story.world.poll_timeout(), None);
}

#[test]
fn a_now_that_runs_backwards_counts_as_the_last_one() {
    let mut world = world();
    world.execute(&join(1), second(-5)).unwrap();

    let joined = world.execute(&join(2), second(-50)).unwrap();

    let Outcome::Joined { ticket, .. } = joined else { panic!("{joined:?}") };
    assert_eq!(ticket.issued_at, second(-5));
    world.handle_timeout(second(0));
    world.handle_timeout(second(-50));
    let last = std::iter::from_fn(|| world.poll_event()).last().unwrap();
    assert_eq!(last.at, second(0));
}

#[test]
fn a_hold_that_has_lapsed_does_not_come_alive_when_the_clock_steps_back() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[1]).unwrap();
    story.charge(1, 1_000).unwrap();
    story.asleep_until(300);
    story.hold(2, &[2]).unwrap();

    story.asleep_until(299);

    assert_eq!(story.pay(1), Err(Rejection::HoldExpired));
    // The story ends when its world does.
    story.asleep_until(300);
}

#[test]
fn being_late_delays_the_storing_of_expiries_and_nothing_else() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1]).unwrap();
    story.asleep_until(5_000);
    story.news();
    assert_eq!(story.phase(1), Phase::Expired);

    story.wake();

    let news = story.news();
    assert!(matches!(
        news[..],
        [EventKind::ReservationExpired { .. }, EventKind::TicketExpired { .. }]
    ));
    assert_eq!(story.world.poll_timeout(), None);
}

#[test]
fn what_was_done_in_between_is_not_done_again() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1]).unwrap();
    story.asleep_until(5_000);
    let _ = story.pay(1);
    let ticket_id = story.ticket_id(1);
    story.send(&Command::ExpireTicket { ticket_id }).unwrap();
    story.news();

    story.wake();

    assert_eq!(story.news(), []);
}

#[test]
fn a_refusal_leaves_the_world_as_it_was() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[1]).unwrap();
    let before = (story.world.poll_timeout(), story.seat_row(1), story.ticket(2).clone());
    story.news();

    assert!(story.hold(2, &[1]).is_err());
    assert!(story.charge(2, 0).is_err());

    assert_eq!(story.news(), []);
    let after = (story.world.poll_timeout(), story.seat_row(1), story.ticket(2).clone());
    assert_eq!(before, after);
}

#[test]
fn the_same_commands_at_the_same_times_give_the_same_events() {
    let journal = || {
        let mut story = Story::with(|concert| concert.admission.max_active = Some(3));
        story.join_all(&[5, 3, 8, 1, 9]);
        story.at(0);
        story.hold_best(5, 2).unwrap();
        story.at(20);
        story.hold_best(8, 2).unwrap();
        story.at(2_000);
        story.news()
    };
    assert_eq!(journal(), journal());
}

#[test]
fn concerts_do_not_touch_each_other() {
    let mut story = Story::new();
    story.join_all(&[1]);
    let elsewhere = ConcertId(story.fresh_id());
    let mut other = concert();
    (other.id, other.sale_opens_at) = (elsewhere, second(3));
    story.send(&Command::CreateConcert { concert: other }).unwrap();
    let ticket_id = TicketId(story.fresh_id());
    let user_id = user(1);
    story.send(&Command::Join { ticket_id, concert_id: elsewhere, user_id }).unwrap();

    story.close();

    story.at(3);
    assert_eq!(story.phase(1), Phase::Waiting);
    let ticket = story.world.state().tickets().get(ticket_id).unwrap();
    assert_eq!((ticket.number, ticket.phase(second(3))), (1, Phase::Active));
}

#[test]
fn a_standing_of_nobody_is_none() {
    let story = Story::new();
    assert_eq!(story.world.standing(TicketId(Uuid::nil()), second(0)), None);
}
