//! The load: two `wrk`s side by side, each with half of the connections and half of the people. They
//! share a replica or have one each, so that one replica and two meet the same crowd. What is sent is
//! told by the Lua files beside this one.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo;
use crate::failure::Failure;
use crate::process::{Read, Runner, Running};

/// How hard it is asked.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Connections at a time, of both halves together.
    pub connections: u32,
    /// How long each workload lasts, unless it runs out of people.
    pub seconds: u32,
}

/// How many halves there are.
pub const HALVES: usize = 2;

/// A slower answer would count as an error.
const ANSWER_SECONDS_MAX: u32 = 30;

/// Of all answers, those that may be something else than what is expected.
const REFUSED_SHARE_MAX: f64 = 0.01;

/// One kind of request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workload {
    /// As in the table, and in the name of its Lua file.
    pub name: &'static str,
    /// The workload whose people it takes; new ones where there is none.
    pub after: Option<&'static str>,
    /// Of all answers, those that may be something else than what is expected.
    pub refused_share_max: f64,
}

impl Workload {
    /// People who are new.
    pub const fn first(name: &'static str) -> Self {
        Self { name, after: None, refused_share_max: REFUSED_SHARE_MAX }
    }

    /// The people of another workload.
    pub const fn after(name: &'static str, other: &'static str) -> Self {
        Self { name, after: Some(other), refused_share_max: REFUSED_SHARE_MAX }
    }

    /// No other answer is good.
    pub const fn without_refusals(self) -> Self {
        Self { refused_share_max: 0.0, ..self }
    }
}

/// Where the requests of one half go, and what its workload is told.
#[derive(Debug)]
pub struct Half<'a> {
    pub url: &'a str,
    pub args: Vec<String>,
}

/// What a workload came to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// Requests a second, of both halves together.
    pub rate: f64,
    /// The latency of the slower half, in microseconds.
    pub p99_micros: f64,
    /// Of a workload that is timed, the latencies of the slower half's answers that were expected, in milliseconds.
    pub timed_p50_millis: f64,
    pub timed_p99_millis: f64,
    /// The share of answers that were not the expected ones, but as good.
    pub other_share: f64,
}

/// What one wrk tells at its end.
#[derive(Debug, Default, PartialEq)]
struct Told {
    seconds: f64,
    p99_micros: f64,
    timed_p50_millis: f64,
    timed_p99_millis: f64,
    /// Broken connections, and answers that took too long.
    errors: u64,
    /// Answers by status, the one that is expected, and another one that is as good.
    answers: BTreeMap<u16, u64>,
    expected: u16,
    also_expected: u16,
    /// The first answer that was not expected.
    refusal: String,
}

/// Runs both halves to their end; `folder` has the people's files.
pub fn run(
    runner: &Runner,
    workload: Workload,
    load: Load,
    halves: &[Half<'_>; HALVES],
    folder: &Path,
) -> Result<Figures, Failure> {
    // Both start before either is waited for.
    let mut running = Vec::with_capacity(HALVES);
    for (index, half) in halves.iter().enumerate() {
        let people = |workload: &str| folder.join(format!("{workload}.{index}"));
        running.push(start(runner, workload, load, half, people)?);
    }
    let mut told = Vec::with_capacity(HALVES);
    for wrk in running {
        told.push(finish(wrk)?);
    }
    figures(workload, &told)
}

fn start<'a>(
    runner: &'a Runner,
    workload: Workload,
    load: Load,
    half: &Half<'_>,
    people: impl Fn(&str) -> PathBuf,
) -> Result<Running<'a>, Failure> {
    let Load { connections, seconds } = load;
    let mut wrk = Command::new("wrk");
    wrk.arg("--threads=1").arg(format!("--connections={}", connections as usize / HALVES));
    wrk.arg(format!("--duration={seconds}s")).arg(format!("--timeout={ANSWER_SECONDS_MAX}s"));
    wrk.arg("--script").arg(script("shared")).args([half.url, "--"]);
    wrk.arg(script(workload.name));
    wrk.arg(workload.after.map_or_else(|| PathBuf::from("-"), &people));
    wrk.arg(people(workload.name)).args(&half.args);
    runner.start_reading(wrk, Read::StdoutAndStderr)
}

fn script(name: &str) -> PathBuf {
    cargo::root().join("xtask/src/bench").join(name).with_extension("lua")
}

fn finish(wrk: Running<'_>) -> Result<Told, Failure> {
    let mut text = String::new();
    let status = wrk.wait(|line| {
        text.push_str(&String::from_utf8_lossy(line));
        Ok(())
    })?;
    let told = told(&text).filter(|_| status.success());
    told.ok_or_else(|| Failure::Message(format!("wrk failed:\n{text}")))
}

