//! For those who run the server, and for demo visitors.

use super::{json, not_read, plain, unexpected};
use crate::app::App;
use crate::audit;
use crate::http::{Call, Endpoint};
use crate::problem::Problem;
use frontrow_core::UserId;
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;
use warp::Filter;

/// Seconds that a demo visitor's token lives.
const DEMO_SESSION_SECONDS: u32 = 86_400;

/// A visitor of the demo.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DemoSession {
    #[schema(value_type = Uuid)]
    user_id: UserId,
    /// A bearer token.
    token: String,
}

/// How a server is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    status: &'static str,
}

/// `GET /healthz`
pub(super) fn healthz() -> Endpoint {
    warp::path!("healthz")
        .and(warp::get())
        .then(async || json(StatusCode::OK, &Health { status: "alive" }))
        .boxed()
}

/// `GET /readyz`
pub(super) fn readyz(app: &Arc<App>) -> Endpoint {
    plain(app, warp::path!("readyz").and(warp::get()), async |app: Arc<App>, _call: Call| match app
        .store
        .is_ready()
        .await
    {
        Ok(true) => Ok(json(StatusCode::OK, &Health { status: "ready" })),
        Ok(false) => Err(Problem::storage_unavailable(false)),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Err(Problem::storage_unavailable(false))
        }
    })
}

/// `GET /v1/audit`
pub(super) fn audit(app: &Arc<App>) -> Endpoint {
    plain(app, warp::path!("v1" / "audit").and(warp::get()), async |app: Arc<App>, call: Call| {
        app.auth.caller(&call.headers, app.store.now())?.require_admin()?;
        let report = audit::run(app.store.as_ref()).await.map_err(not_read)?;
        Ok(json(StatusCode::OK, &report))
    })
}

/// `POST /v1/demo/sessions`
pub(super) fn demo_session(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "demo" / "sessions").and(warp::post());
    plain(app, path, async |app: Arc<App>, _call: Call| {
        let user_id = UserId(Uuid::now_v7());
        let token = app.auth.mint(user_id, "user", app.store.now(), DEMO_SESSION_SECONDS);
        let token = token.ok_or_else(|| unexpected("a demo without a signing key"))?;
        Ok(json(StatusCode::CREATED, &DemoSession { user_id, token }))
    })
}
