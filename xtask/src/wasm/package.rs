//! What lies in `wasm/pkg`: the module and its glue as bindgen writes them, made smaller, and the files
//! of `wasm/js` beside them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{folder, modified, succeed};
use crate::cargo;
use crate::failure::Failure;
use crate::process::Runner;

const MODULE: &str = "frontrow_wasm_bg.wasm";
const GLUE: &str = "frontrow_wasm.js";

/// What of WebAssembly the module may use: what Rust's compiler uses, all of it in every browser since
/// 2023. With more, `wasm-opt` writes what Node 20 refuses.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Prints the length of what a browser loads, raw and compressed; in Node, which is there anyway.
const SIZES: &str = r#"
const { readFileSync } = require("node:fs");
const { gzipSync } = require("node:zlib");
let all = 0;
for (const file of process.argv.slice(1)) {
  const raw = readFileSync(file);
  const packed = gzipSync(raw, { level: 9 }).length;
  all += packed;
  console.log(`${file}: ${raw.length} bytes, ${packed} bytes gzip`);
}
console.log(`wasm package: ${all} bytes gzip`);
"#;

/// The file that only Node loads.
const FOR_NODE: &str = "node.js";

pub fn path() -> PathBuf {
    folder().join("pkg")
}

/// Whether the package is newer than `made` and everything else that goes into it.
pub fn is_fresh(made: &[&Path]) -> Result<bool, Failure> {
    let Ok(written_at) = modified(&manifest_path()) else { return Ok(false) };
    let mut inputs: Vec<PathBuf> = made.iter().map(|file| file.to_path_buf()).collect();
    inputs.push(folder().join("package-lock.json"));
    for entry in fs::read_dir(folder().join("js"))? {
        inputs.push(entry?.path());
    }
    for input in inputs {
        if modified(&input)? > written_at {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes the package anew.
pub fn write(runner: &Runner, module: &Path, bindgen: &Path) -> Result<(), Failure> {
    let package = path();
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    let mut command = Command::new(bindgen);
    command.arg(module).arg(&package);
    succeed(runner, command, "bindgen can't read the wasm module")?;
    shrink(runner, &package.join(MODULE))?;
    strip_comments(runner, &package)?;
    for entry in fs::read_dir(folder().join("js"))? {
        let entry = entry?;
        fs::copy(entry.path(), package.join(entry.file_name()))?;
    }
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(cargo::root().join(license), package.join(license))?;
    }
    // The last file: a package that has it is whole.
    fs::write(manifest_path(), manifest())?;
    Ok(())
}

/// Makes the module smaller, in place.
fn shrink(runner: &Runner, module: &Path) -> Result<(), Failure> {
    let mut command = Command::new("node");
    command.arg(folder().join("node_modules").join("binaryen").join("bin").join("wasm-opt"));
    // Inlining makes the module a sixth longer when compressed, and what is computed once instead of twice compresses
    // worse; copies of one generic function have much in common, and compress best beside each other.
    command.args(FEATURES).args(["--reorder-functions-by-name", "-O3", "--converge"]);
    command.args(["--skip-pass=inlining-optimizing", "--skip-pass=local-cse"]);
    command.args(["--strip-debug", "--strip-producers", "--strip-target-features"]);
    command.arg(module).arg("--output").arg(module);
    succeed(runner, command, "wasm-opt can't shrink the wasm module")
}

/// Takes the comments out of the glue: the types beside it have them too.
fn strip_comments(runner: &Runner, package: &Path) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new("node");
    command.arg(super::folder().join("node_modules").join("typescript").join("bin").join("tsc"));
    command.args(["--ignoreConfig", "--allowJs", "--noCheck", "--removeComments"]);
    command.args(["--target", "es2022", "--module", "esnext", "--outDir"]).arg(folder.path());
    command.arg(package.join(GLUE));
    succeed(runner, command, "tsc can't take the comments out of the glue")?;
    fs::copy(folder.path().join(GLUE), package.join(GLUE))?;
    Ok(())
}

/// Prints what a browser has to load. How much that may be is held by a test of the package.
pub fn print_sizes(runner: &Runner) -> Result<(), Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path())? {
        let file = PathBuf::from(entry?.file_name());
        let is_loaded = file.extension().is_some_and(|kind| kind == "js" || kind == "wasm");
        if is_loaded && file != Path::new(FOR_NODE) {
            files.push(file);
        }
    }
    files.sort();
    let mut command = Command::new("node");
    command.current_dir(path()).args(["-e", SIZES, "--"]).args(files);
    succeed(runner, command, "the package's files can't be read")
}

fn manifest_path() -> PathBuf {
    path().join("package.json")
}

/// The package's `package.json`. Node reads the module from the disk, everybody else fetches it. Text, since
/// the order of the conditions counts: the first that fits is taken.
fn manifest() -> String {
    let (version, license) = (env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_LICENSE"));
    format!(
        r#"{{
  "name": "@frontrow/wasm",
  "version": "{version}",
  "description": "The rules of Frontrow, a waiting room and a box office, in WebAssembly.",
  "license": "{license}",
  "type": "module",
  "main": "./index.js",
  "types": "./index.d.ts",
  "exports": {{
    ".": {{ "types": "./index.d.ts", "node": "./node.js", "default": "./index.js" }},
    "./{MODULE}": "./{MODULE}",
    "./package.json": "./package.json"
  }},
  "engines": {{ "node": ">=20" }},
  "files": ["*.js", "*.d.ts", "{MODULE}", "LICENSE-*"],
  "sideEffects": false
}}
"#
    )
}
