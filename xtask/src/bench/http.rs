//! `cargo xtask bench http`: a concert sold through HTTP, first by one replica, then by two. People go
//! from workload to workload: who has joined holds a seat, who holds one charges a wallet, and pays. So
//! no request is sent twice, and every one does something.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use super::ceiling::Ceiling;
use super::replica::Replica;
use super::table::{Round, table};
use super::wrk::{self, Figures, HALVES, Half, Workload};
use crate::cargo::{self, Profile};
use crate::failure::Failure;
use crate::postgres::{self, Client, Database};
use crate::process::Runner;
use crate::tools;

/// The largest hall that there can be. Each half of the crowd has a half of it for itself.
const SEATS: u32 = ROWS * SEATS_PER_ROW;
const ROWS: u32 = 250;
const SEATS_PER_ROW: u32 = 400;

/// What a seat costs.
const PRICE: u32 = 1_000;

/// People who are let in each second: more than can join in one, so that nobody waits for long.
const BATCH_SIZE: u32 = 10_000;

/// How long it may take until everybody is in.
const ADMISSION_MAX: Duration = Duration::from_mins(2);

/// How often it is asked whether everybody is in.
const ADMISSION_POLL: Duration = Duration::from_millis(500);

const SESSIONS: Workload = Workload { name: "sessions", after: None };
const JOINS: Workload = Workload { name: "joins", after: Some("sessions") };
const HOLDS: Workload = Workload { name: "holds", after: Some("joins") };
const CHARGES: Workload = Workload { name: "charges", after: Some("holds") };
const PAYMENTS: Workload = Workload { name: "payments", after: Some("charges") };

/// What every round needs.
struct Bench<'a> {
    runner: &'a Runner,
    /// The server's binary.
    server: PathBuf,
    database: Database,
    ceiling: Ceiling,
    /// For files that last no longer than the bench.
    folder: TempDir,
}

/// A concert on sale, and the replicas that sell it.
struct Sale<'a> {
    bench: &'a Bench<'a>,
    client: &'a Client,
    replicas: Vec<Replica<'a>>,
    concert: String,
    schedule: String,
}

/// Measures both rounds, and prints the table.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    let bench = Bench::set_up(runner)?;
    let rounds = (bench.round(1)?, bench.round(2)?);
    println!("\n{}", table(&rounds.0, &rounds.1));
    Ok(ExitCode::SUCCESS)
}

/// Says how far it is.
fn tell(replicas: usize, name: &str, rate: f64) {
    let replicas = if replicas == 1 { "one replica" } else { "two replicas" };
    eprintln!("xtask: {name} with {replicas}: {rate:.0} a second");
}

impl<'a> Bench<'a> {
    fn set_up(runner: &'a Runner) -> Result<Self, Failure> {
        let programs = [postgres::TOOL, postgres::CLIENTS, tools::WRK, tools::CURL];
        tools::ensure(runner, &[tools::TO_BUILD, &programs].concat())?;
        let server = cargo::build_server(runner, Profile::Release)?;
        let database = Database::open(runner)?;
        let folder = tempfile::tempdir()?;
        let ceiling = Ceiling::of_holds(runner, &database, &server, folder.path(), SEATS)?;
        Ok(Self { runner, server, database, ceiling, folder })
    }

    /// Each round has a database of its own, so that neither finds more rows than the other.
    fn round(&self, replicas: usize) -> Result<Round, Failure> {
        let client = self.database.create(self.runner, &format!("frontrow_bench_{replicas}"))?;
        let sale = Sale::open(self, &client, replicas)?;
        sale.measure(SESSIONS)?;
        let joins = sale.measure(JOINS)?;
        sale.wait_for_admission()?;
        // Beside the holds, with which it is compared above all.
        let ceiling = self.ceiling.measure(self.runner)?;
        tell(replicas, "ceiling", ceiling);
        let holds = sale.measure(HOLDS)?;
        let charges = sale.measure(CHARGES)?;
        let payments = sale.measure(PAYMENTS)?;
        drop(sale);
        self.verify(&client)?;
        let workloads = [(JOINS, joins), (HOLDS, holds), (CHARGES, charges), (PAYMENTS, payments)];
        let workloads = workloads.map(|(workload, figures)| (workload.name, figures));
        Ok(Round { ceiling, workloads: workloads.into() })
    }

    /// Fails if any invariant is broken: figures of a server that errs are worth nothing.
    fn verify(&self, client: &Client) -> Result<(), Failure> {
        let mut verify = Command::new(&self.server);
        verify.arg("verify").env("FRONTROW_DATABASE_URL", client.url());
        if self.runner.run(verify)?.success() {
            return Ok(());
        }
        Err(Failure::Message("the server broke its own rules under load".into()))
    }
}

impl<'a> Sale<'a> {
    /// Starts the replicas and puts the concert on sale.
    fn open(bench: &'a Bench<'a>, client: &'a Client, replicas: usize) -> Result<Self, Failure> {
        // One after the other: the first one makes the schema and the demo's concert.
        let replicas = (0..replicas)
            .map(|_| Replica::start(bench.runner, &bench.server, client.url()))
            .collect::<Result<Vec<_>, _>>()?;
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
        Ok(Self { bench, client, replicas, concert, schedule })
    }

    /// Returns when nobody waits to be let in any more.
    fn wait_for_admission(&self) -> Result<(), Failure> {
        let waiting = "SELECT count(*) FROM tickets WHERE state = 'waiting'";
        let started_at = Instant::now();
        while self.client.query(self.bench.runner, waiting)?.trim() != "0" {
            if started_at.elapsed() > ADMISSION_MAX {
                return Err(Failure::Message("people still wait to be let in".into()));
            }
            thread::sleep(ADMISSION_POLL);
        }
        Ok(())
    }

    fn measure(&self, workload: Workload) -> Result<Figures, Failure> {
        let Bench { runner, folder, .. } = self.bench;
        // So that no workload pays for what the one before it wrote.
        self.client.query(runner, "CHECKPOINT")?;
        let halves: [Half<'_>; HALVES] = std::array::from_fn(|index| Half {
            url: self.replicas[index % self.replicas.len()].url(),
            args: self.args(workload, index),
        });
        let figures = wrk::run(runner, workload, &halves, folder.path())?;
        tell(self.replicas.len(), workload.name, figures.rate);
        Ok(figures)
    }

    /// What a workload's Lua file is told; see there.
    fn args(&self, workload: Workload, half: usize) -> Vec<String> {
        match workload {
            JOINS => vec![self.concert.clone()],
            HOLDS => {
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
