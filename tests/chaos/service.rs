//! Replicas on a Postgres of their own, and how they are struck and come back.

use crate::dice::{DatabaseEnd, Victims};
use frontrow_tests::cluster::Cluster;
use frontrow_tests::process::{Frontrow, SECRET, lasting_port};
use frontrow_tests::watchdog::Watchdog;
use std::env;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use tempfile::TempDir;

/// Settings of Postgres, separated by spaces. Customers' losses are found: try
/// `synchronous_commit=off wal_writer_delay=10s`.
const SETTINGS_VARIABLE: &str = "CHAOS_POSTGRES_SETTINGS";

/// What a replica's log says of faults that are its own, whatever its database does.
const FAULTS: [&str; 2] = ["panic", "a batch failed"];

/// A database and its replicas.
pub struct Service {
    /// Dropped before their database.
    replicas: Vec<Replica>,
    /// The database.
    pub cluster: Cluster,
    _watchdog: Watchdog,
    /// Has their logs.
    folder: TempDir,
}

/// One replica, which keeps its port.
struct Replica {
    address: SocketAddr,
    database_url: String,
    log: PathBuf,
    /// `None` while it is dead.
    server: Option<Frontrow>,
}

impl Replica {
    fn start(&mut self) {
        let log = File::options().create(true).append(true).open(&self.log);
        let listen = self.address.to_string();
        let arguments = ["--listen", &listen, "--auth-secret", SECRET];
        let log = log.expect("a log can be written");
        self.server = Some(Frontrow::serve_logged(&self.database_url, &arguments, log));
    }

    fn server(&mut self) -> &mut Frontrow {
        self.server.as_mut().expect("it runs")
    }
}

impl Service {
    /// So many replicas on a new database, all started at the same time.
    pub fn start(replicas: u16) -> Self {
        let settings = env::var(SETTINGS_VARIABLE).unwrap_or_default();
        let settings: Vec<String> = settings.split_whitespace().map(str::to_owned).collect();
        let cluster = Cluster::start(&settings);
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let replica = |number| Replica {
            address: ([127, 0, 0, 1], lasting_port()).into(),
            database_url: cluster.url(),
            log: folder.path().join(format!("replica-{number}")),
            server: None,
        };
        let mut replicas: Vec<Replica> = (0..replicas).map(replica).collect();
        thread::scope(|scope| {
            for replica in &mut replicas {
                scope.spawn(|| replica.start());
            }
        });
        Self { replicas, cluster, _watchdog: Watchdog::of_folder(folder.path()), folder }
    }

    /// Where the replicas are, dead or alive.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.replicas.iter().map(|replica| replica.address).collect()
    }

    /// One of the replicas.
    pub fn replica(&mut self, index: usize) -> &mut Frontrow {
        self.replicas[index].server()
    }

    /// Kills.
    pub fn strike(&mut self, victims: Victims) {
        if let Some(index) = victims.replica {
            self.replicas[index].server = None;
        }
        match victims.database {
            Some(DatabaseEnd::ImmediateShutdown) => self.cluster.stop_immediately(),
            Some(DatabaseEnd::Kill) => self.cluster.kill(),
            None => {}
        }
    }

    /// Starts what was killed again, the database first, since a replica ends if it finds none.
    pub fn revive(&mut self, victims: Victims) {
        if victims.database.is_some() {
            self.cluster.start_again();
        }
        if let Some(index) = victims.replica {
            self.replicas[index].start();
        }
    }

    /// Checks that no replica ended by itself, and none met a fault of its own.
    pub fn assert_sound(&mut self) {
        for replica in &mut self.replicas {
            let log = fs::read_to_string(&replica.log).unwrap_or_default();
            assert!(!replica.server().has_ended(), "a replica ended by itself:\n{}", tail(&log));
            let is_fault = |line: &&str| FAULTS.iter().any(|said| line.contains(said));
            let fault = log.lines().find(is_fault);
            assert_eq!(fault, None, "a replica's log");
        }
    }
}

impl Drop for Service {
    /// Says what the replicas said, where that may tell why a test failed.
    fn drop(&mut self) {
        if thread::panicking() {
            for replica in &self.replicas {
                let log = fs::read_to_string(&replica.log).unwrap_or_default();
                println!("the end of the log of {}:\n{}", replica.address, tail(&log));
            }
            println!("their logs were in {}", self.folder.path().display());
        }
    }
}

/// The last lines of a text.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
