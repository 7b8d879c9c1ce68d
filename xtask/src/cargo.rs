//! How cargo is called, and how binaries are built and found. Which checks run is said in `test`.

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

/// The binary that writes the JavaScript around the wasm module.
const BINDGEN: &str = "frontrow-wasm-bindgen";

/// The repository's root folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// The folder in which cargo keeps the sources of libraries.
pub fn home() -> Result<PathBuf, Failure> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = named.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    home.ok_or_else(|| Failure::Message("neither CARGO_HOME nor HOME is set".into()))
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
    let command = cargo(match profile {
        // With the features that the whole workspace asks of libraries, so that what the tests need too is
        // not built twice.
        Profile::Dev => &["build", "--workspace", "--bin", "frontrow"],
        Profile::Release => &["build", "--package", "frontrow-server", "--release"],
    });
    build_binary(runner, command, "frontrow")
}

/// Builds the program that writes the JavaScript around the wasm module, and tells its path.
pub fn build_bindgen(runner: &Runner) -> Result<PathBuf, Failure> {
    let command = cargo(&["build", "--workspace", "--bin", BINDGEN]);
    build_binary(runner, command, BINDGEN)
}

/// Runs a `cargo build` and tells the absolute path of the binary `name` that comes of it.
fn build_binary(runner: &Runner, mut command: Command, name: &str) -> Result<PathBuf, Failure> {
    // Errors and warnings stay readable, on stderr; the paths of what was built come as JSON.
    command.args(["--message-format", "json-render-diagnostics"]);
    let mut binary = None;
    let status = runner.run_reading(command, Read::Stdout, |line| {
        binary = binary.take().or_else(|| binary_in(line, name));
        Ok(())
    })?;
    if !status.success() {
        return Err(Failure::Message(format!("`{name}` does not build")));
    }
    binary.ok_or_else(|| Failure::Message(format!("cargo built no binary named `{name}`")))
}

/// The path of the binary `name`, if this line of cargo's JSON tells it.
fn binary_in(line: &[u8], name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_slice(line).ok()?;
    let is_it = message["reason"] == "compiler-artifact" && message["target"]["name"] == name;
    let path = message["executable"].as_str()?;
    is_it.then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_found_in_what_cargo_tells() {
        let line = br#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"frontrow"},"executable":"/t/debug/frontrow"}"#;
        assert_eq!(binary_in(line, "frontrow"), Some(PathBuf::from("/t/debug/frontrow")));
    }

    #[test]
    fn other_artifacts_and_plain_text_are_not_the_server() {
        let library = br#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"frontrow"},"executable":null}"#;
        let other = br#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"xtask"},"executable":"/t/debug/xtask"}"#;
        assert_eq!(binary_in(library, "frontrow"), None);
        assert_eq!(binary_in(other, "frontrow"), None);
        assert_eq!(binary_in(b"hello", "frontrow"), None);
    }
}
