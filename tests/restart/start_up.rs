//! Wrong starts: each ends with code 1 and one line on standard error that says what is wrong.

use crate::process::{Finished, SECRET, Sandbox};
use std::net::TcpListener;

const LOCAL: &str = "127.0.0.1:0";

/// `serve` with a good secret and these arguments.
async fn serve(sandbox: &Sandbox, arguments: &[&str]) -> Finished {
    let mut all = vec!["serve"];
    all.extend(arguments);
    let environment = [("FRONTROW_AUTH_SECRET", SECRET), ("FRONTROW_LISTEN", LOCAL)];
    sandbox.run_with(&all, &environment).await
}

#[tokio::test]
async fn without_a_secret_it_says_what_to_set() {
    let sandbox = Sandbox::new();
    let refused = sandbox.run(&["serve", "--listen", LOCAL]).await;
    refused.expect_refusal(&["--auth-secret", "FRONTROW_AUTH_SECRET", "--auth-key-file", "--demo"]);
    let empty = [("FRONTROW_AUTH_SECRET", "")];
    let refused = sandbox.run_with(&["serve", "--listen", LOCAL], &empty).await;
    refused.expect_refusal(&["--auth-secret"]);
    assert!(!sandbox.path("frontrow.db").exists(), "what is refused leaves nothing behind");
}

