//! `cargo xtask bench booking`: a concert sold through HTTP, against statements that write the same rows. People go from
//! workload to workload: who has joined holds a seat, who holds one charges a wallet, and pays. So no request is sent
//! twice, and every one does something; only refusals ask for what somebody else has.
//!
//! Each run has a concert and a hall of its own. The statements are in `booking/*.sql`. Beside them: holds where a million
//! seats were sold before, by two replicas, and by a crowd that comes at once.

mod table;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use super::replica::{AUTH_SECRET, Replica, START_MAX, rest_of_line_within};
use super::sim::machine;
use super::statements::{Statements, file};
use super::wrk::{self, Figures, HALVES, Half, Load, Workload};
use crate::cargo::{self, Profile};
use crate::failure::Failure;
use crate::postgres::{self, Client, Database};
use crate::process::{Read, Runner};
use crate::tools;
use table::bookings;

/// Runs of each kind; the median counts.
const RUNS: usize = 5;
const SECONDS: u32 = 5;
/// Connections at a time.
const FEW: u32 = 64;
const MANY: u32 = 256;

/// The largest hall that there can be. Each half of the crowd has a half of it for itself.
const ROWS: u32 = 250;
const SEATS_PER_ROW: u32 = 400;

/// What a seat costs.
const PRICE: u32 = 1_000;

/// People who are let in each second: more than can join in one, so that nobody waits for long.
const BATCH_SIZE: u32 = 50_000;

/// For whom the statements find rows: no run must come to their end. One half holds, the other one pays.
const PEOPLE: u64 = 1_200_000;

/// Bookings that were made before, where the database has grown.
const SOLD: u64 = 1_000_000;

/// People who come at once, and the seats of the hall from which they choose. Nearly all have a connection of their own:
/// so many as a server may have where a process may have 20,000 files open; the others come as soon as one is free. They
/// have that long, and need a part of it.
const RUSH_PEOPLE: u32 = 20_000;
const RUSH: Load = Load { connections: 19_500, seconds: 60 };
const RUSH_ROWS: u32 = 25;
/// Seconds in which at least so many people join.
const RUSH_JOIN_SECONDS: u32 = 10;

/// Connections of those who charge again and again, and what part of what the server can do they ask for.
const OVERLOAD_CONNECTIONS: u32 = 19_500;
const LOADS: [f64; 4] = [0.5, 1.0, 1.5, 2.0];
const OVERLOAD_SECONDS: u32 = 10;

/// How long it may take until everybody is in.
const ADMISSION_MAX: Duration = Duration::from_mins(2);

/// How often it is asked whether everybody is in.
const ADMISSION_POLL: Duration = Duration::from_millis(500);

const SESSIONS: Workload = Workload::first("sessions");
const JOINS: Workload = Workload::after("joins", "sessions");
const HOLDS: Workload = Workload::after("holds", "joins");
const REFUSALS: Workload = Workload::after("refusals", "joins");
const OVERLOAD: Workload = Workload::after("overload", "sessions");
const RUSHES: Workload = Workload::after("rush", "joins").without_refusals();
const CHARGES: Workload = Workload::after("charges", "holds");
const PAYMENTS: Workload = Workload::after("payments", "charges");

/// What every run needs.
struct Bench<'a> {
    runner: &'a Runner,
    statements: &'a Statements,
    /// The server that always refuses.
    constant: &'a str,
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
    constant: Figures,
    /// What the database logged while seats were refused.
    refusal_wal_bytes: f64,
    payments: Figures,
    payment_statements: Figures,
}

/// Holds a second in two ways that took turns.
#[derive(Debug, Clone, Copy)]
struct Pair {
    one: f64,
    other: f64,
}

/// A database and who serves it.
struct Place<'a> {
    client: &'a Client,
    replica: Replica<'a>,
}

/// A concert on sale.
#[derive(Clone)]
struct Sale<'a> {
    bench: &'a Bench<'a>,
    /// Of its Postgres, if it is on one.
    client: Option<&'a Client>,
    operator: &'a Replica<'a>,
    /// Those who sell it, each to a half of the crowd.
    urls: [&'a str; HALVES],
    concert: String,
    schedule: String,
    seats: u32,
    /// How a crowd that comes at once chooses seats.
    how: &'static str,
    /// For how long those who charge again and again do something else.
    think_millis: u32,
}

