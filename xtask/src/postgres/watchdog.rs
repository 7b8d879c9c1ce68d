//! A small process that outlives xtask only to clean up: it notices when xtask is gone, even by
//! SIGKILL, ends the server and removes its folder. Where xtask ends by itself it has stopped the
//! server before, so that only the folder is left.

use std::io::{self, PipeWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::failure::Failure;
use crate::process::{spawn, wait_at_most};

const SCRIPT: &str = include_str!("watchdog.sh");

/// Removing the folder takes a moment, and a few seconds when it has to be tried again.
const END_MAX: Duration = Duration::from_secs(15);

/// Cleans up when this value, or the whole of xtask, is gone.
#[derive(Debug)]
pub struct Watchdog {
    shell: Child,
    /// Closed by `drop`, or by the system when xtask is gone.
    pipe: Option<PipeWriter>,
}

impl Watchdog {
    pub fn start() -> Result<Self, Failure> {
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "watchdog"]).current_dir("/");
        command.stdin(reader).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { shell: spawn(command)?, pipe: Some(writer) })
    }

    /// Told once, and first: this folder does not outlive xtask.
    pub fn remove(&self, folder: &Path) -> io::Result<()> {
        self.tell(folder.as_os_str().as_bytes())
    }

    /// From now on this process, and no other, does not outlive xtask.
    pub fn end(&self, process: Option<&Child>) -> io::Result<()> {
        let id = process.map(|process| process.id().to_string());
        self.tell(id.unwrap_or_default().as_bytes())
    }

    fn tell(&self, line: &[u8]) -> io::Result<()> {
        let mut pipe = self.pipe.as_ref().expect("only `drop` closes the pipe");
        pipe.write_all(&[line, b"\n"].concat())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.pipe.take());
        if !matches!(wait_at_most(&mut self.shell, END_MAX), Ok(Some(_))) {
            let _ = self.shell.kill();
            let _ = self.shell.wait();
        }
    }
}
