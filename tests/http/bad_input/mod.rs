//! What no client should send: the right problem is told, nothing changes, and the server lives on.

mod bodies;
mod notices;
mod numbers;
mod paths;
mod texts;
mod tokens;

use frontrow_tests::{Answer, TestServer};

/// Checks that a request was refused as the client's fault.
#[track_caller]
fn assert_refused(answer: &Answer, what: &str) {
    assert!((400..500).contains(&answer.status), "{what}: {answer:?}");
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {answer:?}");
}

/// Checks that nothing happened since the journal had `events`.
async fn assert_untouched(server: &TestServer, events: usize) {
    assert_eq!(server.journal_len().await, events);
    server.assert_sound().await;
}
