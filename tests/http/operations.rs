//! `/healthz`, `/readyz`, `/v1/audit`, `/v1/demo/sessions`, and a restart.

use crate::stage::{INTERVAL_SECONDS, PRICE, Sale, with};
use frontrow_core::audit::Invariant;
use frontrow_tests::server::Setup;
use frontrow_tests::{Fault, Faults, TestServer};
use serde_json::{Value, json};

#[tokio::test]
async fn a_server_is_alive_and_ready() {
    let server = TestServer::start().await;
    let alive = server.nobody().get("/healthz").await.expect(200);
    assert_eq!(alive.body, json!({ "status": "alive" }));
    let ready = server.nobody().get("/readyz").await.expect(200);
    assert_eq!(ready.body, json!({ "status": "ready" }));
}

#[tokio::test]
async fn a_server_without_its_database_is_alive_and_not_ready() {
    let faults = Faults::default();
    let setup = Setup { around: faults.around(), ..Setup::default() };
    let server = TestServer::start_with(setup).await;
    faults.reads(&[Fault::Unavailable]);
    server.nobody().get("/healthz").await.expect(200);
    let answer = server.nobody().get("/readyz").await;
    answer.expect_problem(503, "storage_unavailable");
    server.nobody().get("/readyz").await.expect(200);
}

#[tokio::test]
async fn the_audit_lists_every_invariant_with_its_figures() {
    let sale = Sale::start().await;
    sale.owner(&[1, 2]).await;
    let report = sale.admin.get("/v1/audit").await.expect(200);
    assert_eq!(report.body["ok"], true);
    assert_eq!(report.body["events"], sale.server.journal_len().await);
    let checks = report.body["checks"].as_array().expect("it lists checks");
    let names: Vec<_> = checks.iter().filter_map(|check| check["invariant"].as_str()).collect();
    assert_eq!(names, Invariant::ALL.map(Invariant::name));
    for check in checks {
        assert_eq!(check["ok"], true, "{check}");
        assert_eq!((&check["violated"], &check["violations"]), (&json!(0), &json!([])), "{check}");
        assert!(check["checked"].as_u64() > Some(0), "{check} looked at nothing");
    }
}

#[tokio::test]
async fn the_audit_is_for_operators() {
    let server = TestServer::start().await;
    server.user().get("/v1/audit").await.expect_problem(403, "forbidden");
    server.nobody().get("/v1/audit").await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn in_demo_mode_everybody_gets_a_session_of_their_own() {
    let server = TestServer::start_with(Setup { demo: true, ..Setup::default() }).await;
    let first = server.nobody().post("/v1/demo/sessions", &Value::Null).await.expect(201);
    let second = server.nobody().post("/v1/demo/sessions", &Value::Null).await.expect(201);
    assert_ne!(first.text("user_id"), second.text("user_id"));
    let members = first.body.as_object().expect("a session is an object").len();
    assert_eq!(members, 2, "{first:?}");
    let user_id = first.text("user_id").parse().expect("an id is a UUID");
    let visitor = server.nobody().of(user_id, first.text("token"));
    visitor.charge(PRICE).await.expect(201);
    visitor.get("/v1/audit").await.expect_problem(403, "forbidden");
    let theirs = format!("/v1/users/{}/balance", second.text("user_id"));
    visitor.get(&theirs).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn without_demo_mode_there_are_no_sessions() {
    let server = TestServer::start().await;
    let answer = server.nobody().post("/v1/demo/sessions", &Value::Null).await;
    answer.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    // Given one who bought, one who holds, one who waits, and answers that are kept
    let sale = Sale::start().await;
    let (owner, bought) = sale.owner(&[1]).await;
    let holder = sale.buyer(PRICE).await.with("idempotency-key", "hold");
    let held = holder.hold(&sale.schedule_id, &[2]).await.expect(201);
    let waiting = sale.waiting().await;
    let place = waiting.poll().await.body;
    let concert = format!("/v1/concerts/{}", sale.concert_id);
    let before = sale.admin.get(&concert).await.body;
    let Sale { server, schedule_id, .. } = sale;
    let events = server.journal_len().await;

    // When the server starts anew
    let server = server.restart().await;
    let at = |client: &frontrow_tests::Client| client.at(server.address);

    // Then all of it is as it was
    assert_eq!(server.journal_len().await, events);
    assert_eq!(at(&owner).get(&concert).await.body, before);
    let reservation = at(&owner).get(&format!("/v1/reservations/{bought}")).await.expect(200);
    assert_eq!(reservation.text("state"), "confirmed");
    assert_eq!(at(&owner).poll().await.text("state"), "consumed");
    assert_eq!(at(&waiting).poll().await.body, with(place, &json!({})));
    let replayed = at(&holder).hold(&schedule_id, &[2]).await.expect(201);
    assert_eq!(replayed.header("idempotency-replayed"), "true");
    assert_eq!(replayed.body, held.body);

    // And the sale goes on
    at(&holder).with("idempotency-key", "pay").pay(&held.id(), PRICE).await.expect(201);
    server.advance_seconds(INTERVAL_SECONDS).await;
    at(&waiting).hold(&schedule_id, &[3]).await.expect(201);
    server.assert_sound().await;
}
