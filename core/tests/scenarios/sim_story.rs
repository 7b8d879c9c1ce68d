//! One person's story, and that it is the one which the simulation tells of them.

use crate::sim::{changed, scenario};
use frontrow_core::sim::{PersonView, Simulation, Stage, StoryEvent, StoryLine, story};
use serde_json::json;
use std::collections::BTreeSet;

fn ended(name: &str) -> Simulation {
    let mut simulation = Simulation::new(&scenario(name)).expect("it makes sense");
    while !simulation.is_done() {
        simulation.step(1_000);
    }
    simulation
}

fn joins(story: &[StoryLine]) -> u32 {
    let joined = |line: &&StoryLine| {
        matches!(line.event, StoryEvent::Joined { .. } | StoryEvent::Refused { .. })
    };
    u32::try_from(story.iter().filter(joined).count()).expect("a story is short")
}

/// Whether a story can end like that.
fn ends_as(story: &[StoryLine], person: &PersonView) -> bool {
    let has = |wanted: fn(&StoryEvent) -> bool| story.iter().any(|line| wanted(&line.event));
    match person.stage {
        Stage::Coming => story.is_empty(),
        Stage::Waiting => has(|event| matches!(event, StoryEvent::Joined { .. })),
        Stage::Active => has(|event| matches!(event, StoryEvent::Admitted { .. })),
        Stage::Rejoining => !story.is_empty(),
        Stage::Bought => has(|event| matches!(event, StoryEvent::Paid { .. })),
        Stage::GaveUp => has(|event| matches!(event, StoryEvent::GaveUp { .. })),
        Stage::PassedOver => has(|event| matches!(event, StoryEvent::PassedOver)),
        Stage::SoldOut => has(|event| matches!(event, StoryEvent::SoldOut)),
        Stage::Refused => has(|event| matches!(event, StoryEvent::Refused { .. })),
        Stage::RanOut => has(|event| matches!(event, StoryEvent::TimedOut)),
        Stage::Abandoned => has(|event| matches!(event, StoryEvent::Abandoned)),
        stage @ (Stage::NoSeats | Stage::PaymentFailed) => {
            story.iter().any(|line| line.event == StoryEvent::Left { stage })
        }
    }
}

#[test]
fn a_story_agrees_with_how_the_person_stands() {
    let mut seen = BTreeSet::new();
    for name in ["impatient", "slow_payers", "burst"] {
        let (scenario, simulation) = (scenario(name), ended(name));
        let stages: Vec<Stage> = simulation.stages().collect();
        assert_eq!(stages.len() as u64, scenario.people_total());
        for stage in Stage::ALL {
            let Some(number) = stages.iter().position(|found| *found == stage) else { continue };
            let number = u32::try_from(number).unwrap();
            let person = simulation.person(number).unwrap();
            let story = story(&scenario, number).unwrap();
            assert!(ends_as(&story, &person), "{name} {number} {stage:?}: {story:?}");
            assert!(story.is_sorted_by_key(|line| line.at_millis), "{story:?}");
            assert_eq!(joins(&story), person.joins, "{story:?}");
            seen.insert(stage);
        }
    }
    for stage in [Stage::Bought, Stage::GaveUp, Stage::SoldOut, Stage::PaymentFailed] {
        assert!(seen.contains(&stage), "{seen:?}");
    }
}

#[test]
fn who_buys_is_told_of_what_they_bought() {
    let (scenario, simulation) = (scenario("steady"), ended("steady"));
    let mut stages = simulation.stages();
    let number = stages.position(|stage| stage == Stage::Bought).unwrap();
    let number = u32::try_from(number).unwrap();
    let person = simulation.person(number).unwrap();
    let story = story(&scenario, number).unwrap();
    let events: Vec<&StoryEvent> = story.iter().map(|line| &line.event).collect();
    let [
        StoryEvent::Joined { position: Some(_), quoted_seconds },
        StoryEvent::Admitted { waited_millis },
        ..,
        StoryEvent::Paid { amount },
    ] = events[..]
    else {
        panic!("{story:?}");
    };
    assert_eq!(*quoted_seconds, person.quoted_seconds);
    let waited = person.admitted_at_millis.unwrap() - person.joined_at_millis.unwrap();
    assert_eq!(*waited_millis, waited);
    let held = events.iter().rev().find_map(|event| match event {
        StoryEvent::Held { hall, seats, amount, .. } => Some((*hall, seats.clone(), *amount)),
        _ => None,
    });
    let (hall, seats, price) = held.unwrap();
    assert_eq!((Some((hall, seats)), price), (person.seats, *amount));
}

#[test]
fn a_hold_that_lapses_is_in_its_holders_story() {
    let (scenario, simulation) = (scenario("slow_payers"), ended("slow_payers"));
    let mut stages = simulation.stages();
    let number = stages.position(|stage| stage == Stage::Abandoned).unwrap();
    let story = story(&scenario, u32::try_from(number).unwrap()).unwrap();
    let (mut held, mut lapsed) = (None, None);
    for line in &story {
        match &line.event {
            StoryEvent::Held { seats, expires_at_millis, .. } => {
                held = Some((*expires_at_millis, seats.clone()));
            }
            StoryEvent::HoldLapsed { seats } => lapsed = Some((line.at_millis, seats.clone())),
            _ => {}
        }
    }
    assert!(held.is_some() && held == lapsed, "{story:?}");
}

#[test]
fn lines_are_flat_and_named_by_their_kind() {
    let line = StoryLine { at_millis: 7, event: StoryEvent::GaveUp { told: true } };
    let json = json!({ "at_millis": 7, "kind": "gave_up", "told": true });
    assert_eq!(serde_json::to_value(&line).unwrap(), json);
    assert_eq!(serde_json::from_value::<StoryLine>(json).unwrap(), line);
}

#[test]
fn nobody_else_has_a_story() {
    let error = story(&scenario("steady"), 600).unwrap_err();
    assert_eq!((error.path.as_str(), error.reason.as_str()), ("person", "must be 0 to 599"));
    let wrong = changed("steady", "/version", json!(2));
    assert_eq!(story(&wrong, 0).unwrap_err().path, "version");
}
