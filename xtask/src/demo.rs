//! `cargo xtask demo`: builds the engine, the browser demo and the server in release, and becomes the server. How the
//! demo behaves is the server's matter.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::cargo::{self, Profile};
use crate::failure::Failure;
use crate::node;
use crate::process::Runner;
use crate::tools;
use crate::web;

const DATABASE_FLAG: &str = "--database-url";

/// The environment variable that stands for the flag.
const DATABASE_VARIABLE: &str = "FRONTROW_DATABASE_URL";

/// Sets up, builds, and replaces this process by the server, which so gets every signal and passes
/// on its exit code by itself. Comes back only with what went wrong before.
pub fn run(runner: &Runner, server_args: &[OsString]) -> Failure {
    match prepare(runner, server_args) {
        Ok(mut server) => Failure::Start {
            source: server.exec(),
            program: server.get_program().to_string_lossy().into_owned(),
        },
        Err(failure) => failure,
    }
}

fn prepare(runner: &Runner, server_args: &[OsString]) -> Result<Command, Failure> {
    tools::ensure(runner, tools::TO_BUILD)?;
    node::ensure(runner)?;
    web::build(runner)?;
    let mut server = Command::new(cargo::build_server(runner, Profile::Release)?);
    server.args(["serve", "--demo"]);
    if !names_database(server_args) && env::var_os(DATABASE_VARIABLE).is_none() {
        let folder = cargo::root().join("target").join("demo");
        fs::create_dir_all(&folder)?;
        server.arg(DATABASE_FLAG).arg(sqlite_url(&folder.join("frontrow.db")));
    }
    server.args(server_args);
    runner.check()?;
    Ok(server)
}

fn names_database(args: &[OsString]) -> bool {
    args.iter().any(|arg| {
        arg.as_bytes()
            .strip_prefix(DATABASE_FLAG.as_bytes())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"="))
    })
}

/// The URL of an absolute path, with those bytes escaped that mean something else in a URL.
fn sqlite_url(path: &Path) -> OsString {
    let mut url = b"sqlite://".to_vec();
    for &byte in OsStr::as_bytes(path.as_os_str()) {
        match byte {
            b'%' | b'?' | b'#' | b' ' => url.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            _ => url.push(byte),
        }
    }
    OsString::from_vec(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_database_of_the_users_own_is_noticed_in_both_spellings() {
        assert!(names_database(&args(&["--database-url", "sqlite://a.db"])));
        assert!(names_database(&args(&["--listen", "127.0.0.1:0", "--database-url=x"])));
        assert!(!names_database(&args(&["--database-urls", "x"])));
        assert!(!names_database(&args(&[])));
    }

    #[test]
    fn a_path_becomes_a_url_that_means_the_same_path() {
        let url = sqlite_url(Path::new("/a b/100%/x?y#z.db"));
        assert_eq!(url, "sqlite:///a%20b/100%25/x%3Fy%23z.db");
    }
}
