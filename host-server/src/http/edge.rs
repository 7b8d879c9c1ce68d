//! What every request passes between its connection and its route, and every answer on its way back: request
//! ids, log lines, CORS, metrics, time limits, problems, compression. It is one service and no stack of layers,
//! so that what a request does not need costs it nothing.

mod body;
mod direct;

use body::AnswerBody;
pub use direct::{Direct, DirectCall, Given, at_once, later};

use super::headers::{IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED, X_QUEUE_TOKEN, X_REQUEST_ID};
use super::service::{Routes, ServiceConfig};
use super::{Endpoint, RequestContext, Route, recover, without_ids};
use crate::message::{EdgeCode, Language, preferred_language};
use crate::metrics::Metrics;
use crate::problem::Problem;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, Ready, ready};
use http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use hyper::body::Incoming;
use hyper::service::Service;
use std::any::Any;
use std::borrow::Cow;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::{Instrument, Span};
use uuid::Uuid;
use warp::{Filter, Reply};

/// Characters of a caller's request id, at most.
const REQUEST_ID_CHARS_MAX: usize = 128;
/// Characters of a path that no route has, at most, in the log.
const UNKNOWN_PATH_CHARS_MAX: usize = 100;
/// Seconds that a browser may remember what CORS allows.
const CORS_SECONDS: u64 = 3_600;

/// An answer on its way out.
type Answer = http::Response<AnswerBody>;
/// An answer that is there already, or that must be waited for.
type Answering = Either<Answer, BoxFuture<'static, Answer>>;

/// The routes with everything around them.
#[derive(Clone)]
pub(super) struct Edge(Arc<Parts>);

struct Parts {
    served: Vec<Served>,
    timeout: Duration,
    cors: Option<CorsLayer>,
    metrics: Arc<Metrics>,
}

/// A route, and what answers it, if anything does here.
struct Served {
    route: &'static Route,
    /// What answers `GET`, where that goes past the filters.
    direct: Option<Direct>,
    endpoint: Option<Endpoint>,
}

/// Of an answer that there is more to do than can be done. Metrics count these; a log line for each would be one more
/// thing to do.
#[derive(Clone, Copy)]
struct TurnedAway;

/// What is kept of a request until it is answered.
#[derive(Clone)]
struct Asked {
    started: Instant,
    route: Option<&'static Route>,
    method: Method,
    id: HeaderValue,
    language: Language,
    /// How the answer may be compressed.
    accepts: body::Accepts,
}

impl Edge {
    pub(super) fn new(routes: Routes, config: &ServiceConfig, metrics: Arc<Metrics>) -> Self {
        let Routes { table, mut endpoints, mut direct } = routes;
        let mut endpoint_of = |route: &Route| {
            let at = endpoints.iter().position(|(pattern, _)| *pattern == route.pattern)?;
            let (_, endpoint) = endpoints.swap_remove(at);
            Some(endpoint.recover(recover).map(Reply::into_response).boxed())
        };
        let mut direct_of = |route: &Route| {
            let at = direct.iter().position(|direct| direct.pattern() == route.pattern)?;
            Some(direct.swap_remove(at))
        };
        let served = table.iter().map(|route| Served {
            route,
            direct: direct_of(route),
            endpoint: endpoint_of(route),
        });
        let served = served.collect();
        assert!(endpoints.is_empty() && direct.is_empty(), "every endpoint has a route");
        let (timeout, cors) = (config.request_timeout, config.cors_origin.clone().map(cors));
        Self(Arc::new(Parts { served, timeout, cors, metrics }))
    }
}

