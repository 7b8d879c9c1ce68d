//! Best available, through the command: which seats a group is offered, in the rule's order.

use crate::story::{HALL, Story, hall};
use frontrow_core::seating::{Choice, SeatStatus};
use frontrow_core::{Outcome, Rejection, ScheduleId};

/// A hall drawn row by row, `.` free and `x` sold; person 1 is inside and may take many.
fn drawn(rows: &[&str]) -> Story {
    let mut story = Story::without_seats(|concert| {
        concert.admission.batch_size = 100;
        concert.holds.max_seats_per_user = 100;
    });
    let count = |len: usize| u32::try_from(len).expect("a small hall");
    story.add(hall(count(rows.len()), count(rows[0].len())));
    story.join_all(&[1, 2]);
    story.at(0);
    let seats = rows.concat();
    let sold: Vec<u32> =
        (1..).zip(seats.chars()).filter(|(_, seat)| *seat == 'x').map(|(n, _)| n).collect();
    if !sold.is_empty() {
        story.buy(2, &sold);
    }
    story
}

/// The seats that a group of `count` is given.
fn offered(story: &mut Story, count: u32) -> Result<Vec<u32>, Rejection> {
    match story.hold_best(1, count)? {
        Outcome::Held { reservation } => Ok(reservation.seats.to_vec()),
        other => panic!("a hold answers with its reservation, not {other:?}"),
    }
}

#[test]
fn the_middle_of_the_front_row_comes_first() {
    let mut story = drawn(&["......", "......"]);
    assert_eq!(offered(&mut story, 2), Ok(vec![3, 4]));
    assert_eq!(story.seat(3), SeatStatus::Held);
}

#[test]
fn then_a_row_behind_rather_than_leaving_one_seat_alone() {
    let mut story = drawn(&["...xxx", "......"]);
    assert_eq!(offered(&mut story, 2), Ok(vec![9, 10]));
}

#[test]
fn then_leaving_one_seat_alone_rather_than_parting_the_group() {
    let mut story = drawn(&["...xxx", ".x.x.x"]);
    assert_eq!(offered(&mut story, 2), Ok(vec![2, 3]));
}

#[test]
fn then_neighbouring_rows() {
    let mut story = drawn(&[".xxxxx", "x.xxxx", "xxxxxx"]);
    assert_eq!(offered(&mut story, 2), Ok(vec![1, 8]));
}

#[test]
fn and_no_seats_rather_than_a_group_torn_apart() {
    let mut story = drawn(&[".xxxxx", "xxxxxx", ".xxxxx"]);
    assert_eq!(offered(&mut story, 2), Err(Rejection::NoSeatsAvailable));
    assert_eq!(offered(&mut story, 1), Ok(vec![1]));
}

#[test]
fn held_seats_are_passed_over_and_lapsed_ones_are_not() {
    let mut story = Story::inside(&[1, 2]);
    story.hold(2, &[2, 3, 4]).unwrap();
    assert_eq!(offered(&mut story, 3), Ok(vec![6, 7, 8]));
    story.withdraw(1).unwrap();

    story.asleep_until(300);

    assert_eq!(offered(&mut story, 3), Ok(vec![1, 2, 3]));
}

#[test]
fn a_section_can_be_asked_for() {
    let mut story = Story::inside(&[1]);
    let mut schedule = hall(1, 3);
    schedule.id = ScheduleId(story.fresh_id());
    let mut balcony = schedule.sections[0].clone();
    "Balcony".clone_into(&mut balcony.name);
    schedule.sections.push(balcony);
    let schedule_id = schedule.id;
    story.add(schedule);
    let best = |section: &str| Choice::Best { count: 1, section: Some(section.to_owned()) };

    assert_eq!(story.choose(1, schedule_id, best("Pit")), Err(Rejection::SeatNotFound));
    story.choose(1, schedule_id, best("Balcony")).unwrap();

    assert_eq!(story.reservation(1).seats[..], [4]);
}

#[test]
fn a_full_hall_has_no_seats_to_offer() {
    let mut story = drawn(&["xx", "xx"]);
    assert_eq!(offered(&mut story, 1), Err(Rejection::NoSeatsAvailable));
    let chosen = Choice::Seats([1].into_iter().collect());
    assert!(matches!(story.choose(1, HALL, chosen), Err(Rejection::SeatTaken { .. })));
}
