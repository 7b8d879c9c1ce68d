//! When to ask again, for any wait: within its bounds, rarer the longer the wait, and with a jitter that is no
//! more than that.

use crate::config;
use frontrow_core::queue::pacing::{
    POLL_AFTER_SECONDS_MAX, POLLS_PER_SECOND_MAX, Wait, jitter, poll_after_seconds,
};
use proptest::prelude::*;

/// Any wait whose numbers fit together: the turn is not before the next tick, nor the line shorter than the
/// place in it.
fn waits() -> impl Strategy<Value = Wait> {
    let lapse_seconds = prop_oneof![Just(0), Just(180), 5..86_401_u32];
    let ticks = prop_oneof![Just(0), 0..20_u64, 0..u64::MAX];
    let place = prop_oneof![1..100_u64, 1..3_000_000_u64];
    (place, 0..3_000_000_u64, 0..100_000_u64, ticks, any::<bool>(), lapse_seconds).prop_map(
        |(position, behind, tick, ticks, is_told, lapse_seconds)| Wait {
            position,
            waiting: position + behind,
            eta_seconds: is_told.then_some(tick.saturating_add(ticks)),
            next_tick_seconds: is_told.then_some(tick),
            lapse_seconds,
        },
    )
}

/// The soonest and the latest answer that the jitter can make of it.
fn range(wait: Wait) -> (u64, u64) {
    // A jitter of n values is its number's remainder by n, and none has more than 13.
    let answers = || (0..13).map(|jitter| poll_after_seconds(wait, jitter));
    (answers().min().expect("there are answers"), answers().max().expect("there are answers"))
}

proptest! {
    #![proptest_config(config(400))]

    /// At least a second, at most a minute, and three polls before one counts as absent.
    #[test]
    fn a_poll_comes_within_its_bounds(wait in waits(), number in any::<u64>(), now in any::<i64>()) {
        let after = poll_after_seconds(wait, jitter(number, now));
        prop_assert!((1..=POLL_AFTER_SECONDS_MAX).contains(&after));
        prop_assert!(wait.lapse_seconds == 0 || after * 3 <= u64::from(wait.lapse_seconds));
    }

    /// Jitter adds a quarter at most, or a second.
    #[test]
    fn jitter_is_small(wait in waits()) {
        let (soonest, latest) = range(wait);
        prop_assert!(latest - soonest <= (soonest / 4).max(1));
    }

    /// Whoever stands further back asks no more often, but for the jitter.
    #[test]
    fn polls_are_rarer_the_longer_the_wait(wait in waits(), places in 0..1_000_000_u64, longer in 0..10_000_u64) {
        let behind = Wait {
            position: wait.position + places,
            waiting: wait.waiting + places,
            eta_seconds: wait.eta_seconds.map(|eta| eta.saturating_add(longer)),
            ..wait
        };
        let ((soonest, latest), (soonest_behind, latest_behind)) = (range(wait), range(behind));
        prop_assert!(soonest <= soonest_behind && latest <= latest_behind);
    }

    /// With a million in line and time enough, all but the head keep its budget each by themselves.
    #[test]
    fn the_crowd_keeps_its_budget(wait in waits()) {
        let crowd = Wait { lapse_seconds: 0, ..wait };
        let (soonest, _) = range(crowd);
        let is_ahead = crowd.position / 250 < crowd.waiting.div_ceil(POLLS_PER_SECOND_MAX);
        prop_assert!(is_ahead || crowd.waiting > 960_000 || crowd.waiting <= soonest * POLLS_PER_SECOND_MAX);
    }

    /// Who is let in at the next tick, and soon, and stands near the head, asks each second or two.
    #[test]
    fn the_head_asks_each_second_or_two(wait in waits(), tick in 0..61_u64, position in 1..500_u64) {
        let told = Some(tick);
        let head = Wait { position, eta_seconds: told, next_tick_seconds: told, ..wait };
        prop_assert!(range(head).1 <= 2);
    }
}
