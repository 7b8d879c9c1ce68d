//! What this machine's Postgres does for a server that commits each request by itself: `pgbench` runs a script, without a
//! server, rules or HTTP.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::wrk::{Figures, Load};
use crate::cargo;
use crate::failure::Failure;
use crate::postgres::{Client, Database};
use crate::process::Runner;

/// How the files begin in which pgbench writes what each transaction took.
const LOG: &str = "pgbench_log";

/// A database of its own with the server's tables, so that no rule is broken in the server's.
#[derive(Debug)]
pub struct Statements {
    client: Client,
    /// For files.
    folder: PathBuf,
}

impl Statements {
    /// `server` knows the schema.
    pub fn open(
        runner: &Runner,
        database: &Database,
        server: &Path,
        folder: &Path,
        name: &str,
    ) -> Result<Self, Failure> {
        let client = database.create(runner, name)?;
        let mut migrate = Command::new(server);
        migrate.arg("migrate").env("FRONTROW_DATABASE_URL", client.url());
        if runner.run(migrate)?.success() {
            return Ok(Self { client, folder: folder.to_owned() });
        }
        Err(Failure::Message("the schema could not be made".into()))
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Runs a script, a path from the folder of benches, again and again.
    pub fn measure(&self, runner: &Runner, script: &str, load: Load) -> Result<Figures, Failure> {
        self.client.query(runner, "CHECKPOINT")?;
        let text = self.client.pgbench(
            runner,
            &[
                "--no-vacuum",
                "--protocol=prepared",
                &format!("--client={}", load.connections),
                "--jobs=2",
                &format!("--time={}", load.seconds),
                "--log",
                &format!("--log-prefix={}", self.folder.join(LOG).display()),
                &format!("--file={}", file(script).display()),
            ],
        )?;
        let p99_micros = percentile_99(self.take_log()?);
        let rate = transactions_per_second(&text);
        let figures = rate.zip(p99_micros).map(|(rate, p99_micros)| Figures {
            rate,
            p99_micros,
            ..Figures::default()
        });
        figures.ok_or_else(|| Failure::Message(format!("pgbench failed:\n{text}")))
    }

    /// What each transaction took in microseconds. The files are removed.
    fn take_log(&self) -> Result<Vec<f64>, Failure> {
        let mut took = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(LOG) {
                took.extend(micros_in(&fs::read_to_string(entry.path())?));
                fs::remove_file(entry.path())?;
            }
        }
        Ok(took)
    }
}

/// A file beside this one.
pub fn file(path: &str) -> PathBuf {
    cargo::root().join("xtask/src/bench").join(path)
}

/// The third word of each line, as in `0 199 2241 0 1175850568 995598`.
fn micros_in(log: &str) -> impl Iterator<Item = f64> {
    log.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok())
}

/// The least that 99 of 100 do not exceed.
fn percentile_99(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() * 99).div_ceil(100);
    values.get(rank.checked_sub(1)?).copied()
}

/// The number in a line such as `tps = 9876.543210 (without initial connection time)`; none when any
/// statement failed.
fn transactions_per_second(text: &str) -> Option<f64> {
    let value = |begin: &str| {
        let rest = text.lines().find_map(|line| line.strip_prefix(begin))?;
        rest.split_whitespace().next()
    };
    let failed = value("number of failed transactions: ").unwrap_or("0");
    let rate = value("tps = ")?.parse().ok()?;
    (failed == "0" && rate > 0.0).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
pgbench (15.14 (Debian 15.14-0+deb12u1))
transaction type: hold.sql
query mode: prepared
number of clients: 64
number of transactions actually processed: 98765
number of failed transactions: 0 (0.000%)
latency average = 6.480 ms
initial connection time = 70.123 ms
tps = 9876.543210 (without initial connection time)
";

    #[test]
    fn the_rate_is_read_from_what_pgbench_tells() {
        assert_eq!(transactions_per_second(TEXT), Some(9_876.543_21));
    }

    #[test]
    fn a_run_with_failures_or_without_a_rate_is_none() {
        let failed = TEXT.replace("failed transactions: 0", "failed transactions: 3");
        assert_eq!(transactions_per_second(&failed), None);
        assert_eq!(transactions_per_second("pgbench: error: connection refused\n"), None);
        assert_eq!(transactions_per_second(&TEXT.replace("9876.543210", "0.000000")), None);
    }

    #[test]
    fn the_log_tells_what_each_transaction_took() {
        let log = "0 1 2241 0 1175850568 995598\n0 2 1907 0 1175850568 998079\n";
        assert_eq!(micros_in(log).collect::<Vec<_>>(), [2_241.0, 1_907.0]);
        assert_eq!(percentile_99((1..=200).map(f64::from).rev().collect()), Some(198.0));
        assert_eq!(percentile_99(vec![7.0]), Some(7.0));
        assert_eq!(percentile_99(Vec::new()), None);
    }
}
