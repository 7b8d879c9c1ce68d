//! Payments and refunds: all or nothing, and exactly once.

use crate::story::{CONCERT, Story, hall, second, user};
use frontrow_core::ledger::TransferKind;
use frontrow_core::queue::Phase;
use frontrow_core::seating::{ReservationState, ReservationStatus, Seat, SeatStatus};
use frontrow_core::{Actor, Amount, Command, EventKind, Outcome, Rejection, TransferId};

/// Person 1 holds seats 1 and 2 and has 5,000.
fn about_to_pay() -> Story {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[1, 2]).expect("both are free");
    story.charge(1, 5_000).expect("a small charge");
    story.news();
    story
}

#[test]
fn a_payment_moves_money_seats_reservation_and_ticket_in_one_decision() {
    let mut story = about_to_pay();

    let answer = story.pay(1);

    let Ok(Outcome::Paid { reservation, transfer }) = answer else { panic!("{answer:?}") };
    assert_eq!(reservation, *story.reservation(1));
    assert_eq!((transfer.amount.get(), transfer.balance_after.get()), (2_000, 3_000));
    assert_eq!(story.balance(1), Some(3_000));
    assert_eq!(story.status(1), ReservationStatus::Confirmed);
    let sold = Seat::Sold { reservation_id: reservation.id };
    assert_eq!([story.seat_row(1), story.seat_row(2)], [sold, sold]);
    assert_eq!(story.phase(1), Phase::Consumed);
    let news = story.news();
    assert!(matches!(
        news[..],
        [
            EventKind::Transferred { .. },
            EventKind::ReservationConfirmed { .. },
            EventKind::TicketConsumed { .. }
        ]
    ));
}

#[test]
fn a_refused_payment_changes_nothing() {
    let mut story = about_to_pay();
    let refusals = [
        (1_999, Rejection::AmountMismatch { expected: Amount::new(2_000).unwrap() }),
        (2_001, Rejection::AmountMismatch { expected: Amount::new(2_000).unwrap() }),
        (0, Rejection::AmountMismatch { expected: Amount::new(2_000).unwrap() }),
        (u64::MAX, Rejection::AmountMismatch { expected: Amount::new(2_000).unwrap() }),
    ];

    for (amount, rejection) in refusals {
        assert_eq!(story.pay_amount(1, amount), Err(rejection));
    }

    assert_eq!(story.news(), []);
    assert_eq!((story.balance(1), story.status(1)), (Some(5_000), ReservationStatus::Held));
    assert_eq!(story.phase(1), Phase::Active);
}

#[test]
fn a_balance_that_is_just_enough_is_enough_and_one_less_is_not() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1, 2]).unwrap();
    story.charge(1, 1_999).unwrap();
    let (balance, required) = (Amount::new(1_999).unwrap(), Amount::new(2_000).unwrap());
    assert_eq!(story.pay(1), Err(Rejection::InsufficientBalance { balance, required }));

    story.charge(1, 1).unwrap();
    story.pay(1).unwrap();

    assert_eq!(story.balance(1), Some(0));
}

#[test]
fn paying_twice_takes_the_money_once() {
    let mut story = about_to_pay();
    story.pay(1).unwrap();
    story.news();

    assert_eq!(story.pay(1), Err(Rejection::AlreadyPaid));

    assert_eq!(story.news(), []);
    assert_eq!(story.balance(1), Some(3_000));
}

#[test]
fn a_hold_can_be_paid_until_its_instant_and_not_at_it() {
    let mut story = about_to_pay();
    story.asleep_until_millis(299_999);
    story.pay(1).unwrap();

    let mut late = about_to_pay();
    late.asleep_until(300);
    assert_eq!(late.pay(1), Err(Rejection::HoldExpired));
    assert_eq!(late.balance(1), Some(5_000));
}

#[test]
fn paying_for_a_lapsed_hold_stores_the_expiry_and_refuses() {
    let mut story = about_to_pay();
    story.asleep_until(301);

    assert_eq!(story.pay(1), Err(Rejection::HoldExpired));

    let reservation_id = story.reservation_id(1);
    assert_eq!(story.news(), [EventKind::ReservationExpired { reservation_id }]);
    assert_eq!(story.reservation(1).state, ReservationState::Expired { at: second(301) });
    assert_eq!(story.pay(1), Err(Rejection::HoldExpired));
    assert_eq!(story.news(), [], "it is stored once");
}

