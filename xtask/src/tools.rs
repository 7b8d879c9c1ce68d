//! The programs that building and testing need: which are missing, and how they get installed.
//! The decision is a pure function of what is missing and what the machine offers.

use std::env;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo::cargo;
use crate::failure::Failure;
use crate::process::Runner;

/// A program that must be there.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    pub program: &'static str,
    /// What it is needed for.
    pub purpose: &'static str,
    /// The Debian packages that bring it.
    pub packages: &'static [&'static str],
    /// Whether it is there; most are looked for on the PATH.
    pub is_there: fn() -> bool,
}

const C_COMPILER: Tool = Tool {
    program: "cc",
    purpose: "compiles SQLite",
    packages: &["gcc", "libc6-dev"],
    is_there: || is_on_path("cc"),
};

const WALK_THROUGH: &str = "runs the README's walk-through";

/// Calls the API, in tests and benches.
pub const CURL: Tool = Tool {
    program: "curl",
    purpose: "calls the API",
    packages: &["curl"],
    is_there: || is_on_path("curl"),
};

/// Puts a server under load.
pub const WRK: Tool = Tool {
    program: "wrk",
    purpose: "sends the benches' requests",
    packages: &["wrk"],
    is_there: || is_on_path("wrk"),
};

/// What building the server needs besides Rust.
pub const TO_BUILD: &[Tool] = &[C_COMPILER];

/// What building the npm package and the browser demo needs; which Node.js will do is said in `node`.
pub const TO_BUILD_PAGES: &[Tool] = &[
    Tool {
        program: "node",
        purpose: "builds and tests what runs in browsers",
        packages: &["nodejs"],
        is_there: || is_on_path("node"),
    },
    Tool {
        program: "npm",
        purpose: "installs what does that",
        packages: &["npm"],
        is_there: || is_on_path("npm"),
    },
];

/// The names under which Chromium is known.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// What the tests need besides Rust and Postgres.
pub const TO_TEST: &[Tool] = &[
    C_COMPILER,
    Tool {
        program: "bash",
        purpose: WALK_THROUGH,
        packages: &["bash"],
        is_there: || is_on_path("bash"),
    },
    CURL,
    Tool { program: "jq", purpose: WALK_THROUGH, packages: &["jq"], is_there: || is_on_path("jq") },
    Tool {
        program: "chromium",
        purpose: "opens the browser demo's pages",
        packages: &["chromium"],
        is_there: || BROWSERS.iter().any(|name| is_on_path(name)),
    },
    Tool {
        program: "a font with Korean letters",
        purpose: "the demo's pages are looked at in Korean",
        packages: &["fonts-noto-cjk", "fontconfig"],
        is_there: has_korean_letters,
    },
];

/// Cargo's subcommands that are components of a Rust toolchain, and the components' names.
const COMPONENTS: &[(&str, &str)] = &[("fmt", "rustfmt"), ("clippy", "clippy")];

/// What a machine offers for installing packages.
#[derive(Debug, Clone, Copy)]
struct Machine {
    has_apt: bool,
    is_root: bool,
    /// `sudo` works without asking for a password.
    has_sudo: bool,
}

/// What to do about missing programs.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// All are there.
    Nothing,
    /// Run these commands, in order.
    Install(Vec<Vec<&'static str>>),
    /// Tell this to the person.
    Ask(String),
}

/// Sees to it that every one of `tools` is there, installing what is missing where that is possible.
pub fn ensure(runner: &Runner, tools: &[Tool]) -> Result<(), Failure> {
    let commands = match plan(&missing(tools), Machine::look()) {
        Plan::Nothing => return Ok(()),
        Plan::Ask(message) => return Err(Failure::Message(message)),
        Plan::Install(commands) => commands,
    };
    for words in commands {
        let line = words.join(" ");
        eprintln!("xtask: {line}");
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        if !runner.run(command)?.success() {
            let reason = format!("`{line}` failed; {}", request(&missing(tools)));
            return Err(Failure::Message(reason));
        }
    }
    match missing(tools) {
        still if still.is_empty() => Ok(()),
        still => Err(Failure::Message(request(&still))),
    }
}

