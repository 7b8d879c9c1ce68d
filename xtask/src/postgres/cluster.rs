//! A throw-away cluster: a server on a free port of 127.0.0.1, with its data in a temporary folder.
//! It is as durable as a real one, because tests kill it and look for what it acknowledged.

use std::env;
use std::fs::{self, File, Permissions};
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::installation::Installation;
use super::watchdog::Watchdog;
use crate::failure::Failure;
use crate::process::{POLL, Runner, spawn, wait_at_most};

/// The database's superuser, and the database that every cluster has.
const USER: &str = "postgres";

/// How long the server may take to accept connections.
const START_MAX: Duration = Duration::from_mins(1);

/// How long each way of stopping may take, before the next one.
const STOP_MAX: Duration = Duration::from_secs(10);

/// Fast, then immediate, then what nobody can refuse.
const STOP_SIGNALS: [Signal; 3] = [Signal::INT, Signal::QUIT, Signal::KILL];

/// How many ports are tried: somebody may take one between its choice and its use.
const PORTS_MAX: usize = 5;

/// How much of the log an error shows.
const LOG_LINES_MAX: usize = 40;

/// A running server. It and its folder end with this value, or with xtask.
#[derive(Debug)]
pub struct Cluster {
    /// `initdb`, then the server.
    process: Option<Child>,
    port: u16,
    installation: Installation,
    watchdog: Watchdog,
    /// Removed last, if the watchdog has not done it.
    folder: TempDir,
}

impl Cluster {
    /// A new cluster that accepts connections.
    pub fn start(runner: &Runner, installation: Installation) -> Result<Self, Failure> {
        Self::start_on(runner, installation, free_port)
    }

    /// Where clients connect, as a user who may do everything and has no password.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@{}:{}/{USER}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// Fails, with the log, if the server ended by itself.
    pub fn check(&mut self) -> Result<(), Failure> {
        if self.has_ended()? { Err(self.failure("ended")) } else { Ok(()) }
    }

    fn start_on(
        runner: &Runner,
        installation: Installation,
        mut choose_port: impl FnMut() -> io::Result<u16>,
    ) -> Result<Self, Failure> {
        runner.check()?;
        // The watchdog comes first, so that it knows of the folder from its first moment.
        let watchdog = Watchdog::start()?;
        let folder = new_folder(&installation)?;
        let mut cluster = Self { process: None, port: 0, installation, watchdog, folder };
        cluster.initialize()?;
        for _ in 0..PORTS_MAX {
            runner.check()?;
            cluster.port = choose_port()?;
            cluster.start_server()?;
            if cluster.becomes_ready(runner)? {
                return Ok(cluster);
            }
            cluster.stop();
            if !is_about_a_taken_port(&cluster.log()) {
                break;
            }
        }
        Err(cluster.failure("does not start"))
    }

