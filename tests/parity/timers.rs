//! Stories in which nobody sends ticks: the timers of both do what is due. They need not do it in the
//! same order, but must leave the same rows.

use crate::seeds;
use crate::story::{Line, Story};
use crate::twins::Twins;
use frontrow_core::Command;

/// Lines of a story.
const LINES: u32 = 200;

/// Whether a command does what timers do.
fn is_timers_work(command: &Command) -> bool {
    matches!(
        command,
        Command::Tick { .. }
            | Command::RefreshSoldOut { .. }
            | Command::ExpireTicket { .. }
            | Command::ExpireReservation { .. }
    )
}

#[tokio::test]
async fn left_to_their_timers_both_stand_the_same() {
    for seed in seeds(201..=208) {
        println!("seed {seed}");
        let mut story = Story::from_seed(seed);
        let mut twins = Twins::start(format!("seed {seed}"), true).await;
        for command in story.setup() {
            twins.perform(vec![command]).await;
        }
        for _ in 0..LINES {
            let step = story.step(&mut twins.world, twins.now);
            twins.pass_time(step).await;
            twins.do_what_is_due().await;
            twins.assert_same_rows().await;
            match story.line(&twins.world, twins.now) {
                Line::Command(command) if is_timers_work(&command) => {}
                Line::Command(command) => twins.perform(vec![command]).await,
                Line::Seen(ticket_id) => twins.see(ticket_id).await,
            }
        }
        twins.do_what_is_due().await;
        twins.assert_same_rows().await;
        twins.server.assert_sound().await;
    }
}
