//! A tick that lets ten thousand of a million people in, on Postgres: against the bare `UPDATE` of as many rows, and
//! what polls feel of it. And how much memory a place on the board takes.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::super::replica::Replica;
use super::super::report::{Bound, ratio_line};
use super::super::sim::median;
use super::super::wrk::{self, Half, Load};
use super::joins::{JOINS, SESSIONS};
use super::{CONFIDENCE_RUNS, LONG, POLLING, load};
use crate::failure::Failure;
use crate::postgres::{Client, Database};
use crate::process::Runner;

/// People whom a tick lets in.
const BATCH: usize = 10_000;
/// Seconds between ticks: polls meet at least one in each run.
const INTERVAL_SECONDS: u32 = 2;
/// Seconds of each run of polls: two ticks fall into it.
const POLL_SECONDS: u32 = 2 * INTERVAL_SECONDS;
/// Connections that poll.
const CONNECTIONS: u32 = 64;
/// How many join before: as many as do in this time.
const LOAD: Load = Load { connections: 64, seconds: 10 };

/// Tick : `UPDATE`, the p99 of polls while ticks run : when none does, and bytes of memory a place, at most.
const OF_UPDATE: Bound = Bound::AtMost(3.0);
const P99: Bound = Bound::AtMost(3.0);
const PLACE_BYTES_MAX: f64 = 64.0;

/// Waits for the whole next tick, and tells how many milliseconds after it was due it was stored to its end. Each
/// look has a snapshot of its own.
const TICK_MILLIS: &str = "\
CREATE FUNCTION tick_millis(concert uuid) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE due bigint := (SELECT next_tick_at FROM queues WHERE concert_id = concert);
BEGIN
    LOOP
        PERFORM pg_sleep(0.001);
        EXIT WHEN (
            SELECT next_tick_at > due AND rest_tick_at IS NULL FROM queues WHERE concert_id = concert
        );
    END LOOP;
    RETURN extract(epoch FROM clock_timestamp()) * 1000 - due;
END
$$";

/// What one round came to.
#[derive(Debug, Clone, Copy)]
struct Round {
    tick_millis: f64,
    update_millis: f64,
    quiet_p99_micros: f64,
    p99_micros: f64,
}

/// A line of a million in a database, and a server before it.
struct Line<'a> {
    runner: &'a Runner,
    client: Client,
    replica: Replica<'a>,
    concert: String,
    tokens: PathBuf,
    /// For the statement of each round.
    script: PathBuf,
}

/// Measures, and tells the table.
pub fn run(runner: &Runner, server: &Path, folder: &Path) -> Result<String, Failure> {
    let database = Database::open(runner)?;
    let client = database.create(runner, "frontrow_bench_ticks")?;
    let replica = Replica::start(runner, server, client.url())?;
    let policy = json!({ "interval_seconds": INTERVAL_SECONDS, "batch_size": BATCH,
        "active_seconds": 600, "lapse_seconds": 0 });
    let concert = json!({ "title": "Bench", "admission": policy });
    let concert = replica.call("POST", "/v1/concerts", &concert)?;
    let concert = concert["id"].as_str().unwrap_or_default().to_owned();
    pause(&replica, &concert, true)?;
    eprintln!("xtask: {LONG} people join, in SQL");
    fill(runner, &client, &concert)?;
    let tokens = join(runner, &replica, &concert, folder)?;
    drop(replica);

    let replica = Replica::start(runner, server, client.url())?;
    let before = replica.resident_bytes()?;
    let script = folder.join("update.sql");
    let line = Line { runner, client, replica, concert, tokens, script };
    let tokens = fs::read_to_string(&line.tokens)?;
    line.replica.poll(tokens.lines().next().unwrap_or_default())?;
    let kept = line.replica.resident_bytes()?.saturating_sub(before);
    #[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
    let place_bytes = kept as f64 / LONG as f64;
    let rounds: Result<Vec<Round>, Failure> = (0..CONFIDENCE_RUNS).map(|n| line.round(n)).collect();
    Ok(table(&rounds?, place_bytes))
}

fn pause(replica: &Replica<'_>, concert: &str, paused: bool) -> Result<(), Failure> {
    let path = format!("/v1/concerts/{concert}");
    replica.call("PATCH", &path, &json!({ "paused": paused })).map(drop)
}

/// Puts people in line, and makes a table of the same rows beside it.
fn fill(runner: &Runner, client: &Client, concert: &str) -> Result<(), Failure> {
    let now = "floor(extract(epoch FROM clock_timestamp()) * 1000)";
    for statement in [
        &format!(
            "INSERT INTO tickets \
             (id, concert_id, user_id, number, issued_at, state, version, changed_at) \
             SELECT gen_random_uuid(), '{concert}', gen_random_uuid(), number, {now}, 'waiting', \
             1, {now} FROM generate_series(1, {LONG}) AS number"
        ),
        &format!("UPDATE queues SET next_number = {LONG} + 1 WHERE concert_id = '{concert}'"),
        "CREATE TABLE bare (LIKE tickets INCLUDING ALL) WITH (fillfactor = 80)",
        "INSERT INTO bare SELECT * FROM tickets",
        "VACUUM ANALYZE tickets",
        "VACUUM ANALYZE bare",
        TICK_MILLIS,
    ] {
        client.query(runner, statement)?;
    }
    Ok(())
}

