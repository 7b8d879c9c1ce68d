//! Which seats a person may hold: all or none, and how many in all.

use crate::story::{HALL, Story, hall, second};
use frontrow_core::concert::{ConcertChange, HoldChange};
use frontrow_core::seating::{Choice, SeatStatus};
use frontrow_core::{Amount, Outcome, Rejection, ScheduleId};

fn taken(seats: &[u32]) -> Rejection {
    Rejection::SeatTaken { seats: seats.iter().copied().collect() }
}

#[test]
fn all_seats_are_held_or_none() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[2, 3]).unwrap();
    story.news();

    let refused = story.hold(2, &[4, 3, 1]);

    assert_eq!(refused, Err(taken(&[3])));
    assert_eq!(story.news(), []);
    assert_eq!((story.seat(1), story.seat(4)), (SeatStatus::Available, SeatStatus::Available));
}

#[test]
fn every_taken_seat_is_named_in_order() {
    let mut story = Story::inside(&[1, 2, 3]);
    story.buy(1, &[5]);
    story.hold(2, &[2, 3]).unwrap();

    assert_eq!(story.hold(3, &[5, 4, 2, 3]), Err(taken(&[2, 3, 5])));
}

#[test]
fn a_reservation_lists_its_seats_in_order_and_costs_their_prices() {
    let mut story = Story::inside(&[1]);

    let answer = story.hold(1, &[7, 2, 5]);

    let Ok(Outcome::Held { reservation }) = answer else { panic!("{answer:?}") };
    assert_eq!(reservation.seats[..], [2, 5, 7]);
    assert_eq!(reservation.amount.get(), 3_000);
}

#[test]
fn prices_are_those_of_the_sections() {
    let mut story = Story::inside(&[1]);
    let mut schedule = hall(1, 2);
    schedule.id = ScheduleId(story.fresh_id());
    let mut cheap = schedule.sections[0].clone();
    cheap.name = "S".to_owned();
    cheap.price = Amount::new(400).unwrap();
    schedule.sections.push(cheap);
    let schedule_id = schedule.id;
    story.add(schedule);

    story.choose(1, schedule_id, Choice::Seats([2, 3].into_iter().collect())).unwrap();

    assert_eq!(story.reservation(1).amount.get(), 1_400);
}

#[test]
fn the_same_number_in_another_schedule_is_another_seat() {
    let mut story = Story::inside(&[1, 2]);
    let mut other = hall(1, 2);
    other.id = ScheduleId(story.fresh_id());
    let other_id = other.id;
    story.add(other);

    story.hold(1, &[1]).unwrap();

    story.choose(2, other_id, Choice::Seats([1].into_iter().collect())).unwrap();
    assert_ne!(other_id, HALL);
}

#[test]
fn a_person_holds_at_most_the_limit() {
    let mut story = Story::inside(&[1]);

    assert_eq!(story.hold(1, &[1, 2, 3, 4, 5]), Err(Rejection::SeatLimitExceeded { limit: 4 }));
    assert_eq!(story.hold_best(1, 5), Err(Rejection::SeatLimitExceeded { limit: 4 }));

    story.hold(1, &[1, 2, 3, 4]).unwrap();
}

#[test]
fn bought_seats_count_and_cancelled_ones_do_not() {
    let mut story = Story::inside(&[1]);
    story.buy(1, &[1, 2, 3]);
    story.join_all(&[1]);
    story.at(10);
    let too_many = Err(Rejection::SeatLimitExceeded { limit: 4 });
    assert_eq!(story.hold(1, &[4, 5]), too_many);
    assert_eq!(story.hold_best(1, 2), too_many);

    story.withdraw(1).unwrap();

    story.hold(1, &[1, 2, 4, 5]).unwrap();
}

#[test]
fn bought_seats_count_across_the_schedules_of_a_concert() {
    let mut story = Story::inside(&[1]);
    story.buy(1, &[1, 2, 3]);
    let mut other = hall(1, 5);
    other.id = ScheduleId(story.fresh_id());
    let other_id = other.id;
    story.add(other);
    story.join_all(&[1]);
    story.at(10);

    let seats = |numbers: &[u32]| Choice::Seats(numbers.iter().copied().collect());
    let too_many = Err(Rejection::SeatLimitExceeded { limit: 4 });
    assert_eq!(story.choose(1, other_id, seats(&[1, 2])), too_many);
    story.choose(1, other_id, seats(&[1])).unwrap();
}

#[test]
fn released_and_lapsed_holds_do_not_count() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1, 2, 3, 4]).unwrap();
    story.withdraw(1).unwrap();
    story.hold(1, &[1, 2, 3, 4]).unwrap();
    story.asleep_until(300);

    story.hold(1, &[5, 6, 7, 8]).unwrap();
}

#[test]
fn a_lowered_limit_binds_new_holds_only() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[1, 2, 3]).unwrap();

    let holds = Some(HoldChange { max_seats_per_user: Some(1), ..HoldChange::default() });
    story.change(ConcertChange { holds, ..ConcertChange::default() });

    assert_eq!(story.hold(2, &[4, 5]), Err(Rejection::SeatLimitExceeded { limit: 1 }));
    story.charge(1, 3_000).unwrap();
    story.pay(1).unwrap();
}

#[test]
fn nothing_is_held_once_the_performance_has_begun() {
    let mut story = Story::without_seats(|concert| concert.admission.batch_size = 10);
    let mut soon = hall(1, 5);
    soon.starts_at = second(60);
    story.add(soon);
    story.join_all(&[1]);
    story.at(0);

    story.asleep_until_millis(59_999);
    story.hold(1, &[1]).unwrap();
    story.withdraw(1).unwrap();
    story.asleep_until(60);
    assert_eq!(story.hold(1, &[1]), Err(Rejection::ScheduleStarted));
}

#[test]
fn a_hold_taken_before_the_sale_was_closed_can_be_paid() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(1, &[1]).unwrap();
    story.charge(1, 1_000).unwrap();

    story.close();

    assert_eq!(story.hold(2, &[2]), Err(Rejection::SaleClosed));
    story.pay(1).unwrap();
    assert_eq!(story.seat(1), SeatStatus::Sold);
}
