//! What happens by itself as time passes: ticks, no-shows, stored expiries, and what the timers do
//! after the database was away.

use crate::stage::{INTERVAL_SECONDS, Sale, concert, with};
use frontrow_tests::server::Setup;
use frontrow_tests::{Fault, Faults, TestServer};
use serde_json::{Value, json};

/// The sale opens in ten minutes; who is not seen for a minute is passed over.
fn far_off() -> Value {
    let opens = json!({ "sale_opens_at": "2026-11-22T11:10:00Z",
        "admission": { "lapse_seconds": 60 } });
    with(concert(), &opens)
}

#[tokio::test]
async fn who_polls_is_let_in_and_who_does_not_is_passed_over() {
    // Given two in line
    let sale = Sale::of(&far_off(), 10).await;
    let (gone, present) = (sale.waiting().await, sale.waiting().await);

    // When only the second asks for their place until the sale opens
    for _ in 0..12 {
        sale.server.advance_seconds(50).await;
        present.poll().await.expect(200);
    }
    sale.server.pass().await;

    // Then only the second is let in
    assert_eq!(gone.poll().await.text("state"), "expired");
    assert_eq!(present.poll().await.text("state"), "active");
    gone.get(&sale.seats_path()).await.expect_problem(403, "queue_token_expired");
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn joining_again_is_being_seen() {
    let sale = Sale::of(&far_off(), 10).await;
    let user = sale.waiting().await;
    sale.server.advance_seconds(599).await;
    let user = user.joined(&sale.concert_id).await;
    sale.server.advance_seconds(1).await;
    assert_eq!(user.poll().await.text("state"), "active");
}

#[tokio::test]
async fn a_no_show_takes_up_nobodys_slot() {
    let one = with(far_off(), &json!({ "admission": { "batch_size": 1 } }));
    let sale = Sale::of(&one, 10).await;
    sale.waiting().await;
    let present = sale.waiting().await;
    sale.server.advance_seconds(599).await;
    present.poll().await.expect(200);
    sale.server.advance_seconds(1).await;
    assert_eq!(present.poll().await.text("state"), "active");
}

#[tokio::test]
async fn nobody_is_passed_over_where_that_is_off() {
    let patient = with(far_off(), &json!({ "admission": { "lapse_seconds": 0 } }));
    let sale = Sale::of(&patient, 10).await;
    let user = sale.waiting().await;
    sale.server.advance_seconds(600).await;
    assert_eq!(user.poll().await.text("state"), "active");
}

#[tokio::test]
async fn nobody_is_absent_because_the_server_was() {
    let sale = Sale::of(&far_off(), 10).await;
    let user = sale.waiting().await;
    let Sale { server, .. } = sale;
    server.clock.advance_millis(599_000);
    let server = server.restart().await;
    let user = user.at(server.address);
    server.advance_seconds(1).await;
    assert_eq!(user.poll().await.text("state"), "active");
}

#[tokio::test]
async fn nobody_is_absent_because_the_database_was() {
    // Given somebody in line, while the database can't be read
    let faults = Faults::default();
    let server =
        TestServer::start_with(Setup { around: faults.around(), ..Setup::default() }).await;
    let admin = server.admin();
    let concert_id = admin.concert(&far_off()).await;
    let user = server.user().joined(&concert_id).await;
    server.clock.advance_millis(590_000);
    faults.reads(&[Fault::Unavailable]);
    server.app.timers.pass().await.expect_err("the database is away");

    // When it is back before the sale opens
    server.advance_seconds(1).await;
    server.advance_seconds(9).await;

    // Then they are let in
    assert_eq!(user.poll().await.text("state"), "active");
    server.assert_sound().await;
}

#[tokio::test]
async fn a_seen_mark_that_could_not_be_written_is_written_later() {
    let faults = Faults::default();
    let server =
        TestServer::start_with(Setup { around: faults.around(), ..Setup::default() }).await;
    let concert_id = server.admin().concert(&far_off()).await;
    let user = server.user().joined(&concert_id).await;
    server.advance_seconds(595).await;
    user.poll().await.expect(200);
    faults.reads(&[Fault::Unavailable]);
    server.app.timers.pass().await.expect_err("the mark can't be written");
    server.advance_seconds(5).await;
    assert_eq!(user.poll().await.text("state"), "active");
}

#[tokio::test]
async fn ticks_that_were_missed_are_one_tick() {
    let slow = with(concert(), &json!({ "admission": { "batch_size": 1 } }));
    let sale = Sale::of(&slow, 10).await;
    let people = [sale.waiting().await, sale.waiting().await, sale.waiting().await];
    sale.server.advance_seconds(INTERVAL_SECONDS * 2).await;
    sale.server.pass().await;
    assert_eq!(people[0].poll().await.text("state"), "active");
    assert_eq!(people[1].poll().await.text("state"), "waiting");
    sale.server.advance_seconds(INTERVAL_SECONDS).await;
    assert_eq!(people[1].poll().await.text("state"), "active");
    assert_eq!(people[2].poll().await.text("state"), "waiting");
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_pass_that_finds_nothing_to_do_does_nothing() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    user.hold(&sale.schedule_id, &[1]).await.expect(201);
    let events = sale.server.journal_len().await;
    for _ in 0..3 {
        sale.server.pass().await;
        sale.server.advance_seconds(INTERVAL_SECONDS).await;
    }
    assert_eq!(sale.server.journal_len().await, events);
}

#[tokio::test]
async fn expiries_are_stored_once() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    user.hold(&sale.schedule_id, &[1]).await.expect(201);
    let events = sale.server.journal_len().await;
    sale.server.advance_seconds(300).await;
    assert_eq!(sale.server.journal_len().await, events + 1, "the hold's");
    sale.server.advance_seconds(300).await;
    assert_eq!(sale.server.journal_len().await, events + 2, "the ticket's");
    sale.server.advance_seconds(300).await;
    assert_eq!(sale.server.journal_len().await, events + 2);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_pass_whose_commands_fail_is_made_up_for_by_the_next() {
    let faults = Faults::default();
    let sale = Sale::with(Setup { around: faults.around(), ..Setup::default() }).await;
    sale.server.pass().await;
    let user = sale.waiting().await;
    faults.read_only(true);
    sale.server.pass().await;
    faults.read_only(false);
    assert_eq!(user.poll().await.text("state"), "waiting");
    sale.server.pass().await;
    assert_eq!(user.poll().await.text("state"), "active");
    sale.server.assert_sound().await;
}
