//! `cargo xtask <command>`: the command line, and what each outcome exits with.
//! What the commands do lives in the modules: `bench`, `demo`, `test`, `wasm`, `with_postgres`.

#[cfg(not(unix))]
compile_error!("xtask needs process groups and signals: use Linux, macOS or WSL");

mod bench;
mod cargo;
mod demo;
mod failure;
mod node;
mod postgres;
mod process;
mod report;
mod results;
mod test;
mod tools;
mod wasm;
mod web;
mod with_postgres;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::bench::Bench;
use crate::failure::Failure;
use crate::process::Runner;

/// Everything a person runs in this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build the server and run it as a demo, on an embedded database under target/demo
    Demo {
        /// Passed on to `frontrow serve`, as in `cargo xtask demo -- --listen 127.0.0.1:9000`
        #[arg(last = true, value_name = "SERVER_ARGS")]
        server_args: Vec<OsString>,
    },
    /// Install what the tests need, run every check and test, print `N passed, N failed`
    Test,
    /// Start a throw-away Postgres, run a command with `TEST_DATABASE_URL` set, and clean up
    Postgres {
        /// As in `cargo xtask postgres -- cargo test -p frontrow-tests --test store`; without one,
        /// the URL is printed, and Ctrl-C stops the server
        #[arg(last = true, value_name = "COMMAND")]
        words: Vec<OsString>,
    },
    /// Build the npm package `@frontrow/wasm` into wasm/pkg and print its size
    Wasm,
    /// Measure, on this machine, and print a table
    Bench {
        #[command(subcommand)]
        bench: Bench,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            failure.exit_code()
        }
    }
}

fn run(task: Task) -> Result<ExitCode, Failure> {
    let runner = Runner::new()?;
    match task {
        // The server takes this process's place, so only a failure comes back.
        Task::Demo { server_args } => Err(demo::run(&runner, &server_args)),
        Task::Test => test::run(&runner),
        Task::Postgres { words } => with_postgres::run(&runner, &words),
        Task::Wasm => {
            node::ensure(&runner)?;
            wasm::run(&runner)
        }
        Task::Bench { bench } => bench::run(&runner, bench),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_unknown_command_is_a_usage_error() {
        let error = Cli::try_parse_from(["xtask", "tset"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidSubcommand);
        assert_eq!(error.exit_code(), 2);
    }

    #[test]
    fn what_follows_two_dashes_goes_to_the_server() {
        let cli = Cli::try_parse_from(["xtask", "demo", "--", "--listen", "[::1]:0"]).unwrap();
        let Task::Demo { server_args } = cli.command else {
            panic!("not the demo: {cli:?}");
        };
        assert_eq!(server_args, ["--listen", "[::1]:0"]);
    }
}
