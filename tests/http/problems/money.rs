//! Problems of balances and payments.

use super::Collection;
use crate::stage::{PRICE, Sale};

/// The highest balance.
const MAX: u64 = (1 << 53) - 1;

pub async fn produce(collection: &mut Collection) {
    balances(collection).await;
    payments(collection).await;
}

async fn balances(collection: &mut Collection) {
    let sale = Sale::start().await;
    let user = collection.speaking(sale.server.user());
    collection.keep(404, "balance_not_found", user.balance().await);
    collection.keep(400, "amount_invalid", user.charge(0).await);
    user.charge(MAX).await.expect(201);
    collection.keep(409, "balance_limit_exceeded", user.charge(1).await);
}

async fn payments(collection: &mut Collection) {
    let sale = Sale::start().await;
    let user = collection.speaking(sale.buyer(PRICE - 1).await);
    let first = user.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    let mismatch = user.pay(&first, PRICE - 1).await;
    assert_eq!(mismatch.body["expected"], PRICE);
    collection.keep(422, "amount_mismatch", mismatch);
    let poor = user.pay(&first, PRICE).await;
    assert_eq!((&poor.body["balance"], &poor.body["required"]), (&999.into(), &1_000.into()));
    collection.keep(402, "insufficient_balance", poor);
    user.delete(&format!("/v1/reservations/{first}")).await.expect(204);
    collection.keep(409, "reservation_not_held", user.pay(&first, PRICE).await);
    let second = user.hold(&sale.schedule_id, &[2]).await.expect(201).id();
    sale.server.clock.advance_millis(300_000);
    collection.keep(410, "hold_expired", user.pay(&second, PRICE).await);
    let third = user.hold(&sale.schedule_id, &[3]).await.expect(201).id();
    user.charge(1).await.expect(201);
    user.pay(&third, PRICE).await.expect(201);
    collection.keep(409, "already_paid", user.pay(&third, PRICE).await);
}
