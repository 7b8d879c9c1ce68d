//! A server to compare: its route for holds looks at who calls and reads what they ask for as the program does, and then
//! always answers that the seat is taken, without a database, a lane or a rule.
//! `refusals SECRET` prints where it listens, and serves until it is ended. `cargo xtask bench booking` compares.

use frontrow_core::{Clock, Rejection};
use frontrow_server::auth::Auth;
use frontrow_server::clock::SystemClock;
use frontrow_server::config::AuthConfig;
use frontrow_server::http::headers::idempotency_key;
use frontrow_server::http::service::{Routes, ServiceConfig, serve};
use frontrow_server::http::{Call, Endpoint, ROUTES, call};
use frontrow_server::problem::Problem;
use frontrow_server::server::runtime;
use futures_util::future::pending;
use serde::Deserialize;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use uuid::Uuid;
use warp::reply::Response;
use warp::{Filter, Reply};

type Failed = Box<dyn Error + Send + Sync>;

const PATTERN: &str = "/v1/schedules/{id}/reservations";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    seats: Vec<u32>,
}

fn main() -> Result<(), Failed> {
    runtime()?.block_on(refuse())
}

async fn refuse() -> Result<(), Failed> {
    let secret =
        std::env::args().nth(1).ok_or("needs the secret that signed the callers' tokens")?;
    let auth = AuthConfig::Secret { secret: secret.parse()?, queue_token_secret: None };
    let auth = Arc::new(Auth::new(&auth)?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("constant http://{}", listener.local_addr()?);
    let config = ServiceConfig {
        request_timeout: Duration::from_secs(30),
        drain_timeout: Duration::from_secs(1),
        cors_origin: None,
    };
    let routes =
        Routes { table: ROUTES, endpoints: vec![(PATTERN, holds(&auth))], direct: Vec::new() };
    serve(listener, routes, &config, Arc::default(), pending()).await;
    Ok(())
}

fn holds(auth: &Arc<Auth>) -> Endpoint {
    let auth = Arc::clone(auth);
    warp::path!("v1" / "schedules" / Uuid / "reservations")
        .and(warp::post())
        .and(call())
        .then(move |_, call| {
            let auth = Arc::clone(&auth);
            async move { refused(&auth, call).await.into_response() }
        })
        .boxed()
}

async fn refused(auth: &Auth, call: Call) -> Result<Response, Problem> {
    auth.caller(&call.headers, SystemClock.now())?.require_user()?;
    idempotency_key(&call.headers)?;
    let Wanted { seats } = call.body.json().await?;
    auth.queue_token(&call.headers)?;
    Err(Rejection::SeatTaken { seats: seats.into_iter().collect() }.into())
}
