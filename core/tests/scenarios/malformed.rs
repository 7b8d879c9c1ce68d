//! Numbers and texts at their bounds, and just outside them.

use crate::story::{CONCERT, Story, concert, hall};
use frontrow_core::concert::{
    AdmissionChange, Concert, ConcertChange, HoldChange, Notice, Schedule, Section,
};
use frontrow_core::policy::{
    BATCH_SIZE_MAX, LAPSE_SECONDS_MIN, MAX_ACTIVE_MAX, NOTICE_CHARS_MAX, PRICE_MAX,
    SEATS_PER_SCHEDULE_MAX, SEATS_PER_USER_MAX, SECONDS_MAX, SECTIONS_MAX, TEXT_CHARS_MAX,
    TIME_MAX, TIME_MIN,
};
use frontrow_core::{Amount, Command, ConcertId, Rejection, ScheduleId, Timestamp};

/// The fields that are told to be wrong; none if the command was accepted.
fn wrong_fields(story: &mut Story, command: &Command) -> Vec<String> {
    match story.send(command) {
        Ok(_) => Vec::new(),
        Err(Rejection::MalformedRequest { errors }) => {
            errors.into_iter().map(|error| error.field).collect()
        }
        Err(other) => panic!("{other:?}"),
    }
}

/// What is wrong with the usual concert after `change`.
fn concert_with(change: impl FnOnce(&mut Concert)) -> Vec<String> {
    let mut story = Story::new();
    let mut concert = Concert { id: ConcertId(story.fresh_id()), ..concert() };
    change(&mut concert);
    wrong_fields(&mut story, &Command::CreateConcert { concert })
}

/// What is wrong with the usual hall after `change`.
fn schedule_with(change: impl FnOnce(&mut Schedule)) -> Vec<String> {
    let mut story = Story::new();
    let mut schedule = Schedule { id: ScheduleId(story.fresh_id()), ..hall(2, 5) };
    change(&mut schedule);
    wrong_fields(&mut story, &Command::AddSchedule { schedule })
}

#[test]
fn every_number_of_a_policy_is_taken_at_its_bounds_and_refused_outside() {
    type Set = fn(&mut Concert, u32);
    let numbers: [(&str, Set, u32, u32); 7] = [
        ("admission.interval_seconds", |c, n| c.admission.interval_seconds = n, 1, SECONDS_MAX),
        ("admission.batch_size", |c, n| c.admission.batch_size = n, 1, BATCH_SIZE_MAX),
        ("admission.active_seconds", |c, n| c.admission.active_seconds = n, 1, SECONDS_MAX),
        ("admission.max_active", |c, n| c.admission.max_active = Some(n), 1, MAX_ACTIVE_MAX),
        ("holds.hold_seconds", |c, n| c.holds.hold_seconds = n, 1, SECONDS_MAX),
        ("holds.max_seats_per_user", |c, n| c.holds.max_seats_per_user = n, 1, SEATS_PER_USER_MAX),
        (
            "admission.lapse_seconds",
            |c, n| c.admission.lapse_seconds = n,
            LAPSE_SECONDS_MIN,
            SECONDS_MAX,
        ),
    ];
    for (field, set, min, max) in numbers {
        assert_eq!(concert_with(|c| set(c, min)), [""; 0], "{field}");
        assert_eq!(concert_with(|c| set(c, max)), [""; 0], "{field}");
        assert_eq!(concert_with(|c| set(c, min - 1)), [field]);
        assert_eq!(concert_with(|c| set(c, max + 1)), [field]);
    }
}

#[test]
fn times_that_no_calendar_can_write_are_refused() {
    for (time, wrong) in [
        (TIME_MIN, false),
        (TIME_MAX, false),
        (TIME_MIN.plus_millis(-1), true),
        (TIME_MAX.plus_millis(1), true),
        (Timestamp::MIN, true),
        (Timestamp::MAX, true),
    ] {
        let fields = |field: &str| if wrong { vec![field.to_owned()] } else { Vec::new() };
        assert_eq!(concert_with(|c| c.sale_opens_at = time), fields("sale_opens_at"), "{time:?}");
        assert_eq!(schedule_with(|s| s.starts_at = time), fields("starts_at"), "{time:?}");
    }
}

#[test]
fn zero_lapse_seconds_turn_no_shows_off() {
    assert_eq!(concert_with(|c| c.admission.lapse_seconds = 0), [""; 0]);
    assert_eq!(concert_with(|c| c.admission.lapse_seconds = 1), ["admission.lapse_seconds"]);
}

#[test]
fn titles_are_plain_text_of_bounded_length() {
    assert_eq!(concert_with(|c| c.title = "가".repeat(TEXT_CHARS_MAX)), [""; 0]);
    for title in ["", "  ", "a\u{0}b", "line\nbreak"] {
        assert_eq!(concert_with(|c| title.clone_into(&mut c.title)), ["title"], "{title:?}");
    }
    assert_eq!(concert_with(|c| c.title = "가".repeat(TEXT_CHARS_MAX + 1)), ["title"]);
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let wrong = concert_with(|concert| {
        concert.title.clear();
        concert.admission.batch_size = 0;
        concert.holds.hold_seconds = 0;
    });
    assert_eq!(wrong, ["title", "admission.batch_size", "holds.hold_seconds"]);
}

