//! One's place in line as server-sent events: told at once, and then whenever it changes.

use super::queue::view;
use super::view::QueueTokenView;
use super::{plain, seen};
use crate::app::App;
use crate::auth::QueueToken;
use crate::board::Seen;
use crate::http::{Call, Endpoint};
use crate::problem::Problem;
use frontrow_core::queue::Phase;
use frontrow_core::{Language, Timestamp};
use futures_util::Stream;
use futures_util::stream::unfold;
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use warp::sse::Event;
use warp::{Filter, Reply};

/// Between two messages, at least.
const MESSAGE_PAUSE: Duration = Duration::from_secs(1);
/// Without a message for so long, a comment is sent, so that nobody in between takes the stream for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A client that lost the stream comes back after so long.
const RETRY: Duration = Duration::from_secs(2);

/// Somebody who listens.
struct Listener {
    app: Arc<App>,
    token: QueueToken,
    language: Language,
    _permit: OwnedSemaphorePermit,
}

/// `GET /v1/queue-tokens/current/events`
pub(super) fn events(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "queue-tokens" / "current" / "events").and(warp::get());
    plain(app, path, async |app: Arc<App>, call: Call| {
        let token = app.auth.holder(&call.headers)?;
        // Who can't be told their place gets a problem, and no stream.
        let place = seen(&app, &token).await?;
        let permit = app.streams.open().ok_or_else(|| Problem::overloaded(Duration::ZERO))?;
        let language = call.context.language;
        let listener = Listener { app, token, language, _permit: permit };
        let (sender, receiver) = channel(1);
        tokio::spawn(tell(listener, place, sender));
        let stream = warp::sse::keep_alive().interval(KEEP_ALIVE).stream(stream_of(receiver));
        let mut response = warp::sse::reply(stream).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // A proxy that gathers an answer before it passes it on would keep a place for itself.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        Ok(response)
    })
}

/// Sends a message whenever something changed. Ends when nothing will change any more, when the place can't be
/// told, when nobody listens, and when the server stops: a client then asks again, here or elsewhere.
async fn tell(listener: Listener, mut place: (Seen, Timestamp), messages: Sender<Event>) {
    let mut told: Option<QueueTokenView> = None;
    loop {
        let (current, now) = &place;
        let view = view(current, false, *now, listener.language);
        if told.as_ref().is_none_or(|told| view.differs_from(told)) {
            let Ok(event) = Event::default().retry(RETRY).json_data(&view) else { return };
            if messages.send(event).await.is_err() {
                return;
            }
            told = Some(view);
        }
        if !matches!(current.standing.state, Phase::Waiting | Phase::Active) {
            return;
        }
        tokio::select! {
            () = listener.app.streams.closed() => return,
            () = messages.closed() => return,
            () = tokio::time::sleep(MESSAGE_PAUSE) => {}
        }
        let Ok(next) = seen(&listener.app, &listener.token).await else { return };
        place = next;
    }
}

/// What was sent, as a stream.
fn stream_of(messages: Receiver<Event>) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    unfold(messages, async |mut messages| Some((Ok(messages.recv().await?), messages)))
}
