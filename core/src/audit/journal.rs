//! Invariants of admission, which only the order of events can show.

use super::{Check, Invariant};
use crate::event::{Event, EventKind};
use crate::ids::{ConcertId, TicketId};
use crate::queue::{Commitment, DrawError, Order, Reveal};
use crate::time::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

/// What was seen of one queue.
#[derive(Debug, Default)]
struct Seen {
    /// What the concert committed to, if it draws.
    commitment: Option<Commitment>,
    arrivals: u64,
    /// What the draw must have given, or why it was not fair.
    drawn: Option<Result<Order, DrawError>>,
    last_admitted: u64,
    active: FxHashSet<TicketId>,
    tick_at: Option<Timestamp>,
    /// The tick's `batch_size`, as its first part read it: a change binds the next tick.
    batch_size: Option<u32>,
    admitted_at_tick: u64,
    admitted_since_report: u32,
}

impl Seen {
    /// The number by which who arrived with this one is to be let in; 0 if they were not drawn fairly.
    fn ticket_number(&self, arrival_number: u64) -> u64 {
        match (self.commitment, &self.drawn) {
            (Some(_), Some(drawn)) if arrival_number <= self.arrivals => {
                drawn.as_ref().map_or(0, |order| order.ticket_number(arrival_number))
            }
            // Nobody may be let in before the draw.
            (Some(_), None) => 0,
            _ => arrival_number,
        }
    }

    fn draw(&mut self, Reveal { seed, beacon_value }: &Reveal) {
        let beacon_value = beacon_value.as_deref();
        self.drawn = self
            .commitment
            .map(|commitment| Order::verified(seed, &commitment, beacon_value, self.arrivals));
    }

    /// Counts anew if this is another tick than the last one.
    fn at_tick(&mut self, tick_at: Timestamp) {
        if self.tick_at != Some(tick_at) {
            self.tick_at = Some(tick_at);
            self.batch_size = None;
            self.admitted_at_tick = 0;
        }
    }
}

#[derive(Debug)]
pub(super) struct Journal {
    queues: FxHashMap<ConcertId, Seen>,
    cap: Check,
    batch: Check,
    order: Check,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            queues: FxHashMap::default(),
            cap: Check::new(Invariant::ActiveAtMostCap),
            batch: Check::new(Invariant::AdmittedPerTickAtMostBatch),
            order: Check::new(Invariant::NoOvertaking),
        }
    }
}

impl Journal {
    pub(super) fn read(&mut self, event: &Event) {
        match event.kind {
            EventKind::ConcertCreated { ref concert } => {
                let prequeue = concert.prequeue.as_ref();
                let commitment = prequeue.and_then(|prequeue| Some(prequeue.seed?.commitment()));
                self.queues.entry(concert.id).or_default().commitment = commitment;
            }
            EventKind::PrequeueClosed { concert_id, arrivals } => {
                self.queues.entry(concert_id).or_default().arrivals = arrivals;
            }
            EventKind::QueueDrawn { concert_id, ref reveal } => {
                self.queues.entry(concert_id).or_default().draw(reveal);
            }
            EventKind::TicketAdmitted { ticket_id, concert_id, number, tick_at, .. } => {
                let seen = self.queues.entry(concert_id).or_default();
                let (number, last) = (seen.ticket_number(number), seen.last_admitted);
                self.order.look(number > last, || {
                    format!("concert {concert_id}: ticket {number} was admitted after {last}")
                });
                seen.last_admitted = last.max(number);
                seen.active.insert(ticket_id);
                seen.at_tick(tick_at);
                seen.admitted_at_tick += 1;
                seen.admitted_since_report += 1;
            }
            EventKind::TicketExpired { ticket_id, concert_id, .. }
            | EventKind::TicketLeft { ticket_id, concert_id }
            | EventKind::TicketConsumed { ticket_id, concert_id } => {
                self.queues.entry(concert_id).or_default().active.remove(&ticket_id);
            }
            EventKind::TickRan {
                concert_id, tick_at, batch_size, max_active, admitted, ..
            } => {
                let seen = self.queues.entry(concert_id).or_default();
                seen.at_tick(tick_at);
                let batch_size = *seen.batch_size.get_or_insert(batch_size);
                let at_tick = seen.admitted_at_tick;
                let reported = seen.admitted_since_report == admitted;
                self.batch.look(at_tick <= u64::from(batch_size) && reported, || {
                    format!("concert {concert_id}: the tick at {tick_at} admitted {at_tick}")
                });
                let active = seen.active.len() as u64;
                let fits = max_active.is_none_or(|cap| active <= u64::from(cap));
                self.cap.look(admitted == 0 || fits, || {
                    format!("concert {concert_id}: {active} active after the tick at {tick_at}")
                });
                seen.admitted_since_report = 0;
            }
            _ => {}
        }
    }

    pub(super) fn checks(&self) -> [Check; 3] {
        [self.cap.clone(), self.batch.clone(), self.order.clone()]
    }
}
