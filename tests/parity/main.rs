//! The same commands at the same times, once through core's `World` in memory and once through the
//! server's `Executor` on SQLite or Postgres: the same answers, the same journal, the same rows. What a
//! story does is drawn in `story` from a seed; the two worlds side by side are `twins`. In `wasm`, the npm
//! package is the fourth world.
//!
//! `PARITY_SEEDS` (such as `1-500`) tells other stories than the usual ones.

mod long_ticks;
mod story;
mod timers;
mod twins;
mod wasm;

use std::ops::RangeInclusive;
use story::{Line, Story};
use twins::{Heard, Twins};

/// Lines of a story.
const LINES: u32 = 400;
/// Most commands in one batch.
const TOGETHER_MAX: u32 = 12;
/// What the stories must bring about between them, or they would prove little.
const TO_BE_HEARD: [&str; 43] = [
    "concert_created",
    "concert_changed",
    "schedule_added",
    "joined",
    "left",
    "tick_idle",
    "ticked",
    "sold_out_refreshed",
    "expiry_stored",
    "held",
    "withdrawn",
    "paid",
    "charged",
    "drawn",
    "already_drawn",
    "already_paid",
    "amount_invalid",
    "amount_mismatch",
    "balance_limit_exceeded",
    "balance_not_found",
    "concert_not_found",
    "draw_not_open",
    "hold_exists",
    "hold_expired",
    "id_in_use",
    "insufficient_balance",
    "malformed_request",
    "no_seats_available",
    "queue_closed",
    "queue_not_open",
    "queue_token_expired",
    "queue_token_invalid",
    "queue_token_waiting",
    "queue_token_wrong_concert",
    "reservation_not_found",
    "reservation_not_held",
    "sale_closed",
    "schedule_not_found",
    "schedule_started",
    "seat_not_found",
    "seat_limit_exceeded",
    "seat_taken",
    "sold_out",
];

fn seeds(usual: RangeInclusive<u64>) -> RangeInclusive<u64> {
    let Ok(asked) = std::env::var("PARITY_SEEDS") else { return usual };
    let (first, last) = asked.split_once('-').unwrap_or((&asked, &asked));
    let number = |text: &str| text.parse().expect("PARITY_SEEDS is like 7 or 1-500");
    number(first)..=number(last)
}

/// Tells one story; each command by itself, or those of one instant together.
async fn tell(seed: u64, together: bool) -> Heard {
    println!("seed {seed}");
    let mut story = Story::from_seed(seed);
    let mut twins = Twins::start(format!("seed {seed}"), together).await;
    for command in story.setup() {
        twins.perform(vec![command]).await;
    }
    for _ in 0..LINES {
        let step = story.step(&mut twins.world, twins.now);
        twins.pass_time(step).await;
        let count = if together { story.below(TOGETHER_MAX) + 1 } else { 1 };
        for _ in 0..count {
            match story.line(&twins.world, twins.now) {
                Line::Command(command) => twins.foretell(command),
                Line::Seen(ticket_id) => {
                    // Marks are no commands: what was told before them must have happened.
                    twins.catch_up().await;
                    twins.see(ticket_id).await;
                }
            }
        }
        twins.catch_up().await;
    }
    twins.finish().await
}

fn assert_told_enough(heard: &Heard) {
    let missing: Vec<&str> =
        TO_BE_HEARD.into_iter().filter(|word| !heard.words.contains(*word)).collect();
    assert!(missing.is_empty() || std::env::var_os("PARITY_SEEDS").is_some(), "no {missing:?}");
    assert!(heard.events_of_every_kind() || std::env::var_os("PARITY_SEEDS").is_some());
}

#[tokio::test]
async fn a_server_answers_and_stands_as_a_world_does() {
    let mut heard = Heard::default();
    for seed in seeds(1..=20) {
        heard.add(tell(seed, false).await);
    }
    assert_told_enough(&heard);
}

#[tokio::test]
async fn commands_of_one_batch_are_decided_in_the_order_in_which_they_came() {
    let mut heard = Heard::default();
    for seed in seeds(101..=112) {
        heard.add(tell(seed, true).await);
    }
    assert_told_enough(&heard);
}
