//! Every refusal there is: reached by a command, with its code, its texts, and whether to try again.

use crate::story::{CONCERT, HALL, Story, concert, hall, second, user};
use frontrow_core::concert::{Concert, ConcertChange, DrawKind, Prequeue, Schedule};
use frontrow_core::message::{ALREADY_QUEUED, of_code};
use frontrow_core::queue::DrawSeed;
use frontrow_core::seating::Choice;
use frontrow_core::{
    Actor, Amount, Command, ConcertId, Language, Rejection, ReservationId, ScheduleId, TicketId,
    TransferId,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The code of a refusal, and whether the very same command may succeed later. The compiler keeps this
/// list complete; [`VARIANTS`] is its length.
fn expected(rejection: &Rejection) -> (&'static str, bool) {
    const FOR_GOOD: bool = false;
    const FOR_NOW: bool = true;
    match rejection {
        Rejection::MalformedRequest { .. } => ("malformed_request", FOR_GOOD),
        Rejection::AmountInvalid => ("amount_invalid", FOR_GOOD),
        Rejection::QueueTokenInvalid => ("queue_token_invalid", FOR_GOOD),
        Rejection::ConcertNotFound => ("concert_not_found", FOR_GOOD),
        Rejection::ScheduleNotFound => ("schedule_not_found", FOR_GOOD),
        Rejection::ReservationNotFound => ("reservation_not_found", FOR_GOOD),
        Rejection::QueueTokenWrongConcert => ("queue_token_wrong_concert", FOR_GOOD),
        Rejection::QueueTokenWaiting => ("queue_token_waiting", FOR_NOW),
        Rejection::AlreadyPaid => ("already_paid", FOR_GOOD),
        Rejection::HoldExpired => ("hold_expired", FOR_GOOD),
        Rejection::ReservationNotHeld => ("reservation_not_held", FOR_GOOD),
        Rejection::QueueTokenExpired => ("queue_token_expired", FOR_GOOD),
        Rejection::ScheduleStarted => ("schedule_started", FOR_GOOD),
        Rejection::SaleClosed => ("sale_closed", FOR_GOOD),
        Rejection::HoldExists { .. } => ("hold_exists", FOR_NOW),
        Rejection::SeatNotFound => ("seat_not_found", FOR_GOOD),
        Rejection::SeatLimitExceeded { .. } => ("seat_limit_exceeded", FOR_GOOD),
        Rejection::SeatTaken { .. } => ("seat_taken", FOR_NOW),
        Rejection::NoSeatsAvailable => ("no_seats_available", FOR_NOW),
        Rejection::NoSchedulesAvailable => ("no_schedules_available", FOR_NOW),
        Rejection::QueueClosed => ("queue_closed", FOR_GOOD),
        Rejection::QueueNotOpen { .. } => ("queue_not_open", FOR_NOW),
        Rejection::SoldOut => ("sold_out", FOR_NOW),
        Rejection::AmountMismatch { .. } => ("amount_mismatch", FOR_GOOD),
        Rejection::BalanceNotFound => ("balance_not_found", FOR_NOW),
        Rejection::InsufficientBalance { .. } => ("insufficient_balance", FOR_NOW),
        Rejection::BalanceLimitExceeded => ("balance_limit_exceeded", FOR_NOW),
        Rejection::DrawNotOpen => ("draw_not_open", FOR_NOW),
        Rejection::AlreadyDrawn => ("already_drawn", FOR_GOOD),
        Rejection::IdInUse => ("id_in_use", FOR_GOOD),
    }
}

const VARIANTS: usize = 30;
const UNKNOWN: Uuid = Uuid::from_u128(0xDEAD);

type Refusals = Vec<Rejection>;

/// What operators hear.
fn of_operators() -> Refusals {
    let mut story = Story::new();
    let mut untitled = concert();
    untitled.title.clear();
    let nowhere = ConcertId(UNKNOWN);
    [
        Command::CreateConcert { concert: untitled },
        Command::CreateConcert { concert: concert() },
        Command::AddSchedule { schedule: hall(1, 1) },
        Command::Tick { concert_id: nowhere, served_since: second(0) },
        Command::RefreshSoldOut { concert_id: nowhere },
        Command::UpdateConcert { concert_id: nowhere, change: ConcertChange::default() },
    ]
    .iter()
    .map(|command| story.send(command).expect_err("each of these is refused"))
    .collect()
}

/// What is heard around a draw.
fn of_draws() -> Refusals {
    let prequeue = Prequeue {
        opens_at: second(-10),
        draw: DrawKind::Random,
        beacon: Some("round 17".to_owned()),
        seed: Some(DrawSeed::new([7; 32])),
    };
    let mut story = Story::with(|concert| concert.prequeue = Some(prequeue));
    let draw = |value: &str| Command::Draw { concert_id: CONCERT, beacon_value: value.to_owned() };
    let mut refusals = vec![
        story.join(1).expect_err("joining opens later"),
        story.send(&draw("17")).expect_err("the sale opens later"),
    ];
    story.at(0).send(&draw("17")).expect("the sale is open");
    refusals.push(story.send(&draw("18")).expect_err("it was drawn with another value"));
    refusals
}

/// What people in the queue hear, and those who may not join it.
fn of_the_queue() -> Refusals {
    let mut story = Story::without_seats(|_| {});
    story.add(hall(1, 1));
    story.join_all(&[1, 2, 3]);
    story.at(0);
    let unknown_ticket = Command::Leave { ticket_id: TicketId(UNKNOWN) };
    let used =
        Command::Join { ticket_id: story.ticket_id(1), concert_id: CONCERT, user_id: user(4) };
    let mut refusals = vec![
        story.hold(3, &[1]).expect_err("3 waits"),
        story.send(&unknown_ticket).expect_err("no such ticket"),
        story.send(&used).expect_err("that id is 1's"),
    ];
    story.buy(1, &[1]);
    story.at(0);
    refusals.push(story.join(4).expect_err("every seat is sold"));
    refusals.push(story.hold_best(2, 1).expect_err("every seat is sold"));
    story.close();
    refusals.push(story.join(4).expect_err("the concert is closed"));
    refusals.push(story.hold(2, &[1]).expect_err("the concert is closed"));
    story.leave(2).expect("2 is in");
    refusals.push(story.hold(2, &[1]).expect_err("2 has left"));
    refusals
}

/// What people hear who choose seats.
fn of_the_hall() -> Refusals {
    let mut story = Story::inside(&[1, 2]);
    let seat = || Choice::Seats([1].into_iter().collect());
    let begun = ScheduleId(story.fresh_id());
    let schedule = Schedule { id: begun, starts_at: second(0), ..hall(1, 1) };
    story.add(schedule);
    story.hold(2, &[2]).expect("seat 2 is free");
    let mut refusals = vec![
        story.choose(1, begun, seat()).expect_err("it has begun"),
        story.choose(1, ScheduleId(UNKNOWN), seat()).expect_err("no such schedule"),
        story.hold(1, &[11]).expect_err("the hall has ten seats"),
        story.hold(1, &[1, 3, 4, 5, 6]).expect_err("four is the limit"),
        story.hold(1, &[1, 2]).expect_err("2 has seat 2"),
        story.hold(2, &[3]).expect_err("2 holds seats already"),
    ];
    let elsewhere = ConcertId(story.fresh_id());
    let other = Concert { id: elsewhere, ..concert() };
    story.send(&Command::CreateConcert { concert: other }).expect("it is well formed");
    let (ticket_id, user_id) = (TicketId(story.fresh_id()), user(1));
    let join = Command::Join { ticket_id, concert_id: elsewhere, user_id };
    story.send(&join).expect("it is open");
    let reservation_id = ReservationId(story.fresh_id());
    let hold =
        Command::Hold { reservation_id, schedule_id: HALL, ticket_id, user_id, choice: seat() };
    refusals.push(story.send(&hold).expect_err("the ticket is for another concert"));
    refusals
}

/// What people hear who pay, or give back.
fn of_the_till() -> Refusals {
    let mut story = Story::inside(&[1, 2]);
    let withdraw = Command::Withdraw {
        reservation_id: ReservationId(UNKNOWN),
        by: Actor::Admin,
        refund_id: TransferId(story.fresh_id()),
    };
    story.hold(1, &[1]).expect("seat 1 is free");
    story.hold(2, &[2]).expect("seat 2 is free");
    let mut refusals = vec![
        story.send(&withdraw).expect_err("no such reservation"),
        story.pay_amount(1, 1).expect_err("a seat costs more"),
        story.pay(1).expect_err("no wallet"),
        story.charge(1, 0).expect_err("nothing"),
    ];
    story.charge(1, 1).expect("a small charge");
    refusals.push(story.pay(1).expect_err("one is too little"));
    refusals.push(story.charge(1, Amount::MAX.get()).expect_err("too much"));
    story.charge(1, 999).expect("a small charge");
    story.pay(1).expect("it is enough");
    refusals.push(story.pay(1).expect_err("it is paid"));
    story.asleep_until(300);
    refusals.push(story.pay(2).expect_err("the hold has lapsed"));
    story.withdraw(1).expect("the performance has not begun");
    refusals.push(story.pay(1).expect_err("it is cancelled"));
    refusals
}

/// Every refusal, by its code.
fn every() -> BTreeMap<&'static str, Rejection> {
    let stories = [of_operators(), of_draws(), of_the_queue(), of_the_hall(), of_the_till()];
    // The one that no command hears: hosts answer it when they list schedules.
    let of_hosts = [Rejection::NoSchedulesAvailable];
    let all = stories.into_iter().flatten().chain(of_hosts);
    all.map(|rejection| (rejection.code(), rejection)).collect()
}

