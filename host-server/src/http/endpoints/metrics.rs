//! What this server counted. Operators keep it from the public at their proxy, as they do with `/readyz`.

use crate::app::App;
use crate::http::Endpoint;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use std::sync::Arc;
use warp::Filter;
use warp::reply::Response;

/// Prometheus' text format.
const TEXT_FORMAT: HeaderValue =
    HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// `GET /metrics`
pub(super) fn metrics(app: &Arc<App>) -> Endpoint {
    let metrics = Arc::clone(&app.metrics);
    warp::path!("metrics")
        .and(warp::get())
        .map(move || {
            let mut response = Response::new(metrics.render().into());
            response.headers_mut().insert(CONTENT_TYPE, TEXT_FORMAT);
            response
        })
        .boxed()
}
