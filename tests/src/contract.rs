//! Holds every answer that a test receives against the OpenAPI document: the operation must list its status,
//! and its body must have the shape that is described, without a field more.

use crate::client::Answer;
use frontrow_server::http::endpoints::openapi;
use frontrow_server::http::{ROUTES, route_of};
use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A shape for each method, route and status; none where there is no body.
type Shapes = HashMap<(String, &'static str, String), Option<Validator>>;

static SHAPES: LazyLock<Shapes> = LazyLock::new(shapes);

/// Panics if the document does not foresee this answer. Answers to what no route has are not described.
///
/// # Panics
///
/// If the document does not foresee the answer.
#[track_caller]
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let asked = path.split('?').next().unwrap_or_default();
    let Some(route) = route_of(ROUTES, asked) else { return };
    // A method that the path does not have; or a page for people.
    let is_asked_for = route.methods.split(", ").any(|one| one == method.as_str());
    if !is_asked_for || !route.pattern.starts_with("/v1/") || answer.code() == "not_found" {
        return;
    }
    let method = method.as_str().to_lowercase();
    let status = answer.status.to_string();
    let shape = SHAPES.get(&(method.clone(), route.pattern, status));
    let shape = shape.unwrap_or_else(|| panic!("{method} {path}: undescribed answer {answer:?}"));
    match shape {
        None => {
            assert_eq!(answer.body, Value::Null, "{method} {path}: a body that is not described");
        }
        Some(shape) => {
            let faults: Vec<String> = shape
                .iter_errors(&answer.body)
                .map(|fault| format!("{}: {fault}", fault.instance_path()))
                .collect();
            assert!(faults.is_empty(), "{method} {path}: {faults:?} in {answer:?}");
        }
    }
}

fn shapes() -> Shapes {
    let mut document = serde_json::to_value(openapi::document()).expect("a document is JSON");
    let schemas = document["components"]["schemas"].as_object_mut().expect("it has schemas");
    let parts = parts_of_others(schemas);
    for (name, schema) in schemas.iter_mut() {
        // Members of a problem depend on its code; everything else is as described and no more.
        if name != "Problem" && !parts.contains(name) {
            schema["unevaluatedProperties"] = false.into();
        }
    }
    let components = document["components"].clone();
    let mut shapes = Shapes::new();
    for route in ROUTES {
        let Some(item) = document["paths"][route.pattern].as_object() else { continue };
        for (method, operation) in item {
            let responses = operation["responses"].as_object().expect("an operation has responses");
            for (status, response) in responses {
                let content =
                    response["content"].as_object().and_then(|kinds| kinds.values().next());
                let shape = content.map(|content| validator(&content["schema"], &components));
                shapes.insert((method.clone(), route.pattern, status.clone()), shape);
            }
        }
    }
    shapes
}

/// Names of schemas that others are made of: those others have more fields.
fn parts_of_others(schemas: &Map<String, Value>) -> Vec<String> {
    let wholes = schemas.values().filter_map(|schema| schema["allOf"].as_array());
    let references = wholes.flatten().filter_map(|part| part["$ref"].as_str());
    references.filter_map(|to| Some(to.rsplit_once('/')?.1.to_owned())).collect()
}

fn validator(schema: &Value, components: &Value) -> Validator {
    let whole = json!({ "components": components, "allOf": [schema] });
    jsonschema::options()
        .should_validate_formats(true)
        .build(&whole)
        .expect("the document's schemas are JSON schemas")
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderMap;

    fn told(status: u16, body: Value) {
        let answer = Answer { status, headers: HeaderMap::new(), body };
        let path = "/v1/users/01a2045f-8ab8-7751-a9b4-47c7f7d0cbc2/balance";
        check(&Method::GET, path, &answer);
    }

    fn balance() -> Value {
        let user_id = "01a2045f-8ab8-7751-a9b4-47c7f7d0cbc2";
        let updated_at = "2026-11-22T11:00:00Z";
        json!({ "user_id": user_id, "balance": 1, "currency": "KRW", "updated_at": updated_at })
    }

    #[test]
    fn an_answer_as_described_is_right() {
        told(200, balance());
    }

    #[test]
    #[should_panic(expected = "undescribed answer")]
    fn a_status_that_is_not_described_is_wrong() {
        told(201, balance());
    }

    #[test]
    #[should_panic(expected = "more")]
    fn a_field_that_is_not_described_is_wrong() {
        let mut body = balance();
        body["more"] = 1.into();
        told(200, body);
    }

    #[test]
    #[should_panic(expected = "updated_at")]
    fn a_field_of_another_shape_is_wrong() {
        let mut body = balance();
        body["updated_at"] = "yesterday".into();
        told(200, body);
    }

    #[test]
    #[should_panic(expected = "balance")]
    fn a_field_that_is_missing_is_wrong() {
        let mut body = balance();
        body.as_object_mut().expect("it is an object").remove("balance");
        told(200, body);
    }
}
