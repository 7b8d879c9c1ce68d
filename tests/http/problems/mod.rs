//! Every problem that the contract names, as people read it: produced over HTTP, in both languages, and
//! compared with the closed list of codes of the rules and the edge.

mod buying;
mod edge;
mod money;
mod queueing;

use frontrow_core::{Amount, Rejection, ReservationId, Timestamp, message};
use frontrow_server::message::EdgeCode;
use frontrow_tests::{Answer, Client};
use insta::{assert_json_snapshot, with_settings};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Codes that no request can get: the server makes every id.
const NEVER: [&str; 1] = ["id_in_use"];

/// The problems that were produced, by code.
struct Collection {
    language: &'static str,
    problems: BTreeMap<String, Answer>,
}

impl Collection {
    async fn in_language(language: &'static str) -> Self {
        let mut collection = Self { language, problems: BTreeMap::new() };
        queueing::produce(&mut collection).await;
        buying::produce(&mut collection).await;
        money::produce(&mut collection).await;
        edge::produce(&mut collection).await;
        collection
    }

    /// A client in the language of the collection.
    fn speaking(&self, client: Client) -> Client {
        client.with("accept-language", self.language)
    }

    /// Keeps a problem, which must be the one that was meant.
    #[track_caller]
    fn keep(&mut self, status: u16, code: &str, answer: Answer) {
        answer.expect_problem(status, code);
        assert_whole(&answer, self.language);
        self.problems.insert(code.to_owned(), answer);
    }
}

/// Checks what every problem has.
#[track_caller]
fn assert_whole(answer: &Answer, language: &str) {
    let body = &answer.body;
    assert_eq!(body["type"], format!("/problems/{}", answer.code()));
    assert_eq!(body["status"], answer.status);
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    assert!(!answer.header("x-request-id").is_empty());
    assert!(!answer.text("title").is_empty());
    assert_eq!(answer.header("content-language"), language);
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// One of each rejection. A new one does not compile until it is listed here.
fn rejections() -> Vec<Rejection> {
    let all = vec![
        Rejection::MalformedRequest { errors: Vec::new() },
        Rejection::AmountInvalid,
        Rejection::IdInUse,
        Rejection::QueueTokenInvalid,
        Rejection::ConcertNotFound,
        Rejection::ScheduleNotFound,
        Rejection::ReservationNotFound,
        Rejection::QueueTokenWrongConcert,
        Rejection::QueueTokenWaiting,
        Rejection::AlreadyPaid,
        Rejection::HoldExpired,
        Rejection::ReservationNotHeld,
        Rejection::QueueTokenExpired,
        Rejection::ScheduleStarted,
        Rejection::SaleClosed,
        Rejection::HoldExists { reservation_id: ReservationId(Uuid::nil()) },
        Rejection::SeatNotFound,
        Rejection::SeatLimitExceeded { limit: 0 },
        Rejection::SeatTaken { seats: std::iter::empty().collect() },
        Rejection::NoSeatsAvailable,
        Rejection::NoSchedulesAvailable,
        Rejection::QueueClosed,
        Rejection::QueueNotOpen { opens_at: Timestamp::MIN },
        Rejection::DrawNotOpen,
        Rejection::AlreadyDrawn,
        Rejection::SoldOut,
        Rejection::AmountMismatch { expected: Amount::ZERO },
        Rejection::BalanceNotFound,
        Rejection::InsufficientBalance { balance: Amount::ZERO, required: Amount::ZERO },
        Rejection::BalanceLimitExceeded,
    ];
    all.into_iter().inspect(listed).collect()
}

fn listed(rejection: &Rejection) {
    match rejection {
        Rejection::MalformedRequest { .. }
        | Rejection::AmountInvalid
        | Rejection::IdInUse
        | Rejection::QueueTokenInvalid
        | Rejection::ConcertNotFound
        | Rejection::ScheduleNotFound
        | Rejection::ReservationNotFound
        | Rejection::QueueTokenWrongConcert
        | Rejection::QueueTokenWaiting
        | Rejection::AlreadyPaid
        | Rejection::HoldExpired
        | Rejection::ReservationNotHeld
        | Rejection::QueueTokenExpired
        | Rejection::ScheduleStarted
        | Rejection::SaleClosed
        | Rejection::HoldExists { .. }
        | Rejection::SeatNotFound
        | Rejection::SeatLimitExceeded { .. }
        | Rejection::SeatTaken { .. }
        | Rejection::NoSeatsAvailable
        | Rejection::NoSchedulesAvailable
        | Rejection::QueueClosed
        | Rejection::QueueNotOpen { .. }
        | Rejection::DrawNotOpen
        | Rejection::AlreadyDrawn
        | Rejection::SoldOut
        | Rejection::AmountMismatch { .. }
        | Rejection::BalanceNotFound
        | Rejection::InsufficientBalance { .. }
        | Rejection::BalanceLimitExceeded => {}
    }
}

/// What the texts say, without what differs from run to run.
fn redacted(value: &Value) -> Value {
    match value {
        Value::String(text) if text.parse::<Uuid>().is_ok() => "[id]".into(),
        Value::Array(items) => items.iter().map(redacted).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), redacted(value))).collect()
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn every_problem_can_be_had_and_reads_well() {
    let english = Collection::in_language("en").await;
    let produced: BTreeSet<&str> = english.problems.keys().map(String::as_str).collect();
    let rules = rejections().iter().map(Rejection::code).collect::<Vec<_>>();
    let edge = EdgeCode::ALL.iter().map(|edge| edge.code());
    let known: BTreeSet<&str> = rules.into_iter().chain(edge).collect();
    let never = BTreeSet::from(NEVER);
    assert_eq!(produced, known.difference(&never).copied().collect());
    let bodies: Map<String, Value> = english
        .problems
        .iter()
        .map(|(code, answer)| (code.clone(), redacted(&answer.body)))
        .collect();
    with_settings!({ snapshot_path => "../snapshots" }, {
        assert_json_snapshot!("in_english", bodies);
    });

    let korean = Collection::in_language("ko").await;
    assert_eq!(
        korean.problems.keys().collect::<Vec<_>>(),
        english.problems.keys().collect::<Vec<_>>()
    );
    let details: BTreeMap<_, _> =
        korean.problems.iter().map(|(code, answer)| (code, answer.text("detail"))).collect();
    with_settings!({ snapshot_path => "../snapshots" }, {
        assert_json_snapshot!("in_korean", details);
    });
}

/// The words that the contract fixes.
const FIXED: [(&str, &str, &str); 7] = [
    ("no_schedules_available", "예약 가능한 스케줄이 없습니다.", "There are no schedules to book."),
    ("no_seats_available", "예약 가능한 좌석이 없습니다.", "There are no seats left to book."),
    ("seat_taken", "이미 선택된 좌석입니다.", "That seat is already taken."),
    ("balance_not_found", "잔액 정보가 없습니다.", "There is no balance for this user."),
    ("insufficient_balance", "잔액이 부족합니다.", "The balance is too low."),
    ("hold_expired", "임시 배정 시간이 만료되었습니다.", "The hold on this seat has expired."),
    (
        "charge_failed",
        "충전 중 오류가 발생했습니다. 다시 시도해주세요.",
        "The charge failed. Please try again.",
    ),
];

#[test]
fn the_contracts_words_are_said_as_they_are_written() {
    for (code, ko, en) in FIXED {
        let edge = || EdgeCode::ALL.iter().find(|edge| edge.code() == code).map(|edge| edge.text());
        let text = message::of_code(code).or_else(edge).expect("every code has a text");
        assert_eq!((text.ko, text.en), (ko, en));
    }
}