/// More join behind them; the file of their queue tokens, a line each.
fn join(
    runner: &Runner,
    replica: &Replica<'_>,
    concert: &str,
    folder: &Path,
) -> Result<PathBuf, Failure> {
    for workload in [SESSIONS, JOINS] {
        let half = || Half { url: replica.url(), args: vec![concert.to_owned()] };
        wrk::run(runner, workload, LOAD, &[half(), half()], folder)?;
    }
    let people = fs::read_to_string(folder.join(format!("{}.0", JOINS.name)))?;
    let tokens = people.lines().filter_map(|person| person.split(' ').next_back()).take(POLLING);
    let file = folder.join("ticks.tokens");
    fs::write(&file, tokens.collect::<Vec<_>>().join("\n"))?;
    Ok(file)
}

impl Line<'_> {
    fn round(&self, number: usize) -> Result<Round, Failure> {
        pause(&self.replica, &self.concert, true)?;
        self.client.query(self.runner, "CHECKPOINT")?;
        let quiet_p99_micros = self.polls_p99()?;
        let update_millis = self.update_millis(number * BATCH)?;
        pause(&self.replica, &self.concert, false)?;
        let tick = format!("SELECT tick_millis('{}')", self.concert);
        let told = self.client.query(self.runner, &tick)?;
        let tick_millis = told.trim().parse();
        let tick_millis =
            tick_millis.map_err(|_| Failure::Message(format!("a tick took {told}")))?;
        let p99_micros = self.polls_p99()?;
        eprintln!(
            "xtask: round {} of {CONFIDENCE_RUNS}: tick {tick_millis:.0} ms, UPDATE {update_millis:.0} ms",
            number + 1
        );
        Ok(Round { tick_millis, update_millis, quiet_p99_micros, p99_micros })
    }

    fn polls_p99(&self) -> Result<f64, Failure> {
        let url = format!("{}/v1/queue-tokens/current", self.replica.url());
        Ok(load(self.runner, &url, &self.tokens, CONNECTIONS, POLL_SECONDS)?.p99_micros)
    }

    /// The same change of as many rows, of the numbers above `from`.
    fn update_millis(&self, from: usize) -> Result<f64, Failure> {
        let (concert, through) = (&self.concert, from + BATCH);
        let statement = format!(
            "UPDATE bare SET state = 'active', admitted_at = changed_at, \
             active_until = changed_at + 600000, expires_at = changed_at + 600000, \
             changed_at = changed_at + 1, version = version + 1 \
             WHERE concert_id = '{concert}' AND number > {from} AND number <= {through};\n"
        );
        fs::write(&self.script, statement)?;
        let text = self.client.pgbench(
            self.runner,
            &[
                "--no-vacuum",
                "--client=1",
                "--transactions=1",
                &format!("--file={}", self.script.display()),
            ],
        )?;
        let millis = latency_millis(&text);
        millis.ok_or_else(|| Failure::Message(format!("pgbench failed:\n{text}")))
    }
}

/// The number in a line such as `latency average = 123.456 ms`.
fn latency_millis(text: &str) -> Option<f64> {
    let rest = text.lines().find_map(|line| line.strip_prefix("latency average = "))?;
    rest.strip_suffix(" ms")?.parse().ok()
}

fn table(rounds: &[Round], place_bytes: f64) -> String {
    let of = |pick: fn(&Round) -> f64| median(rounds.iter().map(pick));
    let mut text = format!("{BATCH} of {LONG} let in, Postgres        ms\n");
    for (name, millis) in [
        ("tick", of(|r| r.tick_millis)),
        ("UPDATE of the same rows", of(|r| r.update_millis)),
        ("p99 of polls, quiet", of(|r| r.quiet_p99_micros) / 1_000.0),
        ("p99 of polls, with ticks", of(|r| r.p99_micros) / 1_000.0),
    ] {
        let _ = writeln!(text, "{name:<28}{millis:>12.1}");
    }
    let ticks = rounds.iter().map(|round| round.tick_millis / round.update_millis);
    let p99s = rounds.iter().map(|round| round.p99_micros / round.quiet_p99_micros);
    for line in [
        ratio_line("tick : UPDATE", ticks, OF_UPDATE),
        ratio_line("p99 with ticks : quiet", p99s, P99),
        format!(
            "{:<28}{place_bytes:>12.1}    at most {PLACE_BYTES_MAX}",
            "bytes of memory a place"
        ),
    ] {
        let _ = writeln!(text, "{line}");
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_medians_and_what_is_required() {
        let round = |tick_millis| Round {
            tick_millis,
            update_millis: 100.0,
            quiet_p99_micros: 1_500.0,
            p99_micros: 3_000.0,
        };
        let text = table(&[round(200.0), round(150.0), round(400.0)], 40.25);
        for line in [
            "tick                               200.0",
            "p99 of polls, with ticks             3.0",
            "tick : UPDATE                       2.00    (1.50 to 4.00), at most 3",
            "p99 with ticks : quiet              2.00    (2.00 to 2.00), at most 3",
            "bytes of memory a place             40.2    at most 64",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn what_pgbench_tells_of_a_statement_is_read() {
        let text = "number of clients: 1\nlatency average = 123.456 ms\ntps = 8.1\n";
        assert_eq!(latency_millis(text), Some(123.456));
        assert_eq!(latency_millis("pgbench: error: no"), None);
    }
}
