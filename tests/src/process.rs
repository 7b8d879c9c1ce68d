//! The real binary as a process of its own, on a free port and a database in a folder of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Where the binary is: `FRONTROW_BIN`, or built here.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("FRONTROW_BIN") {
        return PathBuf::from(path);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "frontrow-server", "--bin", "frontrow"])
        .status()
        .expect("cargo runs");
    assert!(built.success(), "the binary builds");
    let test = std::env::current_exe().expect("a test knows where it is");
    let profile = test.ancestors().nth(2).expect("tests are in target/PROFILE/deps");
    profile.join("frontrow")
}

/// A running `frontrow serve`; killed when it is dropped.
pub struct Frontrow {
    child: Child,
    base_url: String,
    admin_token: String,
    /// Removed when the server is dropped.
    folder: Option<TempDir>,
}

impl Frontrow {
    /// Serves a new database, with these arguments beside the usual ones.
    pub fn serve(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut server = Self::serve_at(&folder.path().join("frontrow.db"), arguments);
        server.folder = Some(folder);
        server
    }

    /// Serves the database at `path`.
    pub fn serve_at(path: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(binary())
            .arg("serve")
            .args(["--listen", "127.0.0.1:0", "--database-url"])
            .arg(format!("sqlite://{}", path.display()))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut line = || lines.next().and_then(Result::ok).unwrap_or_default();
        let said = line();
        let Some(base_url) = said.strip_prefix("listening on ") else {
            // It ends by itself when it can't serve; whatever it said is on standard error.
            let _ = child.kill();
            let _ = child.wait();
            panic!("it did not serve: {said:?}");
        };
        let base_url = base_url.to_owned();
        let admin_token = if arguments.contains(&"--demo") {
            line().trim_start_matches("admin token: ").to_owned()
        } else {
            String::new()
        };
        Self { child, base_url, admin_token, folder: None }
    }

    /// Such as `http://127.0.0.1:12345`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The operator's token that a demo printed; empty without `--demo`.
    pub fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Frontrow {
    fn drop(&mut self) {
        // A process that has ended already can't be killed, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