#[tokio::test]
async fn a_short_secret_is_refused_and_not_repeated() {
    let sandbox = Sandbox::new();
    let short = [("FRONTROW_AUTH_SECRET", "hunter2")];
    for command in [
        &["serve", "--listen", LOCAL][..],
        &["token", "--sub", "0192f0c1-0000-7000-8000-000000000001"],
    ] {
        let refused = sandbox.run_with(command, &short).await;
        refused.expect_refusal(&["--auth-secret", "at least 16 bytes"]);
        assert!(!refused.stderr.contains("hunter2"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_database_of_no_known_kind_is_refused_without_its_password() {
    let sandbox = Sandbox::new();
    for url in ["mysql://root:hunter2@localhost/shop", "frontrow.db", "sqlite:"] {
        let refused = serve(&sandbox, &["--database-url", url]).await;
        refused.expect_refusal(&["sqlite://"]);
        assert!(!refused.stderr.contains("hunter2"), "{refused:?}");
        let refused = sandbox.run_with(&["verify"], &[("FRONTROW_DATABASE_URL", url)]).await;
        refused.expect_refusal(&["sqlite://"]);
        assert!(!refused.stderr.contains("hunter2"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_database_that_can_not_be_opened_is_refused_with_the_reason() {
    let sandbox = Sandbox::new();
    sandbox.file("a-file", "I am a file");
    sandbox.file("letter.db", &"Dear database, I am a letter. ".repeat(100));
    let cases = [
        ("nowhere/frontrow.db", "directory does not exist"),
        ("a-file/frontrow.db", "directory does not exist"),
        (".", "is a directory"),
        ("letter.db", "is not a database"),
    ];
    for (name, reason) in cases {
        let url = sandbox.url_of(name);
        for command in ["serve", "migrate", "verify"] {
            let arguments = match command {
                "serve" => vec!["serve", "--listen", LOCAL, "--database-url", &url],
                _ => vec![command, "--database-url", &url],
            };
            let secret = [("FRONTROW_AUTH_SECRET", SECRET)];
            let refused = sandbox.run_with(&arguments, &secret).await;
            refused.expect_refusal(&[reason, name]);
        }
    }
    let letter = std::fs::read_to_string(sandbox.path("letter.db")).expect("it is still there");
    assert!(letter.starts_with("Dear database"), "it is not written over");
}

#[tokio::test]
async fn a_port_that_is_taken_is_refused() {
    let sandbox = Sandbox::new();
    let taken = TcpListener::bind(LOCAL).expect("a port is free");
    let address = taken.local_addr().expect("a listener has an address").to_string();
    let refused = serve(&sandbox, &["--listen", &address]).await;
    refused.expect_refusal(&["can't listen on", &address, "in use"]);
}

#[tokio::test]
async fn a_demo_that_others_can_reach_must_be_asked_for() {
    let sandbox = Sandbox::new();
    for address in ["0.0.0.0:0", "[::]:0", "203.0.113.7:8080"] {
        let refused = sandbox.run(&["serve", "--demo", "--listen", address]).await;
        refused.expect_refusal(&["--demo", "loopback", "--demo-public"]);
    }
}

#[tokio::test]
async fn a_database_that_is_not_up_to_date_is_refused_if_it_must_not_be_migrated() {
    let sandbox = Sandbox::new();
    let refused = serve(&sandbox, &["--no-migrate"]).await;
    refused.expect_refusal(&["not up to date", "frontrow migrate", "--no-migrate"]);
    sandbox.run(&["verify"]).await.expect_refusal(&["not up to date", "frontrow migrate"]);
    sandbox.run(&["migrate"]).await.expect_success();
    let environment = [("FRONTROW_AUTH_SECRET", SECRET), ("FRONTROW_NO_MIGRATE", "1")];
    let server = sandbox.serve_with(&[], &environment).await;
    assert_eq!(server.end().await.code, Some(0));
}

#[tokio::test]
async fn a_seed_that_makes_no_sense_is_refused_with_the_place() {
    let sandbox = Sandbox::new();
    let admission =
        r#""admission": { "interval_seconds": 5, "batch_size": 1, "active_seconds": 60 }"#;
    let broken = sandbox.file("broken.json", r#"{ "concerts": [ "#);
    let unknown =
        format!(r#"{{ "concerts": [ {{ "title": "A", {admission}, "colour": "red" }} ] }}"#);
    let unknown = sandbox.file("unknown.json", &unknown);
    let empty = format!(r#"{{ "concerts": [ {{ "title": " ", {admission} }} ] }}"#);
    let empty = sandbox.file("empty.json", &empty);
    let twins = format!(
        r#"{{ "concerts": [ {{ "title": "A", {admission}, "schedules": [ {{ "starts_at":
        "2099-01-01T00:00:00Z", "venue": "Hall", "sections": [
        {{ "name": "R", "rows": 1, "seats_per_row": 1, "price": 1 }},
        {{ "name": "R", "rows": 1, "seats_per_row": 1, "price": 1 }} ] }} ] }} ] }}"#
    );
    let twins = sandbox.file("twins.json", &twins);
    let cases = [
        (sandbox.path("missing.json"), vec!["missing.json", "No such file"]),
        (broken, vec!["broken.json", "line 1"]),
        (unknown, vec!["unknown.json", "colour"]),
        (empty, vec!["concert 1", "title must not be empty"]),
        (twins, vec!["schedule 1", "sections[1].name must be unique"]),
    ];
    for (file, words) in cases {
        let file = file.to_str().expect("its path is text");
        sandbox.run(&["seed", file]).await.expect_refusal(&words);
    }
}

#[tokio::test]
async fn words_that_mean_nothing_are_refused() {
    let sandbox = Sandbox::new();
    serve(&sandbox, &["--listen", "here"]).await.expect_refusal(&["--listen"]);
    serve(&sandbox, &["--currency", "won"]).await.expect_refusal(&["--currency", "KRW"]);
    serve(&sandbox, &["--cors-origin", "*"]).await.expect_refusal(&["--cors-origin"]);
    serve(&sandbox, &["--log", "a=b=c"]).await.expect_refusal(&["--log"]);
    let key_file = sandbox.path("no-key.pem");
    let key_file = key_file.to_str().expect("its path is text");
    let arguments = ["serve", "--listen", LOCAL, "--auth-key-file", key_file];
    let secret = [("FRONTROW_QUEUE_TOKEN_SECRET", SECRET)];
    sandbox.run_with(&arguments, &secret).await.expect_refusal(&["no-key.pem", "can't be read"]);
}