#[test]
fn every_refusal_can_be_reached_and_has_its_code() {
    let every = every();
    assert_eq!(every.len(), VARIANTS, "{:?}", every.keys());
    for (code, rejection) in every {
        assert_eq!(expected(&rejection), (code, rejection.is_transient()));
    }
}

#[test]
fn every_refusal_has_both_texts_and_no_two_are_the_same() {
    let mut seen = BTreeSet::new();
    for (code, rejection) in every() {
        let (ko, en) = (
            rejection.text().in_language(Language::Ko),
            rejection.text().in_language(Language::En),
        );
        assert!(ko.chars().any(|c| ('가'..='힣').contains(&c)), "{code}: {ko}");
        assert!(en.is_ascii() && en.ends_with('.'), "{code}: {en}");
        assert_eq!(rejection.to_string(), en);
        assert!(seen.insert(ko) && seen.insert(en), "{code} says what another one says");
    }
}

#[test]
fn the_words_that_clients_know_by_heart_are_as_the_contract_has_them() {
    let words = [
        (
            "no_schedules_available",
            "예약 가능한 스케줄이 없습니다.",
            "There are no schedules to book.",
        ),
        ("no_seats_available", "예약 가능한 좌석이 없습니다.", "There are no seats left to book."),
        ("seat_taken", "이미 선택된 좌석입니다.", "That seat is already taken."),
        ("balance_not_found", "잔액 정보가 없습니다.", "There is no balance for this user."),
        ("insufficient_balance", "잔액이 부족합니다.", "The balance is too low."),
        ("hold_expired", "임시 배정 시간이 만료되었습니다.", "The hold on this seat has expired."),
    ];
    for (code, ko, en) in words {
        let text = of_code(code).unwrap();
        assert_eq!((text.ko, text.en), (ko, en));
    }
    let queued = ALREADY_QUEUED;
    assert_eq!(queued.ko, "이미 대기열에 있습니다. 대기 중입니다.");
    assert_eq!(queued.en, "You are already in the queue.");
}

