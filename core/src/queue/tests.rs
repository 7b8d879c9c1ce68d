//! The grid of ticks: which tick was the last, which is told, which will find somebody.

use super::{Queue, TickRest};
use crate::concert::Concert;
use crate::ids::ConcertId;
use crate::policy::{AdmissionPolicy, HoldPolicy};
use crate::time::Timestamp;
use uuid::Uuid;

const fn second(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

/// Ticks at 100, 110, 120, …
fn concert() -> Concert {
    Concert {
        id: ConcertId(Uuid::nil()),
        title: "Grid".to_owned(),
        sale_opens_at: second(100),
        admission: AdmissionPolicy {
            interval_seconds: 10,
            batch_size: 1,
            active_seconds: 60,
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
        created_at: second(0),
    }
}

/// A queue whose next tick is stored as `next_tick_at`.
fn queue(next_tick_at: Timestamp) -> Queue {
    Queue { next_tick_at, ..Queue::new(&concert()) }
}

#[test]
fn a_new_queue_ticks_first_when_the_sale_opens() {
    let queue = Queue::new(&concert());
    assert_eq!((queue.next_tick_at, queue.next_number), (second(100), 1));
    assert_eq!((queue.rest, queue.sold_out), (None, false));
}

#[test]
fn the_latest_tick_is_the_last_one_at_or_before_now() {
    let latest = |now| queue(second(100)).latest_tick(&concert(), now);
    assert_eq!(latest(second(99)), None);
    assert_eq!(latest(second(100).plus_millis(-1)), None);
    assert_eq!(latest(second(100)), Some(second(100)));
    assert_eq!(latest(second(110).plus_millis(-1)), Some(second(100)));
    assert_eq!(latest(second(110)), Some(second(110)));
    assert_eq!(latest(second(1_000_009)), Some(second(1_000_000)));
}

#[test]
fn a_tick_that_is_done_is_not_the_latest_any_more() {
    // The tick at 100 ran and stored 110.
    assert_eq!(queue(second(110)).latest_tick(&concert(), second(105)), None);
}

#[test]
fn the_announced_tick_is_the_first_after_now() {
    let announced = |now| queue(second(100)).announced_tick(&concert(), now);
    assert_eq!(announced(second(0)), second(100));
    assert_eq!(announced(second(100).plus_millis(-1)), second(100));
    assert_eq!(announced(second(100)), second(110));
    assert_eq!(announced(second(119)), second(120));
    assert_eq!(announced(second(120)), second(130));
}

#[test]
fn the_latest_and_the_announced_tick_are_one_interval_apart() {
    let (concert, queue) = (concert(), queue(second(100)));
    for millis in (100_000..131_000).step_by(500) {
        let now = Timestamp::from_millis(millis);
        let latest = queue.latest_tick(&concert, now).unwrap();
        let announced = queue.announced_tick(&concert, now);
        assert!(latest <= now && now < announced);
        assert_eq!(announced.millis_since(latest), 10_000);
        assert_eq!(latest.millis_since(concert.sale_opens_at) % 10_000, 0);
    }
}

#[test]
fn the_grid_has_whole_milliseconds_and_any_origin() {
    let (concert, queue) = (concert(), queue(Timestamp::from_millis(-7)));
    let latest = |millis| queue.latest_tick(&concert, Timestamp::from_millis(millis));
    assert_eq!(latest(-8), None);
    assert_eq!(latest(-7), Some(Timestamp::from_millis(-7)));
    assert_eq!(latest(9_993), Some(Timestamp::from_millis(9_993)));
    assert_eq!(latest(9_992), Some(Timestamp::from_millis(-7)));
}

#[test]
fn the_tick_that_is_due_is_the_first_that_finds_the_head_of_the_line() {
    let due = |head_issued_at| queue(second(100)).due_tick(&concert(), head_issued_at);
    assert_eq!(due(second(3)), Some(second(100)), "before the sale opens");
    assert_eq!(due(second(100)), Some(second(100)), "at the instant of a tick");
    assert_eq!(due(second(100).plus_millis(1)), Some(second(110)));
    assert_eq!(due(second(110).plus_millis(-1)), Some(second(110)));
    assert_eq!(due(second(5_003)), Some(second(5_010)), "after a quiet time");
}

#[test]
fn a_head_that_was_there_before_is_due_at_the_next_tick_that_is_stored() {
    let queue = queue(second(150));
    assert_eq!(queue.due_tick(&concert(), second(3)), Some(second(150)));
    assert_eq!(queue.due_tick(&concert(), second(149)), Some(second(150)));
}

#[test]
fn a_tick_that_goes_on_is_due_at_once() {
    let rest = Some(TickRest { tick_at: second(100), remaining: 5 });
    let queue = Queue { rest, ..queue(second(110)) };
    assert_eq!(queue.due_tick(&concert(), second(104)), Some(Timestamp::MIN));
}

#[test]
fn no_tick_is_due_while_nobody_is_let_in() {
    let due = |queue: &Queue, concert: &Concert| queue.due_tick(concert, second(3));
    let rest = Some(TickRest { tick_at: second(100), remaining: 5 });
    let ticking = Queue { rest, ..queue(second(110)) };
    assert_eq!(due(&ticking, &Concert { paused: true, ..concert() }), None);
    assert_eq!(due(&ticking, &Concert { closed: true, ..concert() }), None);
    assert_eq!(due(&Queue { sold_out: true, ..ticking }, &concert()), None);
}
