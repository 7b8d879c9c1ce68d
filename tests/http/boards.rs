//! Polls are answered from memory: without the database, for a while even where it is away, and as a stream
//! to who asks for one.

use crate::stage::{INTERVAL_SECONDS, Sale, concert, with};
use frontrow_core::{ConcertId, TicketId, UserId};
use frontrow_server::auth::QueueToken;
use frontrow_server::board::Boards;
use frontrow_tests::server::Setup;
use frontrow_tests::{Client, Faults};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

const EVENTS: &str = "/v1/queue-tokens/current/events";

/// A sale on a database that fails on command.
async fn faulty_sale() -> (Sale, Faults) {
    let faults = Faults::default();
    let sale = Sale::with(Setup { around: faults.around(), ..Setup::default() }).await;
    (sale, faults)
}

#[tokio::test]
async fn a_poll_touches_no_database() {
    let (sale, faults) = faulty_sale().await;
    let active = sale.active().await;
    let holder = sale.buyer(1_000).await;
    holder.hold(&sale.schedule_id, &[1]).await.expect(201);
    let left = sale.waiting().await;
    left.delete("/v1/queue-tokens/current").await.expect(204);
    let waiting = sale.waiting().await;
    let states = [(&waiting, "waiting"), (&active, "active"), (&holder, "active"), (&left, "left")];
    let reads = faults.reads_made();
    for _ in 0..20 {
        for (person, state) in states {
            assert_eq!(person.poll().await.expect(200).text("state"), state);
        }
    }
    assert_eq!(faults.reads_made(), reads);
}

#[tokio::test]
async fn a_board_is_loaded_to_its_end_though_who_asked_for_it_has_gone() {
    let (sale, faults) = faulty_sale().await;
    let told = sale.waiting().await.poll().await.expect(200);
    let id = |name| Uuid::parse_str(&told.text(name)).expect("it is an id");
    let token = QueueToken {
        ticket_id: TicketId(id("ticket_id")),
        user_id: UserId(id("user_id")),
        concert_id: ConcertId(id("concert_id")),
        number: 1,
    };
    let app = sale.server.apps().next().expect("there is a server");
    let boards = Arc::new(Boards::new(Arc::clone(&app.store)));
    let reads = faults.reads_made();

    // When somebody asks, and goes while the first row is read
    faults.read_gate().shut();
    tokio::select! {
        biased;
        _ = boards.look(&token, sale.server.now()) => panic!("nothing can be read"),
        () = faults.read_gate().reached_by(1) => {}
    }
    faults.read_gate().open();

    // Then who comes next has the same board, which was read once: the queue, its tickets, and that there are no more
    let seen = boards.look(&token, sale.server.now()).await.expect("it can be read");
    assert_eq!(seen.expect("there is such a ticket").standing.position, Some(1));
    assert_eq!(faults.reads_made() - reads, 3);
}

#[tokio::test]
async fn a_board_is_dropped_once_nobody_asks_any_more_and_loaded_for_who_does() {
    const IDLE_SECONDS: i64 = 900;
    let (sale, faults) = faulty_sale().await;
    let ahead = sale.waiting().await;
    let user = sale.waiting().await;
    sale.change(&json!({ "paused": true })).await;
    let reads_of_a_poll = async || {
        let reads = faults.reads_made();
        assert_eq!(user.poll().await.expect(200).body["position"], 2);
        faults.reads_made() - reads
    };
    assert_eq!(reads_of_a_poll().await, 0);
    // As long as somebody asks
    sale.server.advance_seconds(IDLE_SECONDS - 1).await;
    assert_eq!(reads_of_a_poll().await, 0);
    sale.server.advance_seconds(IDLE_SECONDS - 1).await;
    assert_eq!(reads_of_a_poll().await, 0);
    sale.server.advance_seconds(IDLE_SECONDS).await;
    assert_eq!(reads_of_a_poll().await, 3, "the queue, its tickets, and that there are no more");
    // What is written from then on is told again
    ahead.delete("/v1/queue-tokens/current").await.expect(204);
    assert_eq!(user.poll().await.body["position"], 1);
}

#[tokio::test]
async fn a_poll_after_a_write_tells_of_it() {
    let sale = Sale::start().await;
    let people = [sale.waiting().await, sale.waiting().await, sale.waiting().await];
    assert_eq!(people[2].poll().await.body["position"], 3);
    people[0].delete("/v1/queue-tokens/current").await.expect(204);
    assert_eq!(people[2].poll().await.body["position"], 2);
    sale.change(&json!({ "paused": true })).await;
    assert_eq!(people[2].poll().await.text("concert_state"), "paused");
    sale.change(&json!({ "paused": false, "admission": { "batch_size": 1 } })).await;
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(people[1].poll().await.text("state"), "active");
    assert_eq!(people[2].poll().await.body["position"], 1);
}

