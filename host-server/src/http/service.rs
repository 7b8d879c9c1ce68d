//! Serves routes over HTTP/1: request ids, log lines, time limits, compression, CORS, problems, and
//! a shutdown that finishes what it accepted. What the routes are is not known here.

use super::headers::{IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED, X_QUEUE_TOKEN, X_REQUEST_ID};
use super::{RequestContext, Route, recover, route_of, without_ids};
use crate::message::EdgeCode;
use crate::metrics::Metrics;
use crate::problem::Problem;
use bytes::Bytes;
use futures_util::FutureExt;
use http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER,
};
use http::{HeaderName, HeaderValue, Method, Request};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::any::Any;
use std::convert::Infallible;
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower::{Service, ServiceBuilder};
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;
use tracing::Span;
use warp::filters::BoxedFilter;
use warp::reply::Response;
use warp::{Filter, Rejection, Reply};

/// Seconds in which a request's head must arrive, and that an idle connection is kept. Longer than
/// the minute after which common load balancers drop theirs, so that they are the ones to close.
const HEAD_SECONDS_MAX: u64 = 75;
/// Milliseconds to wait when no connection can be accepted (no file descriptors, for one).
const ACCEPT_PAUSE_MILLIS: u64 = 100;
/// Bytes of a body, at least, to be worth compressing: an answer that fits a packet is not.
const COMPRESSED_BYTES_MIN: u64 = 1_024;
/// Characters of a caller's request id, at most.
const REQUEST_ID_CHARS_MAX: usize = 128;
/// Characters of a path that no route has, at most, in the log.
const UNKNOWN_PATH_CHARS_MAX: usize = 100;
/// Seconds that a browser may remember what CORS allows.
const CORS_SECONDS: u64 = 3_600;

/// How to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceConfig {
    /// After which a request is answered with `request_timeout`.
    pub request_timeout: Duration,
    /// After which a shutdown waits no more.
    pub drain_timeout: Duration,
    /// The one origin whose pages may call.
    pub cors_origin: Option<HeaderValue>,
}

/// How a shutdown went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Everything accepted was answered.
    Completely,
    /// Time ran out, and this many connections were cut.
    CutShort(usize),
}

/// Serves `routes` until `shutdown` ends, then finishes what was accepted.
///
/// `table` names the paths. Endless answers (event streams) must end by themselves at a shutdown:
/// they are waited for like any other, until the drain timeout cuts them.
pub async fn serve<F, R>(
    listener: TcpListener,
    routes: F,
    table: &'static [Route],
    config: &ServiceConfig,
    metrics: Arc<Metrics>,
    shutdown: impl Future<Output = ()>,
) -> Drained
where
    F: Filter<Extract = (R,), Error = Rejection> + Clone + Send + Sync + 'static,
    R: Reply + 'static,
{
    let edge = edge(routes, table, config, metrics);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _peer)) => {
                    let connection = graceful.watch(connect(stream, edge.clone()));
                    connections.spawn(async move {
                        if let Err(reason) = connection.await {
                            tracing::debug!(%reason, "a connection broke");
                        }
                    });
                }
                Err(reason) => pause_after(&reason).await,
            },
        }
    }
    drop(listener);
    let drain = tokio::time::timeout(config.drain_timeout, graceful.shutdown());
    if drain.await.is_ok() {
        return Drained::Completely;
    }
    while connections.try_join_next().is_some() {}
    let cut = connections.len();
    connections.shutdown().await;
    Drained::CutShort(cut)
}

/// One connection, not yet driven.
fn connect<S>(
    stream: TcpStream,
    edge: S,
) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<S>>
where
    S: Service<Request<Incoming>, Error = Infallible> + Clone,
    TowerToHyperService<S>: hyper::service::HttpService<Incoming, Error = Infallible>,
    <TowerToHyperService<S> as hyper::service::HttpService<Incoming>>::ResBody: 'static,
    <<TowerToHyperService<S> as hyper::service::HttpService<Incoming>>::ResBody as Body>::Error:
        Into<BoxError>,
{
    // Answers are small and whole; a kernel that won't is no reason to refuse a customer.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEAD_SECONDS_MAX))
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(edge))
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A caller that hung up costs nothing; anything else (too many open files) passes with time.
async fn pause_after(reason: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    let hung_up = [ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted];
    if !hung_up.contains(&reason.kind()) {
        tracing::warn!(%reason, "can't accept a connection");
        tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MILLIS)).await;
    }
}

/// The routes with everything around them, from the outside in.
fn edge<F, R>(
    routes: F,
    table: &'static [Route],
    config: &ServiceConfig,
    metrics: Arc<Metrics>,
) -> impl Service<
    Request<Incoming>,
    Response = http::Response<impl Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static>,
    Error = Infallible,
    Future: Send + 'static,
