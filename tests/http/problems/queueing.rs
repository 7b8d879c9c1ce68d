//! Problems of queues, queue tokens, concerts and what can be booked.

use super::Collection;
use crate::stage::{PRICE, Sale, concert, with};
use serde_json::{Value, json};
use uuid::Uuid;

pub async fn produce(collection: &mut Collection) {
    tokens(collection).await;
    concerts(collection).await;
    sold_out(collection).await;
    draws(collection).await;
}

async fn tokens(collection: &mut Collection) {
    let sale = Sale::start().await;
    let seats = sale.seats_path();
    let user = collection.speaking(sale.server.user());
    collection.keep(401, "queue_token_missing", user.get(&seats).await);
    let forged = user.clone().with_queue_token("forged");
    collection.keep(401, "queue_token_invalid", forged.get(&seats).await);
    let user = user.joined(&sale.concert_id).await;
    let waiting = user.get(&seats).await;
    assert_eq!((&waiting.body["position"], &waiting.body["eta_seconds"]), (&1.into(), &10.into()));
    assert_eq!(waiting.header("retry-after"), "2");
    collection.keep(403, "queue_token_waiting", waiting);
    user.delete("/v1/queue-tokens/current").await.expect(204);
    collection.keep(403, "queue_token_expired", user.get(&seats).await);
    let other = sale.admin.concert(&concert()).await;
    let elsewhere = user.joined(&other).await;
    collection.keep(403, "queue_token_wrong_concert", elsewhere.get(&seats).await);
    sale.server.pass().await;
    let path = format!("/v1/concerts/{other}/schedules");
    collection.keep(404, "no_schedules_available", elsewhere.get(&path).await);
    let path = format!("/v1/schedules/{}/seats", Uuid::now_v7());
    collection.keep(404, "schedule_not_found", elsewhere.get(&path).await);
}

async fn concerts(collection: &mut Collection) {
    let sale = Sale::start().await;
    let user = collection.speaking(sale.server.user());
    let path = format!("/v1/concerts/{}", Uuid::now_v7());
    collection.keep(404, "concert_not_found", user.get(&path).await);
    sale.change(&json!({ "closed": true })).await;
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    collection.keep(409, "queue_closed", user.post(&path, &Value::Null).await);
}

async fn draws(collection: &mut Collection) {
    let prequeue =
        json!({ "opens_at": "2026-11-22T11:01:00Z", "draw": "random", "beacon": "lottery" });
    let opens = json!({ "sale_opens_at": "2026-11-22T11:02:00Z", "prequeue": prequeue });
    let sale = Sale::of(&with(concert(), &opens), 1).await;
    let user = collection.speaking(sale.server.user());
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    collection.keep(409, "queue_not_open", user.post(&path, &Value::Null).await);
    let admin = collection.speaking(sale.server.admin());
    let path = format!("/v1/concerts/{}/draw", sale.concert_id);
    let value = json!({ "beacon_value": "17" });
    collection.keep(409, "draw_not_open", admin.post(&path, &value).await);
    sale.server.advance_seconds(120).await;
    admin.post(&path, &value).await.expect(200);
    let other = json!({ "beacon_value": "18" });
    collection.keep(409, "already_drawn", admin.post(&path, &other).await);
}

async fn sold_out(collection: &mut Collection) {
    let sale = Sale::of(&concert(), 1).await;
    let late = collection.speaking(sale.active().await);
    let (owner, _) = sale.owner(&[1]).await;
    assert_eq!(owner.balance().await.body["balance"], 0);
    let none = late.get(&sale.seats_path()).await;
    none.expect_problem(404, "no_seats_available");
    let best = json!({ "best": { "count": 1 } });
    let none = late.post(&sale.reservations_path(), &best).await;
    collection.keep(409, "no_seats_available", none);
    sale.server.pass().await;
    let user = collection.speaking(sale.server.user());
    user.charge(PRICE).await.expect(201);
    let path = format!("/v1/concerts/{}/queue-tokens", sale.concert_id);
    collection.keep(409, "sold_out", user.post(&path, &Value::Null).await);
}
