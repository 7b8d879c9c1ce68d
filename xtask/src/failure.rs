//! Why a command could not do its work. A test that fails is no `Failure`: it is a count in `report`.

use std::io;
use std::process::ExitCode;

/// What ends a command early.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A person or a supervisor asked to stop.
    #[error("stopped by signal {signal}")]
    Interrupted {
        /// The signal's number.
        signal: i32,
    },
    /// A program could not be started.
    #[error("can't start `{program}`: {source}")]
    Start {
        /// The program's name or path.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// A pipe, a folder or a process could not be handled.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Anything else, told in full.
    #[error("{0}")]
    Message(String),
}

impl Failure {
    /// 128 + signal when interrupted, as shells count; 1 for the rest.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Interrupted { signal } => {
                ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX))
            }
            _ => ExitCode::FAILURE,
        }
    }
}
