//! The simulator: which N and K for my hall? A pure function from a [`Scenario`] to a [`Report`], in which a
//! crowd joins, waits, loses patience, chooses seats, pays or doesn't.
//!
//! It is a discrete-event simulation: time jumps from one thing that happens to the next, so that a day of
//! sale takes a moment. People only send commands to a [`World`](crate::World), as clients do; who is let in
//! and who gets which seat is decided by the very rules that sell real seats.
//!
//! ```text
//! arrivals ─▶ join ─▶ wait ─▶ let in ─▶ look, think ─▶ hold ─▶ pay ─▶ bought
//!               │       │        │            ▲  │taken   │      │ failed
//!               ▼       ▼        ▼            └──┘        ▼      ▼
//!            refused  gave up  ran out of time ──▶ joins again  abandoned
//! ```
//!
//! # What is a model
//!
//! - **Polls are lazy.** A real client polls all the while; here its presence is told the world at the tick
//!   that looks at it, and the quoted wait is read once, as somebody joins. Whoever is let in notices it
//!   within a second; whoever is in line as the last seat is sold hears it within a minute.
//! - **Those who just go** stay in line, and are passed over at their turn if the policy has `lapse_seconds`;
//!   else they are let in and take up a slot until their time runs out.
//! - **Payment** charges what the balance lacks, and pays with it. A payment that fails does so before it
//!   comes to the rules.
//! - **Bots** take a fifth of a second at most for anything, take as many seats as they may, and take others
//!   once those have lapsed.
//!
//! # The same everywhere
//!
//! Nothing depends on the platform: numbers come from PCG32 by the scenario's seed, logarithms from `libm`,
//! ids from counters. So a browser, a server and every test print the same [`Report::event_hash`]. What a
//! person is like depends on the seed and their number alone: scenarios that differ in their policy only
//! have the same people at the same door.
//!
//! # In slices
//!
//! ```
//! use frontrow_core::sim::{Scenario, Simulation, run};
//!
//! let scenario: Scenario = serde_json::from_str(
//!     r#"{
//!         "version": 1,
//!         "seed": 7,
//!         "admission": { "interval_seconds": 10, "batch_size": 20, "active_seconds": 300 },
//!         "halls": [{ "sections": [{ "name": "R", "rows": 5, "seats_per_row": 20, "price": 154000 }] }],
//!         "arrivals": [{ "kind": "steady", "seconds": 600, "people": 100 }]
//!     }"#,
//! )?;
//! let mut simulation = Simulation::new(&scenario)?;
//! while !simulation.is_done() {
//!     simulation.step(1_000); // and draw `simulation.counts()`
//! }
//! assert_eq!(simulation.report(), run(&scenario)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod acts;
mod agenda;
mod arrivals;
mod crowd;
mod follow;
mod frame;
mod free_seats;
mod guest;
mod journal_hash;
#[cfg(test)]
mod promises;
mod random;
mod report;
mod scenario;
mod simulation;
mod story;
mod tally;
mod validate;
mod written;

pub use crowd::{SeatTaste, Stage};
pub use frame::PersonView;
pub use report::{
    Counts, EtaErrors, Fates, Invariants, LittlesLaw, Quantiles, Report, Sample, SeatCounts,
};
pub use scenario::{
    Bots, DURATION_SECONDS_MAX, GROUP_SEATS_MAX, HALLS_MAX, Hall, PEOPLE_MAX, People, SAMPLES_MAX,
    Scenario, ScenarioError, Spread, TRIES_MAX, Taste, VERSION, WAVES_MAX, WEIGHT_MAX, Wave,
};
pub use simulation::Simulation;
pub use story::{StoryEvent, StoryLine, story};

/// Simulates a scenario to its end.
pub fn run(scenario: &Scenario) -> Result<Report, ScenarioError> {
    let mut simulation = Simulation::new(scenario)?;
    while !simulation.is_done() {
        simulation.step(u32::MAX);
    }
    Ok(simulation.report())
}