#[test]
fn a_lapsed_hold_cannot_be_paid_though_the_ticket_holds_other_seats() {
    let mut story = about_to_pay();
    let lapsed = story.reservation_id(1);
    story.asleep_until(300);
    story.hold(1, &[5]).unwrap();

    assert_eq!(story.pay_for(1, lapsed, 2_000), Err(Rejection::HoldExpired));

    assert_eq!((story.status(1), story.seat(5)), (ReservationStatus::Held, SeatStatus::Held));
    story.pay(1).unwrap();
}

#[test]
fn nobody_pays_for_somebody_else() {
    let mut story = about_to_pay();
    story.charge(2, 5_000).unwrap();
    let reservation_id = story.reservation_id(1);

    assert_eq!(story.pay_for(2, reservation_id, 2_000), Err(Rejection::ReservationNotFound));
    let (ticket_id, payment_id) = (story.ticket_id(1), TransferId(story.fresh_id()));
    let with_another_ticket =
        Command::Pay { payment_id, reservation_id, ticket_id, user_id: user(2), amount: 2_000 };
    assert_eq!(story.send(&with_another_ticket), Err(Rejection::QueueTokenInvalid));
}

#[test]
fn cancelling_gives_the_price_back_and_frees_the_seats() {
    let mut story = about_to_pay();
    story.pay(1).unwrap();

    let answer = story.withdraw(1);

    let Ok(Outcome::Withdrawn { refund: Some(refund) }) = answer else { panic!("{answer:?}") };
    assert_eq!((refund.amount.get(), refund.balance_after.get()), (2_000, 5_000));
    let reservation_id = story.reservation_id(1);
    assert_eq!(refund.kind, TransferKind::Refund { reservation_id, concert_id: CONCERT });
    assert_eq!(story.balance(1), Some(5_000));
    assert_eq!((story.seat(1), story.seat(2)), (SeatStatus::Available, SeatStatus::Available));
    assert_eq!((story.status(1), story.phase(1)), (ReservationStatus::Cancelled, Phase::Consumed));
}

#[test]
fn cancelling_twice_gives_the_price_back_once() {
    let mut story = about_to_pay();
    story.pay(1).unwrap();
    story.withdraw(1).unwrap();
    story.hold(2, &[1]).unwrap();
    story.news();

    assert_eq!(story.withdraw(1), Ok(Outcome::Withdrawn { refund: None }));

    assert_eq!(story.news(), []);
    assert_eq!((story.balance(1), story.seat(1)), (Some(5_000), SeatStatus::Held));
}

#[test]
fn nothing_is_given_back_once_the_performance_has_begun() {
    let mut story = about_to_pay();
    story.pay(1).unwrap();
    story.asleep_until_millis(86_399_999);
    let mut other = about_to_pay();
    other.pay(1).unwrap();
    other.asleep_until(86_400);

    assert!(story.withdraw(1).is_ok());
    assert_eq!(other.withdraw(1), Err(Rejection::ScheduleStarted));

    assert_eq!((other.balance(1), other.seat(1)), (Some(3_000), SeatStatus::Sold));
}

#[test]
fn a_hold_can_be_given_back_once_the_performance_has_begun() {
    let mut story = Story::without_seats(|_| {});
    let mut soon = hall(1, 2);
    soon.starts_at = second(60);
    story.add(soon);
    story.join_all(&[1]);
    story.at(50);
    story.hold(1, &[1]).unwrap();
    story.at(60);

    assert_eq!(story.withdraw(1), Ok(Outcome::Withdrawn { refund: None }));
}

#[test]
fn operators_withdraw_for_anybody_and_people_only_for_themselves() {
    let mut story = about_to_pay();
    story.pay(1).unwrap();
    let reservation_id = story.reservation_id(1);
    let refund_id = TransferId(story.fresh_id());
    let mut withdraw = |by| story.send(&Command::Withdraw { reservation_id, by, refund_id });

    assert_eq!(withdraw(Actor::User(user(2))), Err(Rejection::ReservationNotFound));
    assert!(matches!(withdraw(Actor::Admin), Ok(Outcome::Withdrawn { refund: Some(_) })));

    assert_eq!(story.balance(1), Some(5_000), "the refund is the buyer's");
}
