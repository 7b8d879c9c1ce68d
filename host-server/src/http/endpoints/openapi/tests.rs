//! Holds the document against the routes and the rules. What servers send is held against it by the tests
//! over HTTP.

use super::*;
use crate::http::{ROUTES, route_of};
use frontrow_core::policy;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What programs ask for, beside `/v1`; everything else is for browsers.
const FOR_PROGRAMS: &[&str] = &["/healthz", "/readyz", "/metrics", "/openapi.json"];

fn is_for_programs(pattern: &str) -> bool {
    FOR_PROGRAMS.contains(&pattern) || pattern.starts_with("/v1/")
}

fn text() -> Value {
    serde_json::to_value(document()).unwrap()
}

#[test]
fn every_route_is_described_with_its_methods() {
    let described: BTreeSet<String> = OPERATIONS
        .iter()
        .map(|one| format!("{:?} {}", one.method, one.path).to_lowercase())
        .collect();
    let routes = ROUTES.iter().filter(|route| is_for_programs(route.pattern));
    let served: BTreeSet<String> = routes
        .flat_map(|route| {
            route.methods.split(", ").map(|method| format!("{method} {}", route.pattern))
        })
        .map(|line| line.to_lowercase())
        .collect();
    assert_eq!(described, served);
    for operation in OPERATIONS {
        assert_eq!(route_of(ROUTES, operation.path).unwrap().pattern, operation.path);
    }
}

#[test]
fn operations_have_names_of_their_own() {
    let ids: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    assert_eq!(ids.len(), OPERATIONS.len());
}

#[test]
fn every_code_is_one_that_there_is() {
    for operation in OPERATIONS {
        for code in operation.problems.iter().chain(operation.not_found).chain(ALWAYS) {
            let is_bug = status_of(code) == StatusCode::INTERNAL_SERVER_ERROR;
            assert_eq!(is_bug, *code == "internal", "{code} in {}", operation.id);
        }
    }
}

#[test]
fn every_reference_leads_to_a_schema() {
    fn visit(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(to)) = members.get("$ref") {
                    found.insert(to.clone());
                }
                members.values().for_each(|member| visit(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
            _ => {}
        }
    }
    let (document, mut found) = (text(), BTreeSet::new());
    visit(&document, &mut found);
    assert!(found.len() > 20, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn the_bounds_are_those_of_the_rules() {
    let document = text();
    let bound = |path: &str, of: &str| {
        let (schema, field) = path.split_once('.').unwrap();
        document["components"]["schemas"][schema]["properties"][field][of].clone()
    };
    for (path, most) in [
        ("AdmissionPolicy.interval_seconds", u64::from(policy::SECONDS_MAX)),
        ("AdmissionPolicy.active_seconds", u64::from(policy::SECONDS_MAX)),
        ("AdmissionPolicy.lapse_seconds", u64::from(policy::SECONDS_MAX)),
        ("AdmissionPolicy.batch_size", u64::from(policy::BATCH_SIZE_MAX)),
        ("AdmissionPolicy.max_active", u64::from(policy::MAX_ACTIVE_MAX)),
        ("HoldPolicy.hold_seconds", u64::from(policy::SECONDS_MAX)),
        ("HoldPolicy.max_seats_per_user", u64::from(policy::SEATS_PER_USER_MAX)),
        ("Section.price", policy::PRICE_MAX),
    ] {
        assert_eq!(bound(path, "maximum"), json!(most), "{path}");
    }
    assert_eq!(bound("Section.name", "maxLength"), json!(policy::TEXT_CHARS_MAX));
    assert_eq!(bound("Notice.ko", "maxLength"), json!(policy::NOTICE_CHARS_MAX));
    assert_eq!(bound("Notice.en", "maxLength"), json!(policy::NOTICE_CHARS_MAX));
    let holds = policy::HoldPolicy::default();
    assert_eq!(bound("HoldPolicy.hold_seconds", "default"), json!(holds.hold_seconds));
    assert_eq!(bound("HoldPolicy.max_seats_per_user", "default"), json!(holds.max_seats_per_user));
}
