//! The binary `frontrow`: parses the command line, and ends with 0, or with one line that says what is
//! wrong and 1. What the commands do is in the library.

use clap::Parser;
use clap::error::ErrorKind;
use frontrow_server::commands;
use frontrow_server::config::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.kind() == ErrorKind::ValueValidation => {
            // A value that makes no sense is a start-up error like any other: one line.
            let text = error.to_string();
            eprintln!("{}", text.lines().next().unwrap_or_default());
            return ExitCode::FAILURE;
        }
        Err(error) => error.exit(),
    };
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
