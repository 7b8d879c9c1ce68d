//! Where several reasons to refuse are true at once, the first one of the contract is told. Each test
//! begins with as many as can be, and takes them away one by one.

use crate::story::{Answer, HALL, Story, concert, hall, second, user};
use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::queue::Phase;
use frontrow_core::seating::Choice;
use frontrow_core::{
    Actor, Amount, Command, ConcertId, Outcome, Rejection, ReservationId, ScheduleId, TicketId,
    TransferId,
};
use uuid::Uuid;

const ELSEWHERE: ConcertId = ConcertId(Uuid::from_u128(0xC1));
/// A schedule that has begun.
const BEGUN: ScheduleId = ScheduleId(Uuid::from_u128(0x5D));
const NOWHERE: ScheduleId = ScheduleId(Uuid::from_u128(0x5E));

/// The code of a refusal, or `ok`.
fn code(answer: &Answer) -> &'static str {
    answer.as_ref().map_or_else(Rejection::code, |_| "ok")
}

fn seats(numbers: &[u32]) -> Choice {
    Choice::Seats(numbers.iter().copied().collect())
}

/// A ticket of this person in the queue of another concert; it waits.
fn join_elsewhere(story: &mut Story, person: u32) -> TicketId {
    let concert = Concert { id: ELSEWHERE, ..concert() };
    let _ = story.send(&Command::CreateConcert { concert });
    let ticket_id = TicketId(story.fresh_id());
    let user_id = user(person);
    story.send(&Command::Join { ticket_id, concert_id: ELSEWHERE, user_id }).expect("it is open");
    ticket_id
}

/// At second 10: 1 and 4 are in, 1 holds seat 1 and 4 holds seat 2; 2 has left, 3 waits. One of the
/// two schedules has begun.
fn at_the_counter() -> Story {
    let mut story = Story::inside(&[1, 2, 4]);
    let begun = Schedule { id: BEGUN, starts_at: second(5), ..hall(1, 1) };
    story.add(begun);
    story.at(10);
    story.join_all(&[3]);
    story.leave(2).expect("2 is in");
    story.hold(1, &[1]).expect("seat 1 is free");
    story.hold(4, &[2]).expect("seat 2 is free");
    assert_eq!([2, 3].map(|person| story.phase(person)), [Phase::Left, Phase::Waiting]);
    story
}

/// Person `person` reserves with the given ticket.
fn reserve(
    story: &mut Story,
    person: u32,
    ticket_id: TicketId,
    schedule_id: ScheduleId,
    choice: Choice,
) -> &'static str {
    let reservation_id = ReservationId(story.fresh_id());
    let user_id = user(person);
    let hold = Command::Hold { reservation_id, schedule_id, ticket_id, user_id, choice };
    code(&story.send(&hold))
}

#[test]
fn reserving_is_refused_by_token_then_schedule_then_concert_then_state() {
    let mut story = at_the_counter();
    let elsewhere = join_elsewhere(&mut story, 1);
    let somebody_elses = story.ticket_id(4);
    let (left, waiting, active) = (story.ticket_id(2), story.ticket_id(3), story.ticket_id(1));
    story.close();
    // Besides: the concert is closed, and where it says so the schedule has begun.
    let nothing = || seats(&[]);
    let no_such_seat = || seats(&[999]);
    let mut told =
        |person, ticket, schedule, choice| reserve(&mut story, person, ticket, schedule, choice);

    assert_eq!(told(1, somebody_elses, NOWHERE, nothing()), "malformed_request");
    assert_eq!(told(1, somebody_elses, NOWHERE, no_such_seat()), "queue_token_invalid");
    assert_eq!(told(1, elsewhere, NOWHERE, no_such_seat()), "schedule_not_found");
    assert_eq!(told(1, elsewhere, BEGUN, no_such_seat()), "queue_token_wrong_concert");
    assert_eq!(told(3, waiting, BEGUN, no_such_seat()), "queue_token_waiting");
    assert_eq!(told(2, left, BEGUN, no_such_seat()), "queue_token_expired");
    assert_eq!(told(1, active, BEGUN, no_such_seat()), "schedule_started");
    assert_eq!(told(1, active, HALL, no_such_seat()), "sale_closed");
}

