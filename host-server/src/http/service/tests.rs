//! A small server on a real socket: what every endpoint gets for free.

use super::*;
use crate::http::edge::{at_once, later};
use crate::http::headers::X_REQUEST_ID;
use crate::http::{Call, call};
use crate::problem::Problem;
use http::Method;
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use uuid::Uuid;
use warp::{Filter, Reply};

const TABLE: &[Route] = &[
    Route::new("/things", "GET, POST"),
    Route::new("/things/{id}", "GET, PATCH"),
    Route::new("/panic", "GET"),
    Route::new("/place", "GET"),
    Route::new("/slow", "GET, POST"),
    Route::new("/wait", "GET"),
    Route::new("/nothing", "GET"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
}

struct Server {
    address: SocketAddr,
    client: Client,
    /// Lets `/wait` answer.
    go: Arc<Notify>,
    /// Told when `/wait` was reached.
    waiting: Arc<Notify>,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<Drained>,
}

/// Answers every route but `/nothing`.
fn endpoint(go: Arc<Notify>, waiting: Arc<Notify>) -> Endpoint {
    let thing = warp::path!("things" / Uuid).and(warp::get()).map(|id: Uuid| id.to_string());
    let change = warp::path!("things" / Uuid).and(warp::patch()).map(|_| "changed");
    let list = warp::path!("things").and(warp::get()).map(|| "x".repeat(5_000));
    let create = warp::path!("things").and(warp::post()).and(call()).then(create);
    let panic = warp::path!("panic").and(warp::get()).then(|| async { die() });
    let slow = warp::path!("slow").and(warp::get().or(warp::post()).unify()).then(|| async {
        tokio::time::sleep(Duration::from_mins(1)).await;
        "at last"
    });
    let wait = warp::path!("wait").then(move || {
        let (go, waiting) = (go.clone(), waiting.clone());
        async move {
            waiting.notify_one();
            go.notified().await;
            "done"
        }
    });
    let all = thing.or(change).or(list).or(create).or(panic).or(slow).or(wait);
    all.map(Reply::into_response).boxed()
}

/// A route without filters.
fn place() -> Direct {
    let whole = |text: String| Ok(http::Response::new(text.into()));
    Direct::get("/place", move |call| {
        let kind = call.headers.get("kind").and_then(|kind| kind.to_str().ok());
        match kind.unwrap_or_default() {
            "refused" => at_once(Err(Problem::queue_token_missing())),
            "panic" => at_once(whole(die().to_owned())),
            "later" => later(async move { whole("later".to_owned()) }),
            "refused later" => later(async { Err(Problem::queue_token_invalid()) }),
            "slow" => later(async move {
                tokio::time::sleep(Duration::from_mins(1)).await;
                whole("at last".to_owned())
            }),
            "panic later" => later(async move { whole(die().to_owned()) }),
            "large" => at_once(whole("x".repeat(5_000))),
            _ => at_once(whole("at once".to_owned())),
        }
    })
}

async fn create(call: Call) -> Result<String, Problem> {
    if !call.headers.contains_key(AUTHORIZATION) {
        return Err(Problem::unauthenticated());
    }
    let thing: Thing = call.body.json().await?;
    Ok(format!("{} {}", thing.name, call.query))
}

fn die() -> &'static str {
    panic!("as asked")
}

impl Server {
    async fn start(change: impl FnOnce(&mut ServiceConfig)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (go, waiting) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let mut config = ServiceConfig {
            request_timeout: Duration::from_secs(20),
            drain_timeout: Duration::from_secs(20),
            cors_origin: None,
        };
        change(&mut config);
        let all = endpoint(go.clone(), waiting.clone());
        let answered = TABLE.iter().filter(|route| route.pattern != "/nothing");
        let endpoints = answered.map(|route| (route.pattern, all.clone())).collect();
        let routes = Routes { table: TABLE, endpoints, direct: vec![place()] };
        let running = tokio::spawn(async move {
            let shutdown = async { stopped.await.unwrap_or_default() };
            serve(listener, routes, &config, Arc::default(), shutdown).await
        });
        let client = Client::new();
        Self { address, client, go, waiting, stop: Some(stop), running }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    /// Writes raw bytes and reads all that comes back until the server closes.
    async fn raw(&self, request: String) -> String {
        let address = self.address;
        let exchange = move || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            // The server may close before it read everything, which resets the connection.
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        };
        tokio::task::spawn_blocking(exchange).await.unwrap()
    }

    async fn drain(mut self) -> Drained {
        self.stop.take().unwrap().send(()).unwrap();
        self.running.await.unwrap()
    }
}