#[test]
fn what_is_in_the_way_is_named_for_the_caller() {
    let every = every();
    let (one, price) = (Amount::new(1).unwrap(), Amount::new(1_000).unwrap());
    assert_eq!(every["seat_limit_exceeded"], Rejection::SeatLimitExceeded { limit: 4 });
    assert_eq!(every["seat_taken"], Rejection::SeatTaken { seats: [2].into_iter().collect() });
    assert_eq!(every["amount_mismatch"], Rejection::AmountMismatch { expected: price });
    let poor = Rejection::InsufficientBalance { balance: one, required: price };
    assert_eq!(every["insufficient_balance"], poor);
}

#[test]
fn an_id_that_is_in_use_is_refused_for_holds_too() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[1]).unwrap();
    let (reservation_id, ticket_id) = (story.reservation_id(1), story.ticket_id(2));
    let choice = Choice::Seats([2].into_iter().collect());
    let user_id = user(2);
    let hold = Command::Hold { reservation_id, schedule_id: HALL, ticket_id, user_id, choice };

    assert_eq!(story.send(&hold), Err(Rejection::IdInUse));
}

#[test]
fn an_id_that_is_in_use_is_refused_for_transfers_too() {
    let mut story = Story::inside(&[1]);
    let transfer_id = TransferId(story.fresh_id());
    let charge = Command::Charge { transfer_id, user_id: user(1), amount: 5_000 };
    story.send(&charge).unwrap();
    story.hold(1, &[1]).unwrap();
    let (reservation_id, ticket_id) = (story.reservation_id(1), story.ticket_id(1));
    let amount = story.reservation(1).amount.get();
    let (payment_id, user_id) = (transfer_id, user(1));
    let pay = Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount };

    assert_eq!(story.send(&charge), Err(Rejection::IdInUse));
    assert_eq!(story.send(&pay), Err(Rejection::IdInUse));
    story.pay(1).unwrap();
    let withdraw =
        Command::Withdraw { reservation_id, by: Actor::User(user_id), refund_id: transfer_id };
    assert_eq!(story.send(&withdraw), Err(Rejection::IdInUse));
    assert_eq!(story.balance(1), Some(5_000 - amount));
}
