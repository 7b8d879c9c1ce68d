//! What is told of bookings, and required of them. Where the figures come from is not known here.

use super::super::report::{Bound, rates, ratio_line, ratios};
use super::super::sim::median;
use super::super::wrk::Figures;
use super::{FEW, Pair, Run};
use std::fmt::Write;

/// Holds : statements, with few connections and with many.
const HOLDS_OF_FEW: Bound = Bound::AtLeast(1.0);
const HOLDS_OF_MANY: Bound = Bound::AtLeast(1.3);
const HOLDS_P99: Bound = Bound::AtMost(2.0);
const HOLDS_OF_NAIVE: Bound = Bound::AtLeast(2.0);
const REFUSALS: Bound = Bound::AtLeast(0.5);
const PAYMENTS: Bound = Bound::AtLeast(1.0);
const REPLICAS: Bound = Bound::AtLeast(0.85);
const OF_TRANSACTIONS: Bound = Bound::AtLeast(2.0);
const GROWTH: Bound = Bound::AtLeast(0.85);
/// The time of a crowd that chooses at random : of one in which nobody wants what somebody else does.
const RUSH: Bound = Bound::AtMost(2.0);

/// Rates, and then what is required of them.
pub fn bookings(connections: u32, runs: &[Run]) -> String {
    let rates = rates(
        connections,
        runs,
        [
            ("holds", |run| run.holds),
            ("holds, one statement", |run| run.hold_statements),
            ("holds, naive server", |run| run.naive_holds),
            ("refused holds", |run| run.refusals),
            ("always refused", |run| run.constant),
            ("payments", |run| run.payments),
            ("payments, one statement", |run| run.payment_statements),
        ],
    );
    let of_statements = if connections == FEW { HOLDS_OF_FEW } else { HOLDS_OF_MANY };
    let ratios = ratios(
        runs,
        [
            ("holds : statements", |r| r.holds.rate / r.hold_statements.rate, of_statements),
            (
                "p99 of holds : statements",
                |r| r.holds.p99_micros / r.hold_statements.p99_micros,
                HOLDS_P99,
            ),
            ("holds : naive server", |r| r.holds.rate / r.naive_holds.rate, HOLDS_OF_NAIVE),
            ("refused : always refused", |r| r.refusals.rate / r.constant.rate, REFUSALS),
            ("payments : statements", |r| r.payments.rate / r.payment_statements.rate, PAYMENTS),
        ],
    );
    let logged = median(runs.iter().map(|run| run.refusal_wal_bytes));
    format!("{rates}{ratios}logged while holds were refused, bytes {logged:.0}\n\n")
}

/// What two replicas make of what one makes.
pub fn replicas(connections: u32, pairs: &[Pair]) -> String {
    let head = format!("{connections} connections                a second");
    let names = ["holds, one replica", "holds, two replicas", "two replicas : one"];
    compared(&head, names, pairs, |pair| pair.other / pair.one, REPLICAS)
}

/// What a million bookings that were made before leave of what an empty database makes.
pub fn growth(connections: u32, pairs: &[Pair]) -> String {
    let head = format!("{connections} connections                a second");
    let names = ["holds, empty database", "holds, a million sold", "a million sold : empty"];
    compared(&head, names, pairs, |pair| pair.other / pair.one, GROWTH)
}

/// Holds on SQLite, and what comes of one transaction for each.
pub fn on_sqlite(connections: u32, pairs: &[Pair]) -> String {
    let head = format!("{connections} connections, SQLite        a second");
    let names = ["a transaction each", "holds", "holds : transactions"];
    compared(&head, names, pairs, |pair| pair.other / pair.one, OF_TRANSACTIONS)
}

/// What a crowd makes that comes at once.
pub fn rushes(pairs: &[Pair]) -> String {
    let head = format!("{} people at once            a second", super::RUSH_PEOPLE);
    let names = ["each their own seat", "seats at random", "time, random : own"];
    compared(&head, names, pairs, |pair| pair.one / pair.other, RUSH)
}

/// What comes of more than can be done: by what part of it is asked for.
pub fn overload(loads: &[(f64, Figures)]) -> String {
    let mut text =
        "charges asked for, of what can be done     a second    refused    p50, ms    p99, ms\n"
            .to_owned();
    for (part, figures) in loads {
        let Figures { rate, other_share, timed_p50_millis, timed_p99_millis, .. } = figures;
        let served = rate * (1.0 - other_share);
        let percent = 100.0 * other_share;
        let _ = writeln!(
            text,
            "{part:<42.1}{served:>9.0}{percent:>9.0} %{timed_p50_millis:>11.0}{timed_p99_millis:>11.0}"
        );
    }
    text + "p50 and p99 are of those that were served\n\n"
}

fn compared(
    head: &str,
    [one, other, ratio]: [&str; 3],
    pairs: &[Pair],
    of: fn(&Pair) -> f64,
    bound: Bound,
) -> String {
    let (of_one, of_other) =
        (median(pairs.iter().map(|pair| pair.one)), median(pairs.iter().map(|pair| pair.other)));
    let line = ratio_line(ratio, pairs.iter().map(of), bound);
    format!("{head}\n{one:<28}{of_one:>12.0}\n{other:<28}{of_other:>12.0}\n{line}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_have_medians_and_what_is_required() {
        let figures = |rate, p99_micros| Figures { rate, p99_micros, ..Figures::default() };
        let run = |holds| Run {
            holds: figures(holds, 9_000.0),
            hold_statements: figures(4_000.0, 6_000.0),
            naive_holds: figures(1_000.0, 50_000.0),
            refusals: figures(9_000.0, 5_000.0),
            constant: figures(12_000.0, 4_000.0),
            refusal_wal_bytes: 16.0,
            payments: figures(3_000.0, 7_000.0),
            payment_statements: figures(2_000.0, 8_000.0),
        };
        let runs = [run(4_000.0), run(2_000.0), run(6_000.0)];
        let text = bookings(FEW, &runs)
            + &replicas(FEW, &[Pair { one: 4_000.0, other: 3_600.0 }])
            + &rushes(&[Pair { one: 8_000.0, other: 5_000.0 }]);
        for line in [
            "holds                               4000        9.0",
            "holds : statements                  1.00    (0.50 to 1.50), at least 1",
            "p99 of holds : statements           1.50    (1.50 to 1.50), at most 2",
            "refused : always refused            0.75    (0.75 to 0.75), at least 0.5",
            "20000 people at once            a second",
            "time, random : own                  1.60    (1.60 to 1.60), at most 2",
            "payments : statements               1.50    (1.50 to 1.50), at least 1",
            "logged while holds were refused, bytes 16",
            "two replicas : one                  0.90    (0.90 to 0.90), at least 0.85",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
        assert!(bookings(256, &runs).contains("(0.50 to 1.50), at least 1.3"));
    }
}
