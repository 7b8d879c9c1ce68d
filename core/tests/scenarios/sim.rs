//! The simulator: the same scenario gives the same journal everywhere, nobody gets lost, and what an
//! operator would expect of a policy is what comes out.

use frontrow_core::World;
use frontrow_core::seating::{Seat, SeatStatus};
use frontrow_core::sim::{Report, Scenario, ScenarioError, Simulation, Spread, Stage, run};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

/// The ten scenarios in `sim/`, and in `simulations.json` the hash of each one's journal, which every platform
/// is held to. A changed hash is a changed rule, a changed crowd, or a platform that counts differently; only the
/// first two may be written down there.
fn held() -> &'static BTreeMap<String, String> {
    static HELD: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    HELD.get_or_init(|| {
        serde_json::from_str(include_str!("simulations.json")).expect("it has names and hashes")
    })
}

fn text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/sim");
    std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("it is in the folder")
}

pub(crate) fn scenario(name: &str) -> Scenario {
    serde_json::from_str(&text(name)).expect("it is a scenario")
}

fn simulated(scenario: &Scenario) -> Report {
    run(scenario).expect("it makes sense")
}

/// What came of each, once for all tests.
fn reports() -> &'static BTreeMap<String, Report> {
    static REPORTS: OnceLock<BTreeMap<String, Report>> = OnceLock::new();
    REPORTS.get_or_init(|| {
        held().keys().map(|name| (name.clone(), simulated(&scenario(name)))).collect()
    })
}

/// A scenario with the field at `pointer` set.
pub(crate) fn changed(name: &str, pointer: &str, value: Value) -> Scenario {
    let mut json: Value = serde_json::from_str(&text(name)).expect("it is a scenario");
    *json.pointer_mut(pointer).expect("the field is there") = value;
    serde_json::from_value(json).expect("it is a scenario")
}

#[test]
fn ten_scenarios_have_the_journals_that_they_always_had() {
    let hash = |(name, report): (&String, &Report)| (name.clone(), report.event_hash.clone());
    let found: BTreeMap<String, String> = reports().iter().map(hash).collect();
    assert_eq!(found.len(), 10);
    assert_eq!(&found, held());
}

#[test]
fn everybody_who_came_is_accounted_for() {
    for (name, report) in reports() {
        let people = report.people;
        assert_eq!(people.came, scenario(name).people_total(), "{name}");
        assert_eq!(people.accounted(), people.came, "{name}: {people:?}");
        assert_eq!(report.counts.payments, people.bought, "{name}");
        let ends = report.counts.holds_lapsed + report.counts.holds_released;
        let ended = ends + report.counts.payments;
        assert!(ended <= report.counts.holds, "{name}: {:?}", report.counts);
        assert!(report.seats.held + report.seats.sold <= report.seats.total, "{name}");
    }
}

#[test]
fn the_invariants_hold_in_every_scenario() {
    for (name, report) in reports() {
        assert_eq!(report.invariants.checks.len(), 10, "{name}");
        assert!(report.invariants.ok, "{name}: {:?}", report.invariants);
    }
}

#[test]
fn the_line_over_time_is_the_sum_of_its_waits() {
    for (name, report) in reports() {
        let law = report.littles_law;
        assert!(law.ok && law.sum_of_waits > 0, "{name}: {law:?}");
    }
}

#[test]
fn the_curve_ends_where_the_report_does() {
    for (name, report) in reports() {
        let (first, last) = (report.curve[0], report.curve[report.curve.len() - 1]);
        assert_eq!(first.at_second, 0, "{name}");
        assert_eq!(last.at_second, report.ended_at_second, "{name}");
        assert_eq!((last.sold, last.came), (report.seats.sold, report.people.came), "{name}");
        assert!(report.curve.is_sorted_by(|a, b| a.at_second < b.at_second), "{name}");
    }
}

#[test]
fn slices_of_any_size_give_the_same_report() {
    let scenario = scenario("bots");
    let whole = run(&scenario).unwrap();
    let mut by_steps = Simulation::new(&scenario).unwrap();
    while !by_steps.is_done() {
        by_steps.step(7);
    }
    assert_eq!(by_steps.report(), whole);
    let mut by_time = Simulation::new(&scenario).unwrap();
    for second in (0..=scenario.duration_seconds).step_by(13) {
        by_time.run_until_millis(second * 1_000);
    }
    by_time.run_until_millis(scenario.duration_seconds * 1_000);
    assert!(by_time.is_done());
    assert_eq!(by_time.progress(), 1_000);
    let report = by_time.report();
    assert_eq!((report.event_hash, report.people), (whole.event_hash, whole.people));
}

#[test]
fn another_seed_is_another_sale() {
    let hash = |seed| run(&changed("steady", "/seed", json!(seed))).unwrap().event_hash;
    assert_ne!(hash(1), hash(2));
}

#[test]
fn larger_batches_shorten_the_wait() {
    let waits = [10, 20, 40].map(|batch_size| {
        run(&changed("impatient", "/admission/batch_size", json!(batch_size))).unwrap().wait
    });
    assert!(waits.is_sorted_by(|a, b| a.p50_millis > b.p50_millis), "{waits:?}");
}