/// Reads the lines that `done` in `shared.lua` prints; none unless all are there.
fn told(text: &str) -> Option<Told> {
    let mut told = Told::default();
    let mut seen = 0;
    for line in text.lines().filter_map(|line| line.strip_prefix("bench ")) {
        let (name, value) = line.split_once(' ')?;
        seen += usize::from(name != "answers");
        match name {
            "seconds" => told.seconds = value.parse().ok()?,
            "p99_micros" => told.p99_micros = value.parse().ok()?,
            "timed_p50_millis" => told.timed_p50_millis = value.parse().ok()?,
            "timed_p99_millis" => told.timed_p99_millis = value.parse().ok()?,
            "errors" => told.errors = value.parse().ok()?,
            "expected" => told.expected = value.parse().ok()?,
            "also_expected" => told.also_expected = value.parse().ok()?,
            "refusal" => value.clone_into(&mut told.refusal),
            "answers" => {
                let (status, count) = value.split_once(' ')?;
                told.answers.insert(status.parse().ok()?, count.parse().ok()?);
            }
            _ => return None,
        }
    }
    (seen == 8).then_some(told)
}

impl Told {
    fn done(&self) -> u64 {
        self.count(self.expected) + self.count(self.also_expected)
    }

    fn count(&self, status: u16) -> u64 {
        self.answers.get(&status).copied().unwrap_or(0)
    }

    fn refused(&self) -> u64 {
        self.answers.values().sum::<u64>() - self.done() + self.errors
    }
}

#[allow(clippy::cast_precision_loss, reason = "a bench sends fewer than 2^52 requests")]
fn figures(workload: Workload, told: &[Told]) -> Result<Figures, Failure> {
    let done: u64 = told.iter().map(Told::done).sum();
    let refused: u64 = told.iter().map(Told::refused).sum();
    let Workload { name, refused_share_max, .. } = workload;
    if done == 0 || refused as f64 > refused_share_max * (done + refused) as f64 {
        let mut text = format!("{name}: {done} went well, {refused} did not");
        for half in told {
            let Told { answers, errors, refusal, .. } = half;
            let _ = write!(
                text,
                "\n  {answers:?} by status, {errors} errors; first refusal: {refusal}"
            );
        }
        return Err(Failure::Message(text));
    }
    // A half that ran out of people stopped earlier, so each has its own time.
    let rate = told.iter().map(|half| half.done() as f64 / half.seconds).sum();
    let slower = |of: fn(&Told) -> f64| told.iter().map(of).fold(0.0, f64::max);
    let other: u64 = told.iter().map(|half| half.count(half.also_expected)).sum();
    Ok(Figures {
        rate,
        p99_micros: slower(|half| half.p99_micros),
        timed_p50_millis: slower(|half| half.timed_p50_millis),
        timed_p99_millis: slower(|half| half.timed_p99_millis),
        other_share: other as f64 / done as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLDS: Workload = Workload::after("holds", "joins");

    const TEXT: &str = "\
Running 10s test @ http://127.0.0.1:9
  1 threads and 32 connections
Requests/sec:   1990.00
bench seconds 10
bench p99_micros 9000
bench timed_p50_millis 4
bench timed_p99_millis 8
bench errors 1
bench answers 201 20000
bench answers 503 100
bench expected 201
bench also_expected 409
bench refusal 503 {\"code\":\"overloaded\"}
";

    #[test]
    fn what_wrk_tells_is_read() {
        let told = told(TEXT).unwrap();
        assert_eq!((told.seconds, told.p99_micros), (10.0, 9_000.0));
        assert_eq!((told.done(), told.refused()), (20_000, 101));
        assert_eq!(told.refusal, "503 {\"code\":\"overloaded\"}");
    }

    #[test]
    fn another_answer_can_be_as_good() {
        let told = told(&TEXT.replace("answers 503", "answers 409")).unwrap();
        assert_eq!((told.done(), told.refused()), (20_100, 1));
    }

    #[test]
    fn a_run_without_an_end_is_none() {
        assert_eq!(told("Running 10s test @ http://127.0.0.1:9\n"), None);
        assert_eq!(told(&TEXT.replace("bench errors 1\n", "")), None);
        assert_eq!(told(&TEXT.replace("201 20000", "201 many")), None);
    }

    #[test]
    fn rates_add_up_and_the_slower_half_tells_latencies() {
        let one = told(TEXT).unwrap();
        let two = told(&TEXT.replace("seconds 10", "seconds 5").replace("9000", "9600")).unwrap();
        let figures = figures(HOLDS, &[one, two]).unwrap();
        let expected = Figures {
            rate: 6_000.0,
            p99_micros: 9_600.0,
            timed_p50_millis: 4.0,
            timed_p99_millis: 8.0,
            other_share: 0.0,
        };
        assert_eq!(figures, expected);
    }

    #[test]
    fn too_many_refusals_fail_and_are_told() {
        let refused = told(&TEXT.replace("503 100", "503 300")).unwrap();
        let text = figures(HOLDS, &[refused]).unwrap_err().to_string();
        for part in ["holds: 20000 went well, 301 did not", "503: 300", "overloaded"] {
            assert!(text.contains(part), "{part} is not told in: {text}");
        }
        assert!(figures(HOLDS, &[Told::default()]).is_err());
        let few = told(TEXT).unwrap();
        assert!(figures(HOLDS.without_refusals(), &[few]).is_err());
    }
}
