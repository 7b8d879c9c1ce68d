//! Builds the browser demo, which the server embeds. What it consists of is `web-demo`'s matter.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::cargo;
use crate::failure::Failure;
use crate::process::Runner;

/// What the pages are made from, in `web-demo`.
const INPUTS: &[&str] = &[
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
];

/// What npm leaves behind when it has installed everything.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// Builds the pages if anything changed since they were built last.
pub fn build(runner: &Runner) -> Result<(), Failure> {
    let folder = cargo::root().join("web-demo");
    let built = changed_at(&folder.join("dist/index.html"))?;
    if built.is_some() && newest(&folder, INPUTS)? <= built {
        return Ok(());
    }
    let installed = changed_at(&folder.join(INSTALLED))?;
    if newest(&folder, &["package.json", "package-lock.json"])? > installed {
        npm(runner, &folder, &["ci"])?;
    }
    npm(runner, &folder, &["run", "build"])
}

fn npm(runner: &Runner, folder: &Path, args: &[&str]) -> Result<(), Failure> {
    let mut command = Command::new("npm");
    command.current_dir(folder).args(args);
    if runner.run(command)?.success() {
        return Ok(());
    }
    let line = args.join(" ");
    Err(Failure::Message(format!(
        "`npm {line}` failed in web-demo, which wants Node.js 20.19 or later"
    )))
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
