//! The words that people read, in Korean and English. Codes are in `rejection`.

use serde::{Deserialize, Serialize};

/// A language that the texts come in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    Ko,
    /// English, the default.
    #[default]
    En,
}

/// One text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// Korean.
    pub ko: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// The text in `language`.
    pub const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Ko => self.ko,
            Language::En => self.en,
        }
    }
}

/// Told to a person who joins a queue in which they already stand.
pub const ALREADY_QUEUED: Text = Text {
    ko: "이미 대기열에 있습니다. 대기 중입니다.",
    en: "You are already in the queue.",
};

/// What to tell a person of a refusal, by its code.
pub fn of_code(code: &str) -> Option<Text> {
    REJECTIONS.iter().find(|(name, _)| *name == code).map(|(_, text)| *text)
}

const fn text(ko: &'static str, en: &'static str) -> Text {
    Text { ko, en }
}

/// The texts of every [`Rejection`](crate::Rejection), in its order.
const REJECTIONS: [(&str, Text); 30] = [
    ("malformed_request", text("요청 형식이 올바르지 않습니다.", "The request is malformed.")),
    (
        "amount_invalid",
        text(
            "금액이 올바르지 않습니다.",
            "The amount must be a whole number above zero and within the limit.",
        ),
    ),
    (
        "queue_token_invalid",
        text("대기열 토큰이 올바르지 않습니다.", "The queue token is not valid."),
    ),
    ("concert_not_found", text("콘서트를 찾을 수 없습니다.", "There is no such concert.")),
    ("schedule_not_found", text("스케줄을 찾을 수 없습니다.", "There is no such schedule.")),
    ("reservation_not_found", text("예약을 찾을 수 없습니다.", "There is no such reservation.")),
    (
        "queue_token_wrong_concert",
        text("다른 콘서트의 대기열 토큰입니다.", "The queue token is for another concert."),
    ),
    ("queue_token_waiting", text("아직 대기 중입니다.", "It is not your turn yet.")),
    ("already_paid", text("이미 결제된 예약입니다.", "This reservation is already paid.")),
    (
        "hold_expired",
        text("임시 배정 시간이 만료되었습니다.", "The hold on this seat has expired."),
    ),
    (
        "reservation_not_held",
        text("임시 배정 상태의 예약이 아닙니다.", "The reservation is not held any more."),
    ),
    ("queue_token_expired", text("대기열 토큰이 만료되었습니다.", "The queue token has expired.")),
    ("schedule_started", text("이미 시작된 공연입니다.", "The performance has already begun.")),
    ("sale_closed", text("판매가 종료되었습니다.", "The sale is closed.")),
    (
        "hold_exists",
        text(
            "이미 임시 배정된 좌석이 있습니다. 다시 선택하시려면 먼저 임시 배정을 해제해 주세요.",
            "You already hold seats. Release them to choose again.",
        ),
    ),
    ("seat_not_found", text("좌석을 찾을 수 없습니다.", "There is no such seat.")),
    (
        "seat_limit_exceeded",
        text(
            "1인당 예약 가능한 좌석 수를 초과했습니다.",
            "That is more seats than one person may book.",
        ),
    ),
    ("seat_taken", text("이미 선택된 좌석입니다.", "That seat is already taken.")),
    (
        "no_seats_available",
        text("예약 가능한 좌석이 없습니다.", "There are no seats left to book."),
    ),
    (
        "no_schedules_available",
        text("예약 가능한 스케줄이 없습니다.", "There are no schedules to book."),
    ),
    ("queue_closed", text("대기열이 닫혔습니다.", "The queue is closed.")),
    ("queue_not_open", text("아직 대기열이 열리지 않았습니다.", "The queue is not open yet.")),
    ("sold_out", text("매진되었습니다.", "Every seat is sold.")),
    (
        "amount_mismatch",
        text(
            "결제 금액이 예약 금액과 다릅니다.",
            "The amount differs from the price of the reservation.",
        ),
    ),
    ("balance_not_found", text("잔액 정보가 없습니다.", "There is no balance for this user.")),
    ("insufficient_balance", text("잔액이 부족합니다.", "The balance is too low.")),
    (
        "balance_limit_exceeded",
        text("잔액 한도를 초과했습니다.", "The balance would exceed its limit."),
    ),
    ("draw_not_open", text("지금은 추첨할 수 없습니다.", "There is no draw to hold now.")),
    ("already_drawn", text("이미 추첨했습니다.", "The draw was held before.")),
    ("id_in_use", text("이미 사용 중인 식별자입니다.", "That id is already in use.")),
];
