//! What a simulation tells. All of it is integers, so that it is equal where it is the same.

use crate::audit::Check;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What came of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The scenario's version.
    pub version: u32,
    /// The scenario's seed.
    pub seed: u64,
    /// The second at which nothing was left to happen, or the scenario's duration.
    pub ended_at_second: u32,
    /// Events in the journal.
    pub events: u64,
    /// A hash of the journal, 16 hexadecimal digits: a chain of `SplitMix64` finalisers over the events'
    /// fields. The same scenario has the same one on every platform.
    pub event_hash: String,
    /// What became of those who came.
    pub people: Fates,
    /// Seats at the end.
    pub seats: SeatCounts,
    /// The second at which the last seat was sold, as the queue learned it.
    pub sold_out_at_second: Option<u32>,
    /// From joining to being let in, in milliseconds, of those who were let in and were there.
    pub wait: Quantiles,
    /// What people were told as they joined against what came.
    pub eta: EtaErrors,
    /// What was counted.
    pub counts: Counts,
    /// How often each refusal was told, by its code.
    pub refusals: BTreeMap<String, u64>,
    /// Whether the line's length, as it was counted, agrees with its waits.
    pub littles_law: LittlesLaw,
    /// The named invariants, and whether all of them hold.
    pub invariants: Invariants,
    /// How it went, at equal intervals.
    pub curve: Vec<Sample>,
}

/// What became of people. Everybody who came is in exactly one of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fates {
    /// How many came: the sum of the others.
    pub came: u64,
    /// Bought seats.
    pub bought: u64,
    /// Lost patience in line.
    pub gave_up: u64,
    /// Were passed over at their turn.
    pub passed_over: u64,
    /// Were in line when the last seat was sold.
    pub sold_out: u64,
    /// Were not let join.
    pub refused: u64,
    /// Were let in, but ran out of time.
    pub ran_out: u64,
    /// Were let in, but got no seats that they wanted.
    pub no_seats: u64,
    /// Held seats, but every payment failed.
    pub payment_failed: u64,
    /// Held seats, and let the hold lapse.
    pub abandoned: u64,
    /// Still wait at the end.
    pub waiting: u64,
    /// Are still choosing or paying at the end.
    pub active: u64,
    /// Were about to join again at the end.
    pub rejoining: u64,
    /// How many of those who came are bots.
    pub bots: u64,
    /// How many of those who bought are bots.
    pub bots_bought: u64,
}

impl Fates {
    /// The sum of all ends; equals `came`.
    pub const fn accounted(&self) -> u64 {
        self.bought
            + self.gave_up
            + self.passed_over
            + self.sold_out
            + self.refused
            + self.ran_out
            + self.no_seats
            + self.payment_failed
            + self.abandoned
            + self.waiting
            + self.active
            + self.rejoining
    }
}

/// Seats by how they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatCounts {
    /// All seats of all halls.
    pub total: u64,
    /// Held.
    pub held: u64,
    /// Sold.
    pub sold: u64,
    /// Sold of all, in hundredths of a percent, rounded down: 10,000 is everything.
    pub sell_through_basis_points: u64,
}

/// Quantiles of durations in milliseconds; all 0 if there are none. By rank: the smallest value that at least
/// that share of all values does not exceed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantiles {
    /// How many durations.
    pub count: u64,
    /// Their mean, rounded down.
    pub mean_millis: u64,
    /// The median.
    pub p50_millis: u64,
    /// 95 of 100 are not longer.
    pub p95_millis: u64,
    /// 99 of 100 are not longer.
    pub p99_millis: u64,
    /// The longest.
    pub max_millis: u64,
}

impl Quantiles {
    /// Those of `values`.
    pub(super) fn of(mut values: Vec<u32>) -> Self {
        values.sort_unstable();
        let count = values.len();
        let at = |percent: usize| {
            let rank = (count * percent).div_ceil(100).max(1) - 1;
            values.get(rank).copied().map_or(0, u64::from)
        };
        let sum: u64 = values.iter().copied().map(u64::from).sum();
        Self {
            count: count as u64,
            mean_millis: sum.checked_div(count as u64).unwrap_or_default(),
            p50_millis: at(50),
            p95_millis: at(95),
            p99_millis: at(99),
            max_millis: at(100),
        }
    }
}

/// What people were told as they joined against what came, of those who were let in and were there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EtaErrors {
    /// How many could be told anything.
    pub quoted: u64,
    /// How far off it was, either way.
    pub off_by: Quantiles,
    /// How many waited less than they were told.
    pub earlier: u64,
    /// How many waited more than they were told.
    pub later: u64,
}

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Tickets that were issued; more than people if some join again.
    pub tickets: u64,
    /// Tickets that were let in.
    pub admitted: u64,
    /// Tickets that were passed over since their holder was not seen.
    pub no_shows: u64,
    /// Active tickets that ran out of time.
    pub timed_out: u64,
    /// Tickets that were given back.
    pub left: u64,
    /// Holds that were taken.
    pub holds: u64,
    /// Holds that ran out.
    pub holds_lapsed: u64,
    /// Holds that were released.
    pub holds_released: u64,
    /// Payments that the bank refused, before they came to the rules.
    pub payments_failed: u64,
    /// Payments that went through.
    pub payments: u64,
    /// Minor units that were paid, less what was given back.
    pub revenue: u64,
    /// Ticks that ran; a large one runs in parts.
    pub tick_parts: u64,
    /// Most that waited at once.
    pub waiting_max: u64,
    /// Most that were active at once.
    pub active_max: u64,
    /// Commands that people sent.
    pub commands: u64,
}

/// Little's law (L = λW, 1961) for the line: the people in it, integrated over time, are the waits of all
/// tickets, summed. Both are counted by themselves, in person-milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LittlesLaw {
    /// The line's length over time, as events changed it.
    pub line_over_time: u64,
    /// Each ticket's time in line, until it ended or the simulation did.
    pub sum_of_waits: u64,
    /// Whether both are the same.
    pub ok: bool,
    /// Mean length of the line (L), in thousandths.
    pub mean_line_thousandths: u64,
    /// Mean time of a ticket in line (W).
    pub mean_wait_millis: u64,
}

/// The audit of the journal and the rows; no checks in a report of a simulation that is under way. With more than 200,000 people the journal is not replayed, and only
/// the five invariants are checked that the rows and the order of events show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invariants {
    /// Whether all that were checked hold.
    pub ok: bool,
    /// Each that was checked.
    pub checks: Vec<Check>,
}

impl Invariants {
    /// Those of a simulation under way: nothing was checked yet.
    pub(super) const fn unseen() -> Self {
        Self { ok: true, checks: Vec::new() }
    }
}

/// How things stand at one time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// When.
    pub at_second: u32,
    /// How many have come so far.
    pub came: u64,
    /// Tickets in line.
    pub waiting: u64,
    /// Active tickets.
    pub active: u64,
    /// Held seats.
    pub held: u64,
    /// Sold seats.
    pub sold: u64,
}
