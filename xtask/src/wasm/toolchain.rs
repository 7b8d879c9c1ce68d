//! The compiler that knows wasm: the one at hand, if it has the target or can get it; else Debian's.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cargo::cargo;
use crate::failure::Failure;
use crate::process::Runner;
use crate::tools::{self, Tool};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler, with the standard library as source, which is built along.
const DEBIAN: &[Tool] = &[
    Tool {
        program: "/usr/bin/rustc",
        purpose: "compiles for wasm, where rustup can't add the target",
        packages: &["rustc-web", "rust-web-src"],
        is_there: || {
            tools::is_executable(Path::new("/usr/bin/rustc"))
                && Path::new("/usr/lib/rustlib/src/rust/library").is_dir()
        },
    },
    Tool {
        program: "/usr/bin/cargo",
        purpose: "builds for wasm",
        packages: &["cargo-web"],
        is_there: || tools::is_executable(Path::new("/usr/bin/cargo")),
    },
    Tool {
        program: "wasm-ld",
        purpose: "links for wasm",
        packages: &["lld"],
        is_there: || tools::is_on_path("wasm-ld"),
    },
];

/// Who compiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The toolchain that runs xtask.
    Own,
    Debian,
}

/// Finds a toolchain; gets what it lacks where that is possible.
pub fn find(runner: &Runner) -> Result<Toolchain, Failure> {
    if has_target() {
        return Ok(Toolchain::Own);
    }
    if tools::is_on_path("rustup") {
        eprintln!("xtask: rustup target add {TARGET}");
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", TARGET]);
        if runner.run(rustup)?.success() && has_target() {
            return Ok(Toolchain::Own);
        }
    }
    match tools::ensure(runner, DEBIAN) {
        Ok(()) => Ok(Toolchain::Debian),
        Err(Failure::Message(reason)) => Err(Failure::Message(format!(
            "the Rust toolchain lacks {TARGET}: run `rustup target add {TARGET}`; or {reason}"
        ))),
        Err(other) => Err(other),
    }
}

/// Whether the toolchain at hand has a standard library for wasm. The folder's name is told even if
/// there is no such folder.
fn has_target() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--print", "target-libdir", "--target", TARGET]).stderr(Stdio::null());
    let Ok(output) = command.output() else { return false };
    let folder = String::from_utf8_lossy(&output.stdout);
    output.status.success() && Path::new(folder.trim()).is_dir()
}

impl Toolchain {
    /// Its cargo, ready for arguments.
    pub fn cargo(self) -> Command {
        match self {
            Self::Own => cargo(&[]),
            Self::Debian => {
                let mut command = Command::new("/usr/bin/cargo");
                command.env("RUSTC", "/usr/bin/rustc");
                // Debian packages no standard library that fits: it is built, which stable allows so only.
                command.env("RUSTC_BOOTSTRAP", "1");
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
                command.args(["-Z", "build-std=std,panic_abort"]);
                command
            }
        }
    }
}
