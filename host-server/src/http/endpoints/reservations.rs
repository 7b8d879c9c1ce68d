//! Holding seats, looking at reservations, giving them back.

use super::concerts::{cut, one_more, page};
use super::idempotent::Once;
use super::view::{ListView, ReservationView};
use super::{Answered, execute, json, no_content, not_read, refused, with_id};
use crate::app::App;
use crate::http::headers::idempotency_key;
use crate::http::{Call, Endpoint};
use crate::problem::Problem;
use frontrow_core::seating::{Choice, Reservation};
use frontrow_core::{
    Actor, Command, Outcome, Rejection, ReservationId, ScheduleId, Timestamp, TransferId, UserId,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;
use warp::Filter;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReservation {
    #[serde(default)]
    seats: Option<Vec<u32>>,
    #[serde(default)]
    best: Option<Best>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Best {
    count: u32,
    #[serde(default)]
    section: Option<String>,
}

impl NewReservation {
    fn choice(&self) -> Result<Choice, Problem> {
        let choice = match (&self.seats, &self.best) {
            (Some(seats), None) => Choice::Seats(seats.iter().copied().collect()),
            (None, Some(best)) => Choice::Best { count: best.count, section: best.section.clone() },
            _ => return Err(Problem::malformed_field("seats", "give either seats or best")),
        };
        choice.well_formed()?;
        Ok(choice)
    }
}

/// `POST /v1/schedules/{id}/reservations`
pub(super) fn reserve(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "schedules" / Uuid / "reservations").and(warp::post());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let caller = app.auth.caller(&call.headers, app.store.now())?;
        caller.require_user()?;
        let key = idempotency_key(&call.headers)?;
        let body: NewReservation = call.body.json().await?;
        let choice = body.choice()?;
        let schedule_id = ScheduleId(id);
        let schedule = app.seat_maps.schedule(schedule_id).await.map_err(not_read)?;
        let currency = app.currency.clone();
        let draw = move |outcome: &Outcome, at: Timestamp| match (outcome, &schedule) {
            (Outcome::Held { reservation }, Some(schedule)) => {
                Some(ReservationView::new(reservation, schedule, &currency, at))
            }
            _ => None,
        };
        let operation = format!("POST /v1/schedules/{id}/reservations");
        let once = Once::new(&caller, key, &operation, &body, &call.context, draw);
        let token = match app.auth.queue_token(&call.headers) {
            Ok(token) => token,
            Err(problem) => return once.kept(&app).await?.ok_or(problem),
        };
        let command = Command::Hold {
            reservation_id: ReservationId(Uuid::now_v7()),
            schedule_id,
            ticket_id: token.ticket_id,
            user_id: caller.user_id,
            choice,
        };
        let refuse = async |rejection| refused(&app, rejection, &token).await;
        once.execute(&app, command, refuse, Problem::storage_unavailable).await
    })
}

/// `GET /v1/reservations/{id}`
pub(super) fn reservation(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "reservations" / Uuid).and(warp::get());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let now = app.store.now();
        let caller = app.auth.caller(&call.headers, now)?;
        let reservation = app.store.reservation(ReservationId(id)).await.map_err(not_read)?;
        let visible = reservation.filter(|row| caller.require_self_or_admin(row.user_id).is_ok());
        match visible {
            Some(reservation) => Ok(json(StatusCode::OK, &view(&app, &reservation, now).await?)),
            None => Err(Rejection::ReservationNotFound.into()),
        }
    })
}

/// `GET /v1/users/{user_id}/reservations`
pub(super) fn reservations(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "users" / Uuid / "reservations").and(warp::get());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let now = app.store.now();
        let user_id = UserId(id);
        app.auth.caller(&call.headers, now)?.require_self_or_admin(user_id)?;
        let page = page(&call.query)?;
        let mut rows = app.store.reservations(user_id, one_more(page)).await.map_err(not_read)?;
        let next_cursor = cut(&mut rows, page, |row| row.id.0);
        let mut data = Vec::with_capacity(rows.len());
        for row in &rows {
            data.push(view(&app, row, now).await?);
        }
        Ok(json(StatusCode::OK, &ListView { data, next_cursor }))
    })
}

/// `DELETE /v1/reservations/{id}`
pub(super) fn withdraw(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "reservations" / Uuid).and(warp::delete());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| -> Answered {
        let caller = app.auth.caller(&call.headers, app.store.now())?;
        let by = if caller.is_admin() {
            Actor::Admin
        } else {
            caller.require_user()?;
            Actor::User(caller.user_id)
        };
        let command = Command::Withdraw {
            reservation_id: ReservationId(id),
            by,
            refund_id: TransferId(Uuid::now_v7()),
        };
        execute(&app, command).await?;
        Ok(no_content())
    })
}

async fn view(
    app: &App,
    reservation: &Reservation,
    now: Timestamp,
) -> Result<ReservationView, Problem> {
    let schedule = app.seat_maps.schedule(reservation.schedule_id).await.map_err(not_read)?;
    let Some(schedule) = schedule else { return Err(Rejection::ScheduleNotFound.into()) };
    Ok(ReservationView::new(reservation, &schedule, &app.currency, now))
}
