//! `cargo xtask bench`: what is measured, and how it is asked for. The figures are for comparing within
//! one run: machines differ, and are busy with other things.
//!
//! `booking` measures holds and payments, `queue` who waits, `seats` who looks at a hall, `core` what the rules cost in
//! memory, `sim` the simulator, `verify` the audit. The first three are put together from `replica` (a server that runs),
//! `wrk` and `gets` (the load) and `statements` (what Postgres alone can do); `report` prints.

mod booking;
mod core;
mod gets;
mod queue;
mod replica;
mod report;
mod seats;
mod sim;
mod statements;
mod verify;
mod wrk;

use std::process::ExitCode;

use clap::Subcommand;

use crate::failure::Failure;
use crate::process::Runner;

/// What can be measured.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Bench {
    /// Holds and payments through HTTP on Postgres, against statements that write the same rows
    Booking,
    /// Polls of a line of a million people and of a thousand, against routes that always answer the same
    Queue,
    /// Maps of a hall, and the answer that one has not changed, against warp alone
    Seats,
    /// Holds and payments in memory, against the bare memory work of each
    Core,
    /// An on-sale of a million people: simulated natively and in WebAssembly, and its bare commands
    Sim,
    /// `frontrow verify` of a million sold reservations, against a bare copy of the journal
    Verify,
}

pub fn run(runner: &Runner, bench: Bench) -> Result<ExitCode, Failure> {
    match bench {
        Bench::Booking => booking::run(runner),
        Bench::Queue => queue::run(runner),
        Bench::Seats => seats::run(runner),
        Bench::Core => core::run(runner),
        Bench::Sim => sim::run(runner),
        Bench::Verify => verify::run(runner),
    }
}