/// Measures, and prints the tables.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    let programs = [postgres::TOOL, postgres::CLIENTS, tools::WRK, tools::CURL];
    tools::ensure(runner, &[tools::TO_BUILD, &programs].concat())?;
    let server = cargo::build_server(runner, Profile::Release)?;
    let mut refusals = Command::new(cargo::build_bench(runner, "frontrow-server", "", "refusals")?);
    refusals.arg(AUTH_SECRET);
    let refusals = runner.start_reading(refusals, Read::Stdout)?;
    let constant = rest_of_line_within(&refusals, "constant ", START_MAX)?;
    let database = Database::open(runner)?;
    let folder = tempfile::tempdir()?;
    let statements = statements(runner, &database, &server, &folder)?;
    let bench = Bench { runner, statements: &statements, constant: &constant, folder: &folder };
    let place = |name: &str| {
        let rows = Statements::open(runner, &database, &server, folder.path(), name)?;
        Ok::<_, Failure>(rows.client().clone())
    };
    let client = place("frontrow_bench_booking")?;
    let first = Place { client: &client, replica: Replica::start(runner, &server, client.url())? };
    let mut text = String::new();
    for connections in [FEW, MANY] {
        let load = Load { connections, seconds: SECONDS };
        let runs: Result<Vec<_>, _> = (1..=RUNS).map(|run| bench.run(&first, load, run)).collect();
        text.push_str(&bookings(connections, &runs?));
    }
    text.push_str(&table::overload(&bench.overload(&first)?));
    let rushes: Result<Vec<_>, _> = (1..=RUNS).map(|run| bench.rush(&first, run)).collect();
    text.push_str(&table::rushes(&rushes?));
    let second = Replica::start(runner, &server, client.url())?;
    let load = Load { connections: FEW, seconds: SECONDS };
    let replicas = [&first.replica, &second];
    let pair = |run| {
        let one = bench.holds(Some(&client), [&first.replica; HALVES], load)?;
        let pair = Pair { one, other: bench.holds(Some(&client), replicas, load)? };
        pair.tell(run, "by one replica", "by two");
        Ok::<_, Failure>(pair)
    };
    let pairs: Result<Vec<_>, _> = (1..=RUNS).map(pair).collect();
    text.push_str(&table::replicas(FEW, &pairs?));
    drop(second);
    verify(runner, &server, &client)?;
    drop(first);

    let (empty, grown) = (place("frontrow_bench_empty")?, place("frontrow_bench_grown")?);
    eprintln!("xtask: {SOLD} bookings are made in SQL");
    grown.run_file(runner, &file("booking/grown.sql"), &[("sold", SOLD)])?;
    let (of_empty, of_grown) = (
        Replica::start(runner, &server, empty.url())?,
        Replica::start(runner, &server, grown.url())?,
    );
    let pair = |run| {
        let one = bench.holds(Some(&empty), [&of_empty; HALVES], load)?;
        let pair = Pair { one, other: bench.holds(Some(&grown), [&of_grown; HALVES], load)? };
        pair.tell(run, "in an empty database", "in one that has grown");
        Ok::<_, Failure>(pair)
    };
    let pairs: Result<Vec<_>, _> = (1..=RUNS).map(pair).collect();
    text.push_str(&table::growth(FEW, &pairs?));
    text.push_str(&on_sqlite(&bench, &server)?);
    println!("\n{text}medians of {RUNS} runs of {SECONDS} s in turn\n{}", machine());
    Ok(ExitCode::SUCCESS)
}

