//! The real binary as a process of its own: a server, or a command that ends by itself.

use crate::client::Client;
use crate::watchdog::Watchdog;
use frontrow_core::Clock;
use frontrow_server::auth::bearer;
use frontrow_server::clock::SystemClock;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

/// Signs the bearer tokens of servers that are started with it.
pub const SECRET: &str = "a secret that only tests know";
/// How long those tokens live.
const TOKEN_SECONDS: u32 = 3_600;
/// How long a command may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);
/// Ports that no system hands out by itself.
const LASTING_PORTS: std::ops::Range<u16> = 15_000..32_000;

/// Where the binary is: `FRONTROW_BIN`, or built here.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(find_binary)
}

fn find_binary() -> PathBuf {
    if let Some(path) = std::env::var_os("FRONTROW_BIN") {
        return PathBuf::from(path);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "frontrow-server", "--bin", "frontrow"])
        .status()
        .expect("cargo runs");
    assert!(built.success(), "the binary builds");
    let test = std::env::current_exe().expect("a test knows where it is");
    let profile = test.ancestors().nth(2).expect("tests are in target/PROFILE/deps");
    profile.join("frontrow")
}

/// A bearer token.
pub fn token(user_id: Uuid, scope: &str) -> String {
    bearer::mint(SECRET.as_bytes(), user_id.into(), scope, SystemClock.now(), TOKEN_SECONDS)
}

/// A free port of 127.0.0.1 that stays free while its server is away: the system chooses others for who
/// does not care, such as the clients who try to connect meanwhile.
pub fn lasting_port() -> u16 {
    let (_, random) = Uuid::new_v4().as_u64_pair();
    let from = u16::try_from(random % LASTING_PORTS.len() as u64).unwrap_or(0);
    let ports = LASTING_PORTS.skip(from.into()).chain(LASTING_PORTS);
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    ports.take(LASTING_PORTS.len()).find(is_free).expect("a port is free")
}

/// What a process that ended had to say.
#[derive(Debug)]
pub struct Finished {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it said on standard error.
    pub stderr: String,
}

impl Finished {
    /// Checks that it was refused, in one line that says these words.
    #[track_caller]
    pub fn expect_refusal(&self, words: &[&str]) {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        assert!(self.stderr.starts_with("error: "), "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in {self:?}");
        }
        assert!(!self.stdout.contains("listening"), "{self:?}");
    }

    /// What it printed, if it ended well.
    #[track_caller]
    pub fn expect_success(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.stdout
    }
}

/// Runs a command to its end.
pub async fn finish(mut command: tokio::process::Command) -> Finished {
    let output = tokio::time::timeout(COMMAND_TIMEOUT, command.output()).await;
    let output = output.expect("the command ends in time").expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("what it says is UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    Finished { code: output.status.code(), stdout, stderr }
}

/// Runs a command of the binary to its end, on a database.
pub async fn run(arguments: &[&str], database_url: &str) -> Finished {
    let mut command = tokio::process::Command::new(binary());
    command.args(arguments).env("FRONTROW_DATABASE_URL", database_url);
    command.stdin(Stdio::null()).kill_on_drop(true);
    finish(command).await
}

/// A running `frontrow serve`; killed when it is dropped.
pub struct Frontrow {
    child: Child,
    watchdog: Option<Watchdog>,
    base_url: String,
    admin_token: String,
    /// Removed when the server is dropped.
    folder: Option<TempDir>,
}

impl Frontrow {
    /// Serves a new database, with these arguments beside the usual ones.
    pub fn serve(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite://{}", folder.path().join("frontrow.db").display());
        let mut server = Self::serve_at(&url, arguments);
        server.folder = Some(folder);
        server
    }

    /// Serves a database, on a free port unless the arguments say another.
    pub fn serve_at(database_url: &str, arguments: &[&str]) -> Self {
        Self::serve_logged(database_url, arguments, Stdio::inherit())
    }

    /// Serves a database, with its log in a place of its own.
    pub fn serve_logged(database_url: &str, arguments: &[&str], log: impl Into<Stdio>) -> Self {
        let mut command = Command::new(binary());
        command.args(["serve", "--database-url", database_url, "--rate-limit", "0"]);
        command.args(arguments);
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let mut child =
            command.stdout(Stdio::piped()).stderr(log).spawn().expect("the binary runs");
        let watchdog = Some(Watchdog::of_process(&child));
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut lines = lines.map(Result::unwrap_or_default);
        let mut server = Self {
            child,
            watchdog,
            base_url: String::new(),
            admin_token: String::new(),
            folder: None,
        };
        let said = lines.next().unwrap_or_default();
        // It ends by itself when it can't serve; whatever it said is in its log.
        let base_url = said.strip_prefix("listening on ");
        base_url
            .unwrap_or_else(|| panic!("it did not serve: {said:?}"))
            .clone_into(&mut server.base_url);
        if arguments.contains(&"--demo") {
            let said = lines.next().unwrap_or_default();
            said.trim_start_matches("admin token: ").clone_into(&mut server.admin_token);
        }
        server
    }

    /// Such as `http://127.0.0.1:12345`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        let address = self.base_url.strip_prefix("http://").and_then(|place| place.parse().ok());
        address.expect("it says where it listens")
    }

    /// The operator's token that a demo printed; empty without `--demo`.
    pub fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// A client of somebody, if it was started with [`SECRET`].
    pub fn client(&self, user_id: Uuid, scope: &str) -> Client {
        Client::new(self.address()).of(user_id, token(user_id, scope))
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        // Its id is not its own any more, once this has said so.
        let ended = !matches!(self.child.try_wait(), Ok(None));
        if ended {
            self.watchdog = None;
        }
        ended
    }

    /// Ends it as a crash would.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Frontrow {
    fn drop(&mut self) {
        self.watchdog = None;
        // A process that has ended already can't be killed, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
