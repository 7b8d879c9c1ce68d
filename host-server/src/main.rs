//! The binary `frontrow`: parses the command line, and ends with 0, or with one line that says what is
//! wrong and 1. What the commands do is in the library.

use clap::Parser;
use clap::error::{ContextKind, ErrorKind};
use frontrow_server::commands;
use frontrow_server::config::Cli;
use std::error::Error;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.kind() == ErrorKind::ValueValidation => {
            eprintln!("error: {}", wrong_value(&error));
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

/// A value that makes no sense is a start-up error like any other: one line. It is not repeated, since
/// the address of a database can hold a password.
fn wrong_value(error: &clap::Error) -> String {
    let argument = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    let reason = error.source().map(ToString::to_string).unwrap_or_default();
    format!("{argument}: {reason}")
}
