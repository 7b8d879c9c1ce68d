//! Joining a queue, asking for one's place, leaving.

use super::notice::notice;
use super::view::QueueTokenView;
use super::{Answered, execute, json, no_content, plain, seen, unexpected, with_id};
use crate::app::App;
use crate::auth::QueueToken;
use crate::board::Seen;
use crate::http::edge::{Direct, at_once, later};
use crate::http::{Call, Endpoint};
use bytes::Bytes;
use frontrow_core::{Command, ConcertId, Language, Outcome, TicketId, Timestamp};
use http::HeaderValue;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use std::sync::Arc;
use uuid::Uuid;
use warp::Filter;

/// Bytes of the answer to a poll, at most, unless the operator has a notice.
const PLACE_BYTES: usize = 768;

/// Seconds until the next poll, two digits each: 0 to 60.
const PAUSES: &str = "00010203040506070809101112131415161718192021222324252627282930313233343536373839\
                      404142434445464748495051525354555657585960";

/// `POST /v1/concerts/{id}/queue-tokens`
pub(super) fn join(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "concerts" / Uuid / "queue-tokens").and(warp::post());
    with_id(app, path, async |app: Arc<App>, id: Uuid, call: Call| {
        let caller = app.auth.caller(&call.headers, app.store.now())?;
        caller.require_user()?;
        let command = Command::Join {
            ticket_id: TicketId(Uuid::now_v7()),
            concert_id: ConcertId(id),
            user_id: caller.user_id,
        };
        let (Outcome::Joined { ticket, already_queued }, _) = execute(&app, command).await? else {
            return Err(unexpected("joining"));
        };
        let token = QueueToken {
            ticket_id: ticket.id,
            user_id: ticket.user_id,
            concert_id: ticket.concert_id,
            number: ticket.number,
        };
        let (seen, now) = seen(&app, &token).await?;
        let mut view = view(&seen, already_queued, now, call.context.language);
        view.token = Some(app.auth.sign_queue_token(&token));
        let status = if already_queued { StatusCode::OK } else { StatusCode::CREATED };
        Ok(json(status, &view))
    })
}

/// `GET /v1/queue-tokens/current`
pub(super) fn poll(app: &Arc<App>) -> Direct {
    let app = Arc::clone(app);
    Direct::get("/v1/queue-tokens/current", move |call| {
        let language = call.language;
        let token = match app.auth.holder(call.headers) {
            Ok(token) => token,
            Err(problem) => return at_once(Err(problem)),
        };
        let now = app.store.now();
        if let Some(seen) = app.boards.look_at_once(&token, now) {
            return at_once(Ok(place(&seen, now, language)));
        }
        let app = Arc::clone(&app);
        later(async move {
            let (seen, now) = seen(&app, &token).await?;
            Ok(place(&seen, now, language))
        })
    })
}

/// The answer to a poll.
fn place(seen: &Seen, now: Timestamp, language: Language) -> http::Response<Bytes> {
    let view = view(seen, false, now, language);
    let mut body = Vec::with_capacity(PLACE_BYTES);
    view.write(&mut body);
    let mut response = http::Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(RETRY_AFTER, retry_after(seen.standing.poll_after_seconds));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// How long to wait before the next poll. The few pauses that there are take no memory of their own.
fn retry_after(seconds: u64) -> HeaderValue {
    let text = usize::try_from(seconds).ok().and_then(|seconds| {
        let at = seconds.checked_mul(2)?;
        PAUSES.get(at..at.checked_add(2)?)
    });
    text.map_or_else(
        || seconds.into(),
        |text| HeaderValue::from_static(text.strip_prefix('0').unwrap_or(text)),
    )
}

/// `DELETE /v1/queue-tokens/current`
pub(super) fn leave(app: &Arc<App>) -> Endpoint {
    let path = warp::path!("v1" / "queue-tokens" / "current").and(warp::delete());
    plain(app, path, async |app: Arc<App>, call: Call| -> Answered {
        let token = app.auth.holder(&call.headers)?;
        execute(&app, Command::Leave { ticket_id: token.ticket_id }).await?;
        Ok(no_content())
    })
}

/// A place in line, with the text for people that belongs to it.
pub(super) fn view(
    seen: &Seen,
    already_queued: bool,
    now: Timestamp,
    language: Language,
) -> QueueTokenView {
    let Seen { ticket, standing, notice: operators } = seen;
    let mut view = QueueTokenView::new(ticket, standing, now);
    view.already_queued = already_queued;
    view.notice = notice(operators.as_deref(), standing, already_queued, language);
    view
}

#[cfg(test)]
mod tests {
    use super::retry_after;

    #[test]
    fn pauses_are_numbers_of_seconds() {
        for seconds in [0, 1, 9, 10, 59, 60, 61, 3_600, u64::MAX / 2, u64::MAX] {
            assert_eq!(retry_after(seconds), seconds.to_string(), "{seconds}");
        }
    }
}
