//! Bodies of answers: whole, or as a filter made them, or compressed.

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::ready;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use http::{HeaderMap, HeaderValue, Request};
use hyper::body::{Body, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::compression::{CompressionBody, CompressionLayer, CompressionLevel};

/// Bytes of a body, at least, to be worth compressing: an answer that fits a packet is not.
const COMPRESSED_BYTES_MIN: u64 = 1_024;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
pub(in crate::http) type FilterBody = <warp::reply::Response as HasBody>::Body;

/// Names the body of warp's answers, which warp does not.
pub(in crate::http) trait HasBody {
    type Body;
}

impl<B> HasBody for http::Response<B> {
    type Body = B;
}

/// The body of an answer.
pub(in crate::http) enum AnswerBody {
    /// All of it; `None` once it was sent.
    Whole(Option<Bytes>),
    /// From a filter, which may still be making it.
    Filter(FilterBody),
    /// In the encoding that suits the caller.
    Compressed(Pin<Box<CompressionBody<FilterBody>>>),
}

impl Default for AnswerBody {
    fn default() -> Self {
        Self::Whole(None)
    }
}

impl From<Bytes> for AnswerBody {
    fn from(body: Bytes) -> Self {
        Self::Whole(Some(body).filter(|body| !body.is_empty()))
    }
}

impl From<FilterBody> for AnswerBody {
    fn from(body: FilterBody) -> Self {
        Self::Filter(body)
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.get_mut() {
            Self::Whole(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
            Self::Filter(body) => {
                let frame = Pin::new(body).poll_frame(context);
                frame.map(|frame| frame.map(|frame| frame.map_err(Into::into)))
            }
            Self::Compressed(body) => body.as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_none(),
            Self::Filter(body) => body.is_end_stream(),
            Self::Compressed(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => {
                SizeHint::with_exact(body.as_ref().map_or(0, |body| body.len() as u64))
            }
            Self::Filter(body) => body.size_hint(),
            Self::Compressed(body) => body.size_hint(),
        }
    }
}

/// What a caller says about encodings.
#[derive(Debug, Clone, Default)]
pub(super) struct Accepts(Vec<HeaderValue>);

impl Accepts {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self(headers.get_all(ACCEPT_ENCODING).iter().cloned().collect())
    }

    /// Whether it may be that nothing suits them, not even what is not encoded: that takes a weight of 0.
    fn may_refuse_all(&self) -> bool {
        self.0.iter().any(|value| value.as_bytes().contains(&b'='))
    }
}

/// The answer, compressed if that is worthwhile, the caller accepts it, and it is not yet.
pub(super) fn compressed(
    mut answer: http::Response<AnswerBody>,
    accepts: &Accepts,
) -> http::Response<AnswerBody> {
    if answer.headers().contains_key(CONTENT_ENCODING) {
        return answer;
    }
    let worthwhile = DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_BYTES_MIN));
    if !worthwhile.should_compress(&answer) && !accepts.may_refuse_all() {
        return answer;
    }
    if accepts.0.is_empty() {
        answer.headers_mut().append(VARY, ACCEPT_ENCODING.into());
        return answer;
    }
    let answer = answer.map(|body| match body {
        AnswerBody::Whole(body) => FilterBody::from(body),
        AnswerBody::Filter(body) => body,
        AnswerBody::Compressed(_) => unreachable!("an answer is compressed once"),
    });
    let mut request = Request::new(());
    for value in &accepts.0 {
        request.headers_mut().append(ACCEPT_ENCODING, value.clone());
    }
    let mut answer = Some(answer);
    let answer = service_fn(move |_: Request<()>| {
        ready(Ok::<_, Infallible>(answer.take().expect("it is asked once")))
    });
    let layer = CompressionLayer::new().quality(CompressionLevel::Fastest);
    let compressed = layer.compress_when(worthwhile).layer(answer).oneshot(request);
    let Ok(answer) = compressed.now_or_never().expect("the answer is there already");
    answer.map(|body| AnswerBody::Compressed(Box::pin(body)))
}
