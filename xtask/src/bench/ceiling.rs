//! The most that this machine's Postgres could do for a server that commits each request by itself: `pgbench`
//! holds seats, or puts people in line, by one statement each, without a server, rules, a journal or money.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::wrk::{CONNECTIONS, SECONDS};
use crate::failure::Failure;
use crate::postgres::{Client, Database};
use crate::process::Runner;

/// The schedule to which the seats belong, and the concert of the line; nothing else of them is needed.
const ID: &str = "00000000-0000-0000-0000-000000000001";

/// A hold ends after a tenth of a second, so that nearly every seat that is drawn is free.
const HOLD: &str = "\
\\set number random(1, :seats)
UPDATE seats
SET reservation_id = gen_random_uuid(),
    held_until = floor(extract(epoch FROM clock_timestamp()) * 1000) + 100,
    changed_at = floor(extract(epoch FROM clock_timestamp()) * 1000),
    version = version + 1
WHERE schedule_id = :id AND number = :number AND NOT sold
    AND coalesce(held_until, 0) <= floor(extract(epoch FROM clock_timestamp()) * 1000);
";

/// A sequence gives numbers, which may leave gaps; a counter in a row would be slower still.
const JOIN: &str = "\
INSERT INTO tickets (id, concert_id, user_id, number, issued_at, state, version, changed_at)
VALUES (
    gen_random_uuid(), :id, gen_random_uuid(), nextval('numbers'),
    floor(extract(epoch FROM clock_timestamp()) * 1000), 'waiting', 1,
    floor(extract(epoch FROM clock_timestamp()) * 1000)
)
RETURNING number;
";

/// Rows in a database of its own, so that no rule is broken in the server's, and a statement on them.
#[derive(Debug)]
pub struct Ceiling {
    client: Client,
    seats: u32,
    script: PathBuf,
}

impl Ceiling {
    /// Holds in a hall of so many seats. `server` knows the schema; `folder` is for files.
    pub fn of_holds(
        runner: &Runner,
        database: &Database,
        server: &Path,
        folder: &Path,
        seats: u32,
    ) -> Result<Self, Failure> {
        let client = migrated(runner, database, server, "frontrow_bench_ceiling")?;
        let hall = format!(
            "INSERT INTO seats (schedule_id, number, concert_id, sold, version, changed_at) \
             SELECT '{ID}', number, '{ID}', false, 0, 0 \
             FROM generate_series(1, {seats}) AS number"
        );
        client.query(runner, &hall)?;
        client.query(runner, "VACUUM ANALYZE seats")?;
        let script = folder.join("hold.sql");
        fs::write(&script, HOLD)?;
        Ok(Self { client, seats, script })
    }

    /// Joins of one queue.
    pub fn of_joins(
        runner: &Runner,
        database: &Database,
        server: &Path,
        folder: &Path,
    ) -> Result<Self, Failure> {
        let client = migrated(runner, database, server, "frontrow_bench_line")?;
        client.query(runner, "CREATE SEQUENCE numbers CACHE 1")?;
        let script = folder.join("join.sql");
        fs::write(&script, JOIN)?;
        Ok(Self { client, seats: 0, script })
    }

    /// Statements a second.
    pub fn measure(&self, runner: &Runner) -> Result<f64, Failure> {
        self.client.query(runner, "CHECKPOINT")?;
        let text = self.client.pgbench(
            runner,
            &[
                "--no-vacuum",
                "--protocol=prepared",
                &format!("--client={CONNECTIONS}"),
                "--jobs=2",
                &format!("--time={SECONDS}"),
                &format!("--define=seats={}", self.seats),
                &format!("--define=id={ID}"),
                &format!("--file={}", self.script.display()),
            ],
        )?;
        let rate = transactions_per_second(&text);
        rate.ok_or_else(|| Failure::Message(format!("pgbench failed:\n{text}")))
    }
}

/// A database that has the server's tables.
fn migrated(
    runner: &Runner,
    database: &Database,
    server: &Path,
    name: &str,
) -> Result<Client, Failure> {
    let client = database.create(runner, name)?;
    let mut migrate = Command::new(server);
    migrate.arg("migrate").env("FRONTROW_DATABASE_URL", client.url());
    if runner.run(migrate)?.success() {
        return Ok(client);
    }
    Err(Failure::Message("the schema could not be made".into()))
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
}
