//! `frontrow simulate`: what it prints, and what it says to a scenario that makes no sense.

use crate::process::Sandbox;
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A small sale.
fn scenario() -> Value {
    json!({
        "version": 1,
        "seed": 7,
        "duration_seconds": 1_800,
        "admission": { "interval_seconds": 10, "batch_size": 10, "active_seconds": 300 },
        "halls": [{ "sections": [{ "name": "R", "rows": 5, "seats_per_row": 20, "price": 154_000 }] }],
        "arrivals": [{ "kind": "burst", "at_second": 5, "people": 200 }]
    })
}

fn file(sandbox: &Sandbox, scenario: &Value) -> String {
    text(&sandbox.file("scenario.json", &scenario.to_string()))
}

fn text(path: &Path) -> String {
    path.to_str().expect("its path is text").to_owned()
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/simulate.example.json")
}

#[tokio::test]
async fn the_example_scenario_is_simulated() {
    let sandbox = Sandbox::new();
    let said = sandbox.run(&["simulate", &text(&example())]).await.expect_success();
    assert_snapshot!("report", said);
    assert!(!sandbox.path("frontrow.db").exists(), "it touches no database");
}

#[tokio::test]
async fn the_report_is_json_if_asked_and_the_same_each_time() {
    let sandbox = Sandbox::new();
    let file = file(&sandbox, &scenario());
    let first = sandbox.run(&["simulate", &file, "--json"]).await.expect_success();
    let report: Value = serde_json::from_str(&first).expect("it is JSON");
    assert_eq!(report["people"]["came"], 200);
    assert_eq!(report["invariants"]["ok"], true);
    assert_eq!(report["littles_law"]["ok"], true);
    assert_eq!(report["event_hash"].as_str().map(str::len), Some(16));
    let second = sandbox.run(&["simulate", &file, "--json"]).await.expect_success();
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_sweep_has_a_row_for_each_value() {
    let sandbox = Sandbox::new();
    let file = file(&sandbox, &scenario());
    let arguments = ["simulate", &file, "--vary", "admission.batch_size=5,10,20"];
    let table = sandbox.run(&arguments).await.expect_success();
    assert_snapshot!("table", table);
    let arguments = [&arguments[..], &["--json"]].concat();
    let json = sandbox.run(&arguments).await.expect_success();
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json["path"], "admission.batch_size");
    assert_eq!(json["runs"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn what_makes_no_sense_is_one_line_with_its_path() {
    let sandbox = Sandbox::new();
    let missing = sandbox.run(&["simulate", "nowhere.json"]).await;
    missing.expect_refusal(&["nowhere.json"]);
    let garbage = text(&sandbox.file("garbage.json", "{"));
    sandbox.run(&["simulate", &garbage]).await.expect_refusal(&["garbage.json"]);
    for (pointer, value, path) in [
        ("/admission/batch_size", json!(0), "admission.batch_size"),
        ("/admission/interval_seconds", json!("often"), "admission.interval_seconds"),
        ("/arrivals/0/at_second", json!(1_800), "arrivals.0.at_second"),
    ] {
        let mut wrong = scenario();
        *wrong.pointer_mut(pointer).expect("the field is there") = value;
        let file = file(&sandbox, &wrong);
        sandbox.run(&["simulate", &file]).await.expect_refusal(&[path]);
    }
    let file = file(&sandbox, &scenario());
    let sweep = ["simulate", &file, "--vary", "admission.colour=1,2"];
    sandbox.run(&sweep).await.expect_refusal(&["colour"]);
    let sweep = ["simulate", &file, "--vary", "batch_size"];
    sandbox.run(&sweep).await.expect_refusal(&["--vary", "PATH=a,b,c"]);
}