/// Holds on SQLite, and what comes of one transaction for each.
fn on_sqlite(bench: &Bench<'_>, server: &Path) -> Result<String, Failure> {
    let program = cargo::build_bench(bench.runner, "frontrow-server", "", "transactions")?;
    let url = format!("sqlite://{}", bench.folder.path().join("booking.db").display());
    let replica = Replica::start(bench.runner, server, &url)?;
    let load = Load { connections: FEW, seconds: SECONDS };
    let pair = |run: usize| {
        let folder = bench.folder.path().join(format!("transactions.{run}"));
        fs::create_dir(&folder)?;
        let mut alone = Command::new(&program);
        alone.arg(&folder).arg(SECONDS.to_string());
        let (status, told) = bench.runner.run_to_text(alone, Read::Stdout)?;
        let rate = told.trim().strip_prefix("rate ").and_then(|rate| rate.parse().ok());
        let one = rate.filter(|_| status.success());
        let one = one.ok_or_else(|| Failure::Message(format!("no holds were stored: {told}")))?;
        fs::remove_dir_all(&folder)?;
        let pair = Pair { one, other: bench.holds(None, [&replica; HALVES], load)? };
        pair.tell(run, "in one transaction each, SQLite", "through HTTP");
        Ok::<_, Failure>(pair)
    };
    let pairs: Result<Vec<_>, _> = (1..=RUNS).map(pair).collect();
    Ok(table::on_sqlite(FEW, &pairs?))
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
    fn run(&self, place: &Place<'_>, load: Load, number: usize) -> Result<Run, Failure> {
        let sale = Sale::open(self, Some(place.client), [&place.replica; HALVES], ROWS)?;
        sale.admit(load)?;
        let hold_statements = self.script("booking/hold.sql", load)?;
        let holds = sale.measure(HOLDS, load)?;
        let naive_holds = self.script("booking/naive_hold.sql", load)?;
        // Who reads a page of rows that were updated tidies it, and logs that: it is done before.
        place.client.query(self.runner, "VACUUM; CHECKPOINT")?;
        let logged_before = self.logged(place.client)?;
        let refusals = sale.measure(REFUSALS, load)?;
        let refusal_wal_bytes = self.logged(place.client)? - logged_before;
        let always = Sale { urls: [self.constant; HALVES], ..sale.clone() };
        let constant = always.measure(REFUSALS, load)?;
        sale.measure(CHARGES, load)?;
        let payment_statements = self.script("booking/payment.sql", load)?;
        let payments = sale.measure(PAYMENTS, load)?;
        eprintln!(
            "xtask: {} connections, run {number} of {RUNS}: {:.0} holds a second ({:.0} statements), \
             {:.0} refused ({:.0} always), {:.0} payments ({:.0} statements)",
            load.connections,
            holds.rate,
            hold_statements.rate,
            refusals.rate,
            constant.rate,
            payments.rate,
            payment_statements.rate
        );
        Ok(Run {
            holds,
            hold_statements,
            naive_holds,
            refusals,
            constant,
            refusal_wal_bytes,
            payments,
            payment_statements,
        })
    }

    /// Holds a second by these replicas.
    fn holds(
        &self,
        client: Option<&Client>,
        replicas: [&Replica<'_>; HALVES],
        load: Load,
    ) -> Result<f64, Failure> {
        let sale = Sale::open(self, client, replicas, ROWS)?;
        sale.admit(load)?;
        Ok(sale.measure(HOLDS, load)?.rate)
    }

    /// A crowd that comes at once: each to a seat of their own, and then each to one chosen at random.
    fn rush(&self, place: &Place<'_>, number: usize) -> Result<Pair, Failure> {
        let rush = |rows, how| {
            let sale = Sale::open(self, Some(place.client), [&place.replica; HALVES], rows)?;
            sale.admit(Load { connections: FEW, seconds: RUSH_JOIN_SECONDS })?;
            Ok::<_, Failure>(Sale { how, ..sale }.measure(RUSHES, RUSH)?.rate)
        };
        let pair = Pair { one: rush(ROWS, "apart")?, other: rush(RUSH_ROWS, "random")? };
        pair.tell(number, "at once, apart", "at random");
        Ok(pair)
    }

    /// What comes of those who charge at each of the loads: of what many connections make that ask without a pause.
    fn overload(&self, place: &Place<'_>) -> Result<Vec<(f64, Figures)>, Failure> {
        let sale = Sale::open(self, Some(place.client), [&place.replica; HALVES], RUSH_ROWS)?;
        let most = Load { connections: MANY, seconds: OVERLOAD_SECONDS };
        sale.measure(SESSIONS, most)?;
        let at = |think_millis, load| Sale { think_millis, ..sale.clone() }.measure(OVERLOAD, load);
        let capacity = at(0, most)?.rate;
        let load = Load { connections: OVERLOAD_CONNECTIONS, seconds: OVERLOAD_SECONDS };
        let measure = |part: &f64| {
            let think_millis = 1_000.0 * f64::from(OVERLOAD_CONNECTIONS) / (part * capacity);
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "some seconds"
            )]
            let figures = at(think_millis as u32, load)?;
            eprintln!(
                "xtask: {part} of {capacity:.0} charges a second: {:.0} answered, {:.2} of them refused, \
                 the others within {:.0} ms",
                figures.rate, figures.other_share, figures.timed_p99_millis
            );
            Ok((*part, figures))
        };
        LOADS.iter().map(measure).collect()
    }

    fn script(&self, path: &str, load: Load) -> Result<Figures, Failure> {
        self.statements.measure(self.runner, path, load)
    }

    /// Bytes that the database has logged so far.
    fn logged(&self, client: &Client) -> Result<f64, Failure> {
        let statement = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')";
        let told = client.query(self.runner, statement)?;
        told.trim().parse().map_err(|_| Failure::Message("the database tells no position".into()))
    }
}

