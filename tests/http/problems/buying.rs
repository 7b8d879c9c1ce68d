//! Problems of holding seats and giving them back.

use super::Collection;
use crate::stage::{Sale, concert};
use serde_json::json;

pub async fn produce(collection: &mut Collection) {
    choosing(collection).await;
    too_late(collection).await;
}

async fn choosing(collection: &mut Collection) {
    let sale = Sale::of(&concert(), 6).await;
    let (holder, user) = (sale.waiting().await, sale.active().await);
    let (holder, user) = (collection.speaking(holder), collection.speaking(user));
    let held = holder.hold(&sale.schedule_id, &[1, 2]).await.expect(201).id();
    let again = holder.hold(&sale.schedule_id, &[3]).await;
    assert_eq!(again.text("reservation_id"), held);
    collection.keep(409, "hold_exists", again);
    let taken = user.hold(&sale.schedule_id, &[1, 2, 3]).await;
    assert_eq!(taken.body["seats"], json!([1, 2]));
    collection.keep(409, "seat_taken", taken);
    collection.keep(404, "seat_not_found", user.hold(&sale.schedule_id, &[7]).await);
    let too_many = user.hold(&sale.schedule_id, &[1, 2, 3, 4, 5]).await;
    assert_eq!(too_many.body["limit"], 4);
    collection.keep(409, "seat_limit_exceeded", too_many);
    let path = format!("/v1/reservations/{held}");
    collection.keep(404, "reservation_not_found", user.get(&path).await);
    let empty = user.hold(&sale.schedule_id, &[]).await;
    let expected = json!([{ "field": "seats", "reason": "must name 1 to 1000 seats" }]);
    assert_eq!(empty.body["errors"], expected);
    collection.keep(400, "malformed_request", empty);
}

async fn too_late(collection: &mut Collection) {
    let sale = Sale::start().await;
    let begun = sale.schedule_in(5).await;
    let user = collection.speaking(sale.active().await);
    collection.keep(409, "schedule_started", user.hold(&begun, &[1]).await);
    sale.change(&json!({ "closed": true })).await;
    collection.keep(409, "sale_closed", user.hold(&sale.schedule_id, &[1]).await);
}
