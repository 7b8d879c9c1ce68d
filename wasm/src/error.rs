//! What is thrown across the boundary: the rules' own refusals, and nothing else.

use frontrow_core::Rejection;
use frontrow_core::sim::ScenarioError;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

// The glue imports the class from the file that the package exports it from, so that `instanceof` holds.
#[wasm_bindgen(raw_module = "./error.js")]
extern "C" {
    type FrontrowError;

    #[wasm_bindgen(constructor)]
    fn new(rejection: JsValue, ko: &str, en: &str, is_transient: bool) -> FrontrowError;
}

/// The `FrontrowError` that tells of `rejection`.
pub(crate) fn thrown(rejection: &Rejection) -> JsValue {
    let text = rejection.text();
    match plain(rejection) {
        Ok(object) => FrontrowError::new(object, text.ko, text.en, rejection.is_transient()).into(),
        Err(error) => error,
    }
}

/// A value as a plain object: maps are objects, `None` is `null`, and numbers stay numbers. Fails on a
/// number beyond 2^53 − 1, rather than rounding it.
pub(crate) fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// A value as a plain object, or `undefined`.
pub(crate) fn optional(value: Option<&impl Serialize>) -> Result<JsValue, JsValue> {
    value.map_or(Ok(JsValue::UNDEFINED), plain)
}

/// What is thrown for a scenario that makes no sense: it is malformed, like a command.
#[allow(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn not_simulated(error: ScenarioError) -> JsValue {
    thrown(&Rejection::malformed(&error.path, error.reason))
}
