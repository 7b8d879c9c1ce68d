//! Where Postgres' programs are on this machine, and how they are called.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::account::Account;
use crate::failure::Failure;
use crate::tools::is_executable;

/// The oldest major version that Frontrow runs on.
const MAJOR_MIN: u32 = 15;

/// Debian keeps each major version in a folder of its own, off the PATH.
const PACKAGED: &str = "/usr/lib/postgresql";

/// What a cluster needs; `psql` and others lie beside them.
const PROGRAMS: [&str; 2] = ["initdb", "postgres"];

/// Programs that fit together, and who runs them.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The programs' folder.
    pub programs: PathBuf,
    /// Set when xtask runs as root.
    pub account: Option<Account>,
}

impl Installation {
    /// The newest one that will do, if there is any.
    pub fn find() -> Result<Option<Self>, Failure> {
        let Some(programs) = programs() else {
            return Ok(None);
        };
        Ok(Some(Self { programs, account: Account::to_run_servers()? }))
    }

    /// One of its programs, run by who runs the servers.
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        // The folder in which xtask was called may be closed to the account.
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        if let Some(account) = self.account {
            account.apply_to(&mut command);
        }
        command
    }
}

/// The folder of programs that are new enough: the newest of Debian's, else the one that `pg_config`
/// tells, else the first on the PATH.
pub fn programs() -> Option<PathBuf> {
    newest(packaged().into_iter().filter_map(with_version))
        .or_else(|| newest(bindir().into_iter().filter_map(with_version)))
        .or_else(|| on_path().into_iter().find_map(|folder| newest(with_version(folder))))
}

fn newest(found: impl IntoIterator<Item = (u32, PathBuf)>) -> Option<PathBuf> {
    let new_enough = found.into_iter().filter(|(major, _)| *major >= MAJOR_MIN);
    new_enough.max_by_key(|(major, _)| *major).map(|(_, folder)| folder)
}

fn packaged() -> Vec<PathBuf> {
    let versions = fs::read_dir(PACKAGED).into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin")).collect()
}

fn bindir() -> Option<PathBuf> {
    let line = answer(Path::new("pg_config"), "--bindir")?;
    Some(PathBuf::from(OsString::from_vec(line.trim_ascii_end().to_vec())))
}

/// Links are followed to where the other programs are.
fn on_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .filter_map(|folder| Some(fs::canonicalize(folder.join("postgres")).ok()?.parent()?.into()))
        .collect()
}

/// The folder with its major version, if it has all programs.
fn with_version(folder: PathBuf) -> Option<(u32, PathBuf)> {
    if !PROGRAMS.iter().all(|name| is_executable(&folder.join(name))) {
        return None;
    }
    let line = answer(&folder.join("postgres"), "--version")?;
    Some((major_version(&String::from_utf8_lossy(&line))?, folder))
}

/// The number in a line such as `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn major_version(line: &str) -> Option<u32> {
    let (_, version) = line.split_once("(PostgreSQL) ")?;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn answer(program: &Path, question: &str) -> Option<Vec<u8>> {
    let output = Command::new(program)
        .arg(question)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_postgres_tells() {
        let debian = "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n";
        assert_eq!(major_version(debian), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major_version("postgres (PostgreSQL) devel\n"), None);
        assert_eq!(major_version("something else 15\n"), None);
    }

    #[test]
    fn the_newest_is_taken_and_old_ones_never() {
        let found = [(9, "/9"), (15, "/15"), (17, "/17"), (16, "/16")];
        let found = found.map(|(major, folder)| (major, PathBuf::from(folder)));
        assert_eq!(newest(found), Some(PathBuf::from("/17")));
        assert_eq!(newest([(14, PathBuf::from("/14"))]), None);
    }

    #[test]
    fn a_folder_without_the_programs_has_no_version() {
        assert_eq!(with_version(PathBuf::from("/")), None);
    }
}
