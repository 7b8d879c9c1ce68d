//! `cargo xtask postgres`: a throw-away Postgres for as long as a command runs, or until Ctrl-C.
//! How a cluster starts and stops lives in `postgres`.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode, ExitStatus};
use std::thread;

use crate::failure::Failure;
use crate::postgres::Database;
use crate::process::{POLL, Runner};

/// Runs the command that `words` spell and exits as it does; without words, waits for a signal.
pub fn run(runner: &Runner, words: &[OsString]) -> Result<ExitCode, Failure> {
    let mut database = Database::open(runner)?;
    let Some((program, args)) = words.split_first() else {
        println!("{}", database.url().display());
        return wait_for_signal(runner, &mut database);
    };
    let mut command = Command::new(program);
    command.args(args).envs(database.variables());
    Ok(ExitCode::from(exit_code(runner.run(command)?)))
}

/// A signal is how this is meant to end, so it is a success.
fn wait_for_signal(runner: &Runner, database: &mut Database) -> Result<ExitCode, Failure> {
    if database.is_given() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("xtask: Postgres runs until you press Ctrl-C");
    while runner.check().is_ok() {
        database.check()?;
        thread::sleep(POLL);
    }
    Ok(ExitCode::SUCCESS)
}

/// The status as shells count it: 128 + signal for a command that a signal ended.
fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| Some(128 + status.signal()?));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_and_signals_are_passed_on() {
        assert_eq!(exit_code(ExitStatus::from_raw(0)), 0);
        assert_eq!(exit_code(ExitStatus::from_raw(7 << 8)), 7);
        assert_eq!(exit_code(ExitStatus::from_raw(9)), 137);
    }
}
