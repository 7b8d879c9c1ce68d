//! `cargo xtask bench seats`: what the map of a hall costs, and the answer that it has not changed, against warp alone
//! that always answers the same. The servers are in host-server's bench `seats`; they take turns.

use std::fmt::Write;
use std::process::{Command, ExitCode};
use std::time::Duration;

use super::gets::{Gets, figures};
use super::replica::rest_of_line_within;
use super::report::{Bound, rates, ratios};
use super::sim::machine;
use super::wrk::Figures;
use crate::cargo;
use crate::failure::Failure;
use crate::process::{Read, Runner};
use crate::tools;

/// People who look.
const LOOKING: u32 = 1_000;
/// Connections at a time.
const CONNECTIONS: u32 = 64;
/// Seconds of each run, and how many of each there are.
const SECONDS: u32 = 3;
const RUNS: usize = 7;
/// How long it may take until everybody is let in.
const READY_MAX: Duration = Duration::from_mins(2);

/// Maps : the same bytes, and 304 : 304, at least.
const OF_CONSTANT: Bound = Bound::AtLeast(0.5);
const OF_UNCHANGED: Bound = Bound::AtLeast(0.7);

/// What all came to that ran one after the other.
#[derive(Debug, Clone, Copy, Default)]
struct Round {
    maps: Figures,
    constant: Figures,
    not_modified: Figures,
    unchanged: Figures,
}

/// Measures, and prints the table.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    tools::ensure(runner, &[tools::TO_BUILD, &[tools::WRK]].concat())?;
    let program = cargo::build_bench(runner, "frontrow-server", "", "seats")?;
    let folder = tempfile::tempdir()?;
    let tokens = folder.path().join("tokens");
    let mut command = Command::new(program);
    command.arg(LOOKING.to_string()).arg(&tokens);
    let servers = runner.start_reading(command, Read::Stdout)?;
    let next = |name: &str| rest_of_line_within(&servers, name, READY_MAX);
    let (seats, constant, unchanged) = (next("seats ")?, next("constant ")?, next("unchanged ")?);
    let (path, etag) = (next("path ")?, next("etag ")?);
    let get = |url: &str, etag: Option<&str>| {
        let gets = Gets { path: &path, tokens: &tokens, etag };
        figures(runner, url, gets, CONNECTIONS, SECONDS)
    };
    let mut rounds = Vec::with_capacity(RUNS);
    for number in 1..=RUNS {
        let round = Round {
            maps: get(&seats, None)?,
            constant: get(&constant, None)?,
            not_modified: get(&seats, Some(&etag))?,
            unchanged: get(&unchanged, Some(&etag))?,
        };
        eprintln!(
            "xtask: round {number} of {RUNS}: {:.0} maps a second ({:.0} constant), {:.0} not modified ({:.0})",
            round.maps.rate, round.constant.rate, round.not_modified.rate, round.unchanged.rate
        );
        rounds.push(round);
    }
    println!("\n{}", table(&rounds));
    Ok(ExitCode::SUCCESS)
}

fn table(rounds: &[Round]) -> String {
    let mut text = rates(
        CONNECTIONS,
        rounds,
        [
            ("maps of 1,000 seats", |round| round.maps),
            ("bare warp, same bytes", |round| round.constant),
            ("maps not modified", |round| round.not_modified),
            ("bare warp, always 304", |round| round.unchanged),
        ],
    );
    text += &ratios(
        rounds,
        [
            ("maps : bare", |round| round.maps.rate / round.constant.rate, OF_CONSTANT),
            ("304 : bare", |round| round.not_modified.rate / round.unchanged.rate, OF_UNCHANGED),
        ],
    );
    let _ = writeln!(text, "\nmedians of {RUNS} runs of {SECONDS} s in turn\n{}", machine());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_medians_and_what_is_required() {
        let figures = |rate| Figures { rate, p99_micros: 1_000.0, ..Figures::default() };
        let round = Round {
            maps: figures(500.0),
            constant: figures(1_000.0),
            not_modified: figures(900.0),
            unchanged: figures(1_000.0),
        };
        let text = table(&[round]);
        for line in [
            "maps of 1,000 seats                  500        1.0",
            "maps : bare                         0.50    (0.50 to 0.50), at least 0.5",
            "304 : bare                          0.90    (0.90 to 0.90), at least 0.7",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }
}
