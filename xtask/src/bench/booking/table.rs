//! How the figures of bookings are printed, and what is required of them. Where they come from is not known here.

use std::fmt::Write;

use super::super::queue::ratio_line;
use super::super::sim::median;
use super::super::wrk::Figures;
use super::{FEW, Pair, Run};

/// Holds : statements, with few connections and with many.
const HOLDS_MIN_OF_FEW: f64 = 1.0;
const HOLDS_MIN_OF_MANY: f64 = 1.3;
const HOLDS_P99_MAX: f64 = 2.0;
const HOLDS_OF_NAIVE_MIN: f64 = 2.0;
const PAYMENTS_MIN: f64 = 1.0;
const REPLICAS_MIN: f64 = 0.85;

/// Rates, and then what is required of them. Ratios are medians of each run's.
pub fn bookings(connections: u32, runs: &[Run]) -> String {
    let mut text = format!("{connections} connections                a second    p99, ms\n");
    let lines: [(_, fn(&Run) -> Figures); 6] = [
        ("holds", |run| run.holds),
        ("holds, one statement", |run| run.hold_statements),
        ("holds, naive server", |run| run.naive_holds),
        ("refused holds", |run| run.refusals),
        ("payments", |run| run.payments),
        ("payments, one statement", |run| run.payment_statements),
    ];
    for (name, of) in lines {
        let rate = median(runs.iter().map(|run| of(run).rate));
        let p99 = median(runs.iter().map(|run| of(run).p99_micros)) / 1_000.0;
        let _ = writeln!(text, "{name:<28}{rate:>12.0}{p99:>11.1}");
    }
    let holds_min = if connections == FEW { HOLDS_MIN_OF_FEW } else { HOLDS_MIN_OF_MANY };
    let ratios: [(_, fn(&Run) -> f64, _, _); 4] = [
        ("holds : statements", |r| r.holds.rate / r.hold_statements.rate, "at least", holds_min),
        (
            "their p99",
            |r| r.holds.p99_micros / r.hold_statements.p99_micros,
            "at most",
            HOLDS_P99_MAX,
        ),
        (
            "holds : naive server",
            |r| r.holds.rate / r.naive_holds.rate,
            "at least",
            HOLDS_OF_NAIVE_MIN,
        ),
        (
            "payments : statements",
            |r| r.payments.rate / r.payment_statements.rate,
            "at least",
            PAYMENTS_MIN,
        ),
    ];
    for (name, ratio, bound, value) in ratios {
        let _ = writeln!(text, "{}", ratio_line(name, runs.iter().map(ratio), bound, value));
    }
    let refusals: f64 = runs.iter().map(|run| run.refusals.rate).sum();
    let logged: u64 = runs.iter().map(|run| run.refusal_wal_bytes).sum();
    let _ = writeln!(
        text,
        "the database logged {logged} bytes while {:.0} holds a second were refused\n",
        refusals / runs.len() as f64
    );
    text
}

/// What two replicas make of what one makes.
pub fn replicas(connections: u32, pairs: &[Pair]) -> String {
    let one = median(pairs.iter().map(|pair| pair.one));
    let two = median(pairs.iter().map(|pair| pair.two));
    let ratios = pairs.iter().map(|pair| pair.two / pair.one);
    let line = ratio_line("two replicas : one", ratios, "at least", REPLICAS_MIN);
    format!(
        "{connections} connections                a second\n\
         {:<28}{one:>12.0}\n{:<28}{two:>12.0}\n{line}\n\n",
        "holds, one replica", "holds, two replicas"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_have_medians_and_what_is_required() {
        let figures = |rate, p99_micros| Figures { rate, p99_micros };
        let run = |holds| Run {
            holds: figures(holds, 9_000.0),
            hold_statements: figures(4_000.0, 6_000.0),
            naive_holds: figures(1_000.0, 50_000.0),
            refusals: figures(9_000.0, 5_000.0),
            refusal_wal_bytes: 16,
            payments: figures(3_000.0, 7_000.0),
            payment_statements: figures(2_000.0, 8_000.0),
        };
        let runs = [run(4_000.0), run(2_000.0), run(6_000.0)];
        let text = bookings(FEW, &runs) + &replicas(FEW, &[Pair { one: 4_000.0, two: 3_600.0 }]);
        for line in [
            "holds                               4000        9.0",
            "holds : statements                  1.00    (0.50 to 1.50), at least 1",
            "their p99                           1.50    (1.50 to 1.50), at most 2",
            "payments : statements               1.50    (1.50 to 1.50), at least 1",
            "the database logged 48 bytes while 9000 holds a second were refused",
            "two replicas : one                  0.90    (0.90 to 0.90), at least 0.85",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
        assert!(bookings(256, &runs).contains("(0.50 to 1.50), at least 1.3"));
    }
}