impl Service<Request<Incoming>> for Edge {
    type Response = Answer;
    type Error = Infallible;
    type Future =
        Either<Ready<Result<Answer, Infallible>>, BoxFuture<'static, Result<Answer, Infallible>>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let served = self.0.served(request.uri().path());
        let asked = Asked::new(served.map(|served| served.route), &mut request);
        let span = asked.span(request.uri().path());
        let answering = match &self.0.cors {
            None => span.in_scope(|| self.0.answer(&asked, served, request)),
            Some(cors) => {
                let (parts, inner) = (Arc::clone(&self.0), asked.clone());
                let answer = service_fn(move |request: Request<Incoming>| {
                    let served = parts.served(request.uri().path());
                    let answer = match parts.answer(&inner, served, request) {
                        Either::Left(answer) => ready(answer).left_future(),
                        Either::Right(later) => later.right_future(),
                    };
                    answer.map(Ok::<_, Infallible>)
                });
                let answer = cors.layer(answer).oneshot(request);
                Either::Right(answer.map(|Ok(answer)| answer).boxed())
            }
        };
        match answering {
            Either::Left(answer) => {
                Either::Left(ready(Ok(span.in_scope(|| asked.answered(answer)))))
            }
            Either::Right(later) => {
                let answer = async move { Ok(asked.answered(later.await)) };
                Either::Right(answer.instrument(span).boxed())
            }
        }
    }
}

impl Parts {
    /// Every route is looked at once, instead of every filter until one takes the request.
    fn served(&self, path: &str) -> Option<&Served> {
        self.served.iter().find(|served| served.route.matches(path))
    }

    fn answer(
        self: &Arc<Self>,
        asked: &Asked,
        served: Option<&Served>,
        request: Request<Incoming>,
    ) -> Answering {
        let endpoint = served.and_then(|served| served.endpoint.as_ref());
        let direct = served.and_then(|served| served.direct.as_ref());
        let direct = direct.filter(|_| request.method() == Method::GET || endpoint.is_none());
        let later = if let Some(direct) = direct {
            let given = || direct.answer(&request, asked.language);
            match catch_unwind(AssertUnwindSafe(given)) {
                Ok(Either::Left(given)) => {
                    let given = given.into_inner().map(|answer| answer.map(AnswerBody::from));
                    return Either::Left(self.finish(asked, given));
                }
                Ok(Either::Right(later)) => {
                    let answer = later.map(|given| Ok(given?.map(AnswerBody::from)));
                    self.within_limits(asked, answer).left_future()
                }
                Err(panic) => return Either::Left(self.finish(asked, Err(panicked(&*panic)))),
            }
        } else if let Some(endpoint) = endpoint {
            self.within_limits(asked, filter(endpoint, asked, request)).right_future()
        } else {
            return Either::Left(self.finish(asked, Err(Problem::not_found())));
        };
        let (parts, asked) = (Arc::clone(self), asked.clone());
        Either::Right(async move { parts.finish(&asked, later.await) }.boxed())
    }

    /// Answers within the time limit, whatever a handler does.
    fn within_limits<F>(
        &self,
        asked: &Asked,
        answer: F,
    ) -> impl Future<Output = Result<Answer, Problem>> + Send + use<F>
    where
        F: Future<Output = Result<Answer, Problem>> + Send,
    {
        let (timeout, is_safe) = (self.timeout, asked.method.is_safe());
        async move {
            let answer = AssertUnwindSafe(answer).catch_unwind();
            match tokio::time::timeout(timeout, answer).await {
                Ok(Ok(answer)) => answer,
                Ok(Err(panic)) => Err(panicked(&*panic)),
                Err(_elapsed) => {
                    tracing::warn!("a request took too long");
                    Err(Problem::request_timeout(!is_safe))
                }
            }
        }
    }

    /// Writes out problems, and counts.
    fn finish(&self, asked: &Asked, answer: Result<Answer, Problem>) -> Answer {
        let (answer, code) = match answer {
            Ok(answer) => (answer, None),
            Err(problem) if problem.code == EdgeCode::Overloaded.code() => {
                let mut answer = problem.render(&asked.context()).map(AnswerBody::from);
                answer.extensions_mut().insert(TurnedAway);
                (answer, Some(problem.code))
            }
            Err(mut problem) => {
                if problem.code == EdgeCode::MethodNotAllowed.code() {
                    problem.allow = asked.route.map(|route| route.methods);
                }
                (problem.render(&asked.context()).map(AnswerBody::from), Some(problem.code))
            }
        };
        let (pattern, took) = (asked.route.map(|route| route.pattern), asked.started.elapsed());
        self.metrics.answered(&asked.method, pattern, answer.status(), code, took);
        answer
    }
}

