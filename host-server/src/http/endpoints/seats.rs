//! What an active queue token opens: schedules and seats.

use super::view::{ListView, ScheduleView, SeatMapView, SeatView};
use super::{json, not_read, refused, ticket_of, with_id};
use crate::app::App;
use crate::http::headers::{none_match, query};
use crate::http::{Call, Endpoint};
use crate::problem::Problem;
use crate::wire::WireTime;
use frontrow_core::queue::admit_reader;
use frontrow_core::seating::SeatStatus;
use frontrow_core::{ConcertId, Rejection, ScheduleId, Timestamp};
use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;
use warp::reply::Response;
use warp::{Filter, Reply};

/// Bytes of the digest that an `ETag` shows.
const ETAG_BYTES: usize = 12;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    #[default]
    Available,
    All,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeatsQuery {
    #[serde(default)]
    status: Wanted,
}

/// `GET /v1/concerts/{id}/schedules`
pub(super) fn schedules(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "concerts" / Uuid / "schedules").and(warp::get());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let concert_id = ConcertId(id);
        let exists = async || Ok(app.store.concert(concert_id).await.map_err(not_read)?.is_some());
        let now = app.store.now();
        let missing = Rejection::ConcertNotFound;
        open_to(&app, &call.headers, concert_id, exists, missing, now).await?;
        let mut data = Vec::new();
        for schedule in app.store.schedules(concert_id).await.map_err(not_read)? {
            if schedule.has_started(now) {
                continue;
            }
            let statuses = app.seat_maps.statuses(schedule.id, now).await.map_err(not_read)?;
            let is_free = |status: &&SeatStatus| **status == SeatStatus::Available;
            let free = statuses.iter().filter(is_free).count();
            if free > 0 {
                data.push(ScheduleView::new(&schedule, u32::try_from(free).unwrap_or(u32::MAX)));
            }
        }
        if data.is_empty() {
            return Err(Rejection::NoSchedulesAvailable.into());
        }
        Ok(json(StatusCode::OK, &ListView { data, next_cursor: None }))
    })
}

/// `GET /v1/schedules/{id}/seats`
pub(super) fn seats(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "schedules" / Uuid / "seats").and(warp::get());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let now = app.store.now();
        let schedule = app.seat_maps.schedule(ScheduleId(id)).await.map_err(not_read)?;
        let concert_id = schedule.as_ref().map_or(ConcertId(Uuid::nil()), |s| s.concert_id);
        let exists = async || Ok(schedule.is_some());
        let missing = Rejection::ScheduleNotFound;
        open_to(&app, &call.headers, concert_id, exists, missing, now).await?;
        let Some(schedule) = &schedule else { return Err(Rejection::ScheduleNotFound.into()) };
        let SeatsQuery { status: wanted } = query(&call.query)?;
        let statuses = app.seat_maps.statuses(schedule.id, now).await.map_err(not_read)?;
        let etag = etag(wanted, &statuses);
        if none_match(&call.headers, &etag) {
            return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), &etag));
        }
        let seats = (1..)
            .zip(&statuses)
            .filter(|(_, status)| wanted == Wanted::All || **status == SeatStatus::Available);
        let data: Vec<SeatView> =
            seats.filter_map(|(number, status)| SeatView::new(schedule, number, *status)).collect();
        if data.is_empty() {
            return Err(none_free());
        }
        let map = SeatMapView { schedule_id: schedule.id, as_of: WireTime(now), data };
        Ok(tagged(json(StatusCode::OK, &map), &etag))
    })
}

/// Checks, in this order: the token, whether what is asked for exists, whether the token is for it,
/// and the token's state.
async fn open_to(
    app: &App,
    headers: &HeaderMap,
    concert_id: ConcertId,
    exists: impl AsyncFnOnce() -> Result<bool, Problem>,
    missing: Rejection,
    now: Timestamp,
) -> Result<(), Problem> {
    let (token, ticket) = ticket_of(app, headers).await?;
    if !exists().await? {
        return Err(missing.into());
    }
    match admit_reader(&ticket, concert_id, now) {
        Ok(()) => Ok(()),
        Err(rejection) => Err(refused(app, rejection, &token).await),
    }
}

/// An empty list of seats is a 404; where seats are asked for by `best`, it is a 409.
fn none_free() -> Problem {
    Problem::from(Rejection::NoSeatsAvailable).with_status(StatusCode::NOT_FOUND)
}

/// Names what a map shows. Weak, since its time and its compression may differ.
fn etag(wanted: Wanted, statuses: &[SeatStatus]) -> String {
    let mut hash = Sha256::new();
    hash.update([u8::from(wanted == Wanted::All)]);
    let bytes: Vec<u8> = statuses.iter().map(|status| *status as u8).collect();
    hash.update(&bytes);
    let mut etag = "W/\"".to_owned();
    for byte in &hash.finalize()[..ETAG_BYTES] {
        // Writing to a string can't fail.
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    etag
}

fn tagged(mut response: Response, etag: &str) -> Response {
    if let Ok(etag) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    let cache = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(CACHE_CONTROL, cache);
    response
}
