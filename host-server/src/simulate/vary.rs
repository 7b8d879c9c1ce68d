//! Sweeps: one field of a scenario, and the values that it takes in turn.

use frontrow_core::sim::ScenarioError;
use serde_json::{Map, Value};
use std::str::FromStr;
use thiserror::Error;

/// Most values of one sweep.
const VALUES_MAX: usize = 100;

/// `PATH=a,b,c`, as in `admission.batch_size=50,100,200`; `arrivals.0.people` is a field of the first wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vary {
    path: String,
    values: Vec<Value>,
}

/// Not a sweep.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "must be PATH=a,b,c with 1 to {VALUES_MAX} values, such as admission.batch_size=50,100,200"
)]
pub struct VaryError;

impl FromStr for Vary {
    type Err = VaryError;

    fn from_str(text: &str) -> Result<Self, VaryError> {
        let (path, values) = text.split_once('=').ok_or(VaryError)?;
        let values: Vec<Value> = values.split(',').map(value).collect();
        let is_full = |text: &str| !text.is_empty();
        let fits = (1..=VALUES_MAX).contains(&values.len()) && !values.contains(&Value::from(""));
        if path.split('.').all(is_full) && fits {
            Ok(Self { path: path.to_owned(), values })
        } else {
            Err(VaryError)
        }
    }
}

/// A number, `true`, `false` or `null` if it reads as one; else text.
fn value(text: &str) -> Value {
    match serde_json::from_str(text.trim()) {
        Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) => value,
        _ => Value::from(text.trim()),
    }
}

impl Vary {
    /// The field.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The scenario with each of the values.
    pub(super) fn scenarios(&self, json: &Value) -> Result<Vec<(Value, Value)>, ScenarioError> {
        let varied = |value: &Value| {
            let mut json = json.clone();
            *self.field(&mut json)? = value.clone();
            Ok((value.clone(), json))
        };
        self.values.iter().map(varied).collect()
    }

    /// The field in a scenario. One that the file leaves out is put in; if there is no such field, reading the
    /// scenario will say so.
    fn field<'a>(&self, json: &'a mut Value) -> Result<&'a mut Value, ScenarioError> {
        let mut place = json;
        for step in self.path.split('.') {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            let next = match place {
                Value::Object(fields) => Some(fields.entry(step).or_insert(Value::Null)),
                Value::Array(items) => {
                    step.parse::<usize>().ok().and_then(|index| items.get_mut(index))
                }
                _ => None,
            };
            place = next.ok_or_else(|| ScenarioError {
                path: self.path.clone(),
                reason: format!("the scenario has no `{step}` there"),
            })?;
        }
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_value_stands_at_its_path() {
        let vary: Vary = "a.0.b=1,true,null,x".parse().unwrap();
        let scenarios = vary.scenarios(&json!({ "a": [{ "b": 7 }], "c": 8 })).unwrap();
        let values: Vec<&Value> = scenarios.iter().map(|(_, json)| &json["a"][0]["b"]).collect();
        assert_eq!(values, [&json!(1), &json!(true), &json!(null), &json!("x")]);
        assert!(scenarios.iter().all(|(_, json)| json["c"] == 8));
    }

    #[test]
    fn a_field_that_was_left_out_is_put_in() {
        let vary: Vary = "holds.hold_seconds=60".parse().unwrap();
        let scenarios = vary.scenarios(&json!({})).unwrap();
        assert_eq!(scenarios[0].1, json!({ "holds": { "hold_seconds": 60 } }));
    }

    #[test]
    fn what_is_no_sweep_is_refused() {
        for text in ["", "a", "=1", "a=", "a=1,,2", "a..b=1"] {
            assert_eq!(text.parse::<Vary>(), Err(VaryError), "{text}");
        }
        let vary: Vary = "a.1.b=2".parse().unwrap();
        assert_eq!(vary.scenarios(&json!({ "a": [{}] })).unwrap_err().path, "a.1.b");
    }
}
