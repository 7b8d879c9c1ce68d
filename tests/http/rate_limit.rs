//! How often one person may ask.

use crate::stage::Sale;
use frontrow_tests::server::Setup;

const LIMIT: u32 = 8;

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again_and_the_others_are_not() {
    let sale = Sale::with(Setup { rate_limit: LIMIT, ..Setup::default() }).await;
    let person = sale.waiting().await;
    let mut refused = None;
    // More than a slow machine lets through in the time that they take.
    for _ in 0..20 * LIMIT {
        let answer = person.poll().await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        answer.expect(200);
    }
    let refused = refused.expect("there is a limit");
    refused.expect_problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit-policy"), "\"caller\";q=8;w=1");
    assert_eq!(refused.header("ratelimit"), "\"caller\";r=0;t=1");
    // Somebody else may ask, and what is public is not counted.
    sale.server.user().balance().await.expect_problem(404, "balance_not_found");
    for _ in 0..2 * LIMIT {
        sale.server.nobody().get("/v1/concerts").await.expect(200);
    }
}

#[tokio::test]
async fn both_kinds_of_token_count_for_one_person() {
    let sale = Sale::with(Setup { rate_limit: 2, ..Setup::default() }).await;
    let person = sale.waiting().await;
    let mut is_refused = false;
    // On a machine so slow that half a second passes between the two, another time.
    for _ in 0..20 {
        while person.poll().await.status != 429 {}
        is_refused |= person.balance().await.status == 429;
    }
    assert!(is_refused, "the polls before were not counted");
}
