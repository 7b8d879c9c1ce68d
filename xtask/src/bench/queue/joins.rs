//! Joins through HTTP on Postgres, each of which is stored before it is answered, against what Postgres makes of one
//! `INSERT … RETURNING` a transaction.

use std::fmt::Write;
use std::path::Path;

use serde_json::json;

use super::super::replica::Replica;
use super::super::report::{Bound, ratio_line};
use super::super::sim::median;
use super::super::statements::Statements;
use super::super::wrk::{self, Half, Load, Workload};
use super::CONFIDENCE_RUNS;
use super::streams;
use crate::failure::Failure;
use crate::postgres::{Client, Database};
use crate::process::Runner;

/// How many joins must have been stored at the end, without a gap and without a number given twice.
const JOINS_MIN: u64 = 100_000;
/// Joins : statements, at least.
const OF_CEILING: Bound = Bound::AtLeast(1.0);

/// Of joins and of statements alike.
const LOAD: Load = Load { connections: 64, seconds: 10 };

pub const SESSIONS: Workload = Workload::first("sessions");
pub const JOINS: Workload = Workload::after("joins", "sessions");

/// Figures of joins and of statements that stood next to each other.
#[derive(Debug, Clone, Copy)]
struct Round {
    joins: f64,
    p99_micros: f64,
    ceiling: f64,
}

/// Measures, and tells the table; then what streams of those who joined take.
pub fn run(runner: &Runner, server: &Path, folder: &Path) -> Result<String, Failure> {
    let database = Database::open(runner)?;
    let statements = Statements::open(runner, &database, server, folder, "frontrow_bench_line")?;
    statements.client().query(runner, "CREATE SEQUENCE numbers CACHE 1")?;
    let client = database.create(runner, "frontrow_bench_joins")?;
    let replica = Replica::start(runner, server, client.url())?;
    let concert = json!({
        "title": "Bench", "sale_opens_at": "2999-12-24T10:00:00Z",
        "admission": { "interval_seconds": 1, "batch_size": 1, "active_seconds": 1 },
    });
    let concert = replica.call("POST", "/v1/concerts", &concert)?;
    let concert = concert["id"].as_str().unwrap_or_default();
    let mut rounds = Vec::new();
    while rounds.len() < CONFIDENCE_RUNS || joined(runner, &client)? < JOINS_MIN {
        let measure = |workload: Workload| {
            client.query(runner, "CHECKPOINT")?;
            let half = || Half { url: replica.url(), args: vec![concert.to_owned()] };
            wrk::run(runner, workload, LOAD, &[half(), half()], folder)
        };
        measure(SESSIONS)?;
        let joins = measure(JOINS)?;
        let ceiling = statements.measure(runner, "queue/join.sql", LOAD)?.rate;
        let round = rounds.len() + 1;
        eprintln!(
            "xtask: round {round}: {:.0} joins a second, {ceiling:.0} statements",
            joins.rate
        );
        rounds.push(Round { joins: joins.rate, p99_micros: joins.p99_micros, ceiling });
    }
    let table = table(&rounds, joined(runner, &client)?);
    Ok(table + &streams::run(&replica, folder)?)
}

/// How many have joined; fails if their numbers have a gap, or one was given twice.
fn joined(runner: &Runner, client: &Client) -> Result<u64, Failure> {
    let statement = "SELECT count(*) || ' ' || count(DISTINCT number) || ' ' || \
                     coalesce(max(number), 0) FROM tickets";
    let told = client.query(runner, statement)?;
    let counts: Vec<u64> = told.split_whitespace().filter_map(|n| n.parse().ok()).collect();
    match counts.as_slice() {
        [count, distinct, highest] if count == distinct && count == highest => Ok(*count),
        _ => Err(Failure::Message(format!("joins are lost, or numbers given twice: {told}"))),
    }
}

fn table(rounds: &[Round], joined: u64) -> String {
    let of = |pick: fn(&Round) -> f64| median(rounds.iter().map(pick));
    let ratios = rounds.iter().map(|round| round.joins / round.ceiling);
    let connections = LOAD.connections;
    let mut text = format!("{connections} connections, Postgres       a second    p99, ms\n");
    let (joins, p99) = (of(|r| r.joins), of(|r| r.p99_micros) / 1_000.0);
    let _ = writeln!(text, "{:<28}{joins:>12.0}{p99:>11.1}", "joins");
    let _ = writeln!(text, "{:<28}{:>12.0}", "INSERT … RETURNING", of(|r| r.ceiling));
    let line = ratio_line("joins : statements", ratios, OF_CEILING);
    let _ = writeln!(text, "{line}");
    let _ = writeln!(text, "{joined} joins left no gap in their numbers, and no number twice\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_medians_and_what_is_required() {
        let round = |joins| Round { joins, p99_micros: 9_000.0, ceiling: 4_000.0 };
        let text = table(&[round(4_000.0), round(2_000.0), round(6_000.0)], 120_000);
        for line in [
            "joins                               4000        9.0",
            "INSERT … RETURNING                  4000",
            "joins : statements                  1.00    (0.50 to 1.50), at least 1",
            "120000 joins left no gap in their numbers, and no number twice",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }
}
