//! `inventory_aware`: no more people are let in than there are free seats, one counted a person.

use crate::story::{Story, hall};
use frontrow_core::ScheduleId;
use frontrow_core::concert::Concert;
use frontrow_core::seating::SeatStatus;

fn aware(concert: &mut Concert) {
    concert.admission.inventory_aware = true;
    concert.admission.batch_size = 100;
}

/// An inventory-aware concert with `seats` seats, for which these people wait.
fn hall_of(seats: u32, people: &[u32]) -> Story {
    let mut story = Story::without_seats(aware);
    story.add(hall(1, seats));
    story.join_all(people);
    story
}

#[test]
fn it_is_off_by_default() {
    let mut story = Story::without_seats(|concert| concert.admission.batch_size = 100);
    story.add(hall(1, 1));
    story.join_all(&[1, 2, 3]);

    story.at(0);

    assert_eq!(story.active(), [1, 2, 3]);
}

#[test]
fn as_many_are_let_in_as_there_are_free_seats() {
    let mut story = hall_of(3, &[1, 2, 3, 4, 5]);

    story.at(100);

    assert_eq!(story.active(), [1, 2, 3]);
}

#[test]
fn a_concert_that_has_no_seats_is_not_bound() {
    let mut story = Story::without_seats(aware);
    story.join_all(&[1, 2, 3]);

    story.at(0);

    assert_eq!(story.active(), [1, 2, 3]);
}

#[test]
fn who_leaves_makes_room_and_who_buys_takes_their_seat_along() {
    let mut story = hall_of(3, &[1, 2, 3, 4, 5]);
    story.at(0);

    story.buy(1, &[1]);
    story.at(10);
    assert_eq!(story.active(), [2, 3], "two seats are left, and two people are in");

    story.leave(2).unwrap();
    story.at(20);
    assert_eq!(story.active(), [3, 4]);
}

#[test]
fn seats_that_are_held_are_not_free_and_their_holder_needs_none() {
    let mut story = hall_of(4, &[1, 2, 3, 4, 5]);
    story.at(0);
    assert_eq!(story.active(), [1, 2, 3, 4]);

    // One seat free beside 1's three; 2, 3 and 4 look for one each.
    story.hold(1, &[1, 2, 3]).unwrap();
    story.at(10);
    assert_eq!(story.waiting(), [5]);

    // 2 and 3 leave: one seat free, and 4 looks for it.
    story.leave(2).unwrap();
    story.leave(3).unwrap();
    story.at(20);
    assert_eq!(story.waiting(), [5]);

    // Once 4 has left as well, the free seat is for 5.
    story.leave(4).unwrap();
    story.at(30);
    assert_eq!(story.active(), [1, 5]);
}

#[test]
fn a_lapsed_hold_frees_its_seats_and_its_holder_looks_for_one_again() {
    let mut story = Story::without_seats(|concert| {
        aware(concert);
        concert.holds.hold_seconds = 10;
    });
    story.add(hall(1, 2));
    story.join_all(&[1, 2, 3]);
    story.at(0);
    story.leave(2).unwrap();
    story.hold(1, &[1, 2]).unwrap();

    // The hold runs out at the very instant of the tick; nobody has swept it.
    story.asleep_until(10);
    story.tick().unwrap();

    assert_eq!(story.seat(1), SeatStatus::Available);
    assert_eq!(story.active(), [1, 3], "two free seats, one for 1 and one for 3");
}

#[test]
fn the_cap_and_the_batch_still_bind() {
    let mut story = Story::with(|concert| {
        concert.admission.inventory_aware = true;
        concert.admission.max_active = Some(3);
    });
    story.join_all(&[1, 2, 3, 4, 5]);

    story.at(0);
    assert_eq!(story.active(), [1, 2]);
    story.at(10);
    assert_eq!(story.active(), [1, 2, 3]);
}

#[test]
fn a_new_schedule_lets_more_people_in() {
    let mut story = hall_of(1, &[1, 2, 3]);
    story.at(0);
    assert_eq!(story.active(), [1]);

    let mut second_hall = hall(1, 1);
    second_hall.id = ScheduleId(story.fresh_id());
    story.add(second_hall);

    story.at(10);
    assert_eq!(story.active(), [1, 2]);
}
