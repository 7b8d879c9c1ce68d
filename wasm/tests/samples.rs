//! The samples in `samples.ts`, which the TypeScript compiler holds to the package's types, are held to core
//! here: each is read and written by core's own types without a change, every variant that core knows is among
//! them, and so is every `null` that core may write, and what may stand in its place.

use frontrow_core::audit::Invariant;
use frontrow_core::concert::ConcertState;
use frontrow_core::ledger::{Transfer, Wallet};
use frontrow_core::queue::{Phase, Queue, Standing, Ticket, TicketState};
use frontrow_core::seating::{Reservation, ReservationState, ReservationStatus};
use frontrow_core::sim::{
    PersonView, Report, Scenario, SeatTaste, Spread, Stage, StoryEvent, StoryLine, Wave,
};
use frontrow_core::{Command, Event, EventKind, Outcome, Rejection};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The list of that name, which is JSON.
fn samples(name: &str) -> Vec<Value> {
    let text = include_str!("samples.ts");
    let (_, rest) = text.split_once(&format!("export const {name} = ")).expect("it is there");
    let (list, _) = rest.split_once(" satisfies ").expect("every list is held to a type");
    serde_json::from_str(list).expect("it is JSON")
}

/// Core reads and writes the samples as they are, and with each `null` that it knows.
fn agree<T: Serialize + DeserializeOwned>(name: &str) {
    let mut nulls = Nulls::default();
    for sample in samples(name) {
        let read: T = serde_json::from_value(sample.clone())
            .unwrap_or_else(|error| panic!("{name}: {error}: {sample}"));
        assert_eq!(serde_json::to_value(&read).unwrap(), sample, "{name}");
        nulls.look_at::<T>(&sample);
    }
    for (place, (as_null, as_value)) in nulls.0 {
        assert!(as_null, "{name}: there should be a sample in which {place} is null");
        assert!(as_value, "{name}: there should be a sample in which {place} is not null");
    }
}

/// As `agree`, and there is a sample of every variant of `E`, the one named at `pointer`.
fn agree_on_variants<T: Serialize + DeserializeOwned, E: DeserializeOwned>(
    name: &str,
    tag: Option<&str>,
    pointer: &str,
) {
    agree::<T>(name);
    let shown: BTreeSet<String> = samples(name)
        .iter()
        .map(|sample| sample.pointer(pointer).unwrap().as_str().unwrap().to_owned())
        .collect();
    assert_eq!(shown, variants::<E>(tag), "{name}");
}

/// The names of all variants, as core tells them to who asks for one that isn't there.
fn variants<E: DeserializeOwned>(tag: Option<&str>) -> BTreeSet<String> {
    let unknown = tag.map_or_else(|| json!("?"), |tag| json!({ tag: "?" }));
    let error = serde_json::from_value::<E>(unknown).err().expect("no such variant").to_string();
    let (_, known) = error.split_once("expected").expect("the others are told");
    let names: BTreeSet<String> = known.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(names.len() > 1, "{error}");
    names
}

/// The places at which core takes `null`, and whether the samples show it there, and something else.
#[derive(Default)]
struct Nulls(BTreeMap<String, (bool, bool)>);

impl Nulls {
    fn look_at<T: DeserializeOwned>(&mut self, sample: &Value) {
        let mut places = Vec::new();
        places_in(sample, "", &mut places);
        for place in places {
            let mut changed = sample.clone();
            let value = changed.pointer_mut(&place).expect("it was found there");
            let was_null = value.take().is_null();
            if was_null || serde_json::from_value::<T>(changed).is_ok() {
                let found = self.0.entry(generic(&place)).or_default();
                if was_null { found.0 = true } else { found.1 = true }
            }
        }
    }
}

/// The pointers of all values in this one.
fn places_in(value: &Value, place: &str, places: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(list) => (0..).map(|n: usize| n.to_string()).zip(list).collect(),
        _ => return,
    };
    for (name, value) in inner {
        let place = format!("{place}/{name}");
        places.push(place.clone());
        places_in(value, &place, places);
    }
}

/// A place in any element of a list.
fn generic(place: &str) -> String {
    let is_index = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = place.split('/').map(|part| if is_index(part) { "0" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn what_goes_in_has_its_types() {
    agree_on_variants::<Command, Command>("commands", Some("command"), "/command");
    agree::<Scenario>("scenarios");
    agree_on_variants::<Wave, Wave>("waves", Some("kind"), "/kind");
    agree_on_variants::<Spread, Spread>("spreads", Some("kind"), "/kind");
}

#[test]
fn what_the_rules_answer_has_its_types() {
    agree_on_variants::<Outcome, Outcome>("outcomes", Some("outcome"), "/outcome");
    agree_on_variants::<Event, EventKind>("events", Some("kind"), "/kind");
    agree_on_variants::<Rejection, Rejection>("rejections", Some("code"), "/code");
}

#[test]
fn rows_have_their_types() {
    agree::<Queue>("queues");
    agree_on_variants::<Ticket, TicketState>("tickets", Some("state"), "/state/state");
    agree_on_variants::<Reservation, ReservationState>(
        "reservations",
        Some("state"),
        "/state/state",
    );
    agree::<Wallet>("wallets");
    agree::<Transfer>("transfers");
    agree::<Standing>("standings");
    agree_on_variants::<Phase, Phase>("phases", None, "");
    agree_on_variants::<ConcertState, ConcertState>("concertStates", None, "");
    agree_on_variants::<ReservationStatus, ReservationStatus>("reservationStatuses", None, "");
}

#[test]
fn what_simulations_tell_has_its_types() {
    agree::<Report>("reports");
    agree::<PersonView>("people");
    agree_on_variants::<StoryLine, StoryEvent>("storyLines", Some("kind"), "/kind");
    agree_on_variants::<Stage, Stage>("stages", None, "");
    agree_on_variants::<SeatTaste, SeatTaste>("tastes", None, "");
    agree_on_variants::<Invariant, Invariant>("invariants", None, "");
}
