//! Decisions of the fair start: when joining closes, and the draw.

use super::{Draw, Reveal};
use crate::concert::{Concert, Prequeue};
use crate::decision::Decision;
use crate::event::{EventKind, Events};
use crate::ids::ConcertId;
use crate::key::{Key, Mode, Need};
use crate::outcome::Outcome;
use crate::policy::plain_text;
use crate::queue::Queue;
use crate::rejection::Rejection;
use crate::state::State;
use crate::time::Timestamp;

/// What follows for the pre-queue from the sale having opened by `now`: how many had arrived is stored, and where
/// no beacon is waited for, they are drawn.
pub(crate) fn close(concert: &Concert, queue: &Queue, now: Timestamp) -> Events {
    let mut events = Events::new();
    let Some(prequeue) = concert.drawn_prequeue() else { return events };
    if now < concert.sale_opens_at {
        return events;
    }
    let concert_id = concert.id;
    if queue.draw.is_none() {
        let arrivals = queue.next_number - 1;
        events.push(EventKind::PrequeueClosed { concert_id, arrivals }.at(now));
    }
    if let Prequeue { seed: Some(seed), beacon: None, .. } = *prequeue
        && !queue.is_drawn()
    {
        let reveal = Reveal { seed, beacon_value: None };
        events.push(EventKind::QueueDrawn { concert_id, reveal }.at(now));
    }
    events
}

/// Draws with the value of the beacon that the concert had named. The same value again changes nothing.
pub(crate) fn draw(
    state: &State,
    concert_id: ConcertId,
    beacon_value: &str,
    now: Timestamp,
) -> Result<Decision, Need> {
    let mut errors = Vec::new();
    plain_text(&mut errors, "beacon_value", beacon_value);
    if !errors.is_empty() {
        return Decision::refuse(Rejection::MalformedRequest { errors });
    }
    state.require(&[Key::Queue(concert_id), Key::Concert(concert_id, Mode::Fact)])?;
    let (Some(concert), Some(queue)) = (state.concert(concert_id)?, state.queue(concert_id)?)
    else {
        return Decision::refuse(Rejection::ConcertNotFound);
    };
    let prequeue = concert.drawn_prequeue().filter(|prequeue| prequeue.beacon.is_some());
    let Some(seed) = prequeue.and_then(|prequeue| prequeue.seed) else {
        return Decision::refuse(Rejection::DrawNotOpen);
    };
    let reveal = Reveal { seed, beacon_value: Some(beacon_value.to_owned()) };
    if let Some(Draw { reveal: Some(made), .. }) = &queue.draw {
        return if *made == reveal {
            Decision::accept(Events::new(), Outcome::Drawn)
        } else {
            Decision::refuse(Rejection::AlreadyDrawn)
        };
    }
    if now < concert.sale_opens_at {
        return Decision::refuse(Rejection::DrawNotOpen);
    }
    let mut events = close(concert, queue, now);
    events.push(EventKind::QueueDrawn { concert_id, reveal }.at(now));
    Decision::accept(events, Outcome::Drawn)
}
