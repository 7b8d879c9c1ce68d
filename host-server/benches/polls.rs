//! Three servers to compare: one with a line of so many people, asked for their places; one with the same around
//! it, whose route for polls always answers the same bytes; and warp alone with that route.
//! `polls WAITING POLLING FILE` writes the queue tokens of `POLLING` of them to `FILE`, a line each, prints where
//! each server listens, and serves until it is ended. `cargo xtask bench queue` compares.

use bytes::Bytes;
use frontrow_core::concert::Concert;
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::Ticket;
use frontrow_core::{Command, ConcertId, Outcome, TicketId, UserId};
use frontrow_server::app::App;
use frontrow_server::auth::{Auth, QueueToken};
use frontrow_server::config::{AuthConfig, DatabaseUrl};
use frontrow_server::execute::{Answer, Limits};
use frontrow_server::http::ROUTES;
use frontrow_server::http::edge::{Direct, at_once};
use frontrow_server::http::service::{Routes, ServiceConfig, serve};
use frontrow_server::metrics::Metrics;
use frontrow_server::server::{TimerMode, run, runtime};
use frontrow_server::store;
use futures_util::future::{pending, try_join_all};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response};
use std::error::Error;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use uuid::Uuid;
use warp::Filter;
use warp::filters::BoxedFilter;

type Failed = Box<dyn Error + Send + Sync>;

/// Joins under way at once.
const JOINS: usize = 2_000;
/// The path of polls.
const POLLS: &str = "/v1/queue-tokens/current";
const SECRET: &str = "known to nobody but this bench";

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
    let url: DatabaseUrl =
        format!("sqlite://{}", folder.path().join("line.db").display()).parse()?;
    let store = store::open(&url, None).await?;
    store.migrate().await?;
    let auth = AuthConfig::Secret { secret: SECRET.parse()?, queue_token_secret: None };
    let auth = Auth::new(&auth)?;
    let app = Arc::new(App::new(store, auth, "KRW".to_owned(), false, Limits::default()));
    let tickets = line(&app, waiting).await?;
    let mut tokens = String::new();
    for ticket in tickets.iter().step_by((waiting / polling).max(1)).take(polling) {
        let Ticket { id: ticket_id, user_id, concert_id, number, .. } = *ticket;
        let token = QueueToken { ticket_id, user_id, concert_id, number };
        writeln!(tokens, "{}", app.auth.sign_queue_token(&token))?;
    }
    tokio::fs::write(file, &tokens).await?;
    let config = ServiceConfig {
        // So long may it take until the line is in memory.
        request_timeout: Duration::from_mins(5),
        drain_timeout: Duration::from_secs(1),
        cors_origin: None,
    };
    let (polls, constant, bare) = (listener().await?, listener().await?, listener().await?);
    let polls_at = polls.local_addr()?;
    let body = sample(&app, polls, &config, tokens.lines().next().unwrap_or_default()).await?;
    println!("polls http://{polls_at}");
    println!("constant http://{}", constant.local_addr()?);
    println!("bare http://{}", bare.local_addr()?);
    let metrics = Arc::new(Metrics::default());
    let direct = body.clone();
    let direct = Direct::get(POLLS, move |_, _| at_once(Ok(answer(direct.clone()))));
    let routes = Routes { table: ROUTES, endpoints: Vec::new(), direct: Some(direct) };
    tokio::join!(
        async { serve(constant, routes, &config, metrics, pending()).await },
        warp::serve(always(body)).incoming(bare).run(),
    );
    Ok(())
}

async fn listener() -> Result<TcpListener, Failed> {
    Ok(TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?)
}

/// So many tickets of a sale that opens tomorrow.
async fn line(app: &App, waiting: usize) -> Result<Vec<Ticket>, Failed> {
    let (concert_id, now) = (ConcertId(Uuid::now_v7()), app.store.now());
    let concert = Concert {
        id: concert_id,
        title: "Everybody waits".to_owned(),
        sale_opens_at: now.plus_seconds(86_400),
        admission: AdmissionPolicy {
            interval_seconds: 10,
            batch_size: 500,
            active_seconds: 600,
            max_active: None,
            lapse_seconds: 180,
            inventory_aware: false,
        },
        holds: HoldPolicy::default(),
        paused: false,
        closed: false,
        draining: false,
        notice: None,
        prequeue: None,
        created_at: now,
    };
    let created = app.executor.execute(Command::CreateConcert { concert }).await;
    created.map_err(|error| format!("no concert: {error:?}"))?;
    let mut tickets = Vec::with_capacity(waiting);
    while tickets.len() < waiting {
        let joins = (tickets.len()..waiting).take(JOINS).map(|_| async move {
            let (ticket_id, user_id) = (TicketId(Uuid::now_v7()), UserId(Uuid::now_v7()));
            let join = Command::Join { ticket_id, concert_id, user_id };
            match app.executor.execute(join).await {
                Ok(Answer::Decided { outcome: Ok(Outcome::Joined { ticket, .. }), .. }) => {
                    Ok(ticket)
                }
                other => Err(format!("a join was answered {other:?}")),
            }
        });
        tickets.extend(try_join_all(joins).await?);
    }
    Ok(tickets)
}

/// Starts the server of the line, and tells what it answers to a poll.
async fn sample(
    app: &Arc<App>,
    listener: TcpListener,
    config: &ServiceConfig,
    token: &str,
) -> Result<Bytes, Failed> {
    let url = format!("http://{}{POLLS}", listener.local_addr()?);
    let (app, config) = (Arc::clone(app), config.clone());
    tokio::spawn(async move { run(app, listener, &config, TimerMode::Running, pending()).await });
    let answer = reqwest::Client::new().get(url).header("x-queue-token", token).send().await?;
    Ok(answer.error_for_status()?.bytes().await?)
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
