//! The check of a draw, for whoever was drawn.

use frontrow_core::queue::{Commitment, DrawError, DrawSeed, NotHex, verify_draw as verify};
use std::str::FromStr;
use wasm_bindgen::prelude::*;

use crate::argument;

/// Checks a draw from what the concert shows of it: the ticket number, from 1 (the first to be let in), of who arrived
/// with `arrivalNumber`. `beaconValue` is `null` where the concert had named no beacon.
///
/// @throws `FrontrowError` if the seed is not the one that was committed to, or an argument makes no sense.
#[wasm_bindgen(js_name = verifyDraw)]
pub fn verify_draw(
    #[wasm_bindgen(unchecked_param_type = "string")] seed: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] commitment: &JsValue,
    #[wasm_bindgen(js_name = beaconValue, unchecked_param_type = "string | null")]
    beacon_value: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] arrivals: &JsValue,
    #[wasm_bindgen(js_name = arrivalNumber, unchecked_param_type = "number")]
    arrival_number: &JsValue,
) -> Result<f64, JsValue> {
    let seed: DrawSeed = hexadecimal("seed", seed)?;
    let commitment: Commitment = hexadecimal("commitment", commitment)?;
    let beacon_value = match beacon_value.as_string() {
        None if !beacon_value.is_null() && !beacon_value.is_undefined() => {
            return Err(argument::malformed("beaconValue", "must be a string or null"));
        }
        value => value,
    };
    let arrivals = argument::whole("arrivals", arrivals, 1)?;
    let arrival_number = argument::whole("arrivalNumber", arrival_number, 1)?;
    let number =
        verify(&seed, &commitment, beacon_value.as_deref(), arrivals.into(), arrival_number.into());
    match number {
        #[allow(clippy::cast_precision_loss, reason = "at most `arrivals`")]
        Ok(number) => Ok(number as f64),
        Err(error) => {
            let field = match error {
                DrawError::CommitmentMismatch => "seed",
                DrawError::ArrivalsOutOfRange => "arrivals",
                DrawError::ArrivalNumberOutOfRange => "arrivalNumber",
            };
            Err(argument::malformed(field, error.to_string()))
        }
    }
}

fn hexadecimal<T: FromStr<Err = NotHex>>(name: &str, value: &JsValue) -> Result<T, JsValue> {
    let text = value.as_string().unwrap_or_default();
    text.parse().map_err(|error: NotHex| argument::malformed(name, error.to_string()))
}
