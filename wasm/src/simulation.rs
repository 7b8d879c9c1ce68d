//! The handle over a simulation, and what is asked of a scenario as a whole. Frames are typed arrays, since
//! they are drawn sixty times a second; the rest are plain objects.

use frontrow_core::sim::{self, Sample, Simulation as CoreSimulation};
use wasm_bindgen::prelude::*;

use crate::argument;
use crate::error::{not_simulated, optional, plain};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = r#"
import type {
  Invariants, PersonView, Report, Scenario, ScenarioInput, SimulationMillis,
} from "./simulation.js";
import type { Section } from "./types.js";
"#;

/// Numbers of a row of `counts` and `curve`.
const SAMPLE_NUMBERS: usize = 6;

/// A crowd that acts on a world, in slices as you like them: it decides nothing, the rules do.
///
/// Time begins at 0, which the rules take for 1970-01-01T00:00:00Z. What makes no sense is thrown as a
/// `FrontrowError` with the code `malformed_request`, and names the field, such as `people.patience`.
/// Memory is given back by `free()`, by `using`, or by the garbage collector.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Simulation(CoreSimulation);

#[wasm_bindgen]
impl Simulation {
    /// A simulation in which nothing has happened yet. The same scenario gives the same one.
    ///
    /// @throws `FrontrowError` if the scenario makes no sense.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "ScenarioInput")] scenario: &JsValue,
    ) -> Result<Self, JsValue> {
        let scenario = argument::scenario(scenario)?;
        CoreSimulation::new(&scenario).map(Self).map_err(not_simulated)
    }

    /// Lets at most `steps` (0 to 2^32 − 1) things happen. A call costs about as much as one of them, so take
    /// hundreds at once.
    pub fn step(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] steps: &JsValue,
    ) -> Result<(), JsValue> {
        self.0.step(argument::whole("steps", steps, 0)?);
        Ok(())
    }

    /// Lets everything happen that happens before `millis`; then it is that time. At most to the end.
    #[wasm_bindgen(js_name = runUntil)]
    pub fn run_until(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "SimulationMillis")] millis: &JsValue,
    ) -> Result<(), JsValue> {
        self.0.run_until(argument::whole("millis", millis, 0)? / 1_000);
        Ok(())
    }

    /// Milliseconds from the scenario's start.
    #[wasm_bindgen(getter, js_name = nowMillis)]
    pub fn now_millis(&self) -> u32 {
        self.0.now_millis()
    }

    /// Whether nothing is left to happen before the scenario's end.
    #[wasm_bindgen(getter, js_name = isDone)]
    pub fn is_done(&self) -> bool {
        self.0.is_done()
    }

    /// How much of the scenario's time has passed, 0 to 1,000; 1,000 once it is done.
    #[wasm_bindgen(getter)]
    pub fn progress(&self) -> u32 {
        self.0.progress()
    }

    /// How things stand now, as six numbers: the second, how many have come, how many wait, how many are
    /// active, seats held, seats sold.
    pub fn counts(&self) -> Vec<f64> {
        row(&self.0.counts()).to_vec()
    }

    /// How it went, at equal intervals: rows of six numbers as `counts` has them, from row `fromIndex` on.
    pub fn curve(
        &self,
        #[wasm_bindgen(js_name = fromIndex, unchecked_param_type = "number")] from_index: &JsValue,
    ) -> Result<Vec<f64>, JsValue> {
        let from: usize = argument::whole("from_index", from_index, 0)? as usize;
        Ok(self.0.curve().iter().skip(from).flat_map(row).collect())
    }

    /// How every seat of a hall (from 0) stands now: seat 1 at index 0, and 0 for available, 1 for held, 2
    /// for sold. Empty if there is no such hall.
    #[wasm_bindgen(js_name = seatStatuses)]
    pub fn seat_statuses(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] hall: &JsValue,
    ) -> Result<Vec<u8>, JsValue> {
        let hall = argument::whole("hall", hall, 0)?;
        Ok(self.0.seat_statuses(hall).map(|status| status as u8).collect())
    }

    /// How the person who came as number `number` (from 0) stands now; `undefined` before they have come.
    #[wasm_bindgen(unchecked_return_type = "PersonView | undefined")]
    pub fn person(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] number: &JsValue,
    ) -> Result<JsValue, JsValue> {
        optional(self.0.person(argument::whole("number", number, 0)?).as_ref())
    }
}

/// The scenario with every default filled in.
///
/// @throws `FrontrowError` if it makes no sense; `rejection.errors` names the field.
#[wasm_bindgen(js_name = completeScenario, unchecked_return_type = "Scenario")]
pub fn complete_scenario(
    #[wasm_bindgen(unchecked_param_type = "unknown")] scenario: &JsValue,
) -> Result<JsValue, JsValue> {
    let scenario = argument::scenario(scenario)?;
    scenario.validate().map_err(not_simulated)?;
    plain(&scenario)
}

/// Simulates a scenario to its end. A million people take some seconds: in a page, do it in a worker.
///
/// @throws `FrontrowError` if the scenario makes no sense.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn simulate(
    #[wasm_bindgen(unchecked_param_type = "ScenarioInput")] scenario: &JsValue,
) -> Result<JsValue, JsValue> {
    plain(&sim::run(&argument::scenario(scenario)?).map_err(not_simulated)?)
}

/// As many numbers as JavaScript's can tell exactly: counts stay far below 2^53.
#[allow(clippy::cast_precision_loss, reason = "seats and people are counted in millions")]
fn row(sample: &Sample) -> [f64; SAMPLE_NUMBERS] {
    let Sample { at_second, came, waiting, active, held, sold } = *sample;
    let [came, waiting, active, held, sold] = [came, waiting, active, held, sold].map(|n| n as f64);
    [f64::from(at_second), came, waiting, active, held, sold]
}
