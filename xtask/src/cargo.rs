//! How cargo is called, and how the server is built and found. Which checks run is said in `test`.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::process::{Read, Runner};

/// The two ways in which the server is built.
#[derive(Debug, Clone, Copy)]
pub enum Profile {
    Dev,
    Release,
}

/// The repository's root folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// The cargo that runs xtask, with `args`, in the repository's root folder.
pub fn cargo(args: &[&str]) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root()).args(args);
    command
}

/// Builds the server and tells the absolute path of its binary `frontrow`.
pub fn build_server(runner: &Runner, profile: Profile) -> Result<PathBuf, Failure> {
    let mut command = cargo(match profile {
        // With the features that the whole workspace asks of libraries, so that what the tests need too is
        // not built twice.
        Profile::Dev => &["build", "--workspace", "--bin", "frontrow"],
        Profile::Release => &["build", "--package", "frontrow-server", "--release"],
    });
    // Errors and warnings stay readable, on stderr; the paths of what was built come as JSON.
    command.args(["--message-format", "json-render-diagnostics"]);
    let mut server = None;
    let status = runner.run_reading(command, Read::Stdout, |line| {
        server = server.take().or_else(|| server_in(line));
        Ok(())
    })?;
    if !status.success() {
        return Err(Failure::Message("the server does not build".into()));
    }
    server.ok_or_else(|| Failure::Message("cargo built no binary named `frontrow`".into()))
}

/// The server's path, if this line of cargo's JSON tells it.
fn server_in(line: &[u8]) -> Option<PathBuf> {
    let message: Value = serde_json::from_slice(line).ok()?;
    let is_server =
        message["reason"] == "compiler-artifact" && message["target"]["name"] == "frontrow";
    let path = message["executable"].as_str()?;
    is_server.then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_found_in_what_cargo_tells() {
        let line = br#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"frontrow"},"executable":"/t/debug/frontrow"}"#;
        assert_eq!(server_in(line), Some(PathBuf::from("/t/debug/frontrow")));
    }

    #[test]
    fn other_artifacts_and_plain_text_are_not_the_server() {
        let library = br#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"frontrow"},"executable":null}"#;
        let other = br#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"xtask"},"executable":"/t/debug/xtask"}"#;
        assert_eq!(server_in(library), None);
        assert_eq!(server_in(other), None);
        assert_eq!(server_in(b"hello"), None);
    }
}
