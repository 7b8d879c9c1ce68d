//! Problems that never reach the rules: who calls, how, and whether the server can answer.

use super::Collection;
use crate::stage::{Sale, concert};
use frontrow_server::execute::Limits;
use frontrow_tests::server::Setup;
use frontrow_tests::{Fault, Faults, TestServer};
use futures_util::stream::{FuturesUnordered, StreamExt};
use http::Method;
use std::time::Duration;

pub async fn produce(collection: &mut Collection) {
    callers(collection).await;
    requests(collection).await;
    storage(collection).await;
    crowds(collection).await;
    hurry(collection).await;
}

async fn callers(collection: &mut Collection) {
    let sale = Sale::start().await;
    let nobody = collection.speaking(sale.server.nobody());
    collection.keep(401, "unauthenticated", nobody.get("/v1/audit").await);
    let user = collection.speaking(sale.server.user());
    collection.keep(403, "forbidden", user.post("/v1/concerts", &concert()).await);
    let path = format!("/v1/users/{}/charges", user.user_id);
    let body = || Some(("application/json", b"{\"amount\": 1}".to_vec()));
    let keyless = user.send(Method::POST, &path, body()).await;
    collection.keep(400, "idempotency_key_missing", keyless);
    let keyed = user.with("idempotency-key", "k");
    keyed.charge(1).await.expect(201);
    collection.keep(422, "idempotency_key_reused", keyed.charge(2).await);
}

async fn requests(collection: &mut Collection) {
    let sale = Sale::start().await;
    let admin = collection.speaking(sale.admin.clone());
    collection.keep(404, "not_found", admin.get("/v1/nothing").await);
    let wrong = admin.delete("/v1/concerts").await;
    assert_eq!(wrong.header("allow"), "GET, POST");
    collection.keep(405, "method_not_allowed", wrong);
    let text = Some(("text/plain", b"{}".to_vec()));
    let text = admin.send(Method::POST, "/v1/concerts", text).await;
    collection.keep(415, "unsupported_media_type", text);
    let large = Some(("application/json", vec![b' '; 64 * 1024 + 1]));
    let large = admin.send(Method::POST, "/v1/concerts", large).await;
    assert_eq!(large.body["limit_bytes"], 65_536);
    collection.keep(413, "payload_too_large", large);
}

async fn storage(collection: &mut Collection) {
    let faults = Faults::default();
    let sale = Sale::with(Setup { around: faults.around(), ..Setup::default() }).await;
    let user = collection.speaking(sale.server.user());
    faults.reads(&[Fault::Unavailable]);
    collection.keep(503, "storage_unavailable", user.balance().await);
    faults.begins(&[Fault::Unavailable; 3]);
    collection.keep(503, "charge_failed", user.charge(1).await);
    faults.writes(&[Fault::Constraint]);
    collection.keep(500, "internal", user.charge(1).await);
}

async fn crowds(collection: &mut Collection) {
    let faults = Faults::default();
    let limits = Limits { lane_capacity: 1, key_wait: Duration::ZERO, ..Limits::default() };
    let around = faults.around();
    let request_timeout = Duration::from_secs(2);
    let sale = Sale::with(Setup { limits, request_timeout, around, ..Setup::default() }).await;
    let user = collection.speaking(sale.server.user());
    let keyed = user.clone().with("idempotency-key", "k");
    faults.begin_gate().shut();
    let others = async {
        faults.begin_gate().reached_by(1).await;
        let in_flight = keyed.charge(1).await;
        // One of these two fills the lane, and the other is answered at once.
        let mut two: FuturesUnordered<_> = [user.charge(1), user.charge(1)].into_iter().collect();
        let overloaded = two.next().await.expect("one is answered");
        let late = two.next().await.expect("the other is answered, too late");
        late.expect_problem(503, "request_timeout");
        (in_flight, overloaded)
    };
    // The stalled charge is given up at last, and goes on without its caller.
    let (late, (in_flight, overloaded)) = tokio::join!(keyed.charge(1), others);
    collection.keep(409, "idempotency_in_flight", in_flight);
    collection.keep(503, "overloaded", overloaded);
    collection.keep(503, "request_timeout", late);
    faults.begin_gate().open();
}

async fn hurry(collection: &mut Collection) {
    let server = TestServer::start_with(Setup { rate_limit: 1, ..Setup::default() }).await;
    let user = collection.speaking(server.user());
    let refused = loop {
        let answer = user.balance().await;
        if answer.status == 429 {
            break answer;
        }
    };
    collection.keep(429, "rate_limited", refused);
}
