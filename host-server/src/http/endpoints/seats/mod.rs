//! What an active queue token opens: schedules and seats.

mod gzip;
mod page;

use super::view::{ListView, ScheduleView};
use super::{json, not_read, refused, with_id};
use crate::app::App;
use crate::auth::QueueToken;
use crate::http::edge::{Direct, at_once, later};
use crate::http::headers::{accepts_gzip, none_match, query};
use crate::http::{Call, Endpoint};
use crate::problem::Problem;
use bytes::Bytes;
use frontrow_core::queue::{Phase, Ticket, admit_reader};
use frontrow_core::{ConcertId, Rejection, ScheduleId, Timestamp};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use page::{Page, Pages};
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;
use warp::Filter;

/// Which seats of a map.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
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
        let (token, now) = (app.auth.holder(&call.headers)?, app.store.now());
        let missing = Rejection::ConcertNotFound;
        open_to(&app, &token, concert_id, exists, missing, now).await?;
        let mut data = Vec::new();
        for schedule in app.store.schedules(concert_id).await.map_err(not_read)? {
            if schedule.has_started(now) {
                continue;
            }
            let free = app.seat_maps.free_seats(schedule.id, now).await.map_err(not_read)?;
            if free > 0 {
                data.push(ScheduleView::new(&schedule, free));
            }
        }
        if data.is_empty() {
            return Err(Rejection::NoSchedulesAvailable.into());
        }
        Ok(json(StatusCode::OK, &ListView { data, next_cursor: None }))
    })
}

/// `GET /v1/schedules/{id}/seats`
pub(super) fn seats(app: &Arc<App>) -> Direct {
    let (app, pages) = (Arc::clone(app), Arc::new(Pages::default()));
    Direct::get("/v1/schedules/{id}/seats", move |call| {
        let Some(id) = call.id.map(ScheduleId) else {
            return at_once(Err(Problem::not_found()));
        };
        let token = match app.auth.holder(call.headers) {
            Ok(token) => token,
            Err(problem) => return at_once(Err(problem)),
        };
        if let Ok(SeatsQuery { status: wanted }) = query(call.query)
            && let Some(page) = page_at_once(&app, &pages, &token, id, wanted)
        {
            return at_once(map(&page, call.headers));
        }
        let (app, pages) = (Arc::clone(&app), Arc::clone(&pages));
        let (headers, query_string) = (call.headers.clone(), call.query.to_owned());
        later(async move {
            let schedule = app.seat_maps.schedule(id).await.map_err(not_read)?;
            let concert_id = schedule.as_ref().map_or(ConcertId(Uuid::nil()), |s| s.concert_id);
            let exists = async || Ok(schedule.is_some());
            let (missing, now) = (Rejection::ScheduleNotFound, app.store.now());
            open_to(&app, &token, concert_id, exists, missing, now).await?;
            let Some(schedule) = &schedule else { return Err(Rejection::ScheduleNotFound.into()) };
            let SeatsQuery { status: wanted } = query(&query_string)?;
            let page = pages.page(&app, schedule, wanted).await.map_err(not_read)?;
            map(&page, &headers)
        })
    })
}

/// A map that is in memory, for who is known there to be let in.
fn page_at_once(
    app: &App,
    pages: &Pages,
    token: &QueueToken,
    id: ScheduleId,
    wanted: Wanted,
) -> Option<Arc<Page>> {
    let now = app.store.now();
    let schedule = app.seat_maps.known_schedule(id)?;
    let seen = app.boards.look_at_once(token, now)?;
    admit_reader(&seen.ticket, schedule.concert_id, now).ok()?;
    pages.current(&app.seat_maps, id, wanted, now)
}

/// Checks, in this order: whether what is asked for exists, whether the token is for it, and the token's state.
async fn open_to(
    app: &App,
    token: &QueueToken,
    concert_id: ConcertId,
    exists: impl AsyncFnOnce() -> Result<bool, Problem>,
    missing: Rejection,
    now: Timestamp,
) -> Result<(), Problem> {
    let ticket = ticket_of(app, token, now).await?;
    if !exists().await? {
        return Err(missing.into());
    }
    match admit_reader(&ticket, concert_id, now) {
        Ok(()) => Ok(()),
        Err(rejection) => Err(refused(app, rejection, token).await),
    }
}

/// The place in line behind a token: from memory if it is active there; else as it is stored, since another replica may
/// have let it in a moment ago.
async fn ticket_of(app: &App, token: &QueueToken, now: Timestamp) -> Result<Ticket, Problem> {
    let seen = app.boards.look(token, now).await.map_err(not_read)?;
    if let Some(seen) = seen.filter(|seen| seen.standing.state == Phase::Active) {
        return Ok(seen.ticket);
    }
    let ticket = app.store.ticket(token.ticket_id).await.map_err(not_read)?;
    let ticket = ticket.filter(|ticket| ticket.user_id == token.user_id);
    ticket.ok_or_else(Problem::queue_token_invalid)
}

/// The answer with a map, unless the caller has it already.
fn map(page: &Page, headers: &HeaderMap) -> Result<Response<Bytes>, Problem> {
    let mut response = Response::new(Bytes::new());
    if none_match(headers, &page.etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else if page.is_empty() {
        return Err(none_free());
    } else {
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        if accepts_gzip(headers) {
            *response.body_mut() = page.gzip();
            let gzip = HeaderValue::from_static("gzip");
            response.headers_mut().insert(CONTENT_ENCODING, gzip);
            response.headers_mut().insert(VARY, ACCEPT_ENCODING.into());
        } else {
            *response.body_mut() = page.body.clone();
        }
    }
    let cache = HeaderValue::from_static("private, no-cache");
    response.headers_mut().extend([(ETAG, page.etag.clone()), (CACHE_CONTROL, cache)]);
    Ok(response)
}

/// An empty list of seats is a 404; where seats are asked for by `best`, it is a 409.
fn none_free() -> Problem {
    Problem::from(Rejection::NoSeatsAvailable).with_status(StatusCode::NOT_FOUND)
}