    /// Takes about a second, and signals wait for it: an `initdb` that is broken off leaves shared
    /// memory behind.
    fn initialize(&mut self) -> Result<(), Failure> {
        self.watchdog.remove(self.folder.path())?;
        if let Some(account) = self.installation.account {
            chown(self.folder.path(), Some(account.user_id), Some(account.group_id))?;
        }
        let mut initdb = self.installation.program("initdb");
        initdb.arg("--pgdata").arg(self.data());
        initdb.args(["--username", USER, "--auth", "trust"]);
        initdb.args(["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
        let status = wait_at_most(self.start_process(initdb)?, START_MAX)?;
        self.stop();
        if !status.is_some_and(|status| status.success()) {
            return Err(self.failure("can't be initialized"));
        }
        Ok(())
    }

    fn start_server(&mut self) -> Result<(), Failure> {
        let mut postgres = self.installation.program("postgres");
        postgres.arg("-D").arg(self.data());
        for (name, value) in settings(self.port) {
            postgres.arg("-c").arg(format!("{name}={value}"));
        }
        self.start_process(postgres)?;
        Ok(())
    }

    /// Starts the log anew.
    fn start_process(&mut self, mut command: Command) -> Result<&mut Child, Failure> {
        let log = File::create(self.log_file())?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let process = self.process.insert(spawn(command)?);
        self.watchdog.end(Some(process))?;
        Ok(process)
    }

    /// False when the server ended, or takes too long.
    fn becomes_ready(&mut self, runner: &Runner) -> Result<bool, Failure> {
        let started_at = Instant::now();
        while started_at.elapsed() < START_MAX {
            runner.check()?;
            if self.has_ended()? {
                return Ok(false);
            }
            // The file is this server's own: whoever else listens on the port is not taken for it.
            let state = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
            if tells_readiness(&state)
                && TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
            {
                return Ok(true);
            }
            thread::sleep(POLL);
        }
        Ok(false)
    }

    fn has_ended(&mut self) -> io::Result<bool> {
        self.process.as_mut().map_or(Ok(true), |process| Ok(process.try_wait()?.is_some()))
    }

    fn stop(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        for signal in STOP_SIGNALS {
            // What has ended keeps its id until it is waited for, so nobody else is hit.
            if matches!(process.try_wait(), Ok(Some(_))) {
                break;
            }
            let _ = kill_process(Pid::from_child(&process), signal);
            let _ = wait_at_most(&mut process, STOP_MAX);
        }
        // An error means that the watchdog is gone, and so can't end the wrong process.
        let _ = self.watchdog.end(None);
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn log(&self) -> String {
        fs::read(self.log_file())
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .unwrap_or_default()
    }

    fn failure(&self, what: &str) -> Failure {
        let programs = self.installation.programs.display();
        let log = last_lines(&self.log(), LOG_LINES_MAX);
        Failure::Message(format!("the throw-away Postgres of {programs} {what}:\n{log}"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What differs from Postgres' defaults, or must not. The socket's folder is told relative to the
/// data, because a socket's path has to be short.
fn settings(port: u16) -> Vec<(&'static str, String)> {
    [
        ("listen_addresses", Ipv4Addr::LOCALHOST.to_string().as_str()),
        ("port", port.to_string().as_str()),
        ("unix_socket_directories", "."),
        ("max_connections", "300"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("shared_buffers", "128MB"),
        ("max_wal_size", "512MB"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

/// A folder that nobody else can enter, in a place that the servers' account can reach.
fn new_folder(installation: &Installation) -> io::Result<TempDir> {
    let mut parent = env::temp_dir();
    if installation.account.is_some() && !is_open_to_all(&parent) {
        parent = PathBuf::from("/tmp");
    }
    tempfile::Builder::new()
        .prefix("frontrow-postgres-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(parent)
}

/// Everybody can reach what is in `folder`.
fn is_open_to_all(folder: &Path) -> bool {
    folder
        .ancestors()
        .all(|folder| folder.metadata().is_ok_and(|found| found.permissions().mode() & 0o001 != 0))
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// The eighth line of `postmaster.pid` is the server's state.
fn tells_readiness(state: &str) -> bool {
    state.lines().nth(7).is_some_and(|line| line.trim_end() == "ready")
}

fn is_about_a_taken_port(log: &str) -> bool {
    log.contains("Address already in use")
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_ready_when_it_says_so() {
        let state = "71\n/data\n1700000000\n54321\n.\n127.0.0.1\n  555   1\nready   \n";
        assert!(tells_readiness(state));
        assert!(!tells_readiness(&state.replace("ready   ", "starting")));
        assert!(!tells_readiness("71\n/data\n"));
    }

    #[test]
    fn an_error_shows_the_end_of_the_log() {
        assert_eq!(last_lines("one\ntwo\nthree\n", 2), "two\nthree");
        assert_eq!(last_lines("one\n", 2), "one");
    }

    #[test]
    fn a_folder_is_open_only_if_all_above_are() {
        let folder =
            tempfile::Builder::new().permissions(Permissions::from_mode(0o700)).tempdir().unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        assert!(is_open_to_all(Path::new("/")));
        assert!(!is_open_to_all(&folder.path().join("inner")));
    }

    #[test]
    fn another_port_is_taken_when_somebody_was_faster() {
        let faster = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let taken = faster.local_addr().unwrap().port();
        let mut ports = vec![free_port().unwrap(), taken];
        let installation = Installation::find().unwrap().expect("Postgres is installed");
        let mut cluster = Cluster::start_on(&Runner::default(), installation, || {
            ports.pop().ok_or_else(|| io::Error::other("the second port is free"))
        })
        .unwrap();
        assert_ne!(cluster.port, taken);
        cluster.check().unwrap();

        let folder = cluster.folder.path().to_owned();
        drop(cluster);
        assert!(!folder.exists());
    }
}
