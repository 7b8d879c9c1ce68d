//! `cargo xtask bench sim`: an on-sale of a million people, as a simulation natively and in WebAssembly, and
//! its bare commands. Each run is a process of its own, and the engines take turns, so that a busy minute of
//! the machine falls on all of them. What a run measures is in core's bench `simulation` and in
//! `simulation.mjs`.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::{fs, thread};

use serde_json::Value;

use crate::cargo;
use crate::failure::Failure;
use crate::process::{Read, Runner};
use crate::wasm;

/// Runs of each engine; the median counts.
const RUNS: usize = 5;

/// What is required: the simulation against its bare commands, and its memory in megabytes; the wasm engine's
/// speed against the native one; the package in kilobytes, compressed.
const COST_MAX: f64 = 2.0;
const MEGABYTES_MAX: f64 = 600.0;
const WASM_SPEED_MIN: f64 = 0.6;
const KILOBYTES_MAX: f64 = 150.0;

/// The processes that take turns.
struct Engines {
    scenario: PathBuf,
    native: PathBuf,
    package: PathBuf,
}

/// What all three came to in one round.
struct Round {
    bare: Value,
    simulation: Value,
    wasm: Value,
}

/// Measures, and prints the table.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    let native = cargo::build_bench(runner, "frontrow-core", "sim", "simulation")?;
    wasm::build(runner)?;
    let package = cargo::root().join("wasm/pkg");
    let engines = Engines { scenario: folder().join("on_sale.json"), native, package };
    let rounds = (1..=RUNS)
        .map(|round| engines.round(runner, round))
        .collect::<Result<Vec<Round>, Failure>>()?;
    println!("\n{}", table(&rounds, &machine()));
    Ok(ExitCode::SUCCESS)
}

fn folder() -> PathBuf {
    cargo::root().join("xtask/src/bench")
}

impl Engines {
    fn round(&self, runner: &Runner, round: usize) -> Result<Round, Failure> {
        let bare = figures(runner, self.native("bare"))?;
        let simulation = figures(runner, self.native("simulation"))?;
        let wasm = figures(runner, self.wasm())?;
        if simulation["event_hash"] != wasm["event_hash"] {
            let reason = "natively and in WebAssembly the same scenario has different journals";
            return Err(Failure::Message(reason.into()));
        }
        let seconds = |figures: &Value| number(figures, "seconds");
        eprintln!(
            "xtask: round {round} of {RUNS}: bare {:.2} s, simulation {:.2} s, wasm {:.2} s",
            seconds(&bare),
            seconds(&simulation),
            seconds(&wasm),
        );
        Ok(Round { bare, simulation, wasm })
    }

    fn native(&self, engine: &str) -> Command {
        let mut command = Command::new(&self.native);
        command.arg(&self.scenario).arg(engine);
        command
    }

    fn wasm(&self) -> Command {
        let mut command = Command::new("node");
        command.arg(folder().join("simulation.mjs")).arg(&self.scenario).arg(&self.package);
        command
    }
}

/// Runs one process, which prints its figures as one line of JSON.
pub fn figures(runner: &Runner, command: Command) -> Result<Value, Failure> {
    let mut told = None;
    let status = runner.run_reading(command, Read::Stdout, |line| {
        told = serde_json::from_slice(line).ok().or(told.take());
        Ok(())
    })?;
    let told = told.filter(|_| status.success());
    told.ok_or_else(|| Failure::Message("a run of the bench failed".into()))
}

/// Not a number if it was not told.
pub fn number(figures: &Value, name: &str) -> f64 {
    figures[name].as_f64().unwrap_or(f64::NAN)
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The seconds, and then what is required of them. Ratios are medians of each round's: its runs stood next to
/// each other.
fn table(rounds: &[Round], machine: &str) -> String {
    let of = |pick: fn(&Round) -> f64| median(rounds.iter().map(pick));
    let bare = of(|round| number(&round.bare, "seconds"));
    let simulation = of(|round| number(&round.simulation, "seconds"));
    let wasm = of(|round| number(&round.wasm, "seconds"));
    let cost = of(|r| number(&r.simulation, "seconds") / number(&r.bare, "seconds"));
    let speed = of(|r| number(&r.simulation, "seconds") / number(&r.wasm, "seconds"));
    let megabytes = of(|round| number(&round.simulation, "megabytes"));
    let kilobytes = of(|round| number(&round.wasm, "package_bytes")) / 1_000.0;
    let commands = of(|round| number(&round.bare, "commands"));
    let events = of(|round| number(&round.simulation, "events"));
    let runs = rounds.len();
    format!(
        "\
engine                    seconds
bare commands          {bare:>10.2}
simulation             {simulation:>10.2}
simulation in wasm     {wasm:>10.2}

simulation : bare      {cost:>10.2}     at most {COST_MAX}
memory, MB             {megabytes:>10.0}     at most {MEGABYTES_MAX}
wasm : native speed    {speed:>10.2}     at least {WASM_SPEED_MIN}
package, kB gzip       {kilobytes:>10.0}     at most {KILOBYTES_MAX}

medians of {runs} runs in turn, processor seconds; {commands} commands, {events} events
{machine}
"
    )
}

/// What it was measured on.
pub fn machine() -> String {
    let model = fs::read_to_string("/proc/cpuinfo").ok().and_then(|told| model_in(&told));
    let processors = thread::available_parallelism().map_or(0, usize::from);
    format!("{processors} processors: {}", model.as_deref().unwrap_or("of a kind that is not told"))
}

fn model_in(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find_map(|line| line.strip_prefix("model name"))?;
    Some(line.trim_start_matches([':', ' ', '\t']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn round(factor: f64) -> Round {
        Round {
            bare: json!({ "seconds": 2.0 * factor, "commands": 2_000_000, "events": 3 }),
            simulation: json!({ "seconds": 3.0 * factor, "megabytes": 432, "events": 2_088_869 }),
            wasm: json!({ "seconds": 4.0 * factor, "package_bytes": 149_600 }),
        }
    }

    #[test]
    fn the_table_has_medians_and_what_is_required() {
        let rounds = [round(9.0), round(1.0), round(1.5)];
        assert_eq!(
            table(&rounds, "2 processors: slow ones"),
            "\
engine                    seconds
bare commands                3.00
simulation                   4.50
simulation in wasm           6.00

simulation : bare            1.50     at most 2
memory, MB                    432     at most 600
wasm : native speed          0.75     at least 0.6
package, kB gzip              150     at most 150

medians of 3 runs in turn, processor seconds; 2000000 commands, 2088869 events
2 processors: slow ones
"
        );
    }

    #[test]
    fn the_processor_is_named() {
        let told = "processor\t: 0\nmodel name\t: Some Processor 9\nflags: x\n";
        assert_eq!(model_in(told).as_deref(), Some("Some Processor 9"));
        assert_eq!(model_in(""), None);
    }
}