/// What the filters of an endpoint say.
fn filter(
    endpoint: &Endpoint,
    asked: &Asked,
    mut request: Request<Incoming>,
) -> impl Future<Output = Result<Answer, Problem>> + Send + use<> {
    request.extensions_mut().insert(asked.context());
    let answer = tower::Service::call(&mut warp::service(endpoint.clone()), request);
    answer.map(|Ok(mut response)| match response.extensions_mut().remove::<Problem>() {
        None => Ok(response.map(AnswerBody::from)),
        Some(problem) => Err(problem),
    })
}

impl Asked {
    /// Looks at a request before anything else does. HEAD is answered like GET; the connection knows better
    /// and leaves out the body.
    fn new(route: Option<&'static Route>, request: &mut Request<Incoming>) -> Self {
        let started = Instant::now();
        if request.method() == Method::HEAD {
            *request.method_mut() = Method::GET;
        }
        let headers = request.headers();
        Self {
            started,
            route,
            method: request.method().clone(),
            id: request_id(headers),
            language: preferred_language(headers),
            accepts: body::Accepts::of(headers),
        }
    }

    fn context(&self) -> RequestContext {
        let id = self.id.to_str().unwrap_or_default();
        RequestContext { request_id: id.to_owned(), language: self.language }
    }

    /// One span a request, which every log line inside of it bears. Never headers, tokens, queries or
    /// bodies, nor ids, since some name people.
    fn span(&self, path: &str) -> Span {
        let path = match self.route {
            Some(route) => Cow::Borrowed(route.pattern),
            None => without_ids(path).chars().take(UNKNOWN_PATH_CHARS_MAX).collect(),
        };
        let (method, request_id) = (&self.method, self.id.to_str().ok());
        tracing::error_span!("request", %method, path = &*path, request_id)
    }

    /// The last that happens to an answer. One line tells of it, by default only where the server is at fault.
    fn answered(&self, answer: Answer) -> Answer {
        let mut answer = body::compressed(answer, &self.accepts);
        answer.headers_mut().entry(X_REQUEST_ID).or_insert_with(|| self.id.clone());
        let (status, latency_ms) = (answer.status(), self.started.elapsed().as_millis());
        if status.is_server_error() && answer.extensions().get::<TurnedAway>().is_none() {
            tracing::warn!(status = status.as_u16(), latency_ms, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), latency_ms, "answered");
        }
        answer
    }
}

/// The caller's id of a request, unless it could do harm; then, and where there is none, one of ours.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let fits = |id: &&HeaderValue| {
        let bytes = id.as_bytes();
        (1..=REQUEST_ID_CHARS_MAX).contains(&bytes.len())
            && bytes.iter().all(|byte| (b' '..=b'~').contains(byte))
    };
    headers.get(X_REQUEST_ID).filter(fits).cloned().unwrap_or_else(new_request_id)
}

/// A random one; it names a request and keeps nothing secret, so that the system need not be asked for it.
fn new_request_id() -> HeaderValue {
    let id = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
    let mut text = Uuid::encode_buffer();
    HeaderValue::from_str(id.hyphenated().encode_lower(&mut text))
        .expect("digits and hyphens may stand in a header")
}

fn panicked(panic: &(dyn Any + Send)) -> Problem {
    let text = panic.downcast_ref::<&'static str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(message = text.unwrap_or("(no message)"), "a handler panicked");
    Problem::internal()
}

fn cors(origin: HeaderValue) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::exact(origin))
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            IDEMPOTENCY_KEY,
            X_QUEUE_TOKEN,
            X_REQUEST_ID,
            IF_NONE_MATCH,
            ACCEPT_LANGUAGE,
        ])
        .expose_headers([
            ETAG,
            RETRY_AFTER,
            HeaderName::from_static("ratelimit"),
            IDEMPOTENCY_REPLAYED,
            X_REQUEST_ID,
        ])
        .max_age(Duration::from_secs(CORS_SECONDS))
}
