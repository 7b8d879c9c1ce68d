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

/// Prints a file's length, raw and compressed; in Node, which is there anyway.
const SIZES: &str = r#"
const module = require("node:fs").readFileSync(process.argv[1]);
const packed = require("node:zlib").gzipSync(module, { level: 9 });
console.log(`wasm module: ${module.length} bytes, ${packed.length} bytes gzip`);
"#;

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
    // More than the first level is shorter, but a tenth longer when compressed.
    command.args(FEATURES).args(["-O1", "--strip-debug", "--strip-producers"]);
    command.arg(module).arg("--output").arg(module);
    succeed(runner, command, "wasm-opt can't shrink the wasm module")
}

pub fn print_sizes(runner: &Runner) -> Result<(), Failure> {
    let mut command = Command::new("node");
    command.args(["-e", SIZES]).arg(path().join(MODULE));
    succeed(runner, command, "the wasm module can't be read")
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
