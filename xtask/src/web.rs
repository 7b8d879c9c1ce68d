//! The browser demo: builds its pages, which the server embeds, and runs their tests. What they consist of
//! is `web-demo`'s matter.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::cargo;
use crate::failure::Failure;
use crate::process::{Read, Runner};
use crate::report::Suite;
use crate::results::{self, NodeResults};
use crate::tools;
use crate::wasm;

/// What the pages are made from, in `web-demo`; the engine is the package beside it.
const INPUTS: &[&str] = &[
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "offline.ts",
    "tsconfig.json",
    "../wasm/pkg",
];

/// What npm leaves behind when it has installed everything.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// The variables through which the browser tests find the server and the browser.
const SERVER_VARIABLE: &str = "FRONTROW_BIN";
const BROWSER_VARIABLE: &str = "CHROMIUM";

/// Builds the engine's package, and the pages if anything changed since they were built last.
pub fn build(runner: &Runner) -> Result<(), Failure> {
    wasm::build(runner)?;
    let folder = folder();
    let built = changed_at(&folder.join("dist/index.html"))?;
    if built.is_some() && newest(&folder, INPUTS)? <= built {
        return Ok(());
    }
    install(runner)?;
    // Pages of an older state must not be taken for these.
    if built.is_some() {
        fs::remove_dir_all(folder.join("dist"))?;
    }
    npm(runner, &["run", "build"])
}

/// Runs the pages' own tests, and those in a browser against the server that embeds them.
pub fn test(runner: &Runner, server: &Path) -> Result<Vec<Suite>, Failure> {
    install(runner)?;
    Ok(vec![units(runner)?, in_browser(runner, server)?])
}

fn units(runner: &Runner) -> Result<Suite, Failure> {
    let file = tempfile::NamedTempFile::new()?;
    let mut command = Command::new("npx");
    command.current_dir(folder());
    command.args(["vitest", "run", "src", "--reporter=default", "--reporter=json"]);
    command.arg(format!("--outputFile.json={}", file.path().display()));
    let status = runner.run(command)?;
    Ok(results::vitest("web (units)", &fs::read(file.path())?, status.success()))
}

fn in_browser(runner: &Runner, server: &Path) -> Result<Suite, Failure> {
    let mut command = Command::new("node");
    command.current_dir(folder());
    // One at a time: frames are counted, and each has a server and a browser.
    command.args(["--test", "--test-reporter=tap", "--test-concurrency=1"]);
    command.args(browser_tests()?);
    command.env(SERVER_VARIABLE, server).env(BROWSER_VARIABLE, tools::browser());
    let mut results = NodeResults::default();
    let status = runner.run_reading(command, Read::StdoutAndStderr, |line| {
        results.read_line(&String::from_utf8_lossy(line));
        io::stdout().write_all(line)
    })?;
    Ok(results.finish("web (browser)", status.success()))
}

fn browser_tests() -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder().join("e2e"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn folder() -> PathBuf {
    cargo::root().join("web-demo")
}

/// Installs what `package-lock.json` names, unless it is installed.
fn install(runner: &Runner) -> Result<(), Failure> {
    let folder = folder();
    let installed = changed_at(&folder.join(INSTALLED))?;
    if newest(&folder, &["package.json", "package-lock.json"])? > installed {
        npm(runner, &["ci"])?;
    }
    Ok(())
}

fn npm(runner: &Runner, args: &[&str]) -> Result<(), Failure> {
    let mut command = Command::new("npm");
    command.current_dir(folder()).args(args);
    if runner.run(command)?.success() {
        return Ok(());
    }
    let line = args.join(" ");
    Err(Failure::Message(format!("`npm {line}` failed in web-demo")))
}

/// When the youngest of these files, and of those in these folders, was changed.
fn newest(folder: &Path, names: &[&str]) -> io::Result<Option<SystemTime>> {
    let mut newest = None;
    for name in names {
        newest = newest.max(newest_in(&folder.join(name))?);
    }
    Ok(newest)
}

fn newest_in(path: &Path) -> io::Result<Option<SystemTime>> {
    let mut newest = changed_at(path)?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            newest = newest.max(newest_in(&entry?.path())?);
        }
    }
    Ok(newest)
}

/// When a file was changed; `None` if there is none.
fn changed_at(path: &Path) -> io::Result<Option<SystemTime>> {
    match fs::metadata(path) {
        Ok(metadata) => metadata.modified().map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