/// Fails, naming the rustup command, when `cargo fmt` or `cargo clippy` is missing.
pub fn ensure_components() -> Result<(), Failure> {
    let missing: Vec<&str> = COMPONENTS
        .iter()
        .filter(|(subcommand, _)| !succeeds(cargo(&[subcommand, "--version"])))
        .map(|(_, component)| *component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    let message = format!("the Rust toolchain lacks {names}: run `rustup component add {names}`");
    Err(Failure::Message(message))
}

fn plan(missing: &[&Tool], machine: Machine) -> Plan {
    if missing.is_empty() {
        return Plan::Nothing;
    }
    let privilege: &[&str] = match machine {
        Machine { has_apt: false, .. } => return Plan::Ask(request(missing)),
        Machine { is_root: true, .. } => &[],
        Machine { has_sudo: true, .. } => &["sudo", "-n"],
        _ => return Plan::Ask(request(missing)),
    };
    let apt = [privilege, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]].concat();
    let install: &[&str] = &["install", "--yes", "--no-install-recommends"];
    Plan::Install(vec![
        [&apt[..], &["update"]].concat(),
        [&apt[..], install, &packages(missing)].concat(),
    ])
}

/// The one text that names everything a person has to install, and how.
fn request(missing: &[&Tool]) -> String {
    let programs: Vec<String> =
        missing.iter().map(|tool| format!("`{}` ({})", tool.program, tool.purpose)).collect();
    format!(
        "please install {}; on Debian: sudo apt-get install {}",
        programs.join(", "),
        packages(missing).join(" ")
    )
}

fn packages(missing: &[&Tool]) -> Vec<&'static str> {
    missing.iter().flat_map(|tool| tool.packages).copied().collect()
}

fn missing(tools: &[Tool]) -> Vec<&Tool> {
    tools.iter().filter(|tool| !(tool.is_there)()).collect()
}

/// The browser that tests open pages in.
pub fn browser() -> PathBuf {
    let found = BROWSERS.iter().find_map(|name| on_path(name));
    found.unwrap_or_else(|| PathBuf::from("chromium"))
}

fn has_korean_letters() -> bool {
    let fonts = Command::new("fc-list").arg(":lang=ko").output();
    fonts.is_ok_and(|output| !output.stdout.is_empty())
}

/// Whether a program of that name is found.
pub fn is_on_path(program: &str) -> bool {
    on_path(program).is_some()
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_executable(file))
}

/// Whether `file` is a program that somebody may run.
pub fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Runs a command that only answers a question, and shows nothing of it.
fn succeeds(mut command: Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

impl Machine {
    fn look() -> Self {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "true"]);
        Self {
            has_apt: is_on_path("apt-get"),
            is_root: rustix::process::geteuid().is_root(),
            has_sudo: succeeds(sudo),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN_ROOT: Machine = Machine { has_apt: true, is_root: true, has_sudo: false };

    fn all() -> Vec<&'static Tool> {
        TO_TEST.iter().collect()
    }

    fn lines(plan: Plan) -> Vec<String> {
        let Plan::Install(commands) = plan else {
            panic!("nothing gets installed: {plan:?}");
        };
        commands.iter().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn nothing_is_installed_when_nothing_is_missing() {
        assert_eq!(plan(&[], DEBIAN_ROOT), Plan::Nothing);
    }

    #[test]
    fn root_on_debian_updates_once_and_installs_all_at_once() {
        assert_eq!(
            lines(plan(&all(), DEBIAN_ROOT)),
            [
                "env DEBIAN_FRONTEND=noninteractive apt-get update",
                "env DEBIAN_FRONTEND=noninteractive apt-get install --yes \
                 --no-install-recommends gcc libc6-dev bash curl jq chromium fonts-noto-cjk \
                 fontconfig",
            ]
        );
    }

    #[test]
    fn a_user_with_passwordless_sudo_installs_through_it() {
        let machine = Machine { is_root: false, has_sudo: true, ..DEBIAN_ROOT };
        for line in lines(plan(&all(), machine)) {
            assert!(line.starts_with("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get "));
        }
    }

    #[test]
    fn a_user_without_privileges_is_told_everything_in_one_text() {
        let machine = Machine { is_root: false, ..DEBIAN_ROOT };
        let Plan::Ask(text) = plan(&all(), machine) else {
            panic!("should have asked");
        };
        for name in ["`cc`", "`bash`", "`curl`", "`jq`", "libc6-dev"] {
            assert!(text.contains(name), "{name} is not named in: {text}");
        }
    }

    #[test]
    fn without_apt_even_root_is_asked() {
        let machine = Machine { has_apt: false, has_sudo: true, ..DEBIAN_ROOT };
        assert!(matches!(plan(&all(), machine), Plan::Ask(_)));
    }

    #[test]
    fn a_program_is_found_on_the_path_or_not_at_all() {
        assert!(is_on_path("sh"));
        assert!(!is_on_path("no-such-program"));
    }
}
