//! How often people in line ask again: all of them together within the budget, whatever the policy.

use crate::story::Story;
use frontrow_core::queue::pacing::{
    POLL_AFTER_SECONDS_MAX, POLLS_PER_SECOND_MAX, Wait, jitter, poll_after_seconds,
};
use std::collections::BTreeSet;

const MILLION: u64 = 1_000_000;
const NOW_MILLIS: i64 = 1_795_345_200_000;

/// Who stands at `position` of a line in which `batch_size` are let in each `interval_seconds`, from
/// `next_tick_seconds` on.
struct Line {
    waiting: u64,
    batch_size: u64,
    interval_seconds: u64,
    next_tick_seconds: Option<u64>,
    lapse_seconds: u32,
}

impl Line {
    fn of(waiting: u64, batch_size: u64, interval_seconds: u64, next_tick_seconds: u64) -> Self {
        let next_tick_seconds = Some(next_tick_seconds);
        Self { waiting, batch_size, interval_seconds, next_tick_seconds, lapse_seconds: 180 }
    }

    fn wait(&self, position: u64) -> Wait {
        let ticks = (position - 1) / self.batch_size;
        Wait {
            position,
            waiting: self.waiting,
            eta_seconds: self.next_tick_seconds.map(|tick| tick + ticks * self.interval_seconds),
            next_tick_seconds: self.next_tick_seconds,
            lapse_seconds: self.lapse_seconds,
        }
    }

    fn asks_after(&self, position: u64) -> u64 {
        poll_after_seconds(self.wait(position), jitter(position, NOW_MILLIS))
    }

    /// Polls that all of it make in a second.
    #[allow(clippy::cast_precision_loss, reason = "seconds within a minute")]
    fn polls_per_second(&self) -> f64 {
        (1..=self.waiting).map(|position| 1.0 / self.asks_after(position) as f64).sum()
    }
}

#[allow(clippy::cast_precision_loss, reason = "it is small")]
const BUDGET: f64 = POLLS_PER_SECOND_MAX as f64;

#[test]
fn a_million_in_line_keep_the_budget_whatever_the_policy() {
    for (name, line) in [
        ("one a second", Line::of(MILLION, 1, 1, 1)),
        ("100 each 10 s", Line::of(MILLION, 100, 10, 10)),
        ("1,000 each 10 s", Line::of(MILLION, 1_000, 10, 3)),
        ("1,000 each second", Line::of(MILLION, 1_000, 1, 1)),
        ("10,000 each 10 s", Line::of(MILLION, 10_000, 10, 10)),
        ("50,000 each minute", Line::of(MILLION, 50_000, 60, 30)),
        ("all at once, in 10 s", Line::of(MILLION, MILLION, 10, 10)),
        ("all at once, in an hour", Line::of(MILLION, MILLION, 10, 3_600)),
        ("paused", Line { next_tick_seconds: None, ..Line::of(MILLION, 100, 10, 10) }),
    ] {
        let polls = line.polls_per_second();
        println!("{name}: {polls:.0} polls a second");
        assert!(polls <= BUDGET, "{name}: {polls}");
    }
}

#[test]
fn a_line_of_any_length_keeps_the_budget() {
    for waiting in [1, 1_000, 19_999, 20_000, 20_001, 40_000, 60_001, 100_000, 300_000, 700_000] {
        for line in [Line::of(waiting, MILLION, 10, 10), Line::of(waiting, 1_000, 10, 10)] {
            let polls = line.polls_per_second();
            assert!(polls <= BUDGET, "{waiting}: {polls}");
        }
    }
}

#[test]
fn presence_comes_before_the_budget() {
    let line = Line { lapse_seconds: 5, ..Line::of(MILLION, 100, 10, 10) };
    assert!([1, 1_000, MILLION].iter().all(|position| line.asks_after(*position) == 1));
    let line = Line { lapse_seconds: 60, ..line };
    assert!((1..5_000).all(|position| line.asks_after(position * 200) <= 20));
}

#[test]
fn the_head_of_the_line_asks_each_second_or_two() {
    for line in [Line::of(MILLION, 100, 10, 10), Line::of(300, 100, 60, 60), Line::of(1, 1, 1, 1)] {
        assert!((1..=line.waiting.min(100)).all(|position| line.asks_after(position) <= 2));
    }
}

#[test]
fn who_waits_for_hours_asks_each_minute_or_so() {
    let line = Line::of(MILLION, 100, 10, 10);
    let asks: BTreeSet<u64> =
        (999_000..MILLION).map(|position| line.asks_after(position)).collect();
    assert_eq!(asks, (48..=POLL_AFTER_SECONDS_MAX).collect());
}

#[test]
fn people_who_joined_together_spread_out() {
    // Ten thousand who joined at the same instant and are told the same wait, of which the jitter has 13 values.
    let line = Line::of(MILLION, MILLION, 10, 3_600);
    let mut asks = [0_u32; 61];
    for position in 500_000..510_000 {
        asks[usize::try_from(line.asks_after(position)).unwrap()] += 1;
    }
    for count in &asks[48..=60] {
        assert!((600..950).contains(count), "{asks:?}");
    }
}

#[test]
fn ones_polls_do_not_fall_into_step() {
    let wait = Line::of(MILLION, 100, 10, 10).wait(800_000);
    let (mut now, mut asks) = (NOW_MILLIS, Vec::new());
    for _ in 0..100 {
        let after = poll_after_seconds(wait, jitter(7, now));
        asks.push(after);
        now += i64::try_from(after).unwrap() * 1_000;
    }
    assert_eq!(asks.iter().collect::<BTreeSet<_>>().len(), 13, "every one of 48 to 60: {asks:?}");
}

#[test]
fn a_poll_comes_before_ones_turn_or_shortly_after_it() {
    for line in [Line::of(MILLION, 100, 10, 10), Line::of(50_000, 1_000, 10, 4)] {
        for position in 1..=line.waiting {
            let wait = line.wait(position);
            let eta = wait.eta_seconds.unwrap();
            assert!(line.asks_after(position) <= eta.max(2), "{wait:?}");
        }
    }
}

#[test]
fn a_standing_is_paced_by_its_place_and_its_time() {
    let mut story = Story::new();
    story.join_all(&(1..=300).collect::<Vec<_>>());
    let asks = |story: &Story, person| story.standing(person).poll_after_seconds;
    let before: Vec<u64> = (250..=300).map(|person| asks(&story, person)).collect();
    assert!(before.iter().all(|after| (48..=60).contains(after)));
    assert_eq!(before, (250..=300).map(|person| asks(&story, person)).collect::<Vec<_>>());
    story.at(-1);
    assert_ne!(before, (250..=300).map(|person| asks(&story, person)).collect::<Vec<_>>());
    assert!((1..=2).contains(&asks(&story, 1)));
    story.pause(true);
    assert!((48..=60).contains(&asks(&story, 1)), "nobody is let in");
}