#[test]
fn halls_have_bounded_sections_prices_and_seats() {
    let price = |units| Amount::new(units).unwrap();
    assert_eq!(schedule_with(|s| s.sections[0].price = price(PRICE_MAX)), [""; 0]);
    assert_eq!(
        schedule_with(|s| s.sections[0].price = price(PRICE_MAX + 1)),
        ["sections[0].price"]
    );
    assert_eq!(schedule_with(|s| s.sections[0].price = Amount::ZERO), ["sections[0].price"]);
    assert_eq!(schedule_with(|s| s.sections[0].rows = 0), ["sections[0].rows"]);
    assert_eq!(schedule_with(|s| s.sections[0].seats_per_row = 0), ["sections[0].seats_per_row"]);
    assert_eq!(schedule_with(|s| s.sections.clear()), ["sections"]);
    assert_eq!(schedule_with(|s| s.venue.clear()), ["venue"]);
    assert_eq!(schedule_with(|s| s.sections[0].name.clear()), ["sections[0].name"]);
    let twice = schedule_with(|s| s.sections.push(s.sections[0].clone()));
    assert_eq!(twice, ["sections[1].name"]);
}

#[test]
fn a_hall_has_at_most_so_many_seats_and_sections_in_all() {
    let rows = |rows, seats_per_row| {
        move |schedule: &mut Schedule| {
            schedule.sections[0].rows = rows;
            schedule.sections[0].seats_per_row = seats_per_row;
        }
    };
    assert_eq!(schedule_with(rows(SEATS_PER_SCHEDULE_MAX, 1)), [""; 0]);
    assert_eq!(schedule_with(rows(SEATS_PER_SCHEDULE_MAX / 2 + 1, 2)), ["sections"]);
    // More than 2^32 seats are not mistaken for few.
    assert_eq!(schedule_with(rows(65_536, 65_536)), ["sections"]);
    let sections = |count: usize| {
        move |schedule: &mut Schedule| {
            let section = schedule.sections[0].clone();
            let named = |n| Section { name: format!("S{n}"), ..section.clone() };
            schedule.sections = (0..count).map(named).collect();
        }
    };
    assert_eq!(schedule_with(sections(SECTIONS_MAX)), [""; 0]);
    assert_eq!(schedule_with(sections(SECTIONS_MAX + 1)), ["sections"]);
}

#[test]
fn changes_are_held_to_the_same_bounds() {
    let mut story = Story::new();
    let mut change =
        |change| wrong_fields(&mut story, &Command::UpdateConcert { concert_id: CONCERT, change });
    let admission = Some(AdmissionChange {
        batch_size: Some(0),
        max_active: Some(Some(0)),
        ..AdmissionChange::default()
    });
    let holds = Some(HoldChange { hold_seconds: Some(0), ..HoldChange::default() });

    let wrong = change(ConcertChange { admission, holds, ..ConcertChange::default() });

    assert_eq!(wrong, ["admission.batch_size", "admission.max_active", "holds.hold_seconds"]);
}

#[test]
fn a_notice_is_plain_text_in_both_languages() {
    let mut story = Story::new();
    let mut wrong = |ko: &str, en: &str| {
        let notice = Some(Some(Notice { ko: ko.to_owned(), en: en.to_owned() }));
        let change = ConcertChange { notice, ..ConcertChange::default() };
        wrong_fields(&mut story, &Command::UpdateConcert { concert_id: CONCERT, change })
    };
    let text = |chars| "가".repeat(chars);

    assert_eq!(wrong(&text(NOTICE_CHARS_MAX), &text(1)), [""; 0]);
    assert_eq!(wrong(&text(NOTICE_CHARS_MAX + 1), &text(1)), ["notice.ko"]);
    assert_eq!(wrong("", " "), ["notice.ko", "notice.en"]);
    assert_eq!(wrong("가", "two\nlines"), ["notice.en"]);
}

#[test]
fn a_sale_is_closed_for_good() {
    let mut story = Story::new();
    story.close();
    let change = ConcertChange { closed: Some(false), ..ConcertChange::default() };
    let reopen = Command::UpdateConcert { concert_id: CONCERT, change };

    assert_eq!(wrong_fields(&mut story, &reopen), ["closed"]);
}

#[test]
fn a_choice_names_at_least_one_seat_and_none_twice() {
    let mut story = Story::inside(&[1]);
    let many: Vec<u32> = (1..=SEATS_PER_USER_MAX + 1).collect();
    let malformed = |answer| matches!(answer, Err(Rejection::MalformedRequest { .. }));

    assert!(malformed(story.hold(1, &[])));
    assert!(malformed(story.hold(1, &[3, 1, 3])));
    assert!(malformed(story.hold(1, &many)));
    assert!(malformed(story.hold_best(1, 0)));
    assert!(malformed(story.hold_best(1, SEATS_PER_USER_MAX + 1)));
    assert_eq!(story.hold(1, &[0]), Err(Rejection::SeatNotFound), "seats are numbered from 1");
}
