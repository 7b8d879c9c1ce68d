//! A Postgres of a test's own, to be shut down and killed: on a port of 127.0.0.1 that it keeps, with its
//! data in a temporary folder, and as durable as a real one unless the test says otherwise.

use crate::process::lasting_port;
use crate::watchdog::Watchdog;
use rustix::process::{Pid, Signal, kill_process};
use std::env;
use std::fs::{self, File, Permissions};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The folder of `initdb` and `postgres`; `cargo xtask test` finds it and sets these.
const PROGRAMS_VARIABLE: &str = "POSTGRES_BIN";
/// Who runs them, where the tests are run by root, whom they refuse.
const USER_ID_VARIABLE: &str = "POSTGRES_USER_ID";
const GROUP_ID_VARIABLE: &str = "POSTGRES_GROUP_ID";

/// The superuser, and the database that every cluster has.
const USER: &str = "postgres";
/// How long it may take to accept connections, after a crash too.
const START_MAX: Duration = Duration::from_mins(1);
/// Between two looks at whether it does.
const POLL: Duration = Duration::from_millis(20);
/// What it says while processes of a killed one are still ending.
const PREDECESSOR_ENDS: [&str; 2] = ["pre-existing shared memory block", "Address already in use"];

/// A cluster, and its server if that runs. Both end with this value, or with the test.
#[derive(Debug)]
pub struct Cluster {
    server: Option<(Watchdog, Child)>,
    port: u16,
    /// For `-c`, such as `fsync=on`. The last one of a name counts.
    settings: Vec<String>,
    _watchdog: Watchdog,
    /// Removed last.
    folder: TempDir,
}

impl Cluster {
    /// A new one that accepts connections, with other settings (`NAME=VALUE`) than the usual ones.
    ///
    /// # Panics
    /// If there is no Postgres: nothing is skipped.
    pub fn start(settings: &[String]) -> Self {
        let port = lasting_port();
        let (address, port_setting) = (Ipv4Addr::LOCALHOST, format!("port={port}"));
        let usual = [
            &port_setting,
            &format!("listen_addresses={address}"),
            // Relative to the data, because a socket's path has to be short.
            "unix_socket_directories=.",
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
        ];
        let settings = usual.map(str::to_owned).into_iter().chain(settings.iter().cloned());
        let folder = new_folder();
        let watchdog = Watchdog::of_folder(folder.path());
        let settings = settings.collect();
        let mut cluster = Self { server: None, port, settings, _watchdog: watchdog, folder };
        cluster.initialize();
        cluster.start_again();
        cluster
    }

    /// Where clients connect, as a user who may do everything and has no password.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@{}/{USER}", self.address())
    }

    /// Shuts it down immediately, as if it had crashed: nothing is written, and it recovers at its start.
    pub fn stop_immediately(&mut self) {
        self.end(Signal::QUIT);
    }

    /// Kills its first process; the others end by themselves, soon.
    pub fn kill(&mut self) {
        self.end(Signal::KILL);
    }

    /// Starts it on the same data and port; returns when it accepts connections.
    pub fn start_again(&mut self) {
        let started_at = Instant::now();
        while !self.tries_to_start(started_at) {
            let log = self.log();
            let is_worth_it = PREDECESSOR_ENDS.iter().any(|said| log.contains(said));
            assert!(is_worth_it && started_at.elapsed() < START_MAX, "it does not start:\n{log}");
            thread::sleep(POLL);
        }
    }

    fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    fn initialize(&self) {
        let mut initdb = program("initdb");
        initdb.arg("--pgdata").arg(self.data());
        initdb.args(["--username", USER, "--auth", "trust", "--no-sync"]);
        initdb.args(["--encoding", "UTF8", "--locale", "C.UTF-8"]);
        let status = self.logged(&mut initdb).status().expect("initdb runs");
        assert!(status.success(), "the cluster can't be initialized:\n{}", self.log());
    }

    /// False if it ended instead.
    fn tries_to_start(&mut self, started_at: Instant) -> bool {
        let mut postgres = program("postgres");
        postgres.arg("-D").arg(self.data());
        for setting in &self.settings {
            postgres.args(["-c", setting]);
        }
        let child = self.logged(&mut postgres).spawn().expect("postgres runs");
        let (_, child) = self.server.insert((Watchdog::of_process(&child), child));
        let id = child.id();
        while started_at.elapsed() < START_MAX {
            if self.accepts_connections(id) {
                return true;
            }
            let (_, child) = self.server.as_mut().expect("it was just started");
            if !matches!(child.try_wait(), Ok(None)) {
                self.server = None;
                return false;
            }
            thread::sleep(POLL);
        }
        panic!("it does not accept connections:\n{}", self.log());
    }

    /// Whether the server with this process id says so, in the file that it keeps with its data.
    fn accepts_connections(&self, id: u32) -> bool {
        let state = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let lines: Vec<&str> = state.lines().map(str::trim_end).collect();
        let is_ready = lines.first() == Some(&id.to_string().as_str())
            && lines.get(7).is_some_and(|line| *line == "ready");
        is_ready && TcpStream::connect(self.address()).is_ok()
    }

    fn end(&mut self, signal: Signal) {
        let (watchdog, mut child) = self.server.take().expect("it runs");
        drop(watchdog);
        kill_process(Pid::from_child(&child), signal).expect("a signal can be sent");
        child.wait().expect("its end can be waited for");
    }

    /// With its output in a log that is begun anew.
    fn logged<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let log = File::create(self.log_file()).expect("a log can be written");
        let errors = log.try_clone().expect("a file can be opened twice");
        command.stdin(Stdio::null()).stdout(log).stderr(errors)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn log(&self) -> String {
        let log = fs::read(self.log_file()).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.stop_immediately();
        }
    }
}

/// One of Postgres' programs, run by who may run it.
fn program(name: &str) -> Command {
    let programs = env::var_os(PROGRAMS_VARIABLE).unwrap_or_else(|| {
        panic!("{PROGRAMS_VARIABLE} must name the folder of Postgres' programs; `cargo xtask test` sets it")
    });
    let mut command = Command::new(PathBuf::from(programs).join(name));
    // The folder in which the tests run may be closed to the account.
    command.current_dir("/").env("LC_ALL", "C.UTF-8");
    if let Some((user_id, group_id)) = account() {
        command.uid(user_id).gid(group_id);
    }
    command
}

/// A user and a group, if the tests' own won't do.
fn account() -> Option<(u32, u32)> {
    let number = |name: &str| {
        let text = env::var(name).ok()?;
        Some(text.parse().unwrap_or_else(|_| panic!("{name} must be a number, not {text:?}")))
    };
    Some((number(USER_ID_VARIABLE)?, number(GROUP_ID_VARIABLE)?))
}

/// A folder that nobody else can enter, in a place that the account can reach.
fn new_folder() -> TempDir {
    let account = account();
    let parent = account.map_or_else(env::temp_dir, |_| PathBuf::from("/tmp"));
    let folder = tempfile::Builder::new()
        .prefix("frontrow-chaos-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(parent)
        .expect("a temporary folder can be made");
    if let Some((user_id, group_id)) = account {
        chown(folder.path(), Some(user_id), Some(group_id)).expect("root may give a folder away");
    }
    folder
}
