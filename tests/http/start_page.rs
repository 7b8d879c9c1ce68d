//! The browser demo's files beside the API: the start page is there whether or not the demo was built.

use frontrow_tests::TestServer;
use http::Method;

#[tokio::test]
async fn the_start_page_loads_nothing_from_elsewhere_and_is_always_asked_for_anew() {
    let server = TestServer::start().await;
    let page = server.nobody().send(Method::HEAD, "/", None).await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_ne!(page.header("content-length"), "0");
    assert_eq!(page.header("cache-control"), "no-cache");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
}

#[tokio::test]
async fn what_was_not_built_is_not_found() {
    let server = TestServer::start().await;
    for path in ["/assets/nothing.js", "/assets/", "/nothing.html"] {
        server.nobody().get(path).await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn pages_are_only_read() {
    let server = TestServer::start().await;
    let answer = server.nobody().send(Method::POST, "/", None).await;
    answer.expect_problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET");
}
