//! `cargo xtask bench booking`: a concert sold through HTTP, against statements that write the same rows. People go from
//! workload to workload: who has joined holds a seat, who holds one charges a wallet, and pays. So no request is sent
//! twice, and every one does something; only refusals ask for what somebody else has.
//!
//! Each run has a concert and a hall of its own. The statements are in `booking/*.sql`.

mod table;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use super::replica::Replica;
use super::sim::machine;
use super::statements::{Statements, file};
use super::wrk::{self, Figures, HALVES, Half, Load, Workload};
use crate::cargo::{self, Profile};
use crate::failure::Failure;
use crate::postgres::{self, Client, Database};
use crate::process::Runner;
use crate::tools;
use table::{bookings, replicas};

/// Runs of each kind; the median counts.
const RUNS: usize = 5;
const SECONDS: u32 = 5;
/// Connections at a time.
const FEW: u32 = 64;
const MANY: u32 = 256;

/// The largest hall that there can be. Each half of the crowd has a half of it for itself.
const SEATS: u32 = ROWS * SEATS_PER_ROW;
const ROWS: u32 = 250;
const SEATS_PER_ROW: u32 = 400;

/// What a seat costs.
const PRICE: u32 = 1_000;

/// People who are let in each second: more than can join in one, so that nobody waits for long.
const BATCH_SIZE: u32 = 50_000;

/// For whom the statements find rows: no run must come to their end. One half holds, the other one pays.
const PEOPLE: u64 = 1_200_000;

/// How long it may take until everybody is in.
const ADMISSION_MAX: Duration = Duration::from_mins(2);

/// How often it is asked whether everybody is in.
const ADMISSION_POLL: Duration = Duration::from_millis(500);

const SESSIONS: Workload = Workload { name: "sessions", after: None };
const JOINS: Workload = Workload { name: "joins", after: Some("sessions") };
const HOLDS: Workload = Workload { name: "holds", after: Some("joins") };
const REFUSALS: Workload = Workload { name: "refusals", after: Some("joins") };
const CHARGES: Workload = Workload { name: "charges", after: Some("holds") };
const PAYMENTS: Workload = Workload { name: "payments", after: Some("charges") };

/// What every run needs.
struct Bench<'a> {
    runner: &'a Runner,
    client: &'a Client,
    statements: &'a Statements,
    /// For files that last no longer than the bench.
    folder: &'a TempDir,
}

/// What was measured side by side.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    holds: Figures,
    hold_statements: Figures,
    naive_holds: Figures,
    refusals: Figures,
    /// What the database logged while seats were refused.
    refusal_wal_bytes: f64,
    payments: Figures,
    payment_statements: Figures,
}

/// Holds by one replica and by two.
#[derive(Debug, Clone, Copy)]
struct Pair {
    one: f64,
    two: f64,
}

/// A concert on sale.
struct Sale<'a> {
    bench: &'a Bench<'a>,
    /// Those who sell it, each to a half of the crowd.
    urls: [&'a str; HALVES],
    load: Load,
    concert: String,
    schedule: String,
}

/// Measures, and prints the tables.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    let programs = [postgres::TOOL, postgres::CLIENTS, tools::WRK, tools::CURL];
    tools::ensure(runner, &[tools::TO_BUILD, &programs].concat())?;
    let server = cargo::build_server(runner, Profile::Release)?;
    let database = Database::open(runner)?;
    let folder = tempfile::tempdir()?;
    let statements = statements(runner, &database, &server, &folder)?;
    let client = database.create(runner, "frontrow_bench_booking")?;
    let bench = Bench { runner, client: &client, statements: &statements, folder: &folder };
    // The first one makes the schema.
    let first = Replica::start(runner, &server, client.url())?;
    let mut text = String::new();
    for connections in [FEW, MANY] {
        let load = Load { connections, seconds: SECONDS };
        let runs: Result<Vec<_>, _> = (1..=RUNS).map(|run| bench.run(&first, load, run)).collect();
        text.push_str(&bookings(connections, &runs?));
    }
    let second = Replica::start(runner, &server, client.url())?;
    let load = Load { connections: FEW, seconds: SECONDS };
    let pairs: Result<Vec<_>, _> =
        (1..=RUNS).map(|run| bench.pair([&first, &second], load, run)).collect();
    text.push_str(&replicas(FEW, &pairs?));
    drop((first, second));
    verify(runner, &server, &client)?;
    println!("\n{text}medians of {RUNS} runs of {SECONDS} s in turn\n{}", machine());
    Ok(ExitCode::SUCCESS)
}

/// A database with the rows that the scripts change.
fn statements(
    runner: &Runner,
    database: &Database,
    server: &Path,
    folder: &TempDir,
) -> Result<Statements, Failure> {
    let statements =
        Statements::open(runner, database, server, folder.path(), "frontrow_bench_statements")?;
    let variables = [("people", PEOPLE), ("first_payment", PEOPLE / 2 + 1)];
    statements.client().run_file(runner, &file("booking/people.sql"), &variables)?;
    Ok(statements)
}

/// Fails if any invariant is broken: figures of a server that errs are worth nothing.
fn verify(runner: &Runner, server: &Path, client: &Client) -> Result<(), Failure> {
    let mut verify = Command::new(server);
    verify.arg("verify").env("FRONTROW_DATABASE_URL", client.url());
    if runner.run(verify)?.success() {
        return Ok(());
    }
    Err(Failure::Message("the server broke its own rules under load".into()))
}

