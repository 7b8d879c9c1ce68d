//! How SQL is run in a database: through `psql` and `pgbench`, by whoever runs xtask.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::process::{Read, Runner};
use crate::tools::is_executable;

const PROGRAMS: [&str; 2] = ["psql", "pgbench"];

/// A database, and the programs that talk to it.
#[derive(Debug, Clone)]
pub struct Client {
    programs: PathBuf,
    url: String,
}

/// Whether all programs that a client calls are in `folder`.
pub fn has_programs(folder: &Path) -> bool {
    PROGRAMS.iter().all(|name| is_executable(&folder.join(name)))
}

impl Client {
    pub fn new(programs: PathBuf, url: String) -> Self {
        Self { programs, url }
    }

    /// The same server, another database.
    pub fn with_database(&self, name: &str) -> Self {
        Self { url: with_database(&self.url, name), ..self.clone() }
    }

    /// Where the database is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs one statement, and tells its rows: columns apart by `|`, a row a line.
    pub fn query(&self, runner: &Runner, statement: &str) -> Result<String, Failure> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        // Notices, as of a table that is not there to be dropped, are no news.
        psql.env("PGOPTIONS", "--client-min-messages=warning");
        psql.args(["--set", "ON_ERROR_STOP=1", "--command", statement]).arg(&self.url);
        let (status, rows) = runner.run_to_text(psql, Read::Stdout)?;
        if !status.success() {
            return Err(Failure::Message(format!("this SQL failed: {statement}")));
        }
        Ok(rows)
    }

    /// Runs one statement, throws away what it tells, and says how long that took.
    pub fn discard(&self, runner: &Runner, statement: &str) -> Result<Duration, Failure> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statement]);
        psql.arg(&self.url).stdout(Stdio::null());
        let started_at = Instant::now();
        if runner.run(psql)?.success() {
            return Ok(started_at.elapsed());
        }
        Err(Failure::Message(format!("this SQL failed: {statement}")))
    }

    /// Runs the statements of a file, each by itself, with these variables.
    pub fn run_file(
        &self,
        runner: &Runner,
        file: &Path,
        variables: &[(&str, u64)],
    ) -> Result<(), Failure> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]);
        for (name, value) in variables {
            psql.arg("--set").arg(format!("{name}={value}"));
        }
        psql.arg("--file").arg(file).arg(&self.url);
        if runner.run(psql)?.success() {
            return Ok(());
        }
        Err(Failure::Message(format!("this SQL failed: {}", file.display())))
    }

    /// Runs `pgbench` on this database, and tells what it says, in English.
    pub fn pgbench(&self, runner: &Runner, options: &[&str]) -> Result<String, Failure> {
        let mut pgbench = Command::new(self.programs.join("pgbench"));
        pgbench.args(options).arg(&self.url).env("LC_ALL", "C");
        let (status, text) = runner.run_to_text(pgbench, Read::StdoutAndStderr)?;
        if !status.success() {
            return Err(Failure::Message(format!("pgbench failed:\n{text}")));
        }
        Ok(text)
    }
}

/// The URL with its path replaced; what follows a question mark stays.
fn with_database(url: &str, name: &str) -> String {
    let (place, parameters) = url.split_once('?').map_or((url, None), |(a, b)| (a, Some(b)));
    let host_from = place.find("://").map_or(0, |at| at + 3);
    let host_to = place[host_from..].find('/').map_or(place.len(), |at| host_from + at);
    let server = &place[..host_to];
    parameters.map_or_else(
        || format!("{server}/{name}"),
        |parameters| format!("{server}/{name}?{parameters}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_databases_name_changes_in_a_url() {
        for (url, other) in [
            ("postgres://postgres@127.0.0.1:5/postgres", "postgres://postgres@127.0.0.1:5/x"),
            ("postgres://a:b@host/one?sslmode=require", "postgres://a:b@host/x?sslmode=require"),
            ("postgresql://host", "postgresql://host/x"),
            ("postgres:///?host=/run/a", "postgres:///x?host=/run/a"),
        ] {
            assert_eq!(with_database(url, "x"), other);
        }
    }
}
