//! The grid of ticks: the latest, the announced, and the next one that somebody can be let in at.

use crate::config;
use crate::names::{self, START};
use frontrow_core::concert::Concert;
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::Queue;
use frontrow_core::{Command, Outcome, Timestamp, World};
use proptest::prelude::*;

fn concert(interval_seconds: u32, batch_size: u32, sale_opens_at: Timestamp) -> Concert {
    Concert {
        id: names::concert(1),
        title: "Concert".to_owned(),
        sale_opens_at,
        admission: AdmissionPolicy {
            interval_seconds,
            batch_size,
            active_seconds: 3_600,
            max_active: None,
            lapse_seconds: 0,
            inventory_aware: false,
        },
        holds: HoldPolicy::default(),
        paused: false,
        closed: false,
        draining: false,
        notice: None,
        prequeue: None,
        created_at: START,
    }
}

fn queue(next_tick_at: Timestamp) -> Queue {
    let concert_id = names::concert(1);
    Queue { concert_id, next_number: 1, next_tick_at, rest: None, sold_out: false, draw: None }
}

/// A world with this many people in line, all joined at the start.
fn world_with_a_line(concert: Concert, people: u32) -> World {
    let mut world = World::new();
    let concert_id = concert.id;
    world.execute(&Command::CreateConcert { concert }, START).expect("the concert is sound");
    for number in (1..).take(people as usize) {
        let (ticket_id, user_id) = (names::ticket(number), names::user(number));
        let join = Command::Join { ticket_id, concert_id, user_id };
        world.execute(&join, START).expect("anybody may join");
    }
    world
}

proptest! {
    #![proptest_config(config(400))]

    /// The latest tick is found by counting them all.
    #[test]
    fn the_latest_tick_is_the_last_that_has_come_and_the_next_is_announced(
        interval in 1..30_u32,
        late in -60_000..600_000_i64,
    ) {
        let (concert, queue) = (concert(interval, 1, START), queue(START));
        let now = START.plus_millis(late);
        let (mut latest, mut next) = (None, START);
        while next <= now {
            latest = Some(next);
            next = next.plus_seconds(interval);
        }
        prop_assert_eq!(queue.latest_tick(&concert, now), latest);
        prop_assert_eq!(queue.announced_tick(&concert, now), next);
        prop_assert!(next > now);
    }

    /// However late a tick is and however many were missed: one batch, then the next in the future.
    #[test]
    fn missed_ticks_do_not_add_up(
        interval in 1..20_u32,
        batch_size in 1..6_u32,
        people in 1..40_u32,
        late in 0..200_000_i64,
    ) {
        let mut world = world_with_a_line(concert(interval, batch_size, START), people);
        let tick = Command::Tick { concert_id: names::concert(1), served_since: Timestamp::MIN };
        let now = START.plus_millis(late);
        let admitted = batch_size.min(people);
        let ticked = Outcome::Ticked { admitted, skipped: 0, expired: 0, more: false };
        prop_assert_eq!(world.execute(&tick, now), Ok(ticked));
        prop_assert_eq!(world.execute(&tick, now), Ok(Outcome::TickIdle));
        let next = world.state().queues().get(names::concert(1)).expect("it is there").next_tick_at;
        prop_assert!(next > now && next.millis_since(now) <= i64::from(interval) * 1_000);
        prop_assert_eq!(next.millis_since(START) % (i64::from(interval) * 1_000), 0);
    }

    /// Whoever is told a time is let in then, to the second, if nobody does anything.
    #[test]
    fn an_eta_comes_true_if_nobody_leaves(
        interval in 1..20_u32,
        batch_size in 1..6_u32,
        people in 1..40_u32,
        opens_in in 0..30_000_i64,
        asked_in in 0..60_000_i64,
    ) {
        let opens_at = START.plus_millis(opens_in);
        let mut world = world_with_a_line(concert(interval, batch_size, opens_at), people);
        let asked_at = START.plus_millis(asked_in);
        while let Some(at) = world.poll_timeout().filter(|at| *at <= asked_at) {
            world.handle_timeout(at);
        }
        let last = names::ticket(u128::from(people));
        let standing = world.standing(last, asked_at).expect("the last one stands in line");
        let eta = standing.eta_seconds.expect("people are let in");
        while world.standing(last, asked_at).is_some_and(|standing| standing.position.is_some()) {
            let at = world.poll_timeout().expect("a tick is to come");
            prop_assert!(at.millis_since(asked_at) <= i64::try_from(eta).expect("soon") * 1_000);
            world.handle_timeout(at);
            let let_in = world.standing(last, at).is_some_and(|s| s.position.is_none());
            if let_in {
                prop_assert_eq!(at.seconds_from(asked_at), eta);
            }
        }
    }

    /// A world whose timers are called on time lets in one batch at every tick, at its instant.
    #[test]
    fn timers_let_in_one_batch_at_every_tick(
        interval in 1..20_u32,
        batch_size in 1..6_u32,
        people in 1..40_u32,
    ) {
        let mut world = world_with_a_line(concert(interval, batch_size, START), people);
        for tick in 0..people.div_ceil(batch_size) {
            let at = world.poll_timeout().expect("somebody waits");
            prop_assert_eq!(at, START.plus_seconds(tick * interval));
            let let_in = |world: &World| {
                let waits = |n: u32| {
                    let standing = world.standing(names::ticket(u128::from(n)), at);
                    standing.is_some_and(|standing| standing.position.is_some())
                };
                (1..=people).filter(|n| !waits(*n)).count()
            };
            let before = let_in(&world);
            world.handle_timeout(at);
            let after = (before + batch_size as usize).min(people as usize);
            prop_assert_eq!(let_in(&world), after);
        }
    }
}
