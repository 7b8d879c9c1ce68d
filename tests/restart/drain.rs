//! A polite end: what was accepted is answered, and what was not answered did not happen.

use crate::process::{Sandbox, Server};
use frontrow_tests::Client;
use reqwest::Method;
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

/// People who charge all the while.
const CHARGERS: usize = 24;

/// Charges on a new connection each time until nobody answers; what was charged.
async fn charge_until_the_end(address: SocketAddr, client: Client) -> u64 {
    let http = reqwest::Client::builder().pool_max_idle_per_host(0).build();
    let http = http.expect("a client can be made");
    let url = format!("http://{address}/v1/users/{}/charges", client.user_id);
    let mut charged = 0;
    for amount in 1.. {
        let request = http.request(Method::POST, &url).headers(client.headers.clone());
        let request = request.header("idempotency-key", Uuid::now_v7().to_string());
        let Ok(response) = request.json(&json!({ "amount": amount })).send().await else { break };
        assert_eq!(response.status().as_u16(), 201, "what is accepted is done");
        charged += amount;
    }
    charged
}

/// Begins a charge whose body is on its way for long.
async fn slow_charge(address: SocketAddr, client: &Client) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let bearer = client.headers["authorization"].to_str().expect("a token is text");
    let head = format!(
        "POST /v1/users/{}/charges HTTP/1.1\r\nhost: frontrow\r\nauthorization: {bearer}\r\n\
         idempotency-key: slow\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\
         expect: 100-continue\r\n\r\n",
        client.user_id
    );
    stream.write_all(head.as_bytes()).await.expect("a request can be sent");
    let mut interim = [0; 64];
    let read = stream.read(&mut interim).await.expect("an answer can be read");
    assert!(interim[..read].starts_with(b"HTTP/1.1 100 "), "it waits for the body");
    stream
}

async fn until_nobody_listens(server: &Server) {
    for _ in 0..500 {
        if TcpStream::connect(server.address).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it still listens");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_is_answered_and_what_was_not_did_not_happen() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve().await;
    let people: Vec<Client> =
        (0..CHARGERS).map(|_| server.client(Uuid::now_v7(), "user")).collect();
    let charge = |person| tokio::spawn(charge_until_the_end(server.address, person));
    let load: Vec<_> = people.iter().cloned().map(charge).collect();
    let slow = server.client(Uuid::now_v7(), "user");
    let mut stream = slow_charge(server.address, &slow).await;
    tokio::time::sleep(Duration::from_millis(700)).await;

    server.ask_to_end();
    until_nobody_listens(&server).await;
    stream.write_all(b"{\"amount\": 900}").await.expect("its connection is kept");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("its answer arrives");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let ended = server.ended().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{ended:?}");

    let server = sandbox.serve().await;
    for (person, charged) in people.into_iter().zip(load) {
        let charged = charged.await.expect("a person is content");
        assert!(charged > 0, "the load was no load");
        let person = server.client(person.user_id, "user");
        assert_eq!(person.balance().await.expect(200).body["balance"], json!(charged));
    }
    let slow = server.client(slow.user_id, "user");
    assert_eq!(slow.balance().await.expect(200).body["balance"], json!(900));
    sandbox.run(&["verify"]).await.expect_success();
}
