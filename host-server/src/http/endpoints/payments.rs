//! Paying for held seats.

use super::idempotent::Once;
use super::view::PaymentView;
use super::{not_read, plain, refused};
use crate::app::App;
use crate::http::headers::idempotency_key;
use crate::http::{Call, Endpoint};
use crate::problem::Problem;
use frontrow_core::{Command, Outcome, ReservationId, Timestamp, TransferId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;
use warp::Filter;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPayment {
    #[schema(value_type = Uuid)]
    reservation_id: ReservationId,
    amount: u64,
}

/// `POST /v1/payments`
pub(super) fn pay(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "payments").and(warp::post());
    plain(app, path, async |app: Arc<App>, call: Call| {
        let caller = app.auth.caller(&call.headers, app.store.now())?;
        caller.require_user()?;
        let key = idempotency_key(&call.headers)?;
        let body: NewPayment = call.body.json().await?;
        let reservation_id = body.reservation_id;
        // Only to draw the answer; what may be paid is decided on locked rows.
        let schedule = match app.store.reservation(reservation_id).await.map_err(not_read)? {
            Some(row) => app.seat_maps.schedule(row.schedule_id).await.map_err(not_read)?,
            None => None,
        };
        let currency = app.currency.clone();
        let draw = move |outcome: &Outcome, _at: Timestamp| match (outcome, &schedule) {
            (Outcome::Paid { reservation, transfer }, Some(schedule)) => {
                Some(PaymentView::new(reservation, transfer, schedule, &currency))
            }
            _ => None,
        };
        let once = Once::new(&caller, key, "POST /v1/payments", &body, &call.context, draw);
        let token = match app.auth.queue_token(&call.headers) {
            Ok(token) => token,
            Err(problem) => return once.kept(&app).await?.ok_or(problem),
        };
        let command = Command::Pay {
            payment_id: TransferId(Uuid::now_v7()),
            reservation_id,
            ticket_id: token.ticket_id,
            user_id: caller.user_id,
            amount: body.amount,
        };
        let refuse = async |rejection| refused(&app, rejection, &token).await;
        once.execute(&app, command, refuse, Problem::storage_unavailable).await
    })
}
