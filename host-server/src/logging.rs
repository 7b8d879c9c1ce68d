//! Where log lines go and which of them. What is worth a line is decided where it happens.

use clap::{Args, ValueEnum};
use std::io::IsTerminal;
use thiserror::Error;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// What every command takes about its log.
#[derive(Debug, Clone, Args)]
pub struct LogArgs {
    /// Which log lines to write, such as `info` or `warn,frontrow_server=debug`.
    #[arg(
        long,
        global = true,
        env = "FRONTROW_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log: String,
    /// How log lines look.
    #[arg(long, global = true, env = "FRONTROW_LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// Why logging could not start.
#[derive(Debug, Error)]
pub enum LoggingError {
    /// The filter can't be read.
    #[error("--log {filter:?} is not a filter: {reason}")]
    Filter {
        /// The filter.
        filter: String,
        /// What is wrong with it.
        reason: tracing_subscriber::filter::ParseError,
    },
    /// Something in this process logs already.
    #[error("logging was started before")]
    StartedBefore,
}

/// Starts logging to standard error; standard output is kept for what a command prints.
pub fn start(args: &LogArgs) -> Result<(), LoggingError> {
    let filter = read_filter(&args.log)?;
    let lines =
        fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    let lines = match args.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let layers =
        tracing_subscriber::registry().with(lines).with(filter).with(filter_fn(names_nobody));
    let started = layers.try_init();
    started.map_err(|_| LoggingError::StartedBefore)
}

/// Whatever is asked for, the log names nobody: of the libraries, warp traces the segments of paths.
fn names_nobody(metadata: &Metadata<'_>) -> bool {
    !metadata.target().starts_with("warp::") || *metadata.level() <= Level::INFO
}

fn read_filter(filter: &str) -> Result<EnvFilter, LoggingError> {
    EnvFilter::builder()
        .parse(filter)
        .map_err(|reason| LoggingError::Filter { filter: filter.to_owned(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_filter_is_named() {
        assert!(read_filter("warn,frontrow_server=debug").is_ok());
        let error = read_filter("frontrow_server=loud").unwrap_err().to_string();
        assert!(error.starts_with("--log \"frontrow_server=loud\" is not a filter"), "{error}");
    }
}
