//! `cargo xtask wasm`: the npm package `@frontrow/wasm`, from sources to `wasm/pkg`. Which compiler does
//! it is found in `toolchain`, what lies in the package is said in `package`, and how it is tested in
//! `checks`.

mod checks;
mod package;
mod toolchain;

pub use checks::test;
pub use package::path as package;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

use crate::cargo;
use crate::failure::Failure;
use crate::node;
use crate::process::Runner;
use toolchain::{TARGET, Toolchain};

/// Builds the package and prints its sizes.
pub fn run(runner: &Runner) -> Result<ExitCode, Failure> {
    build(runner)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds the package, unless it is newer than everything it is made of.
pub fn build(runner: &Runner) -> Result<(), Failure> {
    node::ensure(runner)?;
    install_node_modules(runner)?;
    let module = compile(runner, toolchain::find(runner)?)?;
    let bindgen = cargo::build_bindgen(runner)?;
    // Says what lies in the package.
    let packer = cargo::root().join("xtask/src/wasm/package.rs");
    if package::is_fresh(&[&module, &bindgen, &packer])? {
        eprintln!("xtask: wasm/pkg is up to date");
    } else {
        package::write(runner, &module, &bindgen)?;
    }
    package::print_sizes(runner)
}

/// The folder of the crate and of the package's own files.
fn folder() -> PathBuf {
    cargo::root().join("wasm")
}

/// Installs what `package-lock.json` names, unless it is installed.
fn install_node_modules(runner: &Runner) -> Result<(), Failure> {
    // npm leaves this file behind when it is done.
    let installed = folder().join("node_modules").join(".package-lock.json");
    if installed.exists() && modified(&installed)? >= modified(&folder().join("package-lock.json"))?
    {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.current_dir(folder()).args(["ci", "--no-audit", "--no-fund"]);
    succeed(runner, npm, "npm can't install what checks and shrinks the wasm package")
}

/// Compiles the crate and tells where the module is.
fn compile(runner: &Runner, toolchain: Toolchain) -> Result<PathBuf, Failure> {
    // A folder of its own: another compiler than the workspace's may do it.
    let target = match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => cargo::root().join(folder),
        None => cargo::root().join("target"),
    };
    let target = target.join("wasm-package");
    let mut command = toolchain.cargo();
    command.current_dir(cargo::root()).env("CARGO_TARGET_DIR", &target);
    // What everybody loads should not tell whose machine built it: panics name source files.
    let folders = [("cargo", cargo::home()?), ("frontrow", cargo::root().to_owned())];
    let names =
        folders.map(|(name, path)| format!("--remap-path-prefix={}={name}", path.display()));
    let flags: Vec<&str> = names.iter().map(String::as_str).chain(toolchain::FLAGS).collect();
    command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    command.args(["build", "--locked", "--profile", "wasm", "--target", TARGET]);
    command.args(["--package", "frontrow-wasm"]);
    succeed(runner, command, "frontrow-wasm does not build for wasm")?;
    Ok(target.join(TARGET).join("wasm").join("frontrow_wasm.wasm"))
}

/// Runs a program that must succeed.
fn succeed(runner: &Runner, command: Command, reason: &str) -> Result<(), Failure> {
    if runner.run(command)?.success() { Ok(()) } else { Err(Failure::Message(reason.into())) }
}

fn modified(file: &Path) -> io::Result<std::time::SystemTime> {
    fs::metadata(file)?.modified()
}
