//! What is told of bookings, and required of them. Where the figures come from is not known here.

use super::super::report::{Bound, rates, ratio_line, ratios};
use super::super::sim::median;
use super::{FEW, Pair, Run};

/// Holds : statements, with few connections and with many.
const HOLDS_OF_FEW: Bound = Bound::AtLeast(1.0);
const HOLDS_OF_MANY: Bound = Bound::AtLeast(1.3);
const HOLDS_P99: Bound = Bound::AtMost(2.0);
const HOLDS_OF_NAIVE: Bound = Bound::AtLeast(2.0);
const PAYMENTS: Bound = Bound::AtLeast(1.0);
const REPLICAS: Bound = Bound::AtLeast(0.85);

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
            ("payments : statements", |r| r.payments.rate / r.payment_statements.rate, PAYMENTS),
        ],
    );
    let logged = median(runs.iter().map(|run| run.refusal_wal_bytes));
    format!("{rates}{ratios}logged while holds were refused, bytes {logged:.0}\n\n")
}

/// What two replicas make of what one makes.
pub fn replicas(connections: u32, pairs: &[Pair]) -> String {
    let one = median(pairs.iter().map(|pair| pair.one));
    let two = median(pairs.iter().map(|pair| pair.two));
    let line =
        ratio_line("two replicas : one", pairs.iter().map(|pair| pair.two / pair.one), REPLICAS);
    format!(
        "{connections} connections                a second\n\
         {:<28}{one:>12.0}\n{:<28}{two:>12.0}\n{line}\n\n",
        "holds, one replica", "holds, two replicas"
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::wrk::Figures;
    use super::*;

    #[test]
    fn the_tables_have_medians_and_what_is_required() {
        let figures = |rate, p99_micros| Figures { rate, p99_micros };
        let run = |holds| Run {
            holds: figures(holds, 9_000.0),
            hold_statements: figures(4_000.0, 6_000.0),
            naive_holds: figures(1_000.0, 50_000.0),
            refusals: figures(9_000.0, 5_000.0),
            refusal_wal_bytes: 16.0,
            payments: figures(3_000.0, 7_000.0),
            payment_statements: figures(2_000.0, 8_000.0),
        };
        let runs = [run(4_000.0), run(2_000.0), run(6_000.0)];
        let text = bookings(FEW, &runs) + &replicas(FEW, &[Pair { one: 4_000.0, two: 3_600.0 }]);
        for line in [
            "holds                               4000        9.0",
            "holds : statements                  1.00    (0.50 to 1.50), at least 1",
            "p99 of holds : statements           1.50    (1.50 to 1.50), at most 2",
            "payments : statements               1.50    (1.50 to 1.50), at least 1",
            "logged while holds were refused, bytes 16",
            "two replicas : one                  0.90    (0.90 to 0.90), at least 0.85",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
        assert!(bookings(256, &runs).contains("(0.50 to 1.50), at least 1.3"));
    }
}
