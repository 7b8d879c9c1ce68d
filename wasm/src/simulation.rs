//! The handle over a simulation, and what is asked of a scenario as a whole. Frames are typed arrays, since
//! they are drawn sixty times a second; the rest are plain objects.

use frontrow_core::concert::{Concert, Schedule};
use frontrow_core::sim::{self, Sample, Scenario, Simulation as CoreSimulation};
use frontrow_core::{ReservationId, UserId};
use std::hint::black_box;
use wasm_bindgen::prelude::*;

use crate::argument;
use crate::error::{not_simulated, optional, plain, thrown};
use crate::rows;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = r#"
import type {
  Invariants, PersonView, Report, Scenario, ScenarioInput, SimulationMillis, StoryLine,
} from "./simulation.js";
import type { Section } from "./types.js";
"#;

/// Memory that a simulation takes for each of its people.
const BYTES_PER_PERSON: usize = 460;

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
        let scenario = scenario_to_run(scenario)?;
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
        self.0.run_until_millis(argument::whole("millis", millis, 0)?);
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

    /// The stage of everybody who has come, by number: an index into `STAGES`.
    pub fn stages(&self) -> Vec<u8> {
        self.0.stages().map(|stage| stage as u8).collect()
    }

    /// How many halls there are.
    #[wasm_bindgen(getter, js_name = hallCount)]
    pub fn hall_count(&self) -> usize {
        self.0.world().state().schedules().len()
    }

    /// The sections of a hall (from 0), in the order in which its seats are numbered; none if there is no such
    /// hall.
    #[wasm_bindgen(unchecked_return_type = "Section[]")]
    pub fn sections(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] hall: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let hall = argument::whole("hall", hall, 0)? as usize;
        let schedules = self.concert_schedules();
        let sections = schedules.get(hall).map_or(&[][..], |schedule| &schedule.sections);
        plain(&sections)
    }

    /// What came of it so far; all of it once `isDone`. Looks at every row: ask a few times a second at most.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        plain(&self.0.report())
    }

    /// How the person who came as number `number` (from 0) stands now; `undefined` before they have come.
    #[wasm_bindgen(unchecked_return_type = "PersonView | undefined")]
    pub fn person(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] number: &JsValue,
    ) -> Result<JsValue, JsValue> {
        optional(self.0.person(argument::whole("number", number, 0)?).as_ref())
    }

    /// The named invariants, as of now. Looks at every row.
    #[wasm_bindgen(unchecked_return_type = "Invariants")]
    pub fn audit(&self) -> Result<JsValue, JsValue> {
        plain(&self.0.audit())
    }
}

/// The person at the screen: somebody beside the crowd, who stands in the same line and wants the same seats.
#[wasm_bindgen]
impl Simulation {
    /// Carries out a command of theirs, now: `join`, `leave`, `hold`, `withdraw`, `charge` or `pay`. The ids of
    /// what they make or name are UUIDs of version 4 or 7, which the crowd's never are.
    ///
    /// @throws `FrontrowError` with the `code` of the refusal; `malformed_request` if the command makes no
    /// sense, or is not theirs to send.
    #[wasm_bindgen(unchecked_return_type = "Outcome")]
    pub fn execute(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Command")] command: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = argument::command(command)?;
        let outcome = self.0.send(&command).map_err(|rejection| thrown(&rejection))?;
        plain(&outcome)
    }

    /// Notes that they polled: where `lapse_seconds` is not 0, who is not seen is passed over.
    #[wasm_bindgen(js_name = markSeen)]
    pub fn mark_seen(
        &mut self,
        #[wasm_bindgen(js_name = ticketId, unchecked_param_type = "TicketId")] ticket_id: &JsValue,
    ) -> Result<(), JsValue> {
        self.0.mark_seen(argument::id("ticket_id", ticket_id)?);
        Ok(())
    }

    /// How a ticket stands now: place in line, time left, when to ask again. `undefined` if there is no such
    /// ticket.
    #[wasm_bindgen(unchecked_return_type = "Standing | undefined")]
    pub fn standing(
        &self,
        #[wasm_bindgen(js_name = ticketId, unchecked_param_type = "TicketId")] ticket_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let ticket_id = argument::id("ticket_id", ticket_id)?;
        optional(self.0.world().standing(ticket_id, self.0.now()).as_ref())
    }