#[test]
fn twins_have_the_same_people_at_the_door() {
    let twins = [5, 50].map(|batch_size| {
        let scenario = changed("burst", "/admission/batch_size", json!(batch_size));
        let mut simulation = Simulation::new(&scenario).unwrap();
        simulation.run_until_millis(40_000);
        (0..2_000)
            .map(|number| {
                let person = simulation.person(number).unwrap();
                (person.group, person.taste, person.is_bot)
            })
            .collect::<Vec<_>>()
    });
    assert_eq!(twins[0], twins[1]);
}

#[test]
fn bots_let_holds_lapse() {
    let lapsed = [0, 20, 60].map(|percent| {
        let report = run(&changed("bots", "/bots/share_percent", json!(percent))).unwrap();
        report.counts.holds_lapsed
    });
    assert!(lapsed.is_sorted_by(|a, b| a < b), "{lapsed:?}");
}

#[test]
fn what_is_promised_holds_where_nothing_but_batches_decides() {
    let mut scenario = scenario("burst");
    scenario.admission.max_active = None;
    scenario.people.patience = Spread::Fixed { seconds: 604_800 };
    let report = run(&scenario).unwrap();
    assert!(report.eta.quoted > 100);
    // Told in whole seconds. Who joins at the very instant of a tick is let in by it.
    assert!(report.eta.off_by.p99_millis <= 1_000, "{:?}", report.eta);
    assert!(report.eta.off_by.max_millis <= 5_000, "{:?}", report.eta);
}

#[test]
fn those_who_just_go_are_passed_over() {
    let report = run(&scenario("impatient")).unwrap();
    assert!(report.counts.no_shows > 0);
    assert_eq!(report.people.passed_over, 0, "nobody who is still there");
    let report = run(&scenario("never_lapsing")).unwrap();
    assert_eq!(report.counts.no_shows, 0);
}

#[test]
fn a_person_can_be_followed_to_their_seats() {
    let mut simulation = Simulation::new(&scenario("steady")).unwrap();
    assert_eq!(simulation.person(0), None);
    while !simulation.is_done() {
        simulation.step(100);
    }
    let people = 0..u32::try_from(scenario("steady").people_total()).unwrap();
    let seats: usize = people
        .map(|number| simulation.person(number).unwrap())
        .filter(|person| person.stage == Stage::Bought)
        .map(|person| person.seats.unwrap().1.len())
        .sum();
    let sold = simulation.seat_statuses(0).filter(|s| *s == SeatStatus::Sold);
    assert_eq!(seats, sold.count());
    assert_eq!(seats as u64, simulation.counts().sold);
}

#[test]
fn recorded_commands_sell_the_same_seats_elsewhere() {
    let mut simulation = Simulation::recording(&scenario("slow_payers")).unwrap();
    while !simulation.is_done() {
        simulation.step(1_000);
    }
    let commands = simulation.take_recorded();
    let report = simulation.report();
    assert_eq!(commands.len() as u64, report.counts.commands);
    let mut world = World::new();
    for (at, command) in commands {
        while let Some(due) = world.poll_timeout().filter(|due| *due <= at) {
            world.handle_timeout(due);
        }
        let _ = world.execute(&command, at);
    }
    let sold = world.state().seats().iter().filter(|(_, seat)| matches!(seat, Seat::Sold { .. }));
    assert_eq!(sold.count() as u64, report.seats.sold);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_path() {
    let refused = [
        ("/version", json!(2), "version"),
        ("/seed", json!(1_u64 << 53), "seed"),
        ("/duration_seconds", json!(0), "duration_seconds"),
        ("/admission/batch_size", json!(0), "admission.batch_size"),
        ("/admission/interval_seconds", json!(86_401), "admission.interval_seconds"),
        ("/holds/hold_seconds", json!(0), "holds.hold_seconds"),
        ("/halls", json!([]), "halls"),
        ("/halls/0/sections/0/rows", json!(0), "halls.0.sections.0.rows"),
        ("/halls/0/sections/0/name", json!("S"), "halls.0.sections.1.name"),
        ("/arrivals/0/early_seconds", json!(0), "arrivals.0.early_seconds"),
        ("/arrivals/0/people", json!(0), "arrivals"),
        (
            "/arrivals/0",
            json!({"kind": "burst", "at_second": 5_400, "people": 1}),
            "arrivals.0.at_second",
        ),
        ("/bots/share_percent", json!(101), "bots.share_percent"),
    ];
    for (pointer, value, path) in refused {
        let error = run(&changed("bots", pointer, value)).unwrap_err();
        assert_eq!(error.path, path);
        assert!(!error.reason.is_empty());
    }
    let mut scenario = scenario("bots");
    scenario.people.group_weights = vec![0, 0];
    let reason = "must be weights of 0 to 1000000, not all 0".to_owned();
    let path = "people.group_weights".to_owned();
    assert_eq!(Simulation::new(&scenario).unwrap_err(), ScenarioError { path, reason });
}

#[test]
fn unknown_fields_are_refused() {
    for pointer in ["", "/admission", "/halls/0", "/arrivals/0", "/bots"] {
        let mut json: Value = serde_json::from_str(&text("bots")).unwrap();
        let object = json.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        object.insert("surprise".to_owned(), json!(1));
        let error = serde_json::from_value::<Scenario>(json).unwrap_err().to_string();
        assert!(error.contains("surprise"), "{pointer}: {error}");
    }
}
