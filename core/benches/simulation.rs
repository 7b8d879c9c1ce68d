//! What one run of a simulation costs, or of a bare [`World`] that is given the very same commands at the very
//! same times: `simulation SCENARIO.json simulation|bare` prints it as one line of JSON. `cargo xtask bench sim`
//! runs it several times, each in a process of its own, and compares.

#![allow(clippy::disallowed_methods, reason = "the cost is measured, not decided by")]

use frontrow_core::sim::{Scenario, Simulation};
use frontrow_core::{Command, Timestamp, World};
use serde_json::{Value, json};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, engine] = &args[..] else { return Err("needs a scenario and an engine".into()) };
    let scenario: Scenario = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let figures = match engine.as_str() {
        "simulation" => simulation(&scenario)?,
        "bare" => bare(&scenario)?,
        other => return Err(format!("no engine is named `{other}`").into()),
    };
    println!("{figures}");
    Ok(())
}

/// Audit and report included.
fn simulation(scenario: &Scenario) -> Result<Value, Box<dyn Error>> {
    let start = Stopwatch::start();
    let mut simulation = Simulation::new(scenario)?;
    run(&mut simulation);
    let report = simulation.report();
    let seconds = start.seconds();
    let (events, event_hash) = (report.events, report.event_hash);
    let megabytes = memory_max();
    Ok(json!({
        "seconds": seconds, "megabytes": megabytes, "events": events, "event_hash": event_hash,
    }))
}

fn bare(scenario: &Scenario) -> Result<Value, Box<dyn Error>> {
    let mut simulation = Simulation::recording(scenario)?;
    run(&mut simulation);
    let commands = simulation.take_recorded();
    drop(simulation);
    let start = Stopwatch::start();
    let events = replay(scenario, &commands);
    Ok(json!({ "seconds": start.seconds(), "commands": commands.len(), "events": events }))
}

fn run(simulation: &mut Simulation) {
    while !simulation.is_done() {
        simulation.step(100_000);
    }
}

/// Gives the commands to a world that is driven as its docs say.
fn replay(scenario: &Scenario, commands: &[(Timestamp, Command)]) -> u64 {
    let mut world = World::new();
    let mut events = 0;
    let end = Timestamp::from_millis(0).plus_seconds(scenario.duration_seconds);
    for (at, command) in commands {
        while let Some(due) = world.poll_timeout().filter(|due| due <= at && *due < end) {
            world.handle_timeout(due);
            events += drain(&mut world);
        }
        let _ = world.execute(command, *at);
        events += drain(&mut world);
    }
    events
}

fn drain(world: &mut World) -> u64 {
    let mut events = 0;
    while world.poll_event().is_some() {
        events += 1;
    }
    events
}

/// Seconds that this thread was given by a processor, so that what else the machine does counts less; those of
/// the clock where the system does not tell.
struct Stopwatch {
    clock: Instant,
    processor: Option<f64>,
}

impl Stopwatch {
    fn start() -> Self {
        Self { clock: Instant::now(), processor: processor_seconds() }
    }

    fn seconds(&self) -> f64 {
        match (self.processor, processor_seconds()) {
            (Some(before), Some(now)) => now - before,
            _ => self.clock.elapsed().as_secs_f64(),
        }
    }
}

fn processor_seconds() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos: f64 = told.split_whitespace().next()?.parse().ok()?;
    Some(nanos / 1e9)
}

/// The most memory that this process took so far, in megabytes; none where the system does not tell.
fn memory_max() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes / 1_024)
}
