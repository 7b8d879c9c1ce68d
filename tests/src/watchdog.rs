//! Small processes that outlive a test only to clean up: each notices when the test is gone, even by
//! SIGKILL, and then ends another process or removes a folder. A test that ends by itself does that on
//! its own, and ends the watchdog first.

use std::io::{self, PipeWriter};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Standard input is a pipe that nobody writes to; it ends with the test.
const END_PROCESS: &str = r#"trap '' HUP INT TERM; read -r _; kill -s KILL "$1""#;
/// Who has not ended yet may write into the folder while it is being removed.
const REMOVE_FOLDER: &str = r#"trap '' HUP INT TERM; read -r _
for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" && break; sleep 1; done"#;

/// Cleans up if the test is gone before this value is.
#[derive(Debug)]
pub struct Watchdog {
    shell: Child,
    /// Closed by the system when the test is gone.
    _pipe: PipeWriter,
}

impl Watchdog {
    /// Ends a process, with SIGKILL. It must be dropped before the process is waited for, since only
    /// until then the process's id is nobody else's.
    pub fn of_process(process: &Child) -> Self {
        Self::start(END_PROCESS, &process.id().to_string())
    }

    /// Removes a folder.
    pub fn of_folder(folder: &Path) -> Self {
        Self::start(REMOVE_FOLDER, folder.to_str().expect("a temporary folder's path is text"))
    }

    fn start(script: &str, argument: &str) -> Self {
        let (reader, pipe) = io::pipe().expect("a pipe can be made");
        let mut command = Command::new("sh");
        command.args(["-c", script, "watchdog", argument]).current_dir("/");
        command.stdin(reader).stdout(Stdio::null()).stderr(Stdio::null());
        Self { shell: command.spawn().expect("a shell runs"), _pipe: pipe }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // It does nothing but wait, so nothing is left half done.
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
