//! The fair start: who joins before the opening is drawn.

use crate::story::{CONCERT, Story, second};
use frontrow_core::concert::{DrawKind, Prequeue};
use frontrow_core::queue::{Draw, DrawError, DrawSeed, Lot, Phase, Reveal, verify_draw};
use frontrow_core::{Command, EventKind, Outcome, Rejection};

const SEED: DrawSeed = DrawSeed::new([7; 32]);

fn prequeue(beacon: Option<&str>) -> Prequeue {
    Prequeue {
        opens_at: second(-60),
        draw: DrawKind::Random,
        beacon: beacon.map(str::to_owned),
        seed: Some(SEED),
    }
}

/// Twenty people join before the opening; two are let in every ten seconds.
fn story(beacon: Option<&str>) -> Story {
    let mut story = Story::with(|concert| concert.prequeue = Some(prequeue(beacon)));
    story.at(-50);
    story.join_all(&(1..=20).collect::<Vec<_>>());
    story
}

fn draw(beacon_value: &str) -> Command {
    Command::Draw { concert_id: CONCERT, beacon_value: beacon_value.to_owned() }
}

/// The people 1 to 20, who arrived in this order, in the order of the draw.
fn drawn(beacon_value: Option<&str>) -> Vec<u32> {
    let ticket_number = |person: &u32| {
        let arrival_number = u64::from(*person);
        verify_draw(&SEED, &SEED.commitment(), beacon_value, 20, arrival_number)
            .expect("they arrived before the opening")
    };
    let mut people: Vec<u32> = (1..=20).collect();
    people.sort_by_key(ticket_number);
    people
}

fn sorted(people: &[u32]) -> Vec<u32> {
    let mut people = people.to_vec();
    people.sort_unstable();
    people
}

#[test]
fn nobody_joins_before_the_pre_queue_opens() {
    let mut story = Story::with(|concert| concert.prequeue = Some(prequeue(None)));
    let refused = Rejection::QueueNotOpen { opens_at: second(-60) };
    assert_eq!(story.at(-61).join(1), Err(refused));
    assert!(story.at(-60).join(1).is_ok());
}

#[test]
fn before_the_draw_nobody_has_a_place() {
    let story = story(None);
    let standing = story.standing(3);
    assert_eq!((standing.position, standing.waiting, standing.eta_seconds), (None, 20, None));
    assert_eq!(standing.lot, Some(Lot { arrival_number: 3, ticket_number: None }));
    assert_eq!(standing.next_admission_in_seconds, Some(50));
    assert!(!standing.eta_known);
}

#[test]
fn at_the_opening_they_are_drawn_and_let_in_by_that() {
    let mut story = story(None);
    story.news();
    let order = drawn(None);
    assert_ne!(order, sorted(&order), "the draw changes something");

    story.at(0);

    assert_eq!(story.active(), sorted(&order[..2]));
    let reveal = Reveal { seed: SEED, beacon_value: None };
    let told = story.news();
    let closed = EventKind::PrequeueClosed { concert_id: CONCERT, arrivals: 20 };
    assert_eq!(told[0], closed);
    assert_eq!(told[1], EventKind::QueueDrawn { concert_id: CONCERT, reveal: reveal.clone() });
    for (place, person) in (1..).zip(&order[2..]) {
        let standing = story.standing(*person);
        assert_eq!(standing.position, Some(place));
        let lot = Lot { arrival_number: (*person).into(), ticket_number: Some(place + 2) };
        assert_eq!(standing.lot, Some(lot));
    }
    story.at(90);
    assert_eq!(story.active().len(), 20);
    let draw = Draw { arrivals: 20, reveal: Some(reveal), passed_through: 20 };
    assert_eq!(story.queue().draw, Some(draw));
}

#[test]
fn who_joins_later_stands_behind_in_the_order_in_which_they_came() {
    let mut story = story(None);
    story.at(1);
    story.join_all(&[21, 22]);
    assert_eq!(story.standing(21).position, Some(19));
    assert_eq!(story.standing(22).position, Some(20));
    assert_eq!(story.standing(22).lot, None);
    story.at(90);
    assert_eq!((story.phase(21), story.phase(22)), (Phase::Waiting, Phase::Waiting));
    story.at(100);
    assert_eq!((story.phase(21), story.phase(22)), (Phase::Active, Phase::Active));
}

