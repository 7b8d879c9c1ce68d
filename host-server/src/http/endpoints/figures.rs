//! How a sale stands, for its operator: a reading of the same rows that decisions are made on.

use super::{json, not_read, with_id};
use crate::app::App;
use crate::http::{Call, Endpoint};
use crate::problem::Problem;
use crate::schemas;
use crate::wire::WireTime;
use frontrow_core::concert::{ConcertState, Schedule};
use frontrow_core::seating::SeatStatus;
use frontrow_core::{ConcertId, Rejection};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;
use warp::Filter;

/// A sale at one moment. Seats and revenue are summed over all of the concert's schedules.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figures)]
pub(super) struct FiguresView {
    #[schema(value_type = Uuid)]
    concert_id: ConcertId,
    #[schema(value_type = schemas::ConcertState)]
    concert_state: ConcertState,
    waiting: u64,
    active: u64,
    #[serde(flatten)]
    hall: HallFigures,
    currency: String,
    server_time: WireTime,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
struct HallFigures {
    seats_total: u64,
    seats_available: u64,
    seats_held: u64,
    seats_sold: u64,
    /// Prices of the seats that are sold: a cancelled one's price went back to its buyer.
    revenue: u64,
}

impl HallFigures {
    fn add(&mut self, schedule: &Schedule, statuses: &[SeatStatus]) {
        for (number, status) in (1..).zip(statuses) {
            self.seats_total += 1;
            match status {
                SeatStatus::Available => self.seats_available += 1,
                SeatStatus::Held => self.seats_held += 1,
                SeatStatus::Sold => {
                    self.seats_sold += 1;
                    let price = schedule.place(number).map_or(0, |place| place.section.price.get());
                    self.revenue = self.revenue.saturating_add(price);
                }
            }
        }
    }
}

/// `GET /v1/concerts/{id}/figures`
pub(super) fn figures(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "concerts" / Uuid / "figures").and(warp::get());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let now = app.store.now();
        app.auth.caller(&call.headers, now)?.require_admin()?;
        let concert_id = ConcertId(id);
        let found = app.store.concert(concert_id).await.map_err(not_read)?;
        let (concert, queue) = found.ok_or_else(|| Problem::from(Rejection::ConcertNotFound))?;
        // A number that no ticket has: only how many wait and are inside is asked for.
        let counts = app.store.counts(concert_id, 0, now).await.map_err(not_read)?;
        let mut hall = HallFigures::default();
        for schedule in app.store.schedules(concert_id).await.map_err(not_read)? {
            let statuses = app.seat_maps.statuses(schedule.id, now).await.map_err(not_read)?;
            hall.add(&schedule, &statuses);
        }
        let view = FiguresView {
            concert_id,
            concert_state: concert.state(&queue, now),
            waiting: counts.waiting,
            active: counts.active,
            hall,
            currency: app.currency.clone(),
            server_time: WireTime(now),
        };
        let mut response = json(StatusCode::OK, &view);
        let no_store = HeaderValue::from_static("no-store");
        response.headers_mut().insert(CACHE_CONTROL, no_store);
        Ok(response)
    })
}
