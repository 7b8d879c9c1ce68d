//! `cargo xtask bench verify`: what `frontrow verify` makes of a million sold reservations, beside a bare `COPY` of the same
//! journal; its memory, and that at a quarter of them; and how long a server takes to start on such a database. The
//! database is made by `verify/sold.sql`, and sound.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use super::replica::Replica;
use super::report::{Bound, ratio_line};
use super::sim::{machine, median};
use super::statements::{Statements, file};
use crate::cargo::{self, Profile};
use crate::failure::Failure;
use crate::postgres::{self, Client, Database};
use crate::process::{Read, Runner};
use crate::tools;

/// Runs of each kind, in turn; the median counts.
const RUNS: usize = 5;
/// Sold reservations.
const FEW: u64 = 250_000;
const MANY: u64 = 1_000_000;
/// Rows of the journal that `frontrow verify` goes through in a second : rows that `COPY journal TO STDOUT` tells.
const OF_COPY: Bound = Bound::AtLeast(0.3);

/// How often its memory is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Rows of the journal a second, in two ways that took turns.
#[derive(Debug, Clone, Copy)]
struct Round {
    copied: f64,
    verified: f64,
}

/// What is told besides.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    events: f64,
    few_peak_bytes: u64,
    many_peak_bytes: u64,
    start: Duration,
}

/// One run of `frontrow verify`.
#[derive(Debug, Clone, Copy)]
struct Verified {
    took: Duration,
    peak_bytes: u64,
}

/// Measures, and prints the table.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    let programs = [postgres::TOOL, postgres::CLIENTS, tools::CURL];
    tools::ensure(runner, &[tools::TO_BUILD, &programs].concat())?;
    let server = cargo::build_server(runner, Profile::Release)?;
    let database = Database::open(runner)?;
    let folder = tempfile::tempdir()?;
    let sold = |name: &str, sold: u64| {
        let rows = Statements::open(runner, &database, &server, folder.path(), name)?;
        eprintln!("xtask: {sold} reservations are sold in SQL");
        rows.client().run_file(runner, &file("verify/sold.sql"), &[("sold", sold)])?;
        Ok::<_, Failure>(rows.client().clone())
    };
    let few = verify(runner, &server, &sold("frontrow_bench_few", FEW)?)?;
    let client = sold("frontrow_bench_many", MANY)?;
    let events = client.query(runner, "SELECT count(*) FROM journal")?;
    let events: f64 = events.trim().parse().map_err(|_| failed("the journal can't be counted"))?;
    let mut rounds = Vec::with_capacity(RUNS);
    let mut many_peak_bytes = 0;
    for number in 1..=RUNS {
        let copied = client.discard(runner, "COPY journal TO STDOUT")?;
        let verified = verify(runner, &server, &client)?;
        many_peak_bytes = many_peak_bytes.max(verified.peak_bytes);
        let a_second = |took: Duration| events / took.as_secs_f64();
        let round = Round { copied: a_second(copied), verified: a_second(verified.took) };
        eprintln!(
            "xtask: run {number} of {RUNS}: {:.0} rows of the journal a second verified, {:.0} copied",
            round.verified, round.copied
        );
        rounds.push(round);
    }
    let start = start(runner, &server, &client)?;
    let sizes = Sizes { events, few_peak_bytes: few.peak_bytes, many_peak_bytes, start };
    println!("\n{}medians of {RUNS} runs in turn\n{}", table(&rounds, sizes), machine());
    Ok(ExitCode::SUCCESS)
}

/// Verifies a database, and fails if it is not sound.
fn verify(runner: &Runner, server: &Path, client: &Client) -> Result<Verified, Failure> {
    let mut command = Command::new(server);
    command.arg("verify").env("FRONTROW_DATABASE_URL", client.url());
    let started_at = Instant::now();
    let running = runner.start_reading(command, Read::Stdout)?;
    let mut peak_bytes = 0;
    // Its report is all that it says.
    while running.next_line(LOOK)?.is_none() {
        let Some(bytes) = peak(running.id()) else { break };
        peak_bytes = bytes;
    }
    let status = running.wait(|_| Ok(()))?;
    let took = started_at.elapsed();
    if status.success() {
        return Ok(Verified { took, peak_bytes });
    }
    Err(failed("the database is not sound"))
}

/// The most memory that a process ever had; `None` once it has ended.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let told = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(told.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1_024)
}

/// How long a server takes until it says that it is ready.
fn start(runner: &Runner, server: &Path, client: &Client) -> Result<Duration, Failure> {
    let started_at = Instant::now();
    let replica = Replica::start(runner, server, client.url())?;
    replica.get("/readyz")?;
    Ok(started_at.elapsed())
}

fn failed(why: &str) -> Failure {
    Failure::Message(why.to_owned())
}

#[allow(clippy::cast_precision_loss, reason = "megabytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

fn table(rounds: &[Round], sizes: Sizes) -> String {
    let Sizes { events, few_peak_bytes, many_peak_bytes, start } = sizes;
    let copied = median(rounds.iter().map(|round| round.copied));
    let verified = median(rounds.iter().map(|round| round.verified));
    let ratios = rounds.iter().map(|round| round.verified / round.copied);
    let ratio = ratio_line("verify : COPY", ratios, OF_COPY);
    let (few, many) = (megabytes(few_peak_bytes), megabytes(many_peak_bytes));
    let start = start.as_secs_f64();
    format!(
        "{MANY} sold, {events:.0} rows of the journal\n\
         {:<28}{:>12}\n\
         {:<28}{copied:>12.0}\n\
         {:<28}{verified:>12.0}\n\
         {ratio}\n\
         {:<28}{few:>12.0}\n\
         {:<28}{many:>12.0}\n\
         {:<28}{start:>12.2}\n\n",
        "rows of the journal",
        "a second",
        "COPY journal TO STDOUT",
        "frontrow verify",
        format!("MB at most, {FEW} sold"),
        format!("MB at most, {MANY} sold"),
        "server ready, seconds",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_medians_and_what_is_required() {
        let round = |verified| Round { copied: 500_000.0, verified };
        let rounds = [round(100_000.0), round(250_000.0), round(200_000.0)];
        let start = Duration::from_millis(250);
        let sizes = Sizes {
            events: 7_000_000.0,
            few_peak_bytes: 250_000_000,
            many_peak_bytes: 900_000_000,
            start,
        };
        let text = table(&rounds, sizes);
        for line in [
            "1000000 sold, 7000000 rows of the journal",
            "COPY journal TO STDOUT            500000",
            "frontrow verify                   200000",
            "verify : COPY                       0.40    (0.20 to 0.50), at least 0.3",
            "MB at most, 250000 sold              250",
            "MB at most, 1000000 sold             900",
            "server ready, seconds               0.25",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn the_peak_of_a_process_is_told_while_it_runs() {
        assert!(peak(std::process::id()).is_some_and(|bytes| bytes > 1_000_000));
        assert_eq!(peak(u32::MAX), None);
    }
}
