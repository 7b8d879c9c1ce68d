//! Balances: charging them, reading them. No queue token is asked for here.

use super::concerts::{cut, one_more, page};
use super::idempotent::Once;
use super::view::{BalanceView, ChargeView, LedgerView, ListView};
use super::{json, not_read, with_id};
use crate::app::App;
use crate::http::headers::idempotency_key;
use crate::http::{Call, Endpoint};
use crate::problem::Problem;
use crate::schemas;
use frontrow_core::{Command, Outcome, Rejection, Timestamp, TransferId, UserId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;
use warp::Filter;

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCharge {
    /// Any number, so that a fraction or a negative one is told as what it is.
    #[schema(value_type = schemas::Amount)]
    amount: Number,
}

/// `GET /v1/users/{user_id}/balance`
pub(super) fn balance(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "users" / Uuid / "balance").and(warp::get());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let user_id = UserId(id);
        app.auth.caller(&call.headers, app.store.now())?.require_self_or_admin(user_id)?;
        match app.store.wallet(user_id).await.map_err(not_read)? {
            Some(wallet) => Ok(json(StatusCode::OK, &BalanceView::new(&wallet, &app.currency))),
            None => Err(Rejection::BalanceNotFound.into()),
        }
    })
}

/// `POST /v1/users/{user_id}/charges`
pub(super) fn charge(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "users" / Uuid / "charges").and(warp::post());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let user_id = UserId(id);
        let caller = app.auth.caller(&call.headers, app.store.now())?;
        caller.require_self_or_admin(user_id)?;
        let key = idempotency_key(&call.headers)?;
        let body: NewCharge = call.body.json().await?;
        let Some(amount) = body.amount.as_u64() else {
            return Err(Rejection::AmountInvalid.into());
        };
        let currency = app.currency.clone();
        let draw = move |outcome: &Outcome, _at: Timestamp| match outcome {
            Outcome::Charged { transfer } => Some(ChargeView::new(transfer, &currency)),
            _ => None,
        };
        let operation = format!("POST /v1/users/{id}/charges");
        let once = Once::new(&caller, key, &operation, &body, &call.context, draw);
        let command = Command::Charge { transfer_id: TransferId(Uuid::now_v7()), user_id, amount };
        let refuse = async |rejection: Rejection| Problem::from(rejection);
        once.execute(&app, command, refuse, Problem::charge_failed).await
    })
}

/// `GET /v1/users/{user_id}/ledger`
pub(super) fn ledger(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "users" / Uuid / "ledger").and(warp::get());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let user_id = UserId(id);
        app.auth.caller(&call.headers, app.store.now())?.require_self_or_admin(user_id)?;
        let page = page(&call.query)?;
        let mut rows = app.store.transfers(user_id, one_more(page)).await.map_err(not_read)?;
        let next_cursor = cut(&mut rows, page, |row| row.id.0);
        let data = rows.iter().map(LedgerView::from).collect();
        Ok(json(StatusCode::OK, &ListView { data, next_cursor }))
    })
}
