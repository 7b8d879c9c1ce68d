//! Requests that act once for their `Idempotency-Key`.

use super::{Answered, not_executed, not_read};
use crate::app::App;
use crate::auth::Caller;
use crate::execute::{Answer, ExecuteError, Idempotency, Reply};
use crate::http::RequestContext;
use crate::http::headers::IDEMPOTENCY_REPLAYED;
use crate::problem::{PROBLEM_JSON, Problem};
use frontrow_core::{Command, Outcome, Rejection, Timestamp};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use warp::reply::Response;

/// A request, its key, and how its answers are drawn.
pub(super) struct Once {
    idempotency: Idempotency,
}

impl Once {
    /// `operation` and `body` are what makes the request this one and no other. `draw` gives the status
    /// and body of an accepted command, or `None` for an outcome that it never has.
    pub(super) fn new<B: Serialize>(
        caller: &Caller,
        key: String,
        operation: &str,
        body: &impl Serialize,
        context: &RequestContext,
        draw: impl Fn(&Outcome, Timestamp) -> Option<B> + Send + Sync + 'static,
    ) -> Self {
        let mut hash = Sha256::new();
        hash.update(operation);
        hash.update([0]);
        hash.update(serde_json::to_vec(body).unwrap_or_default());
        let context = context.clone();
        let render = move |outcome: &Result<Outcome, Rejection>, at: Timestamp| match outcome {
            Ok(outcome) => match draw(outcome, at).map(|body| serde_json::to_vec(&body)) {
                Some(Ok(body)) => Reply {
                    status: StatusCode::CREATED.as_u16(),
                    content_type: "application/json".to_owned(),
                    body,
                },
                _ => problem_reply(&super::unexpected("an idempotent command's"), &context),
            },
            Err(rejection) => problem_reply(&rejection.clone().into(), &context),
        };
        let idempotency = Idempotency {
            caller: caller.user_id,
            key,
            fingerprint: hash.finalize().into(),
            render: Arc::new(render),
        };
        Self { idempotency }
    }

    /// The answer that is kept for the key, if there is one.
    pub(super) async fn kept(&self, app: &App) -> Result<Option<Response>, Problem> {
        let Idempotency { caller, key, fingerprint, .. } = &self.idempotency;
        match app.store.reply(*caller, key).await.map_err(not_read)? {
            None => Ok(None),
            Some(kept) if kept.fingerprint == *fingerprint => Ok(Some(replayed(kept.into()))),
            Some(_) => Err(Problem::idempotency_key_reused()),
        }
    }

    /// Carries out the command, or replays its answer. `refuse` makes a problem of a refusal that was
    /// not kept; `fail` of a storage failure.
    pub(super) async fn execute(
        self,
        app: &App,
        command: Command,
        refuse: impl AsyncFnOnce(Rejection) -> Problem,
        fail: impl FnOnce(bool) -> Problem,
    ) -> Answered {
        let render = Arc::clone(&self.idempotency.render);
        let answer = app.executor.execute_once(command, self.idempotency).await;
        match answer {
            Ok(Answer::Decided { outcome: Err(rejection), .. }) => Err(refuse(rejection).await),
            Ok(Answer::Decided { outcome, at }) => Ok(response(render(&outcome, at))),
            Ok(Answer::Replayed(reply)) => Ok(replayed(reply)),
            Ok(Answer::KeyReused) => Err(Problem::idempotency_key_reused()),
            Err(ExecuteError::Unavailable { outcome_unknown }) => Err(fail(outcome_unknown)),
            Err(error) => Err(not_executed(error)),
        }
    }
}

fn problem_reply(problem: &Problem, context: &RequestContext) -> Reply {
    let body = serde_json::Value::Object(problem.body(context)).to_string();
    Reply {
        status: problem.status.as_u16(),
        content_type: PROBLEM_JSON.to_owned(),
        body: body.into_bytes(),
    }
}

fn replayed(reply: Reply) -> Response {
    let mut response = response(reply);
    response.headers_mut().insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    response
}

fn response(reply: Reply) -> Response {
    let mut response = Response::new(reply.body.into());
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(content_type) = HeaderValue::from_str(&reply.content_type) {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    response
}