    /// Checks that the holder of a ticket may look at the schedules and seats now.
    ///
    /// @throws `FrontrowError`: `queue_token_invalid`, `queue_token_waiting` or `queue_token_expired`.
    #[wasm_bindgen(js_name = admitReader)]
    pub fn admit_reader(
        &self,
        #[wasm_bindgen(js_name = ticketId, unchecked_param_type = "TicketId")] ticket_id: &JsValue,
    ) -> Result<(), JsValue> {
        let ticket_id = argument::id("ticket_id", ticket_id)?;
        rows::admit_reader(self.0.world(), ticket_id, self.concert_row().id, self.0.now())
    }

    /// The concert that is sold.
    #[wasm_bindgen(unchecked_return_type = "Concert")]
    pub fn concert(&self) -> Result<JsValue, JsValue> {
        plain(self.concert_row())
    }

    /// Its schedules: one for each hall, in their order.
    #[wasm_bindgen(unchecked_return_type = "Schedule[]")]
    pub fn schedules(&self) -> Result<JsValue, JsValue> {
        plain(&self.concert_schedules())
    }

    /// A reservation, or `undefined`. How it stands now is told by `reservationStatus`.
    #[wasm_bindgen(unchecked_return_type = "Reservation | undefined")]
    pub fn reservation(
        &self,
        #[wasm_bindgen(js_name = reservationId, unchecked_param_type = "ReservationId")]
        reservation_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let reservation_id: ReservationId = argument::id("reservation_id", reservation_id)?;
        optional(self.0.world().state().reservations().get(reservation_id))
    }

    /// How a reservation stands now, or `undefined`.
    #[wasm_bindgen(
        js_name = reservationStatus,
        unchecked_return_type = "ReservationStatus | undefined"
    )]
    pub fn reservation_status(
        &self,
        #[wasm_bindgen(js_name = reservationId, unchecked_param_type = "ReservationId")]
        reservation_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let reservation_id: ReservationId = argument::id("reservation_id", reservation_id)?;
        let reservation = self.0.world().state().reservations().get(reservation_id);
        optional(reservation.map(|reservation| reservation.status(self.0.now())).as_ref())
    }

    /// A wallet, or `undefined` if it was never charged.
    #[wasm_bindgen(unchecked_return_type = "Wallet | undefined")]
    pub fn wallet(
        &self,
        #[wasm_bindgen(js_name = userId, unchecked_param_type = "UserId")] user_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let user_id: UserId = argument::id("user_id", user_id)?;
        optional(self.0.world().state().wallets().get(user_id))
    }
}

impl Simulation {
    fn concert_row(&self) -> &Concert {
        let concerts = self.0.world().state().concerts();
        let (_, concert) = concerts.iter().next().expect("a simulation creates its concert");
        concert
    }

    fn concert_schedules(&self) -> Vec<&Schedule> {
        rows::schedules(self.0.world(), self.concert_row().id)
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
    plain(&sim::run(&scenario_to_run(scenario)?).map_err(not_simulated)?)
}

/// What the person who comes as number `number` (from 0) lives through, oldest first. Runs the scenario again,
/// as far as they are in it.
///
/// @throws `FrontrowError` if the scenario makes no sense, or nobody of that number comes.
#[wasm_bindgen(unchecked_return_type = "StoryLine[]")]
pub fn story(
    #[wasm_bindgen(unchecked_param_type = "ScenarioInput")] scenario: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] number: &JsValue,
) -> Result<JsValue, JsValue> {
    let number = argument::whole("number", number, 0)?;
    plain(&sim::story(&scenario_to_run(scenario)?, number).map_err(not_simulated)?)
}

/// A scenario that makes sense, and memory for its people.
fn scenario_to_run(value: &JsValue) -> Result<Scenario, JsValue> {
    let scenario = argument::scenario(value)?;
    scenario.validate().map_err(not_simulated)?;
    grow_memory(scenario.people_total());
    Ok(scenario)
}

/// Has the memory grow once, where it would in thousands of small steps: at each of them an engine may look for
/// garbage. What the allocator gets it keeps.
fn grow_memory(people: u64) {
    let bytes = usize::try_from(people).unwrap_or(usize::MAX).saturating_mul(BYTES_PER_PERSON);
    let mut room: Vec<u8> = Vec::new();
    // If there is not as much, less may do.
    let _ = room.try_reserve_exact(bytes);
    // The compiler would see that nobody uses it.
    black_box(room);
}

/// As many numbers as JavaScript's can tell exactly: counts stay far below 2^53.
#[allow(clippy::cast_precision_loss, reason = "seats and people are counted in millions")]
fn row(sample: &Sample) -> [f64; SAMPLE_NUMBERS] {
    let Sample { at_second, came, waiting, active, held, sold } = *sample;
    let [came, waiting, active, held, sold] = [came, waiting, active, held, sold].map(|n| n as f64);
    [f64::from(at_second), came, waiting, active, held, sold]
}