> + Clone
+ Send
+ 'static
where
    F: Filter<Extract = (R,), Error = Rejection> + Clone + Send + Sync + 'static,
    R: Reply + 'static,
{
    let routes = routes.recover(recover).map(Reply::into_response).boxed();
    let timeout = config.request_timeout;
    ServiceBuilder::new()
        .map_request(move |request| settle(table, request))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(log_answer)
                .on_body_chunk(())
                .on_eos(())
                .on_failure(()),
        )
        .layer(compression())
        .option_layer(config.cors_origin.clone().map(cors))
        .service_fn(move |request: Request<Incoming>| {
            let started = Instant::now();
            let route = found(&request);
            let method = request.method().clone();
            let answer = answer(routes.clone(), route, timeout, request);
            let metrics = Arc::clone(&metrics);
            async move {
                let (response, code) = answer.await;
                let pattern = route.map(|route| route.pattern);
                metrics.answered(&method, pattern, response.status(), code, started.elapsed());
                Ok::<_, Infallible>(response)
            }
        })
}

/// The route of a request's path, if one has it; looked for once, since every request passes here.
#[derive(Debug, Clone, Copy)]
struct Found(Option<&'static Route>);

fn found(request: &Request<Incoming>) -> Option<&'static Route> {
    request.extensions().get::<Found>().and_then(|found| found.0)
}

/// Finds the route. Forgets a request id that could do harm, so that a new one is made. HEAD is answered
/// like GET; the connection knows better and leaves out the body.
fn settle(table: &'static [Route], mut request: Request<Incoming>) -> Request<Incoming> {
    let route = Found(route_of(table, request.uri().path()));
    request.extensions_mut().insert(route);
    if let Some(id) = request.headers().get(X_REQUEST_ID) {
        let bytes = id.as_bytes();
        let fits = (1..=REQUEST_ID_CHARS_MAX).contains(&bytes.len())
            && bytes.iter().all(|byte| (b' '..=b'~').contains(byte));
        if !fits {
            request.headers_mut().remove(X_REQUEST_ID);
        }
    }
    if request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    request
}

/// Answers within the time limit, whatever a handler does, and writes out problems; also tells a problem's
/// code.
async fn answer(
    routes: BoxedFilter<(Response,)>,
    route: Option<&'static Route>,
    timeout: Duration,
    mut request: Request<Incoming>,
) -> (Response, Option<&'static str>) {
    let context = RequestContext::new(request.headers());
    let method = request.method().clone();
    request.extensions_mut().insert(context.clone());
    let work = AssertUnwindSafe(async move { warp::service(routes).call(request).await });
    let mut response = match tokio::time::timeout(timeout, work.catch_unwind()).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(never))) => match never {},
        Ok(Err(panic)) => {
            tracing::error!(message = panic_message(&*panic), "a handler panicked");
            Problem::internal().into_response()
        }
        Err(_elapsed) => {
            tracing::warn!("a request took too long");
            Problem::request_timeout(!method.is_safe()).into_response()
        }
    };
    match response.extensions_mut().remove::<Problem>() {
        None => (response, None),
        Some(mut problem) => {
            if problem.code == EdgeCode::MethodNotAllowed.code() {
                problem.allow = route.map(|route| route.methods);
            }
            (problem.render(&context), Some(problem.code))
        }
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&'static str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no message)")
}

/// One span a request, which every log line inside of it bears. Never headers, tokens, queries or
/// bodies, nor ids, since some name people.
fn span(request: &Request<Incoming>) -> Span {
    let path = match found(request) {
        Some(route) => route.pattern.to_owned(),
        None => without_ids(request.uri().path()).chars().take(UNKNOWN_PATH_CHARS_MAX).collect(),
    };
    let id = request.headers().get(X_REQUEST_ID).and_then(|id| id.to_str().ok());
    tracing::error_span!("request", method = %request.method(), path, request_id = id)
}

/// One line at the end of a request, by default only where the server is at fault.
fn log_answer<B>(response: &http::Response<B>, latency: Duration, _span: &Span) {
    let (status, latency_ms) = (response.status().as_u16(), latency.as_millis());
    if response.status().is_server_error() {
        tracing::warn!(status, latency_ms, "answered");
    } else {
        tracing::debug!(status, latency_ms, "answered");
    }
}

fn compression() -> CompressionLayer<impl Predicate> {
    let worthwhile = DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_BYTES_MIN));
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worthwhile)
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

#[cfg(test)]
mod tests;