impl Bench<'_> {
    fn run(&self, replica: &Replica<'_>, load: Load, number: usize) -> Result<Run, Failure> {
        let sale = Sale::open(self, [replica, replica], load)?;
        sale.admit()?;
        let hold_statements = self.script("booking/hold.sql", load)?;
        let holds = sale.measure(HOLDS)?;
        let naive_holds = self.script("booking/naive_hold.sql", load)?;
        let logged_before = self.logged()?;
        let refusals = sale.measure(REFUSALS)?;
        let refusal_wal_bytes = self.logged()? - logged_before;
        sale.measure(CHARGES)?;
        let payment_statements = self.script("booking/payment.sql", load)?;
        let payments = sale.measure(PAYMENTS)?;
        eprintln!(
            "xtask: {} connections, run {number} of {RUNS}: {:.0} holds a second ({:.0} statements), \
             {:.0} refused, {:.0} payments ({:.0} statements)",
            load.connections,
            holds.rate,
            hold_statements.rate,
            refusals.rate,
            payments.rate,
            payment_statements.rate
        );
        Ok(Run {
            holds,
            hold_statements,
            naive_holds,
            refusals,
            refusal_wal_bytes,
            payments,
            payment_statements,
        })
    }

    fn pair(
        &self,
        replicas: [&Replica<'_>; HALVES],
        load: Load,
        number: usize,
    ) -> Result<Pair, Failure> {
        let holds = |replicas| {
            let sale = Sale::open(self, replicas, load)?;
            sale.admit()?;
            Ok::<_, Failure>(sale.measure(HOLDS)?.rate)
        };
        let pair = Pair { one: holds([replicas[0]; HALVES])?, two: holds(replicas)? };
        eprintln!(
            "xtask: run {number} of {RUNS}: {:.0} holds a second by one replica, {:.0} by two",
            pair.one, pair.two
        );
        Ok(pair)
    }

    fn script(&self, path: &str, load: Load) -> Result<Figures, Failure> {
        self.statements.measure(self.runner, path, load)
    }

    /// Bytes that the database has logged so far.
    fn logged(&self) -> Result<f64, Failure> {
        let statement = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')";
        let told = self.client.query(self.runner, statement)?;
        told.trim().parse().map_err(|_| Failure::Message("the database tells no position".into()))
    }
}

impl<'a> Sale<'a> {
    /// Puts a concert on sale.
    fn open(
        bench: &'a Bench<'a>,
        replicas: [&'a Replica<'_>; HALVES],
        load: Load,
    ) -> Result<Self, Failure> {
        let concert = json!({
            "title": "Bench",
            "admission": {
                "interval_seconds": 1, "batch_size": BATCH_SIZE,
                "active_seconds": 86_400, "lapse_seconds": 0,
            },
        });
        let concert = replicas[0].call("POST", "/v1/concerts", &concert)?;
        let concert = concert["id"].as_str().unwrap_or_default().to_owned();
        let schedule = json!({
            "starts_at": "2999-12-24T10:00:00Z", "venue": "Olympic Hall",
            "sections": [{
                "name": "R", "rows": ROWS, "seats_per_row": SEATS_PER_ROW, "price": PRICE,
            }],
        });
        let path = format!("/v1/concerts/{concert}/schedules");
        let schedule = replicas[0].call("POST", &path, &schedule)?;
        let schedule = schedule["id"].as_str().unwrap_or_default().to_owned();
        Ok(Self { bench, urls: replicas.map(Replica::url), load, concert, schedule })
    }

    /// People come and join, and are let in; returns when nobody waits any more.
    fn admit(&self) -> Result<(), Failure> {
        self.measure(SESSIONS)?;
        self.measure(JOINS)?;
        let waiting = "SELECT count(*) FROM tickets WHERE state = 'waiting'";
        let started_at = Instant::now();
        while self.bench.client.query(self.bench.runner, waiting)?.trim() != "0" {
            if started_at.elapsed() > ADMISSION_MAX {
                return Err(Failure::Message("people still wait to be let in".into()));
            }
            thread::sleep(ADMISSION_POLL);
        }
        Ok(())
    }

    fn measure(&self, workload: Workload) -> Result<Figures, Failure> {
        let Bench { runner, folder, client, .. } = self.bench;
        // So that no workload pays for what the one before it wrote.
        client.query(runner, "CHECKPOINT")?;
        let halves: [Half<'_>; HALVES] = std::array::from_fn(|index| Half {
            url: self.urls[index],
            args: self.args(workload, index),
        });
        wrk::run(runner, workload, self.load, &halves, folder.path())
    }

    /// What a workload's Lua file is told; see there.
    fn args(&self, workload: Workload, half: usize) -> Vec<String> {
        match workload {
            JOINS => vec![self.concert.clone()],
            HOLDS | REFUSALS => {
                let seats = SEATS as usize / HALVES;
                let first = half * seats + 1;
                let last = first + seats - 1;
                vec![self.schedule.clone(), first.to_string(), last.to_string()]
            }
            CHARGES | PAYMENTS => vec![PRICE.to_string()],
            _ => Vec::new(),
        }
    }
}
