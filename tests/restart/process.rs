//! A folder with a database, and the processes that work on it. Nothing outlives its test.

use frontrow_tests::Client;
pub use frontrow_tests::process::{Finished, SECRET, token};
use frontrow_tests::process::{binary, finish};
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;
use uuid::Uuid;

/// How long a process may take to start, or to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// A folder of its own, with the place of a database.
pub struct Sandbox {
    folder: TempDir,
    logs: AtomicU32,
}

impl Sandbox {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self { folder, logs: AtomicU32::new(0) }
    }

    /// The place of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file in it.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("a file can be written");
        path
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        self.url_of("frontrow.db")
    }

    /// The address of another database in it.
    pub fn url_of(&self, name: &str) -> String {
        format!("sqlite://{}", self.path(name).display())
    }

    /// The command, on this database. It sees nothing of the tests' own environment.
    fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .env_clear()
            .env("FRONTROW_DATABASE_URL", self.url())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub async fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Finished {
        self.run_with(arguments, &[]).await
    }

    /// Runs a command to its end, with these variables in its environment.
    pub async fn run_with<A: AsRef<OsStr>>(
        &self,
        arguments: &[A],
        environment: &[(&str, &str)],
    ) -> Finished {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        finish(command).await
    }

    /// Starts a server on a free port.
    pub async fn serve(&self) -> Server {
        self.serve_with(&[], &[("FRONTROW_AUTH_SECRET", SECRET)]).await
    }

    /// Starts a server on a free port, with other arguments and variables.
    pub async fn serve_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Server {
        let log = self.path(&format!("log-{}", self.logs.fetch_add(1, Ordering::Relaxed)));
        let stderr = File::create(&log).expect("a log can be written");
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0"]);
        command.args(arguments).envs(environment.iter().copied());
        let mut child =
            command.stdout(Stdio::piped()).stderr(stderr).spawn().expect("the binary runs");
        let stdout = child.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(stdout).lines();
        let first = timeout(PATIENCE, lines.next_line()).await.expect("it starts in time");
        let first = first.expect("its output can be read");
        let said = || fs::read_to_string(&log).unwrap_or_default();
        let address = first
            .as_deref()
            .and_then(|line| line.strip_prefix("listening on http://"))
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("{first:?}, {}", said()));
        Server { child, address, lines, log }
    }
}

/// A running server; killed when it is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    lines: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
}

impl Server {
    /// The next line that it prints.
    pub async fn line(&mut self) -> String {
        let line = timeout(PATIENCE, self.lines.next_line()).await.expect("it prints in time");
        line.expect("its output can be read").expect("it prints another line")
    }

    /// A client of somebody.
    pub fn client(&self, user_id: Uuid, scope: &str) -> Client {
        Client::new(self.address).of(user_id, token(user_id, scope))
    }

    /// Ends it as a crash would.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("a process that we started can be killed");
    }

    /// Asks it to end.
    pub fn ask_to_end(&self) {
        let id = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        kill_process(id.expect("it runs"), Signal::TERM).expect("a signal can be sent");
    }

    /// Waits for its end; its exit code, what else it printed, and its log.
    pub async fn ended(mut self) -> Finished {
        let status = timeout(PATIENCE, self.child.wait()).await.expect("it ends in time");
        let status = status.expect("its end can be waited for");
        let mut stdout = String::new();
        while let Ok(Some(line)) = self.lines.next_line().await {
            stdout.push_str(&line);
            stdout.push('\n');
        }
        let stderr = fs::read_to_string(&self.log).expect("its log can be read");
        Finished { code: status.code(), stdout, stderr }
    }

    /// Asks it to end, and waits for that.
    pub async fn end(self) -> Finished {
        self.ask_to_end();
        self.ended().await
    }
}
