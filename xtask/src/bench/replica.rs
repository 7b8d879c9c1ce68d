//! A server that runs for a while, and how its operator calls it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::failure::Failure;
use crate::process::{Read, Runner, Running};

/// All replicas know it, and nobody beyond this machine can reach them.
pub const AUTH_SECRET: &str = "known to every replica of a bench";

/// How long the server may take until it listens; the first one brings the database up to date.
pub const START_MAX: Duration = Duration::from_mins(1);

/// How the server begins the lines that tell where it is, and who may do everything.
const URL_LINE: &str = "listening on ";
const ADMIN_LINE: &str = "admin token: ";

/// A running server. It ends with this value.
#[derive(Debug)]
pub struct Replica<'a> {
    url: String,
    admin_token: String,
    runner: &'a Runner,
    server: Running<'a>,
}

impl<'a> Replica<'a> {
    /// Starts `program` on a database. It is a demo, since a demo signs people in.
    pub fn start(runner: &'a Runner, program: &Path, database: &str) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(["serve", "--demo", "--listen", "127.0.0.1:0", "--log", "warn"]);
        command.env("FRONTROW_DATABASE_URL", database);
        command.env("FRONTROW_AUTH_SECRET", AUTH_SECRET);
        let server = runner.start_reading(command, Read::Stdout)?;
        let url = rest_of_line(&server, URL_LINE)?;
        let admin_token = rest_of_line(&server, ADMIN_LINE)?;
        Ok(Self { url, admin_token, runner, server })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How much memory it has now.
    pub fn resident_bytes(&self) -> Result<u64, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.id()))?;
        let told = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = told.and_then(|told| told.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        let kibibytes =
            kibibytes.ok_or_else(|| Failure::Message("the system does not tell memory".into()))?;
        Ok(kibibytes * 1_024)
    }

    /// Sends a request as the operator, and tells the answer.
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, Failure> {
        let mut curl = self.curl(method, path);
        curl.args(["--header", &format!("authorization: Bearer {}", self.admin_token)]);
        curl.args(["--header", "content-type: application/json", "--data", &body.to_string()]);
        self.answer(curl, method, path)
    }

    /// Asks for something as the operator.
    pub fn get(&self, path: &str) -> Result<Value, Failure> {
        let mut curl = self.curl("GET", path);
        curl.args(["--header", &format!("authorization: Bearer {}", self.admin_token)]);
        self.answer(curl, "GET", path)
    }

    /// Asks for the place of a queue token. The first one waits until the whole line is in memory.
    pub fn poll(&self, queue_token: &str) -> Result<Value, Failure> {
        let (method, path) = ("GET", "/v1/queue-tokens/current");
        let mut curl = self.curl(method, path);
        curl.args(["--header", &format!("x-queue-token: {queue_token}")]);
        self.answer(curl, method, path)
    }

    fn curl(&self, method: &str, path: &str) -> Command {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--fail-with-body", "--request", method]);
        curl.arg(format!("{}{path}", self.url));
        curl
    }

    fn answer(&self, curl: Command, method: &str, path: &str) -> Result<Value, Failure> {
        let (status, answer) = self.runner.run_to_text(curl, Read::Stdout)?;
        match serde_json::from_str(&answer) {
            Ok(answer) if status.success() => Ok(answer),
            _ => Err(Failure::Message(format!("{method} {path} was refused: {answer}"))),
        }
    }
}

/// What follows `begin` in the server's next line.
fn rest_of_line(server: &Running<'_>, begin: &str) -> Result<String, Failure> {
    rest_of_line_within(server, begin, START_MAX)
}

/// The same, of a program that may need longer.
pub fn rest_of_line_within(
    server: &Running<'_>,
    begin: &str,
    limit: Duration,
) -> Result<String, Failure> {
    let line = server.next_line(limit)?;
    let line = line.as_deref().map(String::from_utf8_lossy);
    let rest = line.as_deref().and_then(|line| line.strip_prefix(begin));
    rest.map(|rest| rest.trim_end().to_owned())
        .ok_or_else(|| Failure::Message(format!("the server does not say `{begin}…`")))
}