async fn problem(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    let id = response.headers()[X_REQUEST_ID].to_str().unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["request_id"], id.as_str());
    assert_eq!(body["status"], status.as_u16());
    (status, body)
}

#[tokio::test]
async fn an_unknown_path_and_a_wrong_method_are_told_apart() {
    let server = Server::start(|_| {}).await;
    let (status, body) = problem(server.request(Method::GET, "/nowhere")).await;
    assert_eq!((status.as_u16(), &body["code"]), (404, &json!("not_found")));
    for nothing in ["/things/not-an-id", "/nothing"] {
        let (status, _) = problem(server.request(Method::DELETE, nothing)).await;
        assert_eq!(status, 404, "{nothing}");
    }

    let path = format!("/things/{}", Uuid::nil());
    let response = server.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(response.headers()["allow"], "GET, PATCH");
    let (status, body) = problem(server.request(Method::DELETE, &path)).await;
    assert_eq!((status.as_u16(), &body["code"]), (405, &json!("method_not_allowed")));
    let (status, _) = problem(server.request(Method::POST, "/panic")).await;
    assert_eq!(status, 405);

    let found = server.request(Method::PATCH, &path).send().await.unwrap();
    assert_eq!(found.text().await.unwrap(), "changed");
    let head = server.request(Method::HEAD, "/things").send().await.unwrap();
    assert_eq!(
        (head.status().as_u16(), &head.headers()["content-length"]),
        (200, &"5000".parse().unwrap())
    );
}

#[tokio::test]
async fn a_problem_speaks_the_callers_language_and_bears_their_id() {
    let server = Server::start(|_| {}).await;
    let request = server
        .request(Method::GET, "/nowhere")
        .header(X_REQUEST_ID, "mine-1")
        .header(ACCEPT_LANGUAGE, "ko-KR,ko;q=0.9,en;q=0.8");
    let (_, body) = problem(request).await;
    let expected = json!({
        "type": "/problems/not_found",
        "title": "Not found",
        "status": 404,
        "detail": "요청하신 주소를 찾을 수 없습니다.",
        "code": "not_found",
        "request_id": "mine-1",
    });
    assert_eq!(body, expected);

    for bad in ["", "x\ty", &"x".repeat(129)] {
        let request = server.request(Method::GET, "/things").header(X_REQUEST_ID, bad);
        let response = request.send().await.unwrap();
        let id = response.headers()[X_REQUEST_ID].to_str().unwrap();
        assert!(id.parse::<Uuid>().is_ok(), "{bad:?} became {id:?}");
    }
}

