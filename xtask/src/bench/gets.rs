//! The load of readers: people with queue tokens who ask for the same path, as `gets.lua` tells.

use std::path::Path;
use std::process::Command;

use super::wrk::Figures;
use crate::cargo;
use crate::failure::Failure;
use crate::process::{Read, Runner};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Gets<'a> {
    pub path: &'a str,
    /// A file of queue tokens, a line each.
    pub tokens: &'a Path,
    /// What the readers have already: the answer must be that it has not changed.
    pub etag: Option<&'a str>,
}

/// Asks the server at `url` for so long.
pub fn figures(
    runner: &Runner,
    url: &str,
    gets: Gets<'_>,
    connections: u32,
    seconds: u32,
) -> Result<Figures, Failure> {
    let mut wrk = Command::new("wrk");
    // One thread was busy nine tenths of the time, and so a bound of its own.
    wrk.args(["--threads=2", &format!("--connections={connections}")]);
    wrk.arg(format!("--duration={seconds}s"));
    wrk.arg("--script").arg(cargo::root().join("xtask/src/bench/gets.lua"));
    wrk.args([url, "--", gets.path]).arg(gets.tokens);
    wrk.arg(if gets.etag.is_some() { "304" } else { "200" }).args(gets.etag);
    let (status, text) = runner.run_to_text(wrk, Read::StdoutAndStderr)?;
    let told = told(&text).filter(|_| status.success());
    told.ok_or_else(|| Failure::Message(format!("wrk failed, or requests were refused:\n{text}")))
}

/// Reads what `done` in `gets.lua` prints; none if an answer was another than expected.
fn told(text: &str) -> Option<Figures> {
    let value = |name: &str| -> Option<f64> {
        let line = text.lines().find_map(|line| line.strip_prefix("bench ")?.strip_prefix(name))?;
        line.trim().parse().ok()
    };
    let is_whole = value("failed ")? == 0.0;
    let figures =
        Figures { rate: value("rate ")?, p99_micros: value("p99_micros ")?, ..Figures::default() };
    is_whole.then_some(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_tells_is_read_unless_an_answer_was_another_one() {
        let text = "Requests/sec: 1\nbench rate 2500.5\nbench p99_micros 900\nbench failed 0\n";
        assert_eq!(
            told(text),
            Some(Figures { rate: 2_500.5, p99_micros: 900.0, ..Figures::default() })
        );
        assert_eq!(told(&text.replace("failed 0", "failed 3")), None);
        assert_eq!(told("bench rate 1\n"), None);
    }
}
