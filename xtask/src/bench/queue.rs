//! `cargo xtask bench queue`: what a poll costs in a line of a million people, and of a thousand, against a route
//! that always answers the same bytes behind the same layers, and against warp alone with that route. The
//! servers are in host-server's bench `polls`; they take turns, so that a busy minute falls on all of them. And
//! what joins cost, in `joins`, and a tick, in `ticks`; and the memory of open event streams, in `streams`.

mod joins;
mod streams;
mod table;
mod ticks;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use tempfile::TempDir;

use super::gets::{self, Gets};
use super::replica::rest_of_line_within;
use super::sim::machine;
use super::wrk::Figures;
use crate::cargo::{self, Profile};
use crate::failure::Failure;
use crate::postgres;
use crate::process::{Read, Runner, Running};
use crate::tools;
use table::table;

/// People in the long line and in the short one, and how many of each poll.
const LONG: usize = 1_000_000;
const SHORT: usize = 1_000;
const POLLING: usize = 10_000;

/// The path of polls.
const POLLS: &str = "/v1/queue-tokens/current";
/// Connections at a time.
const CONNECTIONS: [u32; 2] = [64, 256];
/// Seconds of each run, and how many of each there are: the shorter, the less a busy minute falls on one alone. But in
/// the first tenth of a second every token is new to the processor's caches.
const SECONDS: u32 = 3;
const RUNS: usize = 11;
/// Runs of what takes long. The least and the greatest of seven have the median between them with 98 % confidence,
/// however runs are distributed: that all seven fall on one side has a chance of 1 in 64.
const CONFIDENCE_RUNS: usize = 7;
/// How long it may take until everybody stands in line.
const JOINED_MAX: Duration = Duration::from_mins(20);

/// A line, and the servers beside it.
struct Servers<'a> {
    polls: String,
    constant: String,
    bare: String,
    tokens: PathBuf,
    _running: Running<'a>,
}

/// What all came to that ran one after the other.
#[derive(Debug, Clone, Copy, Default)]
struct Round {
    polls: Figures,
    short: Figures,
    constant: Figures,
    bare: Figures,
}

/// Measures, and prints the table.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    let programs = [postgres::TOOL, postgres::CLIENTS, tools::WRK, tools::CURL];
    tools::ensure(runner, &[tools::TO_BUILD, &programs].concat())?;
    let server = cargo::build_server(runner, Profile::Release)?;
    let program = cargo::build_bench(runner, "frontrow-server", "", "polls")?;
    let folder = tempfile::tempdir()?;
    let ticks = ticks::run(runner, &server, folder.path())?;
    let joins = joins::run(runner, &server, folder.path())?;
    let long = Servers::start(runner, &program, LONG, &folder)?;
    let short = Servers::start(runner, &program, SHORT, &folder)?;
    let mut text = String::new();
    for connections in CONNECTIONS {
        let mut rounds = Vec::with_capacity(RUNS);
        for number in 1..=RUNS {
            let mut round = Round::default();
            let mut runs = [
                (&long.polls, &long, &mut round.polls),
                (&long.constant, &long, &mut round.constant),
                (&long.bare, &long, &mut round.bare),
                (&short.polls, &short, &mut round.short),
            ];
            // Each takes its turn at being first.
            runs.rotate_left(number % 4);
            for (url, of, figures) in runs {
                *figures = load(runner, url, &of.tokens, connections, SECONDS)?;
            }
            let (polls, constant) = (round.polls.rate, round.constant.rate);
            eprintln!(
                "xtask: {connections} connections, round {number} of {RUNS}: \
                 {polls:.0} polls a second, {constant:.0} constant"
            );
            rounds.push(round);
        }
        text.push_str(&table(connections, &rounds));
    }
    println!(
        "\n{joins}{ticks}{text}polls: medians of {RUNS} runs of {SECONDS} s in turn\n{}",
        machine()
    );
    Ok(ExitCode::SUCCESS)
}

impl<'a> Servers<'a> {
    fn start(
        runner: &'a Runner,
        program: &Path,
        waiting: usize,
        folder: &TempDir,
    ) -> Result<Self, Failure> {
        eprintln!("xtask: {waiting} people join");
        let tokens = folder.path().join(format!("{waiting}.tokens"));
        let mut command = Command::new(program);
        command.args([waiting, POLLING.min(waiting)].map(|count| count.to_string())).arg(&tokens);
        let running = runner.start_reading(command, Read::Stdout)?;
        let next = |name: &str| rest_of_line_within(&running, name, JOINED_MAX);
        let (polls, constant, bare) = (next("polls ")?, next("constant ")?, next("bare ")?);
        Ok(Self { polls, constant, bare, tokens, _running: running })
    }
}

/// Polls at `url` for so long.
fn load(
    runner: &Runner,
    url: &str,
    tokens: &Path,
    connections: u32,
    seconds: u32,
) -> Result<Figures, Failure> {
    let polls = Gets { path: POLLS, tokens, etag: None };
    gets::figures(runner, url, polls, connections, seconds)
}
