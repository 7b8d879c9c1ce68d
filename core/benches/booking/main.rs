//! What a hold and a payment cost in memory: decided and applied in a state of a million active tickets and a hall of
//! 50,000 seats, and beside each its bare memory work in maps of the same sizes. After criterion's estimates it prints
//! the medians of all turns, whose acts stood next to each other, as one line of JSON. `cargo xtask bench core` runs it
//! several times and compares.

#![allow(clippy::disallowed_methods, reason = "the cost is measured, not decided by")]

mod bare;
mod sale;

use bare::Bare;
use cpu_time::ThreadTime;
use criterion::{Criterion, SamplingMode};
use frontrow_core::Command;
use sale::{Sale, Turn};
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::Duration;

/// Active tickets.
const PEOPLE: usize = 1_000_000;
/// Most people who act in one turn: their rows don't fit the caches close to a processor.
const TURN_MAX: usize = 20_000;
/// Fewest for a turn to count: the first ones find cold caches, and are for criterion to warm up.
const TURN_MIN: usize = 1_000;

/// What the acts of one turn took.
#[derive(Debug, Clone, Copy)]
struct Costs {
    hold: Duration,
    hold_bare: Duration,
    payment: Duration,
    payment_bare: Duration,
}

/// A sale and its bare rows, which do the same.
struct Twins {
    sale: Sale,
    bare: Bare,
    /// Turns that count, and their acts.
    turns: Vec<(Costs, usize)>,
}

impl Twins {
    /// All four are timed in every turn, whichever is asked for: a busy minute falls on all of them.
    fn turn(&mut self, count: usize) -> Costs {
        let Self { sale, bare, turns } = self;
        let turn = sale.turn(count);
        let Turn { holds, payments } = &turn;
        let now = sale.now;
        let hold = time(holds, |command| drop(black_box(sale.execute(command))));
        let hold_bare = time(holds, |command| bare.hold(command, now));
        let payment = time(payments, |command| drop(black_box(sale.execute(command))));
        let payment_bare = time(payments, |command| bare.pay(command, now));
        sale.end(&turn);
        bare.end(sale, count);
        let costs = Costs { hold, hold_bare, payment, payment_bare };
        if count >= TURN_MIN {
            turns.push((costs, count));
        }
        costs
    }

    /// What so many acts of one kind take.
    fn acts(&mut self, mut count: u64, cost: Cost) -> Duration {
        let mut sum = Duration::ZERO;
        while count > 0 {
            let acts = count.min(TURN_MAX as u64);
            sum += cost(self.turn(usize::try_from(acts).expect("at most a turn")));
            count -= acts;
        }
        sum
    }

    /// Medians of all turns: nanoseconds of an act, and what core takes for each that the bare work takes.
    fn figures(&self) -> Value {
        #[allow(clippy::cast_precision_loss, reason = "a turn has few acts")]
        let each = |cost: Cost| {
            median(self.turns.iter().map(|(c, acts)| cost(*c).as_secs_f64() * 1e9 / *acts as f64))
        };
        let ratio = |cost: fn(Costs) -> (Duration, Duration)| {
            median(self.turns.iter().map(|(c, _)| {
                let (core, bare) = cost(*c);
                core.as_secs_f64() / bare.as_secs_f64()
            }))
        };
        json!({
            "hold": each(|c| c.hold),
            "hold_bare": each(|c| c.hold_bare),
            "hold_ratio": ratio(|c| (c.hold, c.hold_bare)),
            "payment": each(|c| c.payment),
            "payment_bare": each(|c| c.payment_bare),
            "payment_ratio": ratio(|c| (c.payment, c.payment_bare)),
        })
    }
}

/// What one kind of act took in a turn.
type Cost = fn(Costs) -> Duration;

/// Time that this thread was given by a processor, so that what else the machine does counts less.
fn time(commands: &[Command], act: impl FnMut(&Command)) -> Duration {
    let start = ThreadTime::now();
    commands.iter().for_each(act);
    start.elapsed()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() {
    let sale = Sale::new(PEOPLE);
    let bare = Bare::of(&sale);
    let mut twins = Twins { sale, bare, turns: Vec::new() };
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let mut group = criterion.benchmark_group("booking");
    group.sampling_mode(SamplingMode::Flat);
    let costs: [(&str, Cost); 4] = [
        ("hold", |costs| costs.hold),
        ("hold_bare", |costs| costs.hold_bare),
        ("payment", |costs| costs.payment),
        ("payment_bare", |costs| costs.payment_bare),
    ];
    for (name, cost) in costs {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| twins.acts(count, cost));
        });
    }
    group.finish();
    criterion.final_summary();
    println!("{}", twins.figures());
}
