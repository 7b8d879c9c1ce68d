//! Properties: the rules of core against an independent, naive model of the same rulebook, for random
//! stories. What a story does is in `transitions`, what is likely in `strategies`, what must come of it
//! in `model`, and what is compared in `assertions` and `invariants`.
//!
//! `PROPTEST_CASES` sets how many stories are told; `PROPTEST_RNG_SEED` tells others than the usual ones.

mod amounts;
mod assertions;
mod best_seats;
mod coverage;
mod invariants;
mod loader;
mod long_ticks;
mod model;
mod names;
mod pacing;
mod partial;
mod reference;
mod store;
mod strategies;
mod system;
mod tick_grid;
mod transitions;

// Stories of core's are audited in the same ways.
#[path = "../../core/tests/scenarios/in_passes.rs"]
mod in_passes;

use proptest::test_runner::{Config, RngSeed};

/// How many times as long a slow case takes as a usual one.
const SLOW: u32 = 25;

/// As [`config`], for cases that take long: `PROPTEST_CASES` counts for fewer of them.
fn slow_config(cases: u32) -> Config {
    let config = config(cases * SLOW);
    Config { cases: config.cases.div_ceil(SLOW), ..config }
}

/// The same stories in every run, unless the environment asks for more or for others.
fn config(cases: u32) -> Config {
    let from_environment = Config::default();
    let is_set = |name| std::env::var_os(name).is_some();
    Config {
        cases: if is_set("PROPTEST_CASES") { from_environment.cases } else { cases },
        rng_seed: match from_environment.rng_seed {
            RngSeed::Random => RngSeed::Fixed(20_261_122),
            fixed @ RngSeed::Fixed(_) => fixed,
        },
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..from_environment
    }
}
