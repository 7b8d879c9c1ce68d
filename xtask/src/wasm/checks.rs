//! The package's own tests, and what looks at it as its users' tools will.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;

use super::{build, folder, package};
use crate::failure::Failure;
use crate::process::{Read, Runner};
use crate::report::Suite;
use crate::results::NodeResults;

/// Builds the package and runs every check on it.
pub fn test(runner: &Runner) -> Result<Vec<Suite>, Failure> {
    build(runner)?;
    Ok(vec![
        node_tests(runner)?,
        tool(runner, "wasm types", "typescript/bin/tsc", &["--project", "tests"])?,
        tool(runner, "wasm publint", "publint/src/cli.js", &["run", "pkg", "--strict"])?,
        // Modules of the old kind are not offered.
        tool(
            runner,
            "wasm attw",
            "@arethetypeswrong/cli/dist/index.js",
            &["--pack", "pkg", "--profile", "esm-only", "--exclude-entrypoints", WASM_FILE],
        )?,
    ])
}

/// An entry point that is no module of JavaScript and has no types.
const WASM_FILE: &str = "frontrow_wasm_bg.wasm";

fn node_tests(runner: &Runner) -> Result<Suite, Failure> {
    let mut command = Command::new("node");
    command.current_dir(folder()).args(["--test", "--test-reporter=tap"]);
    command.args(test_files()?);
    let mut results = NodeResults::default();
    let status = runner.run_reading(command, Read::StdoutAndStderr, |line| {
        results.read_line(&String::from_utf8_lossy(line));
        io::stdout().write_all(line)
    })?;
    Ok(results.finish("wasm (node)", status.success()))
}

fn test_files() -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder().join("tests"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Runs a program of `node_modules`, whose exit code is the check's outcome.
fn tool(runner: &Runner, name: &str, program: &str, args: &[&str]) -> Result<Suite, Failure> {
    debug_assert!(package::path().is_dir());
    let mut command = Command::new("node");
    command.current_dir(folder());
    command.arg(folder().join("node_modules").join(program)).args(args);
    Ok(Suite::check(name, runner.run(command)?.success()))
}
