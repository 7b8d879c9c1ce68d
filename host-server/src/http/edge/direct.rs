//! A route that is answered without filters. Nearly every request of an on-sale is a poll, and nearly every
//! poll is answered from memory without waiting for anything; then looking through filters, boxing what
//! they might wait for and setting a time limit would cost more than the answer.

use crate::message::Language;
use crate::problem::Problem;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, Ready, ready};
use http::{HeaderMap, Method, Request, Response};
use std::sync::Arc;

/// What such a route gives: with its body, which is whole.
type Answered = Result<Response<Bytes>, Problem>;
/// The same, at once, or when it was waited for.
pub type Given = Either<Ready<Answered>, BoxFuture<'static, Answered>>;

type Handler = dyn Fn(&HeaderMap, Language) -> Given + Send + Sync;

/// A route for `GET` of one path, and nothing else; other methods of that path are for the filters.
#[derive(Clone)]
pub struct Direct {
    path: &'static str,
    handler: Arc<Handler>,
}

impl Direct {
    /// Answers a path without parameters, by the headers of a request and the language to answer in.
    pub fn get(
        path: &'static str,
        handler: impl Fn(&HeaderMap, Language) -> Given + Send + Sync + 'static,
    ) -> Self {
        Self { path, handler: Arc::new(handler) }
    }

    /// Whether it is this route that is asked for. As with filters, a path may end in a slash.
    pub(super) fn takes<B>(&self, request: &Request<B>) -> bool {
        let path = request.uri().path();
        request.method() == Method::GET && path.strip_suffix('/').unwrap_or(path) == self.path
    }

    pub(super) fn answer(&self, headers: &HeaderMap, language: Language) -> Given {
        (self.handler)(headers, language)
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
    fn one_method_of_one_path_is_taken() {
        let direct = Direct::get("/v1/place", |_, _| at_once(Ok(Response::default())));
        let takes = |method: Method, path: &str| {
            direct.takes(&Request::builder().method(method).uri(path).body(()).unwrap())
        };
        assert!(takes(Method::GET, "/v1/place") && takes(Method::GET, "/v1/place/?a=b"));
        assert!(!takes(Method::DELETE, "/v1/place"));
        for other in ["/v1/places", "/v1/place//", "/v1/place/events", "/v1/", "/"] {
            assert!(!takes(Method::GET, other), "{other}");
        }
    }
}
