//! Child processes: each starts in a group of its own and ends with everything that it started,
//! whether it ends by itself, xtask is told to stop, or xtask fails. Knows nothing of cargo or tests.

use std::io::{self, BufRead, BufReader, PipeReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::failure::Failure;

/// How often a child's end and a caught signal are looked for.
pub const POLL: Duration = Duration::from_millis(20);

/// What a group may take to end after it was asked to; then it is killed.
const GRACE: Duration = Duration::from_secs(10);

/// Runs programs, and stops them when xtask itself is told to stop. The default one hears no signal.
#[derive(Debug, Default)]
pub struct Runner {
    /// The number of the last signal caught; 0 for none.
    caught: Arc<AtomicUsize>,
}

/// Which streams of a program are read here; the others go to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    Stdout,
    /// Both, in the order in which they were written.
    StdoutAndStderr,
}

impl Runner {
    /// From now on SIGINT, SIGTERM and SIGHUP stop children first and xtask after them.
    pub fn new() -> io::Result<Self> {
        let caught = Arc::new(AtomicUsize::new(0));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let number = usize::try_from(signal).expect("signal numbers are positive");
            signal_hook::flag::register_usize(signal, Arc::clone(&caught), number)?;
        }
        Ok(Self { caught })
    }

    /// Fails with `Interrupted` if xtask was told to stop.
    pub fn check(&self) -> Result<(), Failure> {
        match self.signal() {
            Some(signal) => Err(Failure::Interrupted { signal }),
            None => Ok(()),
        }
    }

    /// Runs `command` to its end, with its output on the terminal.
    pub fn run(&self, command: Command) -> Result<ExitStatus, Failure> {
        let (_, no_lines) = mpsc::channel();
        self.start_with(command, no_lines)?.wait(|_| Ok(()))
    }

    /// Runs `command` to its end and hands over each line that it writes, as it comes.
    pub fn run_reading(
        &self,
        command: Command,
        streams: Read,
        on_line: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<ExitStatus, Failure> {
        self.start_reading(command, streams)?.wait(on_line)
    }

    /// Runs `command` to its end, and tells all that it wrote.
    pub fn run_to_text(
        &self,
        command: Command,
        streams: Read,
    ) -> Result<(ExitStatus, String), Failure> {
        let mut text = String::new();
        let status = self.run_reading(command, streams, |line| {
            text.push_str(&String::from_utf8_lossy(line));
            Ok(())
        })?;
        Ok((status, text))
    }

    /// Starts `command` and comes back at once: several can run side by side, and each ends at the
    /// latest with its value.
    pub fn start_reading(
        &self,
        mut command: Command,
        streams: Read,
    ) -> Result<Running<'_>, Failure> {
        let (reader, writer) = io::pipe()?;
        if streams == Read::StdoutAndStderr {
            command.stderr(writer.try_clone()?);
        }
        command.stdout(writer);
        self.start_with(command, lines_of(reader))
    }

    fn signal(&self) -> Option<i32> {
        match self.caught.load(Ordering::Relaxed) {
            0 => None,
            number => i32::try_from(number).ok(),
        }
    }

    /// Takes the command by value: its ends of the pipes must close, or reading would never end.
    fn start_with(
        &self,
        command: Command,
        lines: Receiver<Vec<u8>>,
    ) -> Result<Running<'_>, Failure> {
        self.check()?;
        Ok(Running { runner: self, group: Group::start(command)?, lines })
    }
}

/// A program that was started, and the lines that it has written and nobody has read yet.
#[derive(Debug)]
pub struct Running<'a> {
    runner: &'a Runner,
    group: Group,
    lines: Receiver<Vec<u8>>,
}

impl Running<'_> {
    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.group.leader.id()
    }

    /// Waits for the next line; `None` when `limit` passed before, or there is none to come.
    pub fn next_line(&self, limit: Duration) -> Result<Option<Vec<u8>>, Failure> {
        let started_at = Instant::now();
        while started_at.elapsed() < limit {
            self.runner.check()?;
            match self.lines.recv_timeout(POLL) {
                Ok(line) => return Ok(Some(line)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(None)
    }

    /// Waits for its end, handing over each line as it comes. A signal to xtask is passed on.
    pub fn wait(
        mut self,
        mut on_line: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<ExitStatus, Failure> {
        let mut told_at = None;
        let status = loop {
            if let Some(status) = self.group.leader.try_wait()? {
                break status;
            }
            if let Some(signal) = self.runner.signal() {
                let told_at = *told_at.get_or_insert_with(|| {
                    self.group.signal(Signal::from_named_raw(signal).unwrap_or(Signal::TERM));
                    Instant::now()
                });
                if told_at.elapsed() > GRACE {
                    self.group.signal(Signal::KILL);
                }
            }
            match self.lines.recv_timeout(POLL) {
                Ok(line) => on_line(&line)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => thread::sleep(POLL),
            }
        };
        self.group.end();
        // Only a process that left the group can still hold the pipe; it is not waited for.
        while let Ok(line) = self.lines.recv_timeout(GRACE) {
            on_line(&line)?;
        }
        self.runner.check()?;
        Ok(status)
    }
}

/// Starts `command` in a process group of its own, which a Ctrl-C at the terminal does not reach.
/// Takes it by value, so that its ends of pipes close here.
pub fn spawn(mut command: Command) -> Result<Child, Failure> {
    command.process_group(0).spawn().map_err(|source| Failure::Start {
        program: command.get_program().to_string_lossy().into_owned(),
        source,
    })
}

/// Waits for `child` to end by itself; `None` when `limit` passed before.
pub fn wait_at_most(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let started_at = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) => return Ok(Some(status)),
            None if started_at.elapsed() >= limit => return Ok(None),
            None => thread::sleep(POLL),
        }
    }
}