#[test]
fn reserving_is_then_refused_by_hold_then_seat_then_limit_then_taken() {
    let mut story = at_the_counter();
    let active = story.ticket_id(1);
    let mut told = |choice| reserve(&mut story, 1, active, HALL, choice);
    // Seat 2 is taken, seat 999 is nowhere, and five are too many.
    assert_eq!(told(seats(&[2, 3, 4, 5, 999])), "hold_exists");

    story.withdraw(1).unwrap();
    let mut told = |choice| reserve(&mut story, 1, active, HALL, choice);
    assert_eq!(told(seats(&[2, 3, 4, 5, 999])), "seat_not_found");
    assert_eq!(told(seats(&[2, 3, 4, 5, 6])), "seat_limit_exceeded");
    assert_eq!(told(seats(&[2, 3, 4, 5])), "seat_taken");
    assert_eq!(told(seats(&[3, 4, 5, 6])), "ok");
}

#[test]
fn asking_for_the_best_is_refused_by_hold_then_section_then_limit_then_none_left() {
    let mut story = Story::inside_with(&[1, 2], |concert| concert.holds.max_seats_per_user = 10);
    story.buy(2, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    story.hold(1, &[10]).unwrap();
    let active = story.ticket_id(1);
    let best =
        |count, section: Option<&str>| Choice::Best { count, section: section.map(str::to_owned) };
    let mut told = |choice| reserve(&mut story, 1, active, HALL, choice);
    assert_eq!(told(best(0, Some("Pit"))), "malformed_request");
    assert_eq!(told(best(11, Some("Pit"))), "hold_exists");

    story.withdraw(1).unwrap();
    let mut told = |choice| reserve(&mut story, 1, active, HALL, choice);
    assert_eq!(told(best(11, Some("Pit"))), "seat_not_found");
    assert_eq!(told(best(11, None)), "seat_limit_exceeded");
    assert_eq!(told(best(2, None)), "no_seats_available");
    assert_eq!(told(best(1, None)), "ok");
}

#[test]
fn a_token_that_takes_no_new_holds_is_expired_before_its_hold_is_told() {
    let mut story = Story::inside(&[1]);
    story.at(590);
    story.hold(1, &[1]).unwrap();
    story.at(600);

    assert_eq!(story.phase(1), Phase::Active);
    assert_eq!(code(&story.hold(1, &[2])), "queue_token_expired");
}

/// Person `person` pays with the given ticket.
fn pay(
    story: &mut Story,
    person: u32,
    ticket_id: TicketId,
    reservation_id: ReservationId,
    amount: u64,
) -> &'static str {
    let payment_id = TransferId(story.fresh_id());
    let user_id = user(person);
    code(&story.send(&Command::Pay { payment_id, reservation_id, ticket_id, user_id, amount }))
}

#[test]
fn paying_is_refused_by_token_then_reservation_then_concert_then_waiting_then_paid() {
    let mut story = at_the_counter();
    story.withdraw(1).unwrap();
    let paid = story.buy(1, &[1]);
    let consumed = story.ticket_id(1);
    let elsewhere = join_elsewhere(&mut story, 1);
    story.join_all(&[1]);
    let (waiting, somebody_elses) = (story.ticket_id(1), story.ticket_id(4));
    let others = story.reservation_id(4);
    // Besides: the amount is wrong, and the balance too low.
    let mut told = |ticket, reservation| pay(&mut story, 1, ticket, reservation, 77);

    assert_eq!(told(somebody_elses, others), "queue_token_invalid");
    assert_eq!(told(elsewhere, others), "reservation_not_found");
    assert_eq!(told(elsewhere, paid), "queue_token_wrong_concert");
    assert_eq!(told(waiting, paid), "queue_token_waiting");
    assert_eq!(told(consumed, paid), "already_paid");
}

