//! The commands that end by themselves, and demo mode.

use crate::process::{SECRET, Sandbox};
use frontrow_tests::Client;
use serde_json::{Value, json};
use std::path::Path;
use uuid::Uuid;

#[tokio::test]
async fn a_printed_token_is_good_for_its_scope() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve().await;
    let user = Uuid::now_v7();
    let sub = user.to_string();
    let secret = [("FRONTROW_AUTH_SECRET", SECRET)];
    let arguments = ["token", "--sub", &sub];
    let token = sandbox.run_with(&arguments, &secret).await.expect_success();
    assert_eq!(token.lines().count(), 1);
    let client = Client::new(server.address).of(user, token.trim().to_owned());
    assert_eq!(client.charge(500).await.expect(201).body["balance"], json!(500));
    client.get("/v1/audit").await.expect_problem(403, "forbidden");

    let arguments = [
        "token",
        "--auth-secret",
        SECRET,
        "--sub",
        &sub,
        "--scope",
        "admin",
        "--ttl-seconds",
        "60",
    ];
    let token = sandbox.run(&arguments).await.expect_success();
    let client = Client::new(server.address).of(user, token.trim().to_owned());
    assert_eq!(client.get("/v1/audit").await.expect(200).body["ok"], json!(true));
    let refused = sandbox.run_with(&["token", "--sub", &sub, "--scope", "root"], &secret).await;
    refused.expect_refusal(&["--scope"]);
}

#[tokio::test]
async fn migrating_twice_is_migrating_once() {
    let sandbox = Sandbox::new();
    for _ in 0..2 {
        assert_eq!(sandbox.run(&["migrate"]).await.expect_success(), "");
    }
    let said = sandbox.run(&["verify"]).await.expect_success();
    assert!(said.ends_with("0 events in the journal\n"), "{said}");
    let twice = [sandbox.run(&["migrate"]), sandbox.run(&["migrate"])];
    for done in futures_util::future::join_all(twice).await {
        done.expect_success();
    }
}

#[tokio::test]
async fn verifying_makes_no_database_where_there_is_none() {
    let sandbox = Sandbox::new();
    let refused = sandbox.run(&["verify"]).await;
    refused.expect_refusal(&["frontrow.db", "there is no database there"]);
    for name in ["frontrow.db", "frontrow.db-wal", "frontrow.db-shm"] {
        assert!(!sandbox.path(name).exists(), "{name} was made");
    }
}

#[tokio::test]
async fn several_that_start_at_once_on_a_new_database_all_start() {
    let sandbox = Sandbox::new();
    let started = futures_util::future::join_all((0..4).map(|_| sandbox.serve())).await;
    for server in started {
        assert_eq!(server.end().await.code, Some(0));
    }
    sandbox.run(&["verify"]).await.expect_success();
}

#[tokio::test]
async fn the_example_seed_can_be_planted_and_sold() {
    let sandbox = Sandbox::new();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/seed.example.json");
    let example = example.to_str().expect("its path is text");
    let said = sandbox.run(&["seed", example]).await.expect_success();
    assert_eq!(said, "created 2 concerts and 3 schedules\n");

    let server = sandbox.serve().await;
    let person = server.client(Uuid::now_v7(), "user");
    let concerts = person.get("/v1/concerts").await.expect(200).body["data"].clone();
    let find = |state: &str| {
        let concerts = concerts.as_array().expect("a list").iter();
        concerts.filter(|concert| concert["state"] == state).collect::<Vec<&Value>>()
    };
    assert_eq!((find("open").len(), find("scheduled").len()), (1, 1), "{concerts}");
    let title = find("open")[0]["title"].as_str().expect("a concert has a title").to_owned();
    assert!(title.contains("피아노") && title.contains("Piano"), "{title}");
    sandbox.run(&["verify"]).await.expect_success();
    // Planting is not done once for all: a second time makes more.
    sandbox.run(&["seed", example]).await.expect_success();
    let concerts = person.get("/v1/concerts").await.expect(200).body["data"].clone();
    assert_eq!(concerts.as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn a_demo_prints_an_admin_token_and_lets_anybody_buy() {
    let sandbox = Sandbox::new();
    let mut server = sandbox.serve_with(&["--demo"], &[]).await;
    let line = server.line().await;
    let token = line.strip_prefix("admin token: ").expect("it prints an admin token").to_owned();
    let admin = Client::new(server.address).of(Uuid::now_v7(), token.clone());
    assert_eq!(admin.get("/v1/audit").await.expect(200).body["ok"], json!(true));

    let visitor = Client::new(server.address);
    let session = visitor.post("/v1/demo/sessions", &Value::Null).await.expect(201);
    assert_ne!(session.text("token"), token);
    let user = session.text("user_id").parse().expect("a user id is a UUID");
    let visitor = visitor.of(user, session.text("token"));
    visitor.get("/v1/audit").await.expect_problem(403, "forbidden");
    let concerts = visitor.get("/v1/concerts").await.expect(200).body["data"].clone();
    assert_eq!(concerts.as_array().map(Vec::len), Some(1));
    let concert = concerts[0]["id"].as_str().expect("a concert has an id").to_owned();
    let visitor = visitor.joined(&concert).await;
    for _ in 0..200 {
        if visitor.poll().await.text("state") == "active" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let schedules = visitor.get(&format!("/v1/concerts/{concert}/schedules")).await.expect(200);
    let schedule = schedules.body["data"][0]["id"].as_str().expect("it has an id").to_owned();
    let held = visitor.hold(&schedule, &[1]).await.expect(201);
    let price = held.body["amount"].as_u64().expect("a seat has a price");
    assert_eq!(visitor.charge(price).await.status, 201);
    assert_eq!(visitor.pay(&held.id(), price).await.status, 201);

    let ended = server.end().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{ended:?}");
    assert!(!ended.stderr.contains(&token), "the admin token is in the log");
    // Started again, there is still one demo concert.
    let server = sandbox.serve_with(&["--demo"], &[]).await;
    let visitor = Client::new(server.address);
    let concerts = visitor.get("/v1/concerts").await.expect(200).body["data"].clone();
    assert_eq!(concerts.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn without_demo_nobody_is_given_a_session() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve().await;
    let answer = Client::new(server.address).post("/v1/demo/sessions", &Value::Null).await;
    answer.expect_problem(404, "not_found");
}
