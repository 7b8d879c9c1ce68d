//! The edge of the server: what every request passes on its way in and out. What an endpoint does
//! is not here, nor how it decides.

pub mod body;
pub mod edge;
pub mod endpoints;
pub mod headers;
pub mod service;

use crate::message::Language;
use crate::problem::Problem;
use body::RawBody;
use http::HeaderMap;
use std::convert::Infallible;
use uuid::Uuid;
use warp::filters::BoxedFilter;
use warp::reply::Response;
use warp::{Filter, Rejection};

/// What belongs to a request wherever it goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// Its id, the caller's or ours, in every answer and log line.
    pub request_id: String,
    /// The language to answer in.
    pub language: Language,
}

/// The context of this request. The service puts it there; without it (in a test of a lone filter)
/// an empty one is given.
pub fn context() -> impl Filter<Extract = (RequestContext,), Error = Infallible> + Copy {
    warp::ext::optional::<RequestContext>().map(Option::unwrap_or_default)
}

/// Everything about a request but its method and path, for a handler to judge in its own order.
#[derive(Debug)]
pub struct Call {
    /// Id and language.
    pub context: RequestContext,
    /// Every header, for [`headers`] and [`crate::auth::Auth`].
    pub headers: HeaderMap,
    /// The query string, for [`headers::query`]; empty if there is none.
    pub query: String,
    /// The body, unread.
    pub body: RawBody,
}

/// Takes a request as a whole. It comes last in a route, after the path and the method.
pub fn call() -> impl Filter<Extract = (Call,), Error = Rejection> + Clone {
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    context().and(warp::header::headers_cloned()).and(query).and(warp::body::stream()).map(
        |context, headers: HeaderMap, query, stream| {
            let body = RawBody::new(&headers, stream);
            Call { context, headers, query, body }
        },
    )
}

/// What answers the requests of one route, whatever their method.
pub type Endpoint = BoxedFilter<(Response,)>;

/// A path and what can be done there: for `Allow`, and to name requests in logs and metrics by a
/// closed set of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// Such as `/v1/concerts/{id}`.
    pub pattern: &'static str,
    /// Such as `GET, PATCH`, as `Allow` writes them.
    pub methods: &'static str,
}

impl Route {
    const fn new(pattern: &'static str, methods: &'static str) -> Self {
        Self { pattern, methods }
    }

    fn matches(&self, path: &str) -> bool {
        let mut asked = path.trim_end_matches('/').split('/');
        let mut ours = self.pattern.trim_end_matches('/').split('/');
        loop {
            match (ours.next(), asked.next()) {
                (None, None) => return true,
                (Some(part), Some(word)) if part == word => {}
                (Some(part), Some(word)) if part.starts_with('{') && !word.is_empty() => {}
                _ => return false,
            }
        }
    }
}

/// Every path of the contract. Which of them are served is for the endpoints to say.
pub const ROUTES: &[Route] = &[
    Route::new("/v1/queue-tokens/current", "GET, DELETE"),
    Route::new("/v1/schedules/{id}/seats", "GET"),
    Route::new("/v1/schedules/{id}/reservations", "POST"),
    Route::new("/v1/payments", "POST"),
    Route::new("/v1/concerts/{id}/queue-tokens", "POST"),
    Route::new("/v1/queue-tokens/current/events", "GET"),
    Route::new("/v1/reservations/{id}", "GET, DELETE"),
    Route::new("/v1/concerts", "GET, POST"),
    Route::new("/v1/concerts/{id}", "GET, PATCH"),
    Route::new("/v1/concerts/{id}/schedules", "GET, POST"),
    Route::new("/v1/concerts/{id}/figures", "GET"),
    Route::new("/v1/concerts/{id}/draw", "POST"),
    Route::new("/v1/users/{user_id}/balance", "GET"),
    Route::new("/v1/users/{user_id}/charges", "POST"),
    Route::new("/v1/users/{user_id}/ledger", "GET"),
    Route::new("/v1/users/{user_id}/reservations", "GET"),
    Route::new("/v1/audit", "GET"),
    Route::new("/v1/demo/sessions", "POST"),
    Route::new("/healthz", "GET"),
    Route::new("/readyz", "GET"),
    Route::new("/metrics", "GET"),
    Route::new("/openapi.json", "GET"),
    Route::new("/docs", "GET"),
    Route::new("/docs/{file}", "GET"),
    Route::new("/", "GET"),
    Route::new("/index.html", "GET"),
    Route::new("/sw.js", "GET"),
    Route::new("/icon.svg", "GET"),
    Route::new("/assets/{name}", "GET"),
];

/// The route of a path.
pub fn route_of(table: &'static [Route], path: &str) -> Option<&'static Route> {
    table.iter().find(|route| route.matches(path))
}

/// A path with its ids blotted out, since some name people.
fn without_ids(path: &str) -> String {
    let blot = |word: &str| if word.parse::<Uuid>().is_ok() { "{id}" } else { word }.to_owned();
    path.split('/').map(blot).collect::<Vec<_>>().join("/")
}

/// Turns what no route took into a problem. Goes at the end of all routes.
///
/// Where routes check the path before the method, a wrong method is only ever found on a path that
/// exists; an answer that a route gave itself never comes here.
async fn recover(rejection: Rejection) -> Result<Problem, Infallible> {
    Ok(problem_of(&rejection))
}

fn problem_of(rejection: &Rejection) -> Problem {
    use warp::filters::body::BodyDeserializeError;
    use warp::reject::{
        InvalidHeader, InvalidQuery, LengthRequired, MethodNotAllowed, MissingHeader,
        PayloadTooLarge, UnsupportedMediaType,
    };
    // Rejections of several routes come merged, so the one from the route that came furthest is
    // looked for first.
    if rejection.is_not_found() {
        Problem::not_found()
    } else if rejection.find::<PayloadTooLarge>().is_some() {
        Problem::payload_too_large(body::BODY_BYTES_MAX)
    } else if rejection.find::<UnsupportedMediaType>().is_some() {
        Problem::unsupported_media_type()
    } else if rejection.find::<BodyDeserializeError>().is_some()
        || rejection.find::<InvalidQuery>().is_some()
        || rejection.find::<InvalidHeader>().is_some()
        || rejection.find::<MissingHeader>().is_some()
        || rejection.find::<LengthRequired>().is_some()
    {
        Problem::malformed_request()
    } else if rejection.find::<MethodNotAllowed>().is_some() {
        Problem::method_not_allowed()
    } else {
        tracing::error!(?rejection, "a rejection that nothing answers");
        Problem::internal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_named_by_its_route() {
        let named = |path: &str| route_of(ROUTES, path).map(|route| route.pattern);
        let id = Uuid::nil();
        let (concert, below) = (format!("/v1/concerts/{id}"), format!("/v1/concerts/{id}/nothing"));
        assert_eq!(named("/"), Some("/"));
        assert_eq!(named("/v1/concerts"), Some("/v1/concerts"));
        assert_eq!(named("/v1/concerts/"), Some("/v1/concerts"));
        assert_eq!(named(&concert), Some("/v1/concerts/{id}"));
        assert_eq!(named("/v1/queue-tokens/current"), Some("/v1/queue-tokens/current"));
        assert_eq!(named(&below), None);
        assert_eq!(named("/v2/concerts"), None);
        assert_eq!(without_ids(&format!("/api/{id}/x/{id}")), "/api/{id}/x/{id}");
    }

    #[test]
    fn no_route_hides_another() {
        for route in ROUTES {
            assert_eq!(route_of(ROUTES, route.pattern), Some(route));
        }
    }
}
