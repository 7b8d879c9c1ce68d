//! What people and operators keep secret is in no log, however talkative it is asked to be.

use crate::process::{SECRET, Sandbox, token};
use frontrow_tests::Client;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

const QUEUE_SECRET: &str = "a secret that signs queue tokens";
const KEY: &str = "the-key-of-a-customer";

/// Does most of what a person can do, and some of what goes wrong. What must not be told of it.
async fn live(person: &Client, admin: &Client) -> Vec<String> {
    let body = json!({ "title": "Whispered", "admission":
        { "interval_seconds": 1, "batch_size": 10, "active_seconds": 600 } });
    let concert = admin.concert(&body).await;
    let schedule = admin.schedule(&concert, 1, 10).await;
    let person = person.clone().joined(&concert).await;
    while person.poll().await.text("state") != "active" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let keyed = |suffix: &str| person.clone().with("idempotency-key", &format!("{KEY}-{suffix}"));
    assert_eq!(keyed("charge").charge(5_000).await.status, 201);
    let held = keyed("hold").hold(&schedule, &[1]).await.expect(201).id();
    assert_eq!(keyed("pay").pay(&held, 1_000).await.status, 201);
    let user = person.user_id;
    for path in [
        format!("/v1/users/{user}/balance"),
        format!("/v1/users/{user}/ledger?cursor={user}"),
        format!("/v1/users/{user}/reservations"),
        format!("/v1/users/{user}/secrets?of={user}"),
        format!("/v1/users/{user}%20/balance"),
        format!("/v1/reservations/{held}"),
        format!("/v1/schedules/{schedule}/seats"),
    ] {
        assert!(person.get(&path).await.status < 500);
    }
    person.hold(&schedule, &[]).await.expect_problem(400, "malformed_request");
    let body = Some(("application/json", format!("{{ \"amount\": \"{user}\" }}").into_bytes()));
    let charges = format!("/v1/users/{user}/charges");
    assert_eq!(keyed("bad").send(Method::POST, &charges, body).await.status, 400);
    keyed("charge").charge(6_000).await.expect_problem(422, "idempotency_key_reused");
    let header = |name: &str| person.headers[name].to_str().expect("a token is text").to_owned();
    let bearer = header("authorization").trim_start_matches("Bearer ").to_owned();
    let (bearer_forged, queue_forged) =
        (format!("{bearer}x"), format!("{}x", header("x-queue-token")));
    let forged = person.clone().with("authorization", &format!("Bearer {bearer_forged}"));
    forged.balance().await.expect_problem(401, "unauthenticated");
    let forged = person.clone().with_queue_token(&queue_forged);
    forged.poll().await.expect_problem(401, "queue_token_invalid");
    assert_eq!(person.delete(&format!("/v1/reservations/{held}")).await.status, 204);
    vec![
        bearer,
        header("x-queue-token"),
        user.to_string(),
        user.simple().to_string(),
        KEY.to_owned(),
    ]
}

/// The log of such a life, and what must not be in it.
async fn log_of_a_life(format: &str) -> (String, Vec<String>) {
    let sandbox = Sandbox::new();
    let environment = [
        ("FRONTROW_AUTH_SECRET", SECRET),
        ("FRONTROW_QUEUE_TOKEN_SECRET", QUEUE_SECRET),
        ("FRONTROW_LOG", "trace"),
        ("FRONTROW_LOG_FORMAT", format),
    ];
    let server = sandbox.serve_with(&[], &environment).await;
    let operator = Uuid::now_v7();
    let admin = server.client(operator, "admin");
    let person = server.client(Uuid::now_v7(), "user");
    let mut secrets = live(&person, &admin).await;
    let admin_token = admin.headers["authorization"].to_str().expect("a token is text");
    secrets.push(admin_token.trim_start_matches("Bearer ").to_owned());
    secrets.extend([operator.to_string(), SECRET.to_owned(), QUEUE_SECRET.to_owned()]);
    let ended = server.end().await;
    assert_eq!(ended.code, Some(0));
    (ended.stderr, secrets)
}

#[tokio::test]
async fn the_most_talkative_log_tells_no_secret_and_names_nobody() {
    for format in ["text", "json"] {
        let (log, secrets) = log_of_a_life(format).await;
        assert!(log.lines().count() > 100, "it was to be talkative: {log}");
        assert!(log.contains("DEBUG"));
        for secret in secrets {
            let told = log.lines().find(|line| line.contains(&secret));
            assert!(told.is_none(), "{secret} is told: {told:?}");
            // The signature alone, or the claims alone, are as bad as the whole.
            for part in secret.split('.').filter(|part| part.len() > 40) {
                assert!(!log.contains(part), "{part} is told");
            }
        }
    }
}

#[tokio::test]
async fn what_starts_a_server_is_told_neither_when_asked_nor_when_it_fails() {
    let sandbox = Sandbox::new();
    let bearer = token(Uuid::now_v7(), "user");
    let environment = [("FRONTROW_AUTH_SECRET", SECRET), ("FRONTROW_QUEUE_TOKEN_SECRET", SECRET)];
    for arguments in
        [&["serve", "--help"][..], &["token", "--help"], &["serve"], &["token", "--sub", &bearer]]
    {
        let said = sandbox.run_with(arguments, &environment).await;
        assert!(!said.stdout.contains(SECRET) && !said.stderr.contains(SECRET), "{said:?}");
    }
}
