//! `/openapi.json`, `/docs` and `/metrics`: what a server tells of itself. That the document is true is
//! checked with every answer that any test receives, by `frontrow_tests::contract`.

use crate::stage::{PRICE, Sale};
use frontrow_server::http::endpoints::openapi;
use frontrow_tests::TestServer;
use std::path::Path;

/// The text of a page, whatever its kind.
async fn text(server: &TestServer, path: &str) -> (u16, String, String) {
    let url = format!("http://{}{path}", server.address);
    let answer = reqwest::get(url).await.expect("the server answers");
    let status = answer.status().as_u16();
    let kind = answer.headers()["content-type"].to_str().expect("a media type is text").to_owned();
    (status, kind, answer.text().await.expect("the answer arrives whole"))
}

#[tokio::test]
async fn the_document_is_served_as_it_is_printed() {
    let server = TestServer::start().await;
    let answer = server.nobody().get("/openapi.json").await.expect(200);
    let printed: serde_json::Value =
        serde_json::from_str(&openapi::document_text()).expect("the document is JSON");
    assert_eq!(answer.body, printed);
}

#[tokio::test]
async fn the_documentation_is_a_page_that_needs_nothing_from_elsewhere() {
    let server = TestServer::start().await;
    // The client follows where `/docs` leads.
    let (status, kind, page) = text(&server, "/docs").await;
    assert_eq!((status, kind.split(';').next()), (200, Some("text/html")));
    let links = page.split('"').filter(|part| {
        let kind = Path::new(part).extension().and_then(|kind| kind.to_str());
        matches!(kind, Some("js" | "css"))
    });
    let mut files = 0;
    for link in links {
        let name = link.trim_start_matches("./");
        assert_eq!(text(&server, &format!("/docs/{name}")).await.0, 200, "{link}");
        files += 1;
    }
    assert!(files >= 3, "{page}");
    let (_, _, start) = text(&server, "/docs/swagger-initializer.js").await;
    assert!(start.contains("/openapi.json"), "{start}");
}

#[tokio::test]
async fn requests_refusals_and_commits_are_counted() {
    let sale = Sale::start().await;
    let user = sale.buyer(PRICE).await;
    user.hold(&sale.schedule_id, &[1]).await.expect(201);
    sale.buyer(PRICE).await.hold(&sale.schedule_id, &[1]).await.expect_problem(409, "seat_taken");
    let (status, kind, figures) = text(&sale.server, "/metrics").await;
    assert_eq!((status, kind.split(';').next()), (200, Some("text/plain")));
    for line in [
        r#"frontrow_http_requests_total{method="POST",route="/v1/schedules/{id}/reservations",status="201"} 1"#,
        r#"frontrow_http_requests_total{method="POST",route="/v1/schedules/{id}/reservations",status="409"} 1"#,
        r#"frontrow_refusals_total{code="seat_taken"} 1"#,
        r#"frontrow_events_total{kind="seats_held"} 1"#,
        r#"frontrow_events_total{kind="ticket_admitted"} 2"#,
    ] {
        assert!(figures.lines().any(|one| one == line), "{line} is not in\n{figures}");
    }
    assert!(!figures.contains(&sale.schedule_id), "an id is a label");
}
