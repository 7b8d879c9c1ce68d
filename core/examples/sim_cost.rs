//! What a simulated on-sale costs: `cargo run --release -p frontrow-core --features sim --example sim_cost
//! [PEOPLE]`. Prints the seconds of a simulation, audit included, and those of a bare [`World`] that is given
//! the very same commands at the very same times; and, on Linux, the most memory that each of them took.

#![allow(clippy::disallowed_methods, reason = "the cost is measured, not decided by")]

use frontrow_core::sim::{Scenario, Simulation};
use frontrow_core::{Command, Timestamp, World};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let people = std::env::args().nth(1).map_or(Ok(1_000_000), |people| people.parse::<u32>())?;
    // Best available is left out: the search for the best seats would be most of either cost.
    let scenario: Scenario = serde_json::from_value(serde_json::json!({
        "version": 1,
        "seed": 1,
        "duration_seconds": 14_400,
        "sale_opens_at_second": 1_800,
        "admission": { "interval_seconds": 10, "batch_size": 500, "active_seconds": 600 },
        "halls": [{ "sections": [
            { "name": "R", "rows": 100, "seats_per_row": 200, "price": 154_000 },
            { "name": "S", "rows": 150, "seats_per_row": 200, "price": 121_000 },
        ] }],
        "arrivals": [{ "kind": "on_sale_spike", "people": people, "early_seconds": 600 }],
        "people": { "taste": { "best_available": 0 } },
    }))?;

    let start = Instant::now();
    let mut simulation = Simulation::new(&scenario)?;
    run(&mut simulation);
    let report = simulation.report();
    let whole = start.elapsed().as_secs_f64();
    let memory = memory_max();
    println!(
        "simulation: {whole:.2} s, {memory} MB, {} events, sold {}",
        report.events, report.seats.sold
    );

    let mut simulation = Simulation::recording(&scenario)?;
    run(&mut simulation);
    let commands = simulation.take_recorded();
    drop(simulation);
    let start = Instant::now();
    let events = bare(&scenario, &commands);
    let bare = start.elapsed().as_secs_f64();
    println!("bare world: {bare:.2} s, {} commands, {events} events", commands.len());
    println!("the simulation costs {:.2} times the bare commands", whole / bare);
    Ok(())
}

fn run(simulation: &mut Simulation) {
    while !simulation.is_done() {
        simulation.step(100_000);
    }
}

/// Gives the commands to a world that is driven as its docs say.
fn bare(scenario: &Scenario, commands: &[(Timestamp, Command)]) -> u64 {
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

/// The most memory that this process took so far, in megabytes; 0 where the system does not tell.
fn memory_max() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1_024
}