#[tokio::test]
async fn without_the_database_polls_go_on_for_ten_seconds_and_then_say_so() {
    let (sale, faults) = faulty_sale().await;
    let user = sale.waiting().await;
    let app = sale.server.app.clone();
    faults.unreadable(true);
    app.tail.pull().await.expect_err("the database is away");
    sale.server.nobody().get("/readyz").await.expect_problem(503, "storage_unavailable");
    for _ in 0..10 {
        assert_eq!(user.poll().await.expect(200).body["position"], 1);
        sale.server.clock.advance_millis(999);
    }
    sale.server.clock.advance_millis(10);
    user.poll().await.expect_problem(503, "storage_unavailable");

    faults.unreadable(false);
    app.tail.pull().await.expect("the database is back");
    assert_eq!(user.poll().await.expect(200).body["position"], 1);
    let reads = faults.reads_made();
    user.poll().await.expect(200);
    assert_eq!(faults.reads_made(), reads, "it is trusted again");
}

#[tokio::test]
async fn a_line_of_a_thousand_with_six_hundred_closed_browsers_admits_a_whole_batch_each_tick() {
    let policy = json!({ "sale_opens_at": "2026-11-22T11:10:00Z",
        "admission": { "batch_size": 50, "lapse_seconds": 30 } });
    let sale = Sale::of(&with(concert(), &policy), 10).await;
    let mut present = Vec::new();
    for number in 0..1_000 {
        let user = sale.waiting().await;
        // Two in five, spread over the line.
        if number % 5 < 2 {
            present.push(user);
        }
    }
    sale.server.advance_seconds(590).await;
    for tick in 1..=4 {
        for user in &present {
            user.poll().await.expect(200);
        }
        sale.server.advance_seconds(INTERVAL_SECONDS).await;
        let mut active = 0;
        for user in &present {
            active += usize::from(user.poll().await.text("state") == "active");
        }
        assert_eq!(active, 50 * tick, "tick {tick}");
    }
    sale.server.assert_sound().await;
}

/// The next thing that a stream tells; `None` at its end.
async fn told(stream: &mut reqwest::Response, read: &mut String) -> Option<Value> {
    loop {
        if let Some((event, rest)) = read.split_once("\n\n") {
            let data = event.lines().find_map(|line| line.strip_prefix("data:"));
            let data = data.map(|data| serde_json::from_str(data).expect("events carry JSON"));
            let rest = rest.to_owned();
            *read = rest;
            if data.is_some() {
                return data;
            }
            continue;
        }
        let chunk = stream.chunk().await.expect("the stream is not cut")?;
        read.push_str(std::str::from_utf8(&chunk).expect("events are text"));
    }
}

async fn watched(user: &Client) -> (reqwest::Response, String) {
    let stream = user.open(EVENTS).await;
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    (stream, String::new())
}

#[tokio::test]
async fn a_stream_tells_each_change_and_ends_after_the_last() {
    let sale = Sale::start().await;
    let ahead = sale.waiting().await;
    let user = sale.waiting().await;
    let (mut stream, mut read) = watched(&user).await;
    let first = told(&mut stream, &mut read).await.expect("one's place comes at once");
    assert_eq!((&first["state"], &first["position"]), (&json!("waiting"), &json!(2)));
    assert_eq!(first.as_object().map(serde_json::Map::len), {
        let poll = user.poll().await.body;
        poll.as_object().map(serde_json::Map::len)
    });
    ahead.delete("/v1/queue-tokens/current").await.expect(204);
    let moved = told(&mut stream, &mut read).await.expect("the place changed");
    assert_eq!(moved["position"], 1);
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    let admitted = told(&mut stream, &mut read).await.expect("it was their turn");
    assert_eq!(admitted["state"], "active");
    sale.server.advance_seconds(600).await;
    let over = told(&mut stream, &mut read).await.expect("their time ran out");
    assert_eq!(over["state"], "expired");
    assert_eq!(told(&mut stream, &mut read).await, None);
}

#[tokio::test]
async fn who_watches_a_stream_is_seen() {
    let policy = json!({ "sale_opens_at": "2026-11-22T11:01:00Z",
        "admission": { "lapse_seconds": 30 } });
    let sale = Sale::of(&with(concert(), &policy), 10).await;
    let user = sale.waiting().await;
    let (mut stream, mut read) = watched(&user).await;
    told(&mut stream, &mut read).await.expect("one's place comes at once");
    sale.server.clock.advance_millis(50_000);
    // Somebody else joins, of which the stream tells at its next look.
    sale.waiting().await;
    told(&mut stream, &mut read).await.expect("the line grew");
    sale.server.advance_seconds(10).await;
    let next = told(&mut stream, &mut read).await.expect("it was their turn");
    assert_eq!(next["state"], "active");
}

#[tokio::test]
async fn a_stream_is_refused_like_a_poll() {
    let sale = Sale::start().await;
    sale.server.user().get(EVENTS).await.expect_problem(401, "queue_token_missing");
    let forged = sale.server.user().with_queue_token("a.b.c");
    forged.get(EVENTS).await.expect_problem(401, "queue_token_invalid");
}

#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let mut sale = Sale::start().await;
    let user = sale.waiting().await;
    let (mut stream, mut read) = watched(&user).await;
    told(&mut stream, &mut read).await.expect("one's place comes at once");
    let ((), end) = tokio::join!(sale.server.stop(), told(&mut stream, &mut read));
    assert_eq!(end, None);
}