/// Reads lines, newline included, on a thread of its own until the last writer is gone.
fn lines_of(reader: PipeReader) -> Receiver<Vec<u8>> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        loop {
            let mut line = Vec::new();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) if sender.send(line).is_err() => break,
                Ok(_) => {}
            }
        }
    });
    lines
}

/// A child and all its descendants that stayed in its process group. None outlives this value.
#[derive(Debug)]
struct Group {
    leader: Child,
    id: Pid,
}

impl Group {
    fn start(mut command: Command) -> Result<Self, Failure> {
        // A group in the background may not read the terminal, so nothing asks questions.
        command.stdin(Stdio::null());
        let leader = spawn(command)?;
        let id = Pid::from_child(&leader);
        Ok(Self { leader, id })
    }

    fn signal(&self, signal: Signal) {
        // An error means that nobody is left to tell.
        let _ = kill_process_group(self.id, signal);
    }

    /// Asks whoever is left to end, and kills them when they don't.
    fn end(&mut self) {
        let asked_at = Instant::now();
        self.signal(Signal::TERM);
        while self.is_alive() && asked_at.elapsed() < GRACE {
            thread::sleep(POLL);
        }
        if self.is_alive() {
            self.signal(Signal::KILL);
            let _ = self.leader.wait();
        }
    }

    fn is_alive(&mut self) -> bool {
        // A leader that has ended stays in its group until it is waited for.
        let _ = self.leader.try_wait();
        test_kill_process_group(self.id).is_ok()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn read(script: &str, streams: Read) -> (ExitStatus, String) {
        let mut text = Vec::new();
        let status = Runner::default()
            .run_reading(shell(script), streams, |line| {
                text.extend_from_slice(line);
                Ok(())
            })
            .unwrap();
        (status, String::from_utf8(text).unwrap())
    }

    #[test]
    fn both_streams_are_read_in_order_and_the_status_is_kept() {
        let script = "echo one; echo two >&2; printf three; exit 7";
        let (status, text) = read(script, Read::StdoutAndStderr);
        assert_eq!(text, "one\ntwo\nthree");
        assert_eq!(status.code(), Some(7));
    }

    #[test]
    fn what_a_child_leaves_behind_is_ended() {
        let left_behind = "exec 2>/dev/null; trap 'echo ended; exit' TERM; echo ready; \
            for second in 1 2 3 4 5 6 7 8 9; do sleep 1; done";
        let (status, text) = read(&format!("({left_behind}) & sleep 1"), Read::Stdout);
        assert!(status.success());
        assert_eq!(text, "ready\nended\n");
    }

    #[test]
    fn a_caught_signal_reaches_the_child_and_is_told() {
        let runner = Runner::default();
        let caught = Arc::clone(&runner.caught);
        let result = runner.run_reading(
            shell("exec 2>/dev/null; trap 'exit 0' TERM; echo ready; sleep 9"),
            Read::Stdout,
            |_| {
                caught.store(15, Ordering::Relaxed);
                Ok(())
            },
        );
        assert!(matches!(result, Err(Failure::Interrupted { signal: 15 })));
    }

    #[test]
    fn what_runs_on_tells_its_lines_and_ends_with_its_value() {
        let runner = Runner::default();
        let script = "echo ready; sleep 60";
        let running = runner.start_reading(shell(script), Read::Stdout).unwrap();
        let id = running.group.id;
        assert_eq!(running.next_line(GRACE).unwrap().unwrap(), b"ready\n");
        assert_eq!(running.next_line(POLL).unwrap(), None);
        drop(running);
        assert!(test_kill_process_group(id).is_err());
    }

    #[test]
    fn nothing_starts_after_a_signal() {
        let runner = Runner::default();
        runner.caught.store(2, Ordering::Relaxed);
        let result = runner.run(Command::new("this-program-does-not-exist"));
        assert!(matches!(result, Err(Failure::Interrupted { signal: 2 })));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = Runner::default().run(Command::new("no-such-program")).unwrap_err();
        assert!(error.to_string().contains("no-such-program"));
    }
}
