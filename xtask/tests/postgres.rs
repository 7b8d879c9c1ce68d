//! `cargo xtask postgres` as a person runs it: a real cluster each time, and nothing left of it,
//! whatever way it ends.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;

/// How long a cluster may take to vanish after xtask has.
const VANISH_MAX: Duration = Duration::from_secs(40);

/// A temporary folder of its own for one xtask, so that everything left behind is seen.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        // The cluster may run as another user, who has to get through.
        let open = Permissions::from_mode(0o755);
        Self { folder: tempfile::Builder::new().permissions(open).tempdir().unwrap() }
    }

    fn xtask(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("postgres").arg("--").args(words);
        command.env_remove("TEST_DATABASE_URL").env("TMPDIR", self.folder.path());
        command
    }

    /// The id of the one server that runs here.
    fn server(&self) -> Pid {
        let cluster = fs::read_dir(self.folder.path()).unwrap().next().unwrap().unwrap();
        let state = fs::read_to_string(cluster.path().join("data/postmaster.pid")).unwrap();
        Pid::from_raw(state.lines().next().unwrap().parse().unwrap()).unwrap()
    }

    fn is_empty(&self) -> bool {
        fs::read_dir(self.folder.path()).unwrap().next().is_none()
    }
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn can_connect(url: &str) -> bool {
    let (_, address) = url.rsplit_once('@').unwrap();
    let (address, _) = address.split_once('/').unwrap();
    TcpStream::connect(address).is_ok()
}

/// Waits until xtask tells the URL of its cluster.
fn url_of(xtask: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(xtask.stdout.take().unwrap()).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

fn eventually(holds: impl Fn() -> bool) -> bool {
    let started_at = Instant::now();
    while !holds() {
        if started_at.elapsed() > VANISH_MAX {
            return false;
        }
        thread::sleep(Duration::from_millis(50));
    }
    true
}

#[test]
fn a_command_finds_a_durable_utf8_database_and_nothing_is_left_of_it() {
    let place = Place::new();
    let questions = "SELECT setting FROM unnest(ARRAY['fsync', 'synchronous_commit', \
         'listen_addresses', 'server_encoding', 'lc_collate', 'max_connections']) WITH ORDINALITY \
         AS asked (name, place) JOIN pg_settings USING (name) ORDER BY place";
    let script = r#"echo "$TEST_DATABASE_URL"; "$POSTGRES_BIN/psql" "$TEST_DATABASE_URL" \
         --no-psqlrc --quiet --tuples-only --no-align --command "$1""#;
    let output = place.xtask(&["sh", "-c", script, "sh", questions]).output().unwrap();
    let text = text(&output);
    let (url, settings) = text.split_once('\n').unwrap();
    let settings: Vec<&str> = settings.lines().collect();
    // `lc_collate` is a setting up to version 15.
    let settings: Vec<&str> = settings.into_iter().filter(|value| *value != "C.UTF-8").collect();
    assert_eq!(settings, ["on", "on", "127.0.0.1", "UTF8", "300"]);
    assert!(!can_connect(url));
    assert!(place.is_empty());
}

#[test]
fn a_failing_command_gives_its_exit_code_and_nothing_is_left() {
    let place = Place::new();
    let output = place.xtask(&["sh", "-c", "exit 7"]).output().unwrap();
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    assert!(place.is_empty());
}

#[test]
fn a_database_that_is_named_is_used_and_none_is_started() {
    let place = Place::new();
    let url = "postgres://somebody@db.example/tickets";
    let script = r#"echo "$TEST_DATABASE_URL"; ls "$TMPDIR""#;
    let output = place.xtask(&["sh", "-c", script]).env("TEST_DATABASE_URL", url).output().unwrap();
    assert_eq!(text(&output).trim_end(), url);
}

/// Sends `signal` to an xtask whose cluster runs; all must vanish. Tells xtask's status.
fn end_by(signal: Signal, words: &[&str]) -> ExitStatus {
    let place = Place::new();
    let mut xtask = place.xtask(words).stdout(Stdio::piped()).spawn().unwrap();
    let url = url_of(&mut xtask);
    let server = place.server();
    assert!(can_connect(&url));
    kill_process(Pid::from_child(&xtask), signal).unwrap();
    let status = xtask.wait().unwrap();
    if signal == Signal::KILL {
        assert!(eventually(|| place.is_empty()), "{server:?} and its folder are left behind");
    }
    assert!(place.is_empty());
    assert!(!can_connect(&url));
    // Whom nobody waits for keeps its id, so only xtask's own children are sure to lose it.
    assert!(signal == Signal::KILL || test_kill_process(server).is_err());
    status
}

#[test]
fn without_a_command_each_signal_ends_it_well() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        assert_eq!(end_by(signal, &[]).code(), Some(0));
    }
}

#[test]
fn a_signal_ends_the_command_and_the_cluster() {
    let command = ["sh", "-c", r#"echo "$TEST_DATABASE_URL"; sleep 60"#];
    assert_eq!(end_by(Signal::INT, &command).code(), Some(130));
    assert_eq!(end_by(Signal::TERM, &command).code(), Some(143));
}

#[test]
fn the_cluster_ends_even_when_xtask_is_killed() {
    assert_eq!(end_by(Signal::KILL, &[]).signal(), Some(9));
}
