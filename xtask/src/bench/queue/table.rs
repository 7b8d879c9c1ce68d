//! What is told of polls, and required of them. Where the figures come from is not known here.

use super::super::report::{Bound, rates, ratios};
use super::Round;

/// Polls against the constant route and against bare warp, their p99 against the constant route's, and how far a long
/// line may be from a short one.
const OF_CONSTANT: Bound = Bound::AtLeast(0.9);
const OF_BARE: Bound = Bound::AtLeast(0.75);
const P99: Bound = Bound::AtMost(2.0);
const OF_SHORT: Bound = Bound::AtLeast(0.9);

/// Rates, and then what is required of them.
pub fn table(connections: u32, rounds: &[Round]) -> String {
    let rates = rates(
        connections,
        rounds,
        [
            ("polls, 1,000,000 waiting", |r| r.polls),
            ("polls, 1,000 waiting", |r| r.short),
            ("constant route", |r| r.constant),
            ("bare warp", |r| r.bare),
        ],
    );
    let ratios = ratios(
        rounds,
        [
            ("polls : constant", |r| r.polls.rate / r.constant.rate, OF_CONSTANT),
            ("polls : bare", |r| r.polls.rate / r.bare.rate, OF_BARE),
            ("long : short line", |r| r.polls.rate / r.short.rate, OF_SHORT),
            ("p99 of polls : constant", |r| r.polls.p99_micros / r.constant.p99_micros, P99),
        ],
    );
    rates + &ratios + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::Figures;
    use super::*;

    #[test]
    fn the_table_has_medians_and_what_is_required() {
        let figures = |rate, p99_micros| Figures { rate, p99_micros, ..Figures::default() };
        let round = |polls| Round {
            polls: figures(polls, 2_000.0),
            short: figures(1_000.0, 2_000.0),
            constant: figures(1_000.0, 1_000.0),
            bare: figures(2_000.0, 500.0),
        };
        let text = table(64, &[round(900.0), round(100.0), round(950.0)]);
        for line in [
            "polls, 1,000,000 waiting             900        2.0",
            "polls : constant                    0.90    (0.10 to 0.95), at least 0.9",
            "polls : bare                        0.45    (0.05 to 0.47), at least 0.75",
            "p99 of polls : constant             2.00    (2.00 to 2.00), at most 2",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }
}