#[tokio::test]
async fn a_body_is_judged_after_the_caller() {
    let server = Server::start(|_| {}).await;
    let post = || server.request(Method::POST, "/things?a=b");
    let known = || post().header(AUTHORIZATION, "yes");
    let large = "x".repeat(70_000);

    let response = post().body("rubbish").send().await.unwrap();
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    assert_eq!(problem(post().body("rubbish")).await.1["code"], "unauthenticated");
    assert_eq!(problem(known().body("{}")).await.0, 415);
    let (status, body) = problem(known().json(&json!({ "name": large }))).await;
    assert_eq!((status.as_u16(), &body["limit_bytes"]), (413, &json!(65_536)));
    let (status, body) = problem(known().json(&json!({ "name": "a", "size": 1 }))).await;
    assert_eq!((status.as_u16(), &body["errors"][0]["field"]), (400, &json!("size")));
    let response = known().json(&json!({ "name": "a" })).send().await.unwrap();
    assert_eq!(response.text().await.unwrap(), "a a=b");

    let chunk = format!("{:x}\r\n{large}\r\n", large.len());
    let head = "POST /things HTTP/1.1\r\nhost: a\r\nauthorization: yes\r\nconnection: close\r\n\
                content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let answer = server.raw(format!("{head}{chunk}0\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_direct_route_gets_all_that_others_get() {
    let server = Server::start(|config| config.request_timeout = Duration::from_millis(200)).await;
    let get = |kind| server.request(Method::GET, "/place").header("kind", kind);
    for (kind, expected) in [("", "at once"), ("later", "later")] {
        let response = get(kind).header(X_REQUEST_ID, "mine-1").send().await.unwrap();
        assert_eq!(response.headers()[X_REQUEST_ID], "mine-1");
        assert!(!response.headers().contains_key("vary"));
        assert_eq!(response.text().await.unwrap(), expected);
    }
    for (kind, status, code) in [
        ("refused", 401, "queue_token_missing"),
        ("refused later", 401, "queue_token_invalid"),
        ("panic", 500, "internal"),
        ("panic later", 500, "internal"),
        ("slow", 503, "request_timeout"),
    ] {
        let (told, body) = problem(get(kind)).await;
        assert_eq!((told.as_u16(), &body["code"]), (status, &json!(code)), "{kind}");
    }
    let head = server.request(Method::HEAD, "/place").send().await.unwrap();
    assert_eq!(head.headers()["content-length"], "7");
    let large = get("large").header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(large.headers()["content-encoding"], "gzip");
    assert_eq!(get("large").send().await.unwrap().text().await.unwrap(), "x".repeat(5_000));
    // Other methods are the filters' to take.
    assert_eq!(problem(server.request(Method::POST, "/place")).await.0, 404);
}

#[tokio::test]
async fn a_caller_who_refuses_every_encoding_is_told_so() {
    let server = Server::start(|_| {}).await;
    for path in ["/place", "/things"] {
        let request = server.request(Method::GET, path);
        let response = request.header("accept-encoding", "identity;q=0").send().await.unwrap();
        assert_eq!(response.status(), 406, "{path}");
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_problem_and_the_server_lives_on() {
    let server = Server::start(|_| {}).await;
    let (status, body) = problem(server.request(Method::GET, "/panic")).await;
    assert_eq!((status.as_u16(), &body["code"]), (500, &json!("internal")));
    assert!(!body.to_string().contains("as asked"));
    let response = server.request(Method::GET, "/things").send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let server = Server::start(|config| config.request_timeout = Duration::from_millis(50)).await;
    let (status, body) = problem(server.request(Method::GET, "/slow")).await;
    assert_eq!((status.as_u16(), &body["code"]), (503, &json!("request_timeout")));
    assert_eq!(body["outcome_unknown"], false);
    let (_, body) = problem(server.request(Method::POST, "/slow")).await;
    assert_eq!(body["outcome_unknown"], true);
}

#[tokio::test]
async fn large_answers_are_compressed_and_small_ones_are_not() {
    let server = Server::start(|_| {}).await;
    let gzip = |path: &str| server.request(Method::GET, path).header("accept-encoding", "gzip");
    let large = gzip("/things").send().await.unwrap();
    assert_eq!(large.headers()["content-encoding"], "gzip");
    let small = gzip("/nowhere").send().await.unwrap();
    assert!(!small.headers().contains_key("content-encoding"));
}

#[tokio::test]
async fn one_origin_may_call_only_where_it_is_configured() {
    let closed = Server::start(|_| {}).await;
    let origin = HeaderValue::from_static("https://tickets.example");
    let open = Server::start(|config| config.cors_origin = Some(origin.clone())).await;
    for (server, allowed) in [(&closed, None), (&open, Some(&origin))] {
        let preflight = server
            .request(Method::OPTIONS, "/things")
            .header("origin", &origin)
            .header("access-control-request-method", "POST");
        let response = preflight.send().await.unwrap();
        assert_eq!(response.headers().get("access-control-allow-origin"), allowed);
        let failed = server.request(Method::GET, "/nowhere").header("origin", &origin);
        let response = failed.send().await.unwrap();
        assert_eq!(response.headers().get("access-control-allow-origin"), allowed);
        let exposed = response.headers().get("access-control-expose-headers");
        assert_eq!(exposed.is_some(), allowed.is_some());
    }
}

#[tokio::test]
async fn a_shutdown_finishes_what_was_accepted_and_takes_no_more() {
    let mut server = Server::start(|_| {}).await;
    let idle = server.request(Method::GET, "/things").send().await.unwrap();
    assert_eq!(idle.status(), 200);
    let accepted = tokio::spawn(server.request(Method::GET, "/wait").send());
    server.waiting.notified().await;
    server.stop.take().unwrap().send(()).unwrap();
    // The listener is closed at once; until then somebody may still slip in.
    while std::net::TcpStream::connect(server.address).is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!server.running.is_finished());
    server.go.notify_one();
    let response = accepted.await.unwrap().unwrap();
    assert_eq!(response.text().await.unwrap(), "done");
    assert_eq!(server.running.await.unwrap(), Drained::Completely);
}

#[tokio::test]
async fn a_shutdown_does_not_wait_forever() {
    let server = Server::start(|config| config.drain_timeout = Duration::from_millis(50)).await;
    let stuck = tokio::spawn(server.request(Method::GET, "/wait").send());
    server.waiting.notified().await;
    assert_eq!(server.drain().await, Drained::CutShort(1));
    assert!(stuck.await.unwrap().is_err());
}
