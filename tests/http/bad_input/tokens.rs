//! Bearer and queue tokens that are forged, swapped, expired, or of the wrong kind.

use super::assert_untouched;
use crate::stage::{PRICE, Sale};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use frontrow_server::auth::{QueueToken, QueueTokenKey};
use frontrow_tests::Client;
use frontrow_tests::server::SECRET;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use uuid::Uuid;

fn token_of(client: &Client) -> String {
    client.headers["x-queue-token"].to_str().expect("tokens are text").to_owned()
}

fn bearer_of(client: &Client) -> String {
    let header = client.headers["authorization"].to_str().expect("tokens are text");
    header.trim_start_matches("Bearer ").to_owned()
}

/// A bearer token of our own making.
fn signed(secret: &str, algorithm: Algorithm, claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(algorithm), claims, &key).expect("claims can be signed")
}

/// A token without a signature, that says so.
fn unsigned(algorithm: &str, claims: &Value) -> String {
    let header = json!({ "alg": algorithm, "typ": "JWT" }).to_string();
    let part = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.", part(header), part(claims.to_string()))
}

#[tokio::test]
async fn a_bad_bearer_is_nobody() {
    let sale = Sale::start().await;
    let user = sale.server.user();
    let now = sale.server.now().as_millis() / 1_000;
    let claims = |more: Value| {
        let claims = json!({ "sub": user.user_id, "scope": "user admin", "exp": now + 60 });
        crate::stage::with(claims, &more)
    };
    let good = signed(SECRET, Algorithm::HS256, &claims(json!({})));
    let mut pieces = good.split('.');
    let (head, _, tail) = (pieces.next(), pieces.next(), pieces.next());
    let body = claims(json!({ "sub": Uuid::nil() })).to_string();
    let body = BASE64_URL_SAFE_NO_PAD.encode(body);
    let spliced = format!("{}.{body}.{}", head.unwrap_or_default(), tail.unwrap_or_default());
    let bad = [
        String::new(),
        "nonsense".to_owned(),
        "a.b.c".to_owned(),
        format!("{good}x"),
        good[..good.len() - 1].to_owned(),
        spliced,
        unsigned("none", &claims(json!({}))),
        unsigned("HS256", &claims(json!({}))),
        signed("another secret entirely", Algorithm::HS256, &claims(json!({}))),
        signed(SECRET, Algorithm::HS512, &claims(json!({}))),
        signed(SECRET, Algorithm::HS256, &claims(json!({ "exp": now }))),
        signed(SECRET, Algorithm::HS256, &claims(json!({ "exp": null }))),
        signed(SECRET, Algorithm::HS256, &claims(json!({ "exp": "never" }))),
        signed(SECRET, Algorithm::HS256, &claims(json!({ "nbf": now + 1 }))),
        signed(SECRET, Algorithm::HS256, &claims(json!({ "sub": "somebody" }))),
        signed(SECRET, Algorithm::HS256, &json!({ "exp": now + 60, "scope": "user" })),
    ];
    let events = sale.server.journal_len().await;
    let path = format!("/v1/users/{}/charges", user.user_id);
    for token in bad {
        let forger = sale.server.nobody().of(user.user_id, token.clone());
        let answer = forger.post(&path, &json!({ "amount": 1 })).await;
        answer.expect_problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{token}");
        forger.get("/v1/audit").await.expect_problem(401, "unauthenticated");
    }
    assert_untouched(&sale.server, events).await;
    sale.server
        .nobody()
        .of(user.user_id, good)
        .post(&path, &json!({ "amount": 1 }))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_bearer_ends_on_time() {
    let sale = Sale::start().await;
    let user = Uuid::now_v7();
    let now = sale.server.now();
    let token = sale.server.app.auth.mint(user.into(), "user", now, 60).expect("tests sign tokens");
    let client = sale.server.nobody().of(user, token);
    sale.server.clock.advance_millis(59_999);
    client.charge(1).await.expect(201);
    sale.server.clock.advance_millis(1);
    client.charge(1).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_authorization_header_is_one_bearer_token() {
    let sale = Sale::start().await;
    let user = sale.server.user();
    let token = bearer_of(&user);
    for header in [
        token.clone(),
        format!("Basic {token}"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {token} {token}"),
        format!("Bearer {token}, Bearer {token}"),
    ] {
        let answer = user.clone().with("authorization", &header).charge(1).await;
        answer.expect_problem(401, "unauthenticated");
    }
    user.with("authorization", &format!("bearer {token}")).charge(1).await.expect(201);
}

#[tokio::test]
async fn a_queue_token_is_no_bearer_and_a_bearer_no_queue_token() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let (queue, bearer) = (token_of(&user), bearer_of(&user));
    let swapped = sale.server.nobody().of(user.user_id, queue).with_queue_token(&bearer);
    swapped.charge(1).await.expect_problem(401, "unauthenticated");
    swapped.poll().await.expect_problem(401, "queue_token_invalid");
}

#[tokio::test]
async fn a_forged_queue_token_opens_nothing() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let (good, other) = (token_of(&user), token_of(&sale.waiting().await));
    let claims =
        json!({ "tid": Uuid::now_v7(), "sub": user.user_id, "cid": sale.concert_id, "num": 1 });
    // What the other's token says, with the signature of one's own, and the reverse.
    let says = good.len() * 2 / 3;
    let spliced = [(&other, &good), (&good, &other)]
        .map(|(says_so, signed)| format!("{}{}", &says_so[..says], &signed[says..]));
    let [spliced, spliced_back] = spliced;
    let own = QueueTokenKey::derived_from(b"another secret entirely").sign(&QueueToken {
        ticket_id: Uuid::now_v7().into(),
        user_id: user.user_id.into(),
        concert_id: sale.concert_id.parse::<Uuid>().expect("it is an id").into(),
        number: 1,
    });
    let events = sale.server.journal_len().await;
    for token in [
        String::new(),
        "nonsense".to_owned(),
        spliced,
        spliced_back,
        good[..says].to_owned(),
        format!("{good}="),
        signed(SECRET, Algorithm::HS256, &claims),
        unsigned("none", &claims),
        own,
        "토큰".to_owned(),
    ] {
        let forger = user.clone().with_queue_token(&token);
        for answer in [
            forger.poll().await,
            forger.delete("/v1/queue-tokens/current").await,
            forger.get(&sale.schedules_path()).await,
            forger.get(&sale.seats_path()).await,
            forger.hold(&sale.schedule_id, &[1]).await,
            forger.pay(&Uuid::nil().to_string(), 1).await,
        ] {
            answer.expect_problem(401, "queue_token_invalid");
            assert_eq!(answer.header("www-authenticate"), "QueueToken");
        }
    }
    let mut twice = user.clone();
    twice.headers.append("x-queue-token", good.parse().expect("tokens are header values"));
    twice.poll().await.expect_problem(401, "queue_token_invalid");
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn another_persons_queue_token_buys_nothing() {
    let sale = Sale::start().await;
    let (user, other) = (sale.waiting().await, sale.active().await);
    user.charge(PRICE).await.expect(201);
    let reservation_id = user.hold(&sale.schedule_id, &[1]).await.expect(201).id();
    let events = sale.server.journal_len().await;
    let swapped = user.clone().with_queue_token(&token_of(&other));
    swapped.hold(&sale.schedule_id, &[2]).await.expect_problem(401, "queue_token_invalid");
    swapped.pay(&reservation_id, PRICE).await.expect_problem(401, "queue_token_invalid");
    assert_untouched(&sale.server, events).await;
}

#[tokio::test]
async fn a_token_in_the_url_is_none() {
    let sale = Sale::start().await;
    let user = sale.active().await;
    let path = format!("/v1/queue-tokens/current?token={0}&x-queue-token={0}", token_of(&user));
    let answer = sale.server.nobody().get(&path).await;
    answer.expect_problem(401, "queue_token_missing");
}

#[tokio::test]
async fn a_token_whose_ticket_is_not_here_is_invalid() {
    let (sale, other) = (Sale::start().await, Sale::start().await);
    // The same secret, and still another database: the ticket is not there.
    let stranger = other.active().await.at(sale.server.address);
    stranger.poll().await.expect_problem(401, "queue_token_invalid");
    let left = stranger.delete("/v1/queue-tokens/current").await;
    left.expect_problem(401, "queue_token_invalid");
}
