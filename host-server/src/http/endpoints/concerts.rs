//! Concerts and their schedules, for operators; reading them is public.

use super::view::{ConcertView, ListView, ScheduleView};
use super::{Answered, execute, json, not_read, plain, unexpected, with_id};
use crate::app::App;
use crate::http::headers::{Page as PageQuery, cursor_problem, query};
use crate::http::{Call, Endpoint};
use crate::problem::Problem;
use crate::store::Page;
use crate::wire::{NewConcert, NewSchedule};
use frontrow_core::concert::ConcertChange;
use frontrow_core::{Command, ConcertId, Outcome, Rejection};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;
use warp::Filter;

/// `POST /v1/concerts`
pub(super) fn create_concert(app: &Arc<App>) -> Endpoint {
    plain(
        app,
        warp::path!("v1" / "concerts").and(warp::post()),
        async |app: Arc<App>, call: Call| {
            let now = app.store.now();
            app.auth.caller(&call.headers, now)?.require_admin()?;
            let new: NewConcert = call.body.json().await?;
            let command = Command::CreateConcert { concert: new.into_concert(now) };
            let (outcome, _) = execute(&app, command).await?;
            match outcome {
                Outcome::ConcertCreated { concert } => {
                    answer(&app, concert.id, StatusCode::CREATED).await
                }
                _ => Err(unexpected("creating a concert")),
            }
        },
    )
}

/// `PATCH /v1/concerts/{id}`
pub(super) fn update_concert(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "concerts" / Uuid).and(warp::patch());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        app.auth.caller(&call.headers, app.store.now())?.require_admin()?;
        let change: ConcertChange = call.body.json().await?;
        let concert_id = ConcertId(id);
        execute(&app, Command::UpdateConcert { concert_id, change }).await?;
        answer(&app, concert_id, StatusCode::OK).await
    })
}

/// The value of a concert's beacon.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDraw {
    /// As it was published, without control characters.
    #[schema(min_length = 1, max_length = 200)]
    beacon_value: String,
}

/// `POST /v1/concerts/{id}/draw`
pub(super) fn draw(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "concerts" / Uuid / "draw").and(warp::post());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        app.auth.caller(&call.headers, app.store.now())?.require_admin()?;
        let NewDraw { beacon_value } = call.body.json().await?;
        let concert_id = ConcertId(id);
        execute(&app, Command::Draw { concert_id, beacon_value }).await?;
        answer(&app, concert_id, StatusCode::OK).await
    })
}

/// `GET /v1/concerts`
pub(super) fn concerts(app: &Arc<App>) -> Endpoint {
    plain(
        app,
        warp::path!("v1" / "concerts").and(warp::get()),
        async |app: Arc<App>, call: Call| {
            let page = page(&call.query)?;
            let mut concerts = app.store.concerts(one_more(page)).await.map_err(not_read)?;
            let next_cursor = cut(&mut concerts, page, |(concert, _)| concert.id.0);
            let now = app.store.now();
            let data =
                concerts.iter().map(|(concert, queue)| ConcertView::new(concert, queue, now));
            Ok(json(StatusCode::OK, &ListView { data: data.collect(), next_cursor }))
        },
    )
}

/// `GET /v1/concerts/{id}`
pub(super) fn concert(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "concerts" / Uuid).and(warp::get());
    with_id(app, path, async |app: Arc<App>, id: Uuid, _call: Call| {
        answer(&app, ConcertId(id), StatusCode::OK).await
    })
}

/// `POST /v1/concerts/{id}/schedules`
pub(super) fn add_schedule(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "concerts" / Uuid / "schedules").and(warp::post());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        app.auth.caller(&call.headers, app.store.now())?.require_admin()?;
        let new: NewSchedule = call.body.json().await?;
        let command = Command::AddSchedule { schedule: new.into_schedule(ConcertId(id)) };
        match execute(&app, command).await? {
            (Outcome::ScheduleAdded { schedule }, _) => {
                Ok(json(StatusCode::CREATED, &ScheduleView::created(&schedule)))
            }
            _ => Err(unexpected("adding a schedule")),
        }
    })
}

async fn answer(app: &App, id: ConcertId, status: StatusCode) -> Answered {
    match app.store.concert(id).await.map_err(not_read)? {
        Some((concert, queue)) => {
            Ok(json(status, &ConcertView::new(&concert, &queue, app.store.now())))
        }
        None => Err(Rejection::ConcertNotFound.into()),
    }
}

/// The part of a list that a query asks for.
pub(super) fn page(asked: &str) -> Result<Page, Problem> {
    let PageQuery { limit, cursor } = query(asked)?;
    let after = cursor.map(|cursor| cursor.parse::<Uuid>().map_err(|_| cursor_problem()));
    Ok(Page { limit, after: after.transpose()? })
}

/// One more than asked for, to see whether the list goes on.
pub(super) fn one_more(page: Page) -> Page {
    Page { limit: page.limit + 1, ..page }
}

/// Cuts a list to what was asked for; where it goes on, if it does.
pub(super) fn cut<T>(list: &mut Vec<T>, page: Page, id: impl Fn(&T) -> Uuid) -> Option<String> {
    let limit = page.limit as usize;
    let goes_on = list.len() > limit;
    list.truncate(limit);
    list.last().filter(|_| goes_on).map(|last| id(last).to_string())
}
