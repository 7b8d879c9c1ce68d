//! `cargo xtask bench`: what is measured, and how it is asked for. The figures are for comparing within
//! one run: machines differ, and are busy with other things.
//!
//! `http` measures a server under load; it is put together from `replica` (a server that runs), `wrk`
//! (the load), `ceiling` (what Postgres alone can do) and `table`. `queue` measures polls, `sim` the simulator.

mod ceiling;
mod http;
mod queue;
mod replica;
mod sim;
mod table;
mod wrk;

use std::process::ExitCode;

use clap::Subcommand;

use crate::failure::Failure;
use crate::process::Runner;

/// What can be measured.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Bench {
    /// Joins, holds and payments a second through HTTP on Postgres, with one replica and with two
    Http,
    /// Polls of a line of a million people and of a thousand, against routes that always answer the same
    Queue,
    /// An on-sale of a million people: simulated natively and in WebAssembly, and its bare commands
    Sim,
}

pub fn run(runner: &Runner, bench: Bench) -> Result<ExitCode, Failure> {
    match bench {
        Bench::Http => http::run(runner),
        Bench::Queue => queue::run(runner),
        Bench::Sim => sim::run(runner),
    }
}