impl Pair {
    fn tell(&self, number: usize, one: &str, other: &str) {
        let (of_one, of_other) = (self.one, self.other);
        eprintln!(
            "xtask: run {number} of {RUNS}: {of_one:.0} holds a second {one}, {of_other:.0} {other}"
        );
    }
}

impl<'a> Sale<'a> {
    /// Puts a concert on sale, in a hall with so many rows.
    fn open(
        bench: &'a Bench<'a>,
        client: Option<&'a Client>,
        replicas: [&'a Replica<'a>; HALVES],
        rows: u32,
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
                "name": "R", "rows": rows, "seats_per_row": SEATS_PER_ROW, "price": PRICE,
            }],
        });
        let path = format!("/v1/concerts/{concert}/schedules");
        let schedule = replicas[0].call("POST", &path, &schedule)?;
        let schedule = schedule["id"].as_str().unwrap_or_default().to_owned();
        let (operator, urls) = (replicas[0], replicas.map(Replica::url));
        let seats = rows * SEATS_PER_ROW;
        let (how, think_millis) = ("", 0);
        Ok(Self { bench, client, operator, urls, concert, schedule, seats, how, think_millis })
    }

    /// People come and join, and are let in; returns when nobody waits any more.
    fn admit(&self, load: Load) -> Result<(), Failure> {
        self.measure(SESSIONS, load)?;
        self.measure(JOINS, load)?;
        let figures = format!("/v1/concerts/{}/figures", self.concert);
        let started_at = Instant::now();
        while self.operator.get(&figures)?["waiting"] != 0 {
            if started_at.elapsed() > ADMISSION_MAX {
                return Err(Failure::Message("people still wait to be let in".into()));
            }
            thread::sleep(ADMISSION_POLL);
        }
        Ok(())
    }

    fn measure(&self, workload: Workload, load: Load) -> Result<Figures, Failure> {
        let Bench { runner, folder, .. } = self.bench;
        if let Some(client) = self.client {
            // So that no workload pays for what the one before it wrote.
            client.query(runner, "CHECKPOINT")?;
        }
        let halves: [Half<'_>; HALVES] = std::array::from_fn(|index| Half {
            url: self.urls[index],
            args: self.args(workload, index),
        });
        wrk::run(runner, workload, load, &halves, folder.path())
    }

    /// What a workload's Lua file is told; see there.
    fn args(&self, workload: Workload, half: usize) -> Vec<String> {
        let seats = self.seats as usize / HALVES;
        let first = half * seats + 1;
        match workload {
            JOINS => vec![self.concert.clone()],
            HOLDS | REFUSALS => {
                let last = first + seats - 1;
                vec![self.schedule.clone(), first.to_string(), last.to_string()]
            }
            RUSHES => {
                let people = RUSH_PEOPLE as usize / HALVES;
                let numbers = [first, self.seats as usize, people].map(|count| count.to_string());
                let mut args = vec![self.schedule.clone()];
                args.extend(numbers);
                args.push(self.how.to_owned());
                args
            }
            OVERLOAD => [PRICE, self.think_millis, u32::try_from(first).unwrap_or(0)]
                .map(|number| number.to_string())
                .to_vec(),
            CHARGES | PAYMENTS => vec![PRICE.to_string()],
            _ => Vec::new(),
        }
    }
}
