//! Bounds in time and number: full lanes, and answers that take too long.

use super::faulty_sale;
use crate::stage::{PRICE, Sale};
use frontrow_server::execute::Limits;
use frontrow_tests::Faults;
use frontrow_tests::server::Setup;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::time::Duration;

/// Long enough for what is not stalled, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(2);

async fn impatient_sale() -> (Sale, Faults) {
    let faults = Faults::default();
    let around = faults.around();
    let setup = Setup { request_timeout: PATIENCE, around, ..Setup::default() };
    (Sale::with(setup).await, faults)
}

#[tokio::test]
async fn more_than_a_lane_holds_is_refused_and_nothing_else() {
    let limits = Limits { lanes: 1, lane_capacity: 1, ..Limits::default() };
    let (sale, faults) = faulty_sale(limits).await;
    let charge = async || sale.server.user().charge(1).await;
    faults.begin_gate().shut();
    let crowd = async {
        faults.begin_gate().reached_by(1).await;
        // One of these two fills the lane, and the other is answered at once.
        let mut two: FuturesUnordered<_> = [charge(), charge()].into_iter().collect();
        let refused = two.next().await.expect("one is answered");
        refused.expect_problem(503, "overloaded");
        assert_eq!(refused.header("retry-after"), "1");
        faults.begin_gate().open();
        two.next().await.expect("the other is answered").expect(201);
    };
    let (first, ()) = tokio::join!(charge(), crowd);
    first.expect(201);
    charge().await.expect(201);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_write_that_takes_too_long_is_of_unknown_outcome_and_its_key_tells() {
    let (sale, faults) = impatient_sale().await;
    let user = sale.server.user().with("idempotency-key", "k");
    faults.begin_gate().shut();
    let late = user.charge(PRICE).await;
    late.expect_problem(503, "request_timeout");
    assert_eq!(late.body["outcome_unknown"], true);
    assert_eq!(late.header("retry-after"), "1");
    // The charge goes on without its caller; the same key waits for it.
    faults.begin_gate().open();
    let again = user.charge(PRICE).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(user.balance().await.body["balance"], PRICE);
    sale.server.assert_sound().await;
}

#[tokio::test]
async fn a_read_that_takes_too_long_changed_nothing() {
    let (sale, faults) = impatient_sale().await;
    let user = sale.server.user();
    faults.read_gate().shut();
    let late = user.balance().await;
    late.expect_problem(503, "request_timeout");
    assert_eq!(late.body["outcome_unknown"], false);
    faults.read_gate().open();
    user.balance().await.expect_problem(404, "balance_not_found");
}
