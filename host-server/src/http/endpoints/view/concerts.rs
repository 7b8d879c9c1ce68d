//! How concerts and their schedules look on the wire.

use crate::schemas;
use crate::wire::WireTime;
use frontrow_core::concert::{
    Concert, ConcertState, DrawKind, Notice, Prequeue, Schedule, Section,
};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::Queue;
use frontrow_core::{ConcertId, ScheduleId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// A concert.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Concert)]
pub struct ConcertView {
    #[schema(value_type = Uuid)]
    id: ConcertId,
    title: String,
    sale_opens_at: WireTime,
    #[schema(value_type = schemas::AdmissionPolicy)]
    admission: AdmissionPolicy,
    #[schema(value_type = schemas::HoldPolicy)]
    holds: HoldPolicy,
    #[schema(value_type = schemas::ConcertState)]
    state: ConcertState,
    /// Whether the queue takes nobody new, while those in it are served.
    draining: bool,
    /// The operator's text for the people in line.
    #[schema(value_type = Option<schemas::Notice>)]
    notice: Option<Notice>,
    /// A fair start, where there is one.
    prequeue: Option<PrequeueView>,
    created_at: WireTime,
}

impl ConcertView {
    /// A concert as it stands at `now`.
    pub fn new(concert: &Concert, queue: &Queue, now: Timestamp) -> Self {
        Self {
            id: concert.id,
            title: concert.title.clone(),
            sale_opens_at: WireTime(concert.sale_opens_at),
            admission: concert.admission,
            holds: concert.holds,
            state: concert.state(queue, now),
            draining: concert.draining,
            notice: concert.notice.clone(),
            prequeue: concert.prequeue.as_ref().map(|prequeue| PrequeueView::new(prequeue, queue)),
            created_at: WireTime(concert.created_at),
        }
    }
}

/// A fair start. A random draw is committed to from the start, and shows its seed once it is made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Prequeue)]
pub struct PrequeueView {
    opens_at: WireTime,
    #[schema(value_type = schemas::DrawKind)]
    draw: DrawKind,
    /// The name of the public value that is mixed into the draw.
    beacon: Option<String>,
    /// The SHA-256 of the seed, in hexadecimal digits.
    commitment: Option<String>,
    /// How many joined before the opening, once that is fixed.
    arrivals: Option<u64>,
    /// The seed, in hexadecimal digits, once the draw is made.
    seed: Option<String>,
    /// The value of the beacon, once the draw is made.
    beacon_value: Option<String>,
}

impl PrequeueView {
    fn new(prequeue: &Prequeue, queue: &Queue) -> Self {
        let draw = queue.draw.as_ref();
        let reveal = draw.and_then(|draw| draw.reveal.as_ref());
        Self {
            opens_at: WireTime(prequeue.opens_at),
            draw: prequeue.draw,
            beacon: prequeue.beacon.clone(),
            commitment: prequeue.seed.map(|seed| seed.commitment().to_string()),
            arrivals: draw.map(|draw| draw.arrivals),
            seed: reveal.map(|reveal| reveal.seed.to_string()),
            beacon_value: reveal.and_then(|reveal| reveal.beacon_value.clone()),
        }
    }
}

/// A schedule.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Schedule)]
pub struct ScheduleView {
    #[schema(value_type = Uuid)]
    id: ScheduleId,
    #[schema(value_type = Uuid)]
    concert_id: ConcertId,
    starts_at: WireTime,
    venue: String,
    seats_total: u32,
    seats_available: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<schemas::Section>>)]
    sections: Option<Vec<Section>>,
}

impl ScheduleView {
    /// A schedule as buyers see it.
    pub fn new(schedule: &Schedule, seats_available: u32) -> Self {
        Self {
            id: schedule.id,
            concert_id: schedule.concert_id,
            starts_at: WireTime(schedule.starts_at),
            venue: schedule.venue.clone(),
            seats_total: schedule.seats_total(),
            seats_available,
            sections: None,
        }
    }

    /// A schedule as its operator just made it.
    pub fn created(schedule: &Schedule) -> Self {
        let sections = Some(schedule.sections.clone());
        Self { sections, ..Self::new(schedule, schedule.seats_total()) }
    }
}
