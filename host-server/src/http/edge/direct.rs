//! Routes that are answered without filters. Nearly every request of an on-sale is a poll, or looks at the same few seat
//! maps, and nearly every one is answered from memory without waiting for anything; then looking through filters, boxing
//! what they might wait for and setting a time limit would cost more than the answer.

use crate::message::Language;
use crate::problem::Problem;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, Ready, ready};
use http::{HeaderMap, Method, Request, Response};
use std::sync::Arc;
use uuid::Uuid;

/// What such a route gives: with its body, which is whole.
type Answered = Result<Response<Bytes>, Problem>;
/// The same, at once, or when it was waited for.
pub type Given = Either<Ready<Answered>, BoxFuture<'static, Answered>>;

type Handler = dyn Fn(DirectCall<'_>) -> Given + Send + Sync;

/// A request for such a route.
#[derive(Debug, Clone, Copy)]
pub struct DirectCall<'r> {
    /// The id in its path, if the pattern has one.
    pub id: Option<Uuid>,
    /// Every header.
    pub headers: &'r HeaderMap,
    /// The query string; empty if there is none.
    pub query: &'r str,
    /// The language to answer in.
    pub language: Language,
}

/// What answers `GET` of one route; its other methods are for the filters, if there are any for it.
#[derive(Clone)]
pub struct Direct {
    pattern: &'static str,
    handler: Arc<Handler>,
}

impl Direct {
    /// Answers the paths of a route, which may have one id.
    pub fn get(
        pattern: &'static str,
        handler: impl Fn(DirectCall<'_>) -> Given + Send + Sync + 'static,
    ) -> Self {
        Self { pattern, handler: Arc::new(handler) }
    }

    /// Of which route it is.
    pub(super) const fn pattern(&self) -> &'static str {
        self.pattern
    }

    /// Answers a request for a path of its route: 404 `not_found` where no id stands in the place of one, and 405
    /// `method_not_allowed` for another method than `GET`.
    pub(super) fn answer<B>(&self, request: &Request<B>, language: Language) -> Given {
        let uri = request.uri();
        let id = match self.id_in(uri.path()) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => return at_once(Err(Problem::not_found())),
        };
        if request.method() != Method::GET {
            return at_once(Err(Problem::method_not_allowed()));
        }
        let (headers, query) = (request.headers(), uri.query().unwrap_or_default());
        (self.handler)(DirectCall { id, headers, query, language })
    }

    fn id_in(&self, path: &str) -> Option<Result<Uuid, uuid::Error>> {
        let mut words = self.pattern.split('/').zip(path.split('/'));
        words.find(|(part, _)| part.starts_with('{')).map(|(_, word)| word.parse())
    }
}

/// What is known already.
pub fn at_once(answered: Answered) -> Given {
    Either::Left(ready(answered))
}

/// What must be waited for.
pub fn later(answered: impl Future<Output = Answered> + Send + 'static) -> Given {
    Either::Right(answered.boxed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_in_a_path_is_told() {
        let direct = |pattern| Direct::get(pattern, |_| at_once(Ok(Response::default())));
        let (seats, id) = (direct("/v1/schedules/{id}/seats"), Uuid::from_u128(7));
        for path in [format!("/v1/schedules/{id}/seats"), format!("/v1/schedules/{id}/seats/")] {
            assert_eq!(seats.id_in(&path), Some(Ok(id)), "{path}");
        }
        assert!(seats.id_in("/v1/schedules/7/seats").is_some_and(|id| id.is_err()));
        assert_eq!(direct("/v1/place").id_in("/v1/place"), None);
    }
}
