//! `frontrow simulate`: reads a scenario, lets core simulate it, prints what came of it. Nothing is decided
//! here.

mod print;
mod vary;

use crate::config::SimulateArgs;
use frontrow_core::sim::{Report, Scenario, ScenarioError, Simulation};
use serde_json::Value;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use thiserror::Error;
pub use vary::Vary;

/// Steps between two looks at how far it is.
const STEPS_PER_LOOK: u32 = 20_000;
/// Width of the bar, in characters.
const BAR_CHARS: u32 = 40;

/// Why nothing was simulated.
#[derive(Debug, Error)]
pub enum SimulateError {
    /// The file can't be read.
    #[error("can't read {path}: {reason}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// The scenario makes no sense.
    #[error("the scenario makes no sense: {0}")]
    Scenario(#[from] ScenarioError),
    /// The report can't be printed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Simulates as the command line says, and prints; whether every invariant holds.
pub fn run(args: &SimulateArgs) -> Result<bool, SimulateError> {
    let json = read(&args.file)?;
    let mut out = io::stdout().lock();
    let Some(vary) = &args.vary else {
        let report = simulate(&scenario(json)?, "")?;
        if args.json {
            print::json(&mut out, &report)?;
        } else {
            print::report(&mut out, &report)?;
        }
        return Ok(report.invariants.ok);
    };
    // Every value is checked before any is simulated.
    let scenarios = vary
        .scenarios(&json)?
        .into_iter()
        .map(|(value, json)| Ok((value, scenario(json)?)))
        .collect::<Result<Vec<_>, ScenarioError>>()?;
    let mut reports = Vec::new();
    for (value, scenario) in scenarios {
        let label = format!("{}={value} ", vary.path());
        reports.push((value, simulate(&scenario, &label)?));
    }
    if args.json {
        let rows: Vec<Value> = reports
            .iter()
            .map(|(value, report)| serde_json::json!({ "value": value, "report": report }))
            .collect();
        print::json(&mut out, &serde_json::json!({ "path": vary.path(), "runs": rows }))?;
    } else {
        print::table(&mut out, vary.path(), &reports)?;
    }
    Ok(reports.iter().all(|(_, report)| report.invariants.ok))
}

fn read(path: &Path) -> Result<Value, SimulateError> {
    let unreadable = |reason: String| {
        let path = path.display().to_string();
        SimulateError::Unreadable { path, reason }
    };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))
}

fn scenario(json: Value) -> Result<Scenario, ScenarioError> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = match error.path().to_string() {
            path if path == "." => "scenario".to_owned(),
            path => path,
        };
        ScenarioError { path, reason: error.into_inner().to_string() }
    })
}

fn simulate(scenario: &Scenario, label: &str) -> Result<Report, SimulateError> {
    let mut simulation = Simulation::new(scenario)?;
    let mut stderr = io::stderr();
    let watched = stderr.is_terminal();
    while !simulation.is_done() {
        simulation.step(STEPS_PER_LOOK);
        if watched {
            write!(stderr, "\r{}", bar(label, simulation.progress()))?;
        }
    }
    if watched {
        // The line is wiped, so that only the report stays.
        write!(stderr, "\r\x1b[K")?;
    }
    Ok(simulation.report())
}

/// A bar of how many thousandths are done.
fn bar(label: &str, thousandths: u32) -> String {
    let full = (thousandths * BAR_CHARS / 1_000) as usize;
    let empty = BAR_CHARS as usize - full;
    let percent = thousandths / 10;
    format!("{label}[{}{}] {percent:3} %", "#".repeat(full), "-".repeat(empty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_full_as_it_is_done() {
        assert_eq!(bar("", 0), format!("[{}]   0 %", "-".repeat(40)));
        assert_eq!(bar("x ", 500), format!("x [{}{}]  50 %", "#".repeat(20), "-".repeat(20)));
        assert_eq!(bar("", 1_000), format!("[{}] 100 %", "#".repeat(40)));
    }
}