#[test]
fn who_leaves_before_or_after_the_draw_is_passed_over() {
    let mut story = story(None);
    let order = drawn(None);
    story.leave(order[0]).unwrap();
    story.leave(order[2]).unwrap();
    story.at(0);
    assert_eq!(story.active(), sorted(&[order[1], order[3]]));
    story.leave(order[4]).unwrap();
    story.leave(order[6]).unwrap();
    assert_eq!(story.standing(order[5]).position, Some(1));
    story.at(10);
    assert_eq!(story.phase(order[7]), Phase::Active);
    assert_eq!(story.phase(order[8]), Phase::Waiting);
}

#[test]
fn the_first_who_joins_after_the_opening_closes_the_pre_queue() {
    let mut story = story(None);
    // Nobody has woken the timers yet.
    story.asleep_until(5);
    story.join(21).unwrap();
    assert_eq!(story.queue().draw.as_ref().map(|draw| draw.arrivals), Some(20));
    story.wake();
    assert_eq!(story.active(), sorted(&drawn(None)[..2]));
}

#[test]
fn with_a_beacon_nobody_is_let_in_before_its_value_is_there() {
    let mut story = story(Some("round 17"));
    assert_eq!(story.send(&draw("b5d8")), Err(Rejection::DrawNotOpen));
    story.at(25);
    story.join(21).unwrap();
    assert_eq!(story.active(), crate::story::NOBODY);
    assert_eq!(story.standing(1).position, None);
    assert_eq!(story.standing(1).next_admission_at, None);
    assert_eq!(story.standing(21).position, Some(21), "who was not drawn knows their place");

    assert_eq!(story.send(&draw("b5d8")), Ok(Outcome::Drawn));

    // The tick that nobody could be let in at comes at once.
    story.at(25);
    assert_eq!(story.active(), sorted(&drawn(Some("b5d8"))[..2]));
    story.at(30);
    assert_eq!(story.active(), sorted(&drawn(Some("b5d8"))[..4]));
    assert_ne!(drawn(Some("b5d8")), drawn(None));
    assert_eq!(story.send(&draw("b5d8")), Ok(Outcome::Drawn), "the same again changes nothing");
    assert_eq!(story.send(&draw("b5d9")), Err(Rejection::AlreadyDrawn));
}

#[test]
fn a_value_without_a_beacon_is_refused() {
    let mut story = story(None);
    story.at(0);
    assert_eq!(story.send(&draw("b5d8")), Err(Rejection::DrawNotOpen));
    assert!(matches!(story.send(&draw(" ")), Err(Rejection::MalformedRequest { .. })));
}

#[test]
fn by_arrival_nothing_is_drawn() {
    let arrival = Prequeue { draw: DrawKind::Arrival, seed: None, ..prequeue(None) };
    let mut story = Story::with(|concert| concert.prequeue = Some(arrival));
    assert!(story.at(-61).join(1).is_err());
    story.at(-60).join_all(&[1, 2, 3]);
    assert_eq!(story.standing(3).position, Some(3));
    assert_eq!(story.standing(3).lot, None);
    story.at(0);
    assert_eq!(story.active(), [1, 2]);
}

#[test]
fn the_check_tells_what_is_wrong() {
    let commitment = SEED.commitment();
    let verify = |seed, arrivals, number| verify_draw(&seed, &commitment, None, arrivals, number);
    let other = DrawSeed::new([8; 32]);
    assert_eq!(verify(other, 20, 1), Err(DrawError::CommitmentMismatch));
    assert_eq!(verify(SEED, 0, 1), Err(DrawError::ArrivalsOutOfRange));
    assert_eq!(verify(SEED, 1 << 53, 1), Err(DrawError::ArrivalsOutOfRange));
    assert_eq!(verify(SEED, 20, 0), Err(DrawError::ArrivalNumberOutOfRange));
    assert_eq!(verify(SEED, 20, 21), Err(DrawError::ArrivalNumberOutOfRange));
}

/// Computed apart from this code, by a script in another language with its own HMAC: so anybody can check.
#[test]
fn the_draw_is_what_its_description_says() {
    let commitment = SEED.commitment();
    assert_eq!(
        commitment.to_string(),
        "4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0"
    );
    let verify = |beacon_value, arrivals, number| {
        verify_draw(&SEED, &commitment, beacon_value, arrivals, number).unwrap()
    };
    assert_eq!(
        [1, 2, 3].map(|number| verify(None, 1_000_000, number)),
        [292_137, 472_078, 458_974]
    );
    assert_eq!([1, 2, 3].map(|number| verify(Some("b5d8"), 7, number)), [2, 4, 5]);
}
