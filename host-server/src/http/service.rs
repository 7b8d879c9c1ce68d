//! Serves routes over HTTP/1: connections, and a shutdown that finishes what it accepted. What every request
//! passes is in `edge`; what the routes are is not known here.

use super::edge::{Direct, Edge};
use super::{Endpoint, Route};
use crate::metrics::Metrics;
use http::HeaderValue;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Seconds in which a request's head must arrive, and that an idle connection is kept. Longer than
/// the minute after which common load balancers drop theirs, so that they are the ones to close.
const HEAD_SECONDS_MAX: u64 = 75;
/// Milliseconds to wait when no connection can be accepted (no file descriptors, for one).
const ACCEPT_PAUSE_MILLIS: u64 = 100;

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

/// What to serve.
pub struct Routes {
    /// Names the paths.
    pub table: &'static [Route],
    /// What answers them, by their pattern. One that has none is not found.
    pub endpoints: Vec<(&'static str, Endpoint)>,
    /// What answers those that are asked for most, without filters.
    pub direct: Vec<Direct>,
}

/// Serves `routes` until `shutdown` ends, then finishes what was accepted.
///
/// Endless answers (event streams) must end by themselves at a shutdown:
/// they are waited for like any other, until the drain timeout cuts them.
pub async fn serve(
    listener: TcpListener,
    routes: Routes,
    config: &ServiceConfig,
    metrics: Arc<Metrics>,
    shutdown: impl Future<Output = ()>,
) -> Drained {
    let edge = Edge::new(routes, config, metrics);
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
fn connect(stream: TcpStream, edge: Edge) -> http1::Connection<TokioIo<TcpStream>, Edge> {
    // Answers are small and whole; a kernel that won't is no reason to refuse a customer.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEAD_SECONDS_MAX))
        .serve_connection(TokioIo::new(stream), edge)
}

/// A caller that hung up costs nothing; anything else (too many open files) passes with time.
async fn pause_after(reason: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    let hung_up = [ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted];
    if !hung_up.contains(&reason.kind()) {
        tracing::warn!(%reason, "can't accept a connection");
        tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MILLIS)).await;
    }
}

#[cfg(test)]
mod tests;
