//! `cargo xtask bench core`: what a hold and a payment cost in memory, each beside its bare memory work. What a run
//! measures is in core's bench `booking`; each run is a process of its own, with a state of its own.

use std::process::{Command, ExitCode};

use serde_json::Value;

use super::report::{Bound, ratio_line};
use super::sim::{figures, machine, median, number};
use crate::cargo;
use crate::failure::Failure;
use crate::process::Runner;

/// Runs; the least and the greatest of seven have the median between them with 98 % confidence.
const RUNS: usize = 7;

/// What is required of both, against their bare memory work.
const COST_MAX: Bound = Bound::AtMost(2.0);

/// Measures, and prints the table.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    let program = cargo::build_bench(runner, "frontrow-core", "", "booking")?;
    let mut rounds = Vec::with_capacity(RUNS);
    for round in 1..=RUNS {
        let mut command = Command::new(&program);
        command.current_dir(cargo::root()).arg("--bench");
        let told = figures(runner, command)?;
        eprintln!(
            "xtask: round {round} of {RUNS}: hold : bare {:.2}, payment : bare {:.2}",
            number(&told, "hold_ratio"),
            number(&told, "payment_ratio"),
        );
        rounds.push(told);
    }
    println!("\n{}", table(&rounds, &machine()));
    Ok(ExitCode::SUCCESS)
}

/// The nanoseconds, and then what is required of them.
fn table(rounds: &[Value], machine: &str) -> String {
    let of = |name: &'static str| rounds.iter().map(move |told| number(told, name));
    let line = |label, name| format!("{label:<28}{:>12.0}\n", median(of(name)));
    let ratio = |label, name| ratio_line(label, of(name), COST_MAX) + "\n";
    let lines = [
        format!("{:<28}{:>12}\n", "decide and apply", "nanoseconds"),
        line("hold", "hold"),
        line("its bare memory work", "hold_bare"),
        line("payment", "payment"),
        line("its bare memory work", "payment_bare"),
        "\n".to_owned(),
        ratio("hold : bare", "hold_ratio"),
        ratio("payment : bare", "payment_ratio"),
    ];
    let runs = rounds.len();
    format!(
        "{}
medians of {runs} runs, processor time; 1,000,000 active tickets, 50,000 seats
{machine}
",
        lines.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn round(factor: f64) -> Value {
        json!({
            "hold": 1_500.0 * factor, "hold_bare": 1_000.0 * factor, "hold_ratio": 1.4 + factor,
            "payment": 2_000.0 * factor, "payment_bare": 1_200.0 * factor, "payment_ratio": 1.7 * factor,
        })
    }

    #[test]
    fn the_table_has_medians_and_what_is_required() {
        let rounds = [round(3.0), round(1.0), round(0.5)];
        assert_eq!(
            table(&rounds, "2 processors: slow ones"),
            "\
decide and apply             nanoseconds
hold                                1500
its bare memory work                1000
payment                             2000
its bare memory work                1200

hold : bare                         2.40    (1.90 to 4.40), at most 2
payment : bare                      1.70    (0.85 to 5.10), at most 2

medians of 3 runs, processor time; 1,000,000 active tickets, 50,000 seats
2 processors: slow ones
"
        );
    }
}
