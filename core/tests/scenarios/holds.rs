//! Holds: how long they live, and the tickets that they keep alive. Which seats may be held is in
//! `seats`.

use crate::story::{Story, second};
use frontrow_core::concert::{ConcertChange, HoldChange};
use frontrow_core::queue::Phase;
use frontrow_core::seating::{ReservationState, ReservationStatus, Seat, SeatStatus};
use frontrow_core::{Command, EventKind, Outcome, Rejection};

#[test]
fn a_hold_lives_until_its_instant_and_is_then_gone_with_nobody_sweeping_it() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[3]).unwrap();
    assert_eq!(story.reservation(1).expires_at, second(300));

    story.asleep_until_millis(299_999);
    assert_eq!((story.seat(3), story.status(1)), (SeatStatus::Held, ReservationStatus::Held));
    assert!(matches!(story.hold(2, &[3]), Err(Rejection::SeatTaken { .. })));

    story.asleep_until(300);
    let free = (SeatStatus::Available, ReservationStatus::Expired);
    assert_eq!((story.seat(3), story.status(1)), free);
    story.hold(2, &[3]).unwrap();
}

#[test]
fn the_expiry_of_a_hold_never_changes() {
    let mut story = Story::inside_with(&[1], |concert| concert.holds.hold_seconds = 60);
    story.hold(1, &[1]).unwrap();

    let holds = Some(HoldChange { hold_seconds: Some(3_000), ..HoldChange::default() });
    story.change(ConcertChange { holds, ..ConcertChange::default() });
    story.at(30);
    let again = story.hold(1, &[2]);

    assert!(matches!(again, Err(Rejection::HoldExists { .. })));
    assert_eq!(story.reservation(1).expires_at, second(60));
    story.at(60);
    story.hold(1, &[2]).unwrap();
    assert_eq!(story.reservation(1).expires_at, second(3_060), "new holds are longer");
}

#[test]
fn a_lapsed_seat_is_overwritten_without_touching_the_old_reservation() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[3, 4]).unwrap();
    let lapsed = story.reservation(1).clone();
    story.asleep_until(300);
    story.news();

    story.hold(2, &[4]).unwrap();

    assert!(matches!(story.news()[..], [EventKind::SeatsHeld { .. }]));
    assert_eq!(*story.reservation(1), lapsed, "still stored as it was, and read as expired");
    let held = Seat::Held { reservation_id: story.reservation_id(2), held_until: second(600) };
    assert_eq!(story.seat_row(4), held);
    let old = Seat::Held { reservation_id: lapsed.id, held_until: second(300) };
    assert_eq!(story.seat_row(3), old);
}

#[test]
fn storing_an_expiry_changes_no_seat() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[3]).unwrap();
    let first = story.reservation_id(1);
    story.asleep_until(300);
    story.hold(2, &[3]).unwrap();
    let rows = story.seat_row(3);
    story.news();

    let stored = story.send(&Command::ExpireReservation { reservation_id: first });

    assert_eq!(stored, Ok(Outcome::ExpiryStored { stored: true }));
    assert_eq!(story.news(), [EventKind::ReservationExpired { reservation_id: first }]);
    assert_eq!(story.seat_row(3), rows);
    assert_eq!(story.seat(3), SeatStatus::Held, "it is the second one's");
    let state = story.reservation_by(first).state;
    assert_eq!(state, ReservationState::Expired { at: second(300) });
}

#[test]
fn an_expiry_is_stored_once_and_only_when_it_has_come() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[3]).unwrap();
    let expire = Command::ExpireReservation { reservation_id: story.reservation_id(1) };
    let nothing = Ok(Outcome::ExpiryStored { stored: false });
    story.asleep_until_millis(299_999);
    assert_eq!(story.send(&expire), nothing);

    story.at(300);

    assert_eq!(story.reservation(1).state, ReservationState::Expired { at: second(300) });
    assert_eq!(story.send(&expire), nothing);
}

#[test]
fn a_ticket_lives_as_long_as_its_hold() {
    let mut story = Story::inside(&[1]);
    story.at(590);
    story.hold(1, &[1]).unwrap();

    story.at_millis(889_999);
    assert_eq!(story.phase(1), Phase::Active);
    assert_eq!(story.standing(1).expires_at, Some(second(890)));
    story.at(890);
    assert_eq!(story.phase(1), Phase::Expired);
}

#[test]
fn new_holds_are_taken_only_within_active_seconds() {
    let mut story = Story::inside(&[1]);
    story.at_millis(599_999);
    story.hold(1, &[1]).unwrap();

    story.at(600);
    assert_eq!(story.phase(1), Phase::Active, "the extension is for paying");
    assert_eq!(story.hold(1, &[2]), Err(Rejection::QueueTokenExpired));
    story.charge(1, 1_000).unwrap();
    story.pay(1).unwrap();
}

#[test]
fn releasing_a_hold_ends_what_it_added_to_the_ticket() {
    let mut story = Story::inside(&[1]);
    story.at(590);
    story.hold(1, &[1]).unwrap();
    story.at(700);

    story.withdraw(1).unwrap();

    assert_eq!(story.phase(1), Phase::Expired);
    assert_eq!(
        (story.seat(1), story.status(1)),
        (SeatStatus::Available, ReservationStatus::Released)
    );
    story.news();
    story.at(700);
    assert!(matches!(story.news()[..], [EventKind::TicketExpired { .. }]), "and it is stored");
}

#[test]
fn a_ticket_has_one_live_hold_and_may_choose_again_after_a_release() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1]).unwrap();
    let reservation_id = story.reservation_id(1);
    assert_eq!(story.hold(1, &[2]), Err(Rejection::HoldExists { reservation_id }));

    story.withdraw(1).unwrap();
    story.hold(1, &[2]).unwrap();

    assert_eq!((story.seat(1), story.seat(2)), (SeatStatus::Available, SeatStatus::Held));
}

#[test]
fn a_ticket_may_choose_again_once_its_hold_has_lapsed() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1]).unwrap();
    story.asleep_until(300);

    story.hold(1, &[1, 2]).unwrap();

    assert_eq!(story.reservation(1).expires_at, second(600));
}

#[test]
fn leaving_the_queue_releases_the_hold() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1]).unwrap();

    story.leave(1).unwrap();

    assert_eq!(story.phase(1), Phase::Left);
    assert_eq!(
        (story.seat(1), story.status(1)),
        (SeatStatus::Available, ReservationStatus::Released)
    );
    assert_eq!(story.leave(1), Ok(Outcome::Left), "leaving twice changes nothing");
}

#[test]
fn releasing_twice_changes_nothing() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[1]).unwrap();
    story.withdraw(1).unwrap();
    story.hold(2, &[1]).unwrap();
    story.news();

    assert_eq!(story.withdraw(1), Ok(Outcome::Withdrawn { refund: None }));

    assert_eq!(story.news(), []);
    assert_eq!(story.seat(1), SeatStatus::Held, "it is the second one's now");
}

#[test]
fn an_active_ticket_expires_at_its_instant() {
    let mut story = Story::inside(&[1]);
    story.asleep_until_millis(599_999);
    let expire = Command::ExpireTicket { ticket_id: story.ticket_id(1) };
    assert_eq!(story.send(&expire), Ok(Outcome::ExpiryStored { stored: false }));
    assert_eq!(story.phase(1), Phase::Active);

    story.asleep_until(600);

    assert_eq!(story.phase(1), Phase::Expired);
    assert_eq!(story.send(&expire), Ok(Outcome::ExpiryStored { stored: true }));
    assert_eq!(story.send(&expire), Ok(Outcome::ExpiryStored { stored: false }));
}