#[test]
fn paying_for_what_is_held_no_more_tells_that_before_the_token() {
    let mut story = at_the_counter();
    let (released, lapsed) = (story.reservation_id(1), story.reservation_id(4));
    story.leave(1).unwrap();
    story.asleep_until(310);
    story.leave(4).unwrap();
    let (ticket_1, ticket_4) = (story.ticket_id(1), story.ticket_id(4));
    assert_eq!([1, 4].map(|person| story.phase(person)), [Phase::Left, Phase::Left]);

    assert_eq!(pay(&mut story, 4, ticket_4, lapsed, 77), "hold_expired");
    assert_eq!(pay(&mut story, 1, ticket_1, released, 77), "reservation_not_held");
}

#[test]
fn paying_for_what_was_cancelled_tells_that_before_the_token() {
    let mut story = Story::inside(&[1]);
    let cancelled = story.buy(1, &[1]);
    story.withdraw(1).unwrap();
    let consumed = story.ticket_id(1);

    assert_eq!(pay(&mut story, 1, consumed, cancelled, 77), "reservation_not_held");
}

#[test]
fn paying_is_then_refused_by_token_then_amount_then_wallet_then_balance() {
    let mut story = Story::inside(&[1]);
    let gone = story.ticket_id(1);
    story.leave(1).unwrap();
    story.join_all(&[1]);
    story.at(10);
    story.hold(1, &[1]).unwrap();
    let (held, ticket) = (story.reservation_id(1), story.ticket_id(1));

    assert_eq!(pay(&mut story, 1, gone, held, 77), "queue_token_expired");
    assert_eq!(pay(&mut story, 1, ticket, held, 77), "amount_mismatch");
    assert_eq!(pay(&mut story, 1, ticket, held, 1_000), "balance_not_found");
    story.charge(1, 999).unwrap();
    assert_eq!(pay(&mut story, 1, ticket, held, 77), "amount_mismatch");
    assert_eq!(pay(&mut story, 1, ticket, held, 1_000), "insufficient_balance");
    story.charge(1, 1).unwrap();
    assert_eq!(pay(&mut story, 1, ticket, held, 1_000), "ok");
}

#[test]
fn joining_tells_concert_then_place_then_closed_then_sold_out() {
    let mut story = Story::without_seats(|_| {});
    story.add(hall(1, 1));
    story.join_all(&[1, 2]);
    story.at(0);
    story.buy(1, &[1]);
    story.at(0);
    assert!(story.queue().sold_out);
    story.close();
    let nowhere = Command::Join {
        ticket_id: TicketId(story.fresh_id()),
        concert_id: ELSEWHERE,
        user_id: user(2),
    };

    assert_eq!(code(&story.send(&nowhere)), "concert_not_found");
    assert!(matches!(story.join(2), Ok(Outcome::Joined { already_queued: true, .. })));
    assert_eq!(code(&story.join(3)), "queue_closed", "closed and sold out");
}

#[test]
fn withdrawing_is_refused_by_reservation_then_start_then_balance() {
    let mut story = Story::inside(&[1, 2]);
    let bought = story.buy(1, &[1]);
    story.charge(1, Amount::MAX.get()).unwrap();
    let refund_id = TransferId(story.fresh_id());
    let told = |story: &mut Story, person| {
        let by = Actor::User(user(person));
        code(&story.send(&Command::Withdraw { reservation_id: bought, by, refund_id }))
    };
    // The wallet is full all the while; a refund would not fit.
    assert_eq!(told(&mut story, 2), "reservation_not_found");
    assert_eq!(told(&mut story, 1), "balance_limit_exceeded");
    story.asleep_until(86_400);
    assert_eq!(told(&mut story, 2), "reservation_not_found");
    assert_eq!(told(&mut story, 1), "schedule_started");
}

#[test]
fn withdrawing_a_lapsed_hold_tells_that_and_stores_it_once() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1]).unwrap();
    story.asleep_until(90_000);
    story.news();

    assert_eq!(code(&story.withdraw(1)), "hold_expired", "though the performance has begun");
    assert_eq!(story.news().len(), 1);
    assert_eq!(code(&story.withdraw(1)), "hold_expired");
    assert_eq!(story.news(), []);
}
