//! One function for each endpoint; its doc is the method and path. What they have in common (reading
//! tokens, executing commands, drawing answers) is here and in `idempotent`; what answers look like is
//! in `view`.

mod balance;
mod concerts;
mod events;
mod figures;
mod idempotent;
mod metrics;
mod notice;
pub mod openapi;
mod operations;
mod pages;
mod payments;
mod queue;
mod reservations;
mod seats;
pub mod view;

use super::edge::Direct;
use super::{Call, Endpoint, call};
use crate::app::App;
use crate::auth::QueueToken;
use crate::board::Seen;
use crate::execute::{Answer, ExecuteError};
use crate::problem::Problem;
use crate::store::StoreError;
use frontrow_core::{Command, Outcome, Rejection, Timestamp};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;
use warp::reply::Response;
use warp::{Filter, Reply};

/// What a handler gives.
type Answered = Result<Response, Problem>;

/// The endpoints that are asked for most.
pub fn direct(app: &Arc<App>) -> Vec<Direct> {
    vec![queue::poll(app), seats::seats(app)]
}

/// Every other endpoint, by the pattern of its route.
pub fn endpoints(app: &Arc<App>) -> Vec<(&'static str, Endpoint)> {
    let mut endpoints = vec![
        ("/v1/queue-tokens/current", queue::leave(app)),
        ("/v1/queue-tokens/current/events", events::events(app)),
        ("/v1/concerts", either(concerts::concerts(app), concerts::create_concert(app))),
        ("/v1/concerts/{id}", either(concerts::concert(app), concerts::update_concert(app))),
        ("/v1/concerts/{id}/queue-tokens", queue::join(app)),
        ("/v1/concerts/{id}/schedules", either(seats::schedules(app), concerts::add_schedule(app))),
        ("/v1/concerts/{id}/figures", figures::figures(app)),
        ("/v1/concerts/{id}/draw", concerts::draw(app)),
        ("/v1/schedules/{id}/reservations", reservations::reserve(app)),
        (
            "/v1/reservations/{id}",
            either(reservations::reservation(app), reservations::withdraw(app)),
        ),
        ("/v1/payments", payments::pay(app)),
        ("/v1/users/{user_id}/balance", balance::balance(app)),
        ("/v1/users/{user_id}/charges", balance::charge(app)),
        ("/v1/users/{user_id}/ledger", balance::ledger(app)),
        ("/v1/users/{user_id}/reservations", reservations::reservations(app)),
        ("/v1/audit", operations::audit(app)),
        ("/healthz", operations::healthz()),
        ("/readyz", operations::readyz(app)),
        ("/metrics", metrics::metrics(app)),
        ("/openapi.json", openapi::openapi_json()),
        ("/docs", openapi::docs()),
        ("/docs/{file}", openapi::docs()),
    ];
    endpoints.extend(pages::PATTERNS.map(|pattern| (pattern, pages::pages())));
    if app.demo {
        endpoints.push(("/v1/demo/sessions", operations::demo_session(app)));
    }
    endpoints
}

/// Two methods of one path.
fn either(one: Endpoint, other: Endpoint) -> Endpoint {
    one.or(other).unify().boxed()
}

/// Ends a route without a parameter in its path.
fn plain<F, H, W>(app: &Arc<App>, path: F, handler: H) -> Endpoint
where
    F: Filter<Extract = (), Error = warp::Rejection> + Clone + Send + Sync + 'static,
    H: Fn(Arc<App>, Call) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = Answered> + Send,
{
    let app = Arc::clone(app);
    path.and(call())
        .then(move |call| {
            let answered = handler(Arc::clone(&app), call);
            async move { answered.await.into_response() }
        })
        .boxed()
}

/// Ends a route with one id in its path.
fn with_id<F, H, W>(app: &Arc<App>, path: F, handler: H) -> Endpoint
where
    F: Filter<Extract = (Uuid,), Error = warp::Rejection> + Clone + Send + Sync + 'static,
    H: Fn(Arc<App>, Uuid, Call) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = Answered> + Send,
{
    let app = Arc::clone(app);
    path.and(call())
        .then(move |id, call| {
            let answered = handler(Arc::clone(&app), id, call);
            async move { answered.await.into_response() }
        })
        .boxed()
}

/// An answer with a JSON body.
fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => {
            let mut response = Response::new(body.into());
            *response.status_mut() = status;
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(http::header::CONTENT_TYPE, json);
            response
        }
        Err(error) => not_written(error).into_response(),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn not_written(error: serde_json::Error) -> Problem {
    tracing::error!(%error, "an answer can't be written as JSON");
    Problem::internal()
}

/// An answer without a body.
fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// Carries out a command that needs no idempotency key.
async fn execute(app: &App, command: Command) -> Result<(Outcome, Timestamp), Problem> {
    match app.executor.execute(command).await.map_err(not_executed)? {
        Answer::Decided { outcome: Ok(outcome), at } => Ok((outcome, at)),
        Answer::Decided { outcome: Err(rejection), .. } => Err(rejection.into()),
        Answer::Replayed(_) | Answer::KeyReused => Err(unexpected("an answer without a key")),
    }
}

fn not_executed(error: ExecuteError) -> Problem {
    match error {
        ExecuteError::Overloaded { wait } => Problem::overloaded(wait),
        ExecuteError::KeyInFlight => Problem::idempotency_in_flight(),
        ExecuteError::Unavailable { outcome_unknown } => {
            Problem::storage_unavailable(outcome_unknown)
        }
        ExecuteError::Internal => Problem::internal(),
    }
}

/// A read that failed.
#[allow(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn not_read(error: StoreError) -> Problem {
    tracing::error!(%error, "a read failed");
    match error {
        StoreError::Unavailable(_) | StoreError::Conflict(_) => Problem::storage_unavailable(false),
        _ => Problem::internal(),
    }
}

/// The rules answered a command with what belongs to another.
fn unexpected(what: &str) -> Problem {
    tracing::error!(what, "an outcome that this command never has");
    Problem::internal()
}

/// The problem of a refused ticket; one that still waits is told its place and when to come again.
async fn refused(app: &App, rejection: Rejection, token: &QueueToken) -> Problem {
    let waits = rejection == Rejection::QueueTokenWaiting;
    let problem = Problem::from(rejection);
    if !waits {
        return problem;
    }
    match seen(app, token).await {
        Ok((Seen { standing, .. }, _)) => problem
            .with("position", standing.position)
            .with("eta_seconds", standing.eta_seconds)
            .with_retry_after(u32::try_from(standing.poll_after_seconds).unwrap_or(1)),
        Err(problem) => problem,
    }
}

/// The place in line behind a token, from memory, and the time of which that is told.
async fn seen(app: &App, token: &QueueToken) -> Result<(Seen, Timestamp), Problem> {
    let now = app.store.now();
    let seen = app.boards.look(token, now).await.map_err(not_read)?;
    seen.map(|seen| (seen, now)).ok_or_else(Problem::queue_token_invalid)
}
