//! The compiler for wasm: the one at hand, if it has its library's source or can get it; else Debian's.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cargo::cargo;
use crate::failure::Failure;
use crate::process::Runner;
use crate::tools::{self, Tool};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// The component of a toolchain that has the standard library as source.
const SOURCE: &str = "rust-src";

/// Debian's compiler, with the same.
const DEBIAN: &[Tool] = &[
    Tool {
        program: "/usr/bin/rustc",
        purpose: "compiles for wasm, where rustup can't add rust-src",
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
    if has_source() {
        return Ok(Toolchain::Own);
    }
    if tools::is_on_path("rustup") {
        eprintln!("xtask: rustup component add {SOURCE}");
        let mut rustup = Command::new("rustup");
        rustup.args(["component", "add", SOURCE]);
        if runner.run(rustup)?.success() && has_source() {
            return Ok(Toolchain::Own);
        }
    }
    match tools::ensure(runner, DEBIAN) {
        Ok(()) => Ok(Toolchain::Debian),
        Err(Failure::Message(reason)) => Err(Failure::Message(format!(
            "the Rust toolchain lacks {SOURCE}: run `rustup component add {SOURCE}`; or {reason}"
        ))),
        Err(other) => Err(other),
    }
}

/// Whether the toolchain at hand has its standard library as source.
fn has_source() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--print", "sysroot"]).stderr(Stdio::null());
    let Ok(output) = command.output() else { return false };
    let folder = String::from_utf8_lossy(&output.stdout);
    let library = Path::new(folder.trim()).join("lib/rustlib/src/rust/library");
    output.status.success() && library.is_dir()
}

impl Toolchain {
    /// Its cargo, ready for arguments. The standard library is built along, in its small form, and panics
    /// just stop: that is a tenth of the package. Stable compilers do so only when told that they may.
    pub fn cargo(self) -> Command {
        let mut command = match self {
            Self::Own => cargo(&[]),
            Self::Debian => {
                let mut command = Command::new("/usr/bin/cargo");
                command.env("RUSTC", "/usr/bin/rustc");
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
                command
            }
        };
        command.env("RUSTC_BOOTSTRAP", "1");
        command.args(["-Z", "build-std=std,panic_abort"]);
        command.args(["-Z", "build-std-features=optimize_for_size"]);
        command
    }
}

/// What the compiler is told beside its profile: panics just stop; functions have names that tell of no build, since
/// the order of the functions goes by them; and SHA-256 is a loop, and not 64 rounds in a row.
pub const FLAGS: [&str; 5] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Csymbol-mangling-version=legacy",
    "--cfg=sha2_backend=\"soft\"",
    "--cfg=sha2_backend_soft=\"compact\"",
];
