//! Servers to compare: one that sells a hall of a thousand seats, asked for its map; warp alone, which always answers the
//! same bytes; and warp alone, which always answers 304.
//! `seats LOOKING FILE` writes the queue tokens of `LOOKING` people who were let in to `FILE`, a line each, prints where
//! each server listens, the path to ask for and the map's `ETag`, and serves until it is ended. `cargo xtask bench seats`
//! compares.

mod stage;

use bytes::Bytes;
use frontrow_core::concert::{Schedule, Section};
use frontrow_core::queue::TicketState;
use frontrow_core::{Amount, Command, ScheduleId};
use frontrow_server::server::runtime;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use http::{HeaderValue, Response, StatusCode};
use stage::Failed;
use std::time::Duration;
use uuid::Uuid;
use warp::Filter;
use warp::filters::BoxedFilter;

/// The hall.
const ROWS: u32 = 25;
const SEATS_PER_ROW: u32 = 40;

fn main() -> Result<(), Failed> {
    runtime()?.block_on(compare())
}

async fn compare() -> Result<(), Failed> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [looking, file] = &args[..] else {
        return Err("needs how many look, and a file for their tokens".into());
    };
    let looking: u32 = looking.parse()?;
    let folder = tempfile::tempdir()?;
    let app = stage::app(folder.path()).await?;
    let concert_id = stage::concert(&app, app.store.now(), looking).await?;
    let price = Amount::new(154_000)?;
    let section = Section { name: "R".to_owned(), rows: ROWS, seats_per_row: SEATS_PER_ROW, price };
    let schedule = Schedule {
        id: ScheduleId(Uuid::now_v7()),
        concert_id,
        starts_at: app.store.now().plus_seconds(86_400),
        venue: "Olympic Hall".to_owned(),
        sections: vec![section],
    };
    let path = format!("/v1/schedules/{}/seats", schedule.id.0);
    stage::outcome(&app, Command::AddSchedule { schedule }).await?;
    let tickets = stage::join(&app, concert_id, looking as usize).await?;
    let tokens = stage::tokens(&app, tickets.iter())?;
    tokio::fs::write(file, &tokens).await?;

    let (seats, constant, unchanged) =
        (stage::listener().await?, stage::listener().await?, stage::listener().await?);
    let seats_at = seats.local_addr()?;
    stage::start(&app, seats);
    for ticket in &tickets {
        while !app.store.ticket(ticket.id).await?.is_some_and(|ticket| is_active(ticket.state)) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let request = reqwest::Client::new().get(format!("http://{seats_at}{path}"));
    let token = tokens.lines().next().unwrap_or_default();
    let answer = request.header("x-queue-token", token).send().await?.error_for_status()?;
    let etag = answer.headers().get(ETAG).cloned().ok_or("a map has an ETag")?;
    let body = answer.bytes().await?;
    println!("seats http://{seats_at}");
    println!("constant http://{}", constant.local_addr()?);
    println!("unchanged http://{}", unchanged.local_addr()?);
    println!("path {path}");
    println!("etag {}", etag.to_str()?);
    let always = |status, body| always(answer_with(status, body, &etag));
    tokio::join!(
        warp::serve(always(StatusCode::OK, body)).incoming(constant).run(),
        warp::serve(always(StatusCode::NOT_MODIFIED, Bytes::new())).incoming(unchanged).run(),
    );
    Ok(())
}

fn is_active(state: TicketState) -> bool {
    matches!(state, TicketState::Active { .. })
}

/// The route of seat maps in warp, which answers the same whatever it is asked.
fn always(answer: Response<Bytes>) -> BoxedFilter<(Response<Bytes>,)> {
    warp::path!("v1" / "schedules" / Uuid / "seats")
        .and(warp::get())
        .map(move |_| answer.clone())
        .boxed()
}

/// An answer that looks like a map's.
fn answer_with(status: StatusCode, body: Bytes, etag: &HeaderValue) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ETAG, etag.clone());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
