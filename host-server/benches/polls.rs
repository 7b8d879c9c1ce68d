//! Three servers to compare: one with a line of so many people, asked for their places; one with the same around
//! it, whose route for polls always answers the same bytes; and warp alone with that route.
//! `polls WAITING POLLING FILE` writes the queue tokens of `POLLING` of them to `FILE`, a line each, prints where
//! each server listens, and serves until it is ended. `cargo xtask bench queue` compares.

mod stage;

use bytes::Bytes;
use frontrow_server::http::ROUTES;
use frontrow_server::http::edge::{Direct, at_once};
use frontrow_server::http::service::{Routes, serve};
use frontrow_server::metrics::Metrics;
use frontrow_server::server::runtime;
use futures_util::future::pending;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response};
use stage::Failed;
use std::sync::Arc;
use warp::Filter;
use warp::filters::BoxedFilter;

/// The path of polls.
const POLLS: &str = "/v1/queue-tokens/current";
/// Seconds until the sale opens, and how many it would let in each second.
const OPENS_IN_SECONDS: u32 = 86_400;
const BATCH_SIZE: u32 = 50;

fn main() -> Result<(), Failed> {
    runtime()?.block_on(compare())
}

async fn compare() -> Result<(), Failed> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [waiting, polling, file] = &args[..] else {
        return Err("needs how many wait, how many poll, and a file for their tokens".into());
    };
    let (waiting, polling): (usize, usize) = (waiting.parse()?, polling.parse()?);
    let folder = tempfile::tempdir()?;
    let app = stage::app(folder.path()).await?;
    let opens_at = app.store.now().plus_seconds(OPENS_IN_SECONDS);
    let concert_id = stage::concert(&app, opens_at, BATCH_SIZE).await?;
    let tickets = stage::join(&app, concert_id, waiting).await?;
    let each = (waiting / polling).max(1);
    let tokens = stage::tokens(&app, tickets.iter().step_by(each).take(polling))?;
    tokio::fs::write(file, &tokens).await?;

    let (polls, constant, bare) =
        (stage::listener().await?, stage::listener().await?, stage::listener().await?);
    let polls_at = polls.local_addr()?;
    stage::start(&app, polls);
    let request = reqwest::Client::new().get(format!("http://{polls_at}{POLLS}"));
    let token = tokens.lines().next().unwrap_or_default();
    let sample = request.header("x-queue-token", token).send().await?;
    let body = sample.error_for_status()?.bytes().await?;
    println!("polls http://{polls_at}");
    println!("constant http://{}", constant.local_addr()?);
    println!("bare http://{}", bare.local_addr()?);
    let (config, metrics) = (stage::config(), Arc::new(Metrics::default()));
    let direct = body.clone();
    let direct = vec![Direct::get(POLLS, move |_| at_once(Ok(answer(direct.clone()))))];
    let routes = Routes { table: ROUTES, endpoints: Vec::new(), direct };
    tokio::join!(
        async { serve(constant, routes, &config, metrics, pending()).await },
        warp::serve(always(body)).incoming(bare).run(),
    );
    Ok(())
}

/// The route of polls in warp, which answers the same whatever it is asked.
fn always(body: Bytes) -> BoxedFilter<(Response<Bytes>,)> {
    warp::path!("v1" / "queue-tokens" / "current")
        .and(warp::get())
        .map(move || answer(body.clone()))
        .boxed()
}

/// An answer that looks like a poll's.
fn answer(body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
