//! Node.js: what is built and tested for browsers needs it, and not an old one. Where the machine's is too
//! old (Debian 12 has 18), npm brings a newer one, for this repository only.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo;
use crate::failure::Failure;
use crate::process::Runner;
use crate::tools;

/// The oldest that works, as major and minor version.
const OLDEST: (u32, u32) = (20, 19);

/// What npm brings: a package of Node's own builds.
const PACKAGE: &str = "node@22";

/// Sees to it that `node` and `npm` are there and new enough. Where a newer Node.js had to be fetched, this
/// very program starts again with it on the PATH, so that nothing else needs to know.
pub fn ensure(runner: &Runner) -> Result<(), Failure> {
    tools::ensure(runner, tools::TO_BUILD_PAGES)?;
    let own = version_of(Path::new("node"));
    if own >= Some(OLDEST) {
        return Ok(());
    }
    let folder = cargo::root().join("target").join("node");
    let programs = folder.join("node_modules").join(".bin");
    if version_of(&programs.join("node")) < Some(OLDEST) {
        fetch(runner, &folder)?;
    }
    if version_of(&programs.join("node")) < Some(OLDEST) {
        return Err(Failure::Message(request(own)));
    }
    Err(start_again_with(programs)?)
}

/// The words for whoever has to install it.
fn request(own: Option<(u32, u32)>) -> String {
    let found = own.map_or_else(|| "one".to_owned(), |(major, minor)| format!("{major}.{minor}"));
    format!(
        "Node.js {}.{} or later is needed, here is {found}, and npm could not bring a newer one \
         (`npm install {PACKAGE}`): please install it from https://nodejs.org",
        OLDEST.0, OLDEST.1
    )
}

fn fetch(runner: &Runner, folder: &Path) -> Result<(), Failure> {
    eprintln!("xtask: this Node.js is too old; npm install {PACKAGE}");
    std::fs::create_dir_all(folder)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(folder).arg(PACKAGE);
    // Whether it worked is seen by what it left behind.
    runner.run(npm)?;
    Ok(())
}

/// Becomes xtask again. Gives what went wrong, for it only comes back then.
fn start_again_with(programs: PathBuf) -> Result<Failure, Failure> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([programs].into_iter().chain(env::split_paths(&rest)))
        .map_err(|error| Failure::Message(format!("the PATH can't be extended: {error}")))?;
    let program = env::current_exe()?;
    let mut again = Command::new(&program);
    again.args(env::args_os().skip(1)).env("PATH", path);
    Ok(Failure::Start { source: again.exec(), program: program.to_string_lossy().into_owned() })
}

/// Major and minor version of a Node.js, if it is one.
fn version_of(program: &Path) -> Option<(u32, u32)> {
    let output = Command::new(program).arg("--version").output().ok()?;
    version_in(&String::from_utf8(output.stdout).ok()?)
}

fn version_in(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version_in("v20.19.1\n"), Some((20, 19)));
        assert!(version_in("v18.20.4") < Some(OLDEST));
        assert!(version_in("v20.9.0") < Some(OLDEST));
        assert!(version_in("v22.0.0") > Some(OLDEST));
        assert!(version_in("not found") < Some(OLDEST));
    }

    #[test]
    fn one_is_told_what_is_there_and_what_is_needed() {
        let text = request(Some((18, 20)));
        assert!(text.contains("18.20") && text.contains("20.19"), "{text}");
    }

    #[test]
    fn what_is_no_program_has_no_version() {
        assert_eq!(version_of(Path::new("no-such-program")), None);
    }
}
