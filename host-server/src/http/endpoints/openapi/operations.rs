//! Every operation of the contract: what it needs, takes, answers and refuses with. Statuses of codes are
//! those of `problem`; a test holds the list against the routes.

use Body::{AnyJson, Events, Json, List, Text};
use Needs::{ActiveToken, Admin, Caller, IdempotencyKey, JsonBody, QueueToken, User};
use utoipa::openapi::HttpMethod::{self, Delete, Get, Patch, Post};

/// What a request has to bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The bearer token of a user.
    User,
    /// The bearer token of an administrator.
    Admin,
    /// The bearer token of the user it is about, or of an administrator.
    Caller,
    /// A queue token.
    QueueToken,
    /// That it is active, and of this concert.
    ActiveToken,
    /// An `Idempotency-Key`.
    IdempotencyKey,
    /// A JSON body.
    JsonBody,
}

impl Needs {
    /// The refusals of a request that does not bring it.
    pub const fn problems(self) -> &'static [&'static str] {
        match self {
            User | Admin | Caller => &["unauthenticated", "forbidden"],
            QueueToken => &["queue_token_missing", "queue_token_invalid"],
            ActiveToken => {
                &["queue_token_wrong_concert", "queue_token_waiting", "queue_token_expired"]
            }
            IdempotencyKey => {
                &["idempotency_key_missing", "idempotency_in_flight", "idempotency_key_reused"]
            }
            JsonBody => &["malformed_request", "payload_too_large", "unsupported_media_type"],
        }
    }
}

/// What an answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    Nothing,
    /// The schema of that name.
    Json(&'static str),
    /// A list of it.
    List(&'static str),
    /// Plain text.
    Text,
    /// Server-sent events.
    Events,
    /// JSON of which the shape is another standard's.
    AnyJson,
}

/// One method of one path.
#[derive(Debug)]
pub struct Operation {
    pub method: HttpMethod,
    pub path: &'static str,
    /// Unique; what generated clients call it.
    pub id: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    pub needs: &'static [Needs],
    pub query: &'static [&'static str],
    /// The schema of the body.
    pub body: Option<&'static str>,
    pub answers: &'static [(u16, &'static str, Body)],
    /// Codes of refusals beside those of `needs` and of every request.
    pub problems: &'static [&'static str],
    /// Codes that are a 404 here, whatever they are elsewhere.
    pub not_found: &'static [&'static str],
}

/// Refusals that any request can meet.
pub const ALWAYS: &[&str] = &["rate_limited", "storage_unavailable", "request_timeout", "internal"];

const LIST: &[&str] = &["limit", "cursor"];

const BASE: Operation = Operation {
    method: Get,
    path: "",
    id: "",
    tag: "",
    summary: "",
    needs: &[],
    query: &[],
    body: None,
    answers: &[],
    problems: &[],
    not_found: &[],
};

/// All of them, in the order of the document.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        method: Get,
        path: "/v1/concerts",
        id: "listConcerts",
        tag: "concerts",
        summary: "All concerts",
        query: LIST,
        answers: &[(200, "Concerts", List("Concert"))],
        problems: &["malformed_request"],
        ..BASE
    },
    Operation {
        method: Post,
        path: "/v1/concerts",
        id: "createConcert",
        tag: "concerts",
        summary: "Announces a concert",
        needs: &[Admin, JsonBody],
        body: Some("NewConcert"),
        answers: &[(201, "The concert", Json("Concert"))],
        problems: &["overloaded"],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/concerts/{id}",
        id: "getConcert",
        tag: "concerts",
        summary: "A concert",
        answers: &[(200, "The concert", Json("Concert"))],
        problems: &["concert_not_found"],
        ..BASE
    },
    Operation {
        method: Patch,
        path: "/v1/concerts/{id}",
        id: "updateConcert",
        tag: "concerts",
        summary: "Changes admission and holds, pauses, resumes, drains or closes a sale, sets the notice",
        needs: &[Admin, JsonBody],
        body: Some("ConcertChange"),
        answers: &[(200, "The concert as it is now", Json("Concert"))],
        problems: &["concert_not_found", "overloaded"],
        ..BASE
    },
    Operation {
        method: Post,
        path: "/v1/concerts/{id}/draw",
        id: "draw",
        tag: "concerts",
        summary: "Draws who joined before the opening, with the value of the concert's beacon",
        needs: &[Admin, JsonBody],
        body: Some("NewDraw"),
        answers: &[(200, "The concert, with its seed", Json("Concert"))],
        problems: &["concert_not_found", "draw_not_open", "already_drawn", "overloaded"],
        ..BASE
    },
    Operation {
        method: Post,
        path: "/v1/concerts/{id}/schedules",
        id: "addSchedule",
        tag: "concerts",
        summary: "Adds a schedule with its hall",
        needs: &[Admin, JsonBody],
        body: Some("NewSchedule"),
        answers: &[(201, "The schedule", Json("Schedule"))],
        problems: &["concert_not_found", "sale_closed", "overloaded"],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/concerts/{id}/schedules",
        id: "listSchedules",
        tag: "seats",
        summary: "The schedules that have not started and have a free seat, soonest first",
        needs: &[QueueToken, ActiveToken],
        answers: &[(200, "Schedules", List("Schedule"))],
        problems: &["concert_not_found", "no_schedules_available"],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/concerts/{id}/figures",
        id: "getFigures",
        tag: "operations",
        summary: "How a sale stands: the queue, seats and revenue",
        needs: &[Admin],
        answers: &[(200, "Figures of all of the concert's schedules", Json("Figures"))],
        problems: &["concert_not_found"],
        ..BASE
    },
    Operation {
        method: Post,
        path: "/v1/concerts/{id}/queue-tokens",
        id: "joinQueue",
        tag: "queue",
        summary: "Joins a concert's queue",
        needs: &[User],
        answers: &[
            (201, "A place in line, with its token", Json("QueueToken")),
            (200, "The place that the caller has already", Json("QueueToken")),
        ],
        problems: &[
            "concert_not_found",
            "queue_closed",
            "queue_not_open",
            "sold_out",
            "overloaded",
        ],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/queue-tokens/current",
        id: "getQueueToken",
        tag: "queue",
        summary: "One's place, and the time left",
        needs: &[QueueToken],
        answers: &[(200, "The place; ask again after `poll_after_seconds`", Json("QueueToken"))],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/queue-tokens/current/events",
        id: "watchQueueToken",
        tag: "queue",
        summary: "One's place as server-sent events, whenever it changes",
        needs: &[QueueToken],
        answers: &[(200, "A `QueueToken` in the data of each event, at most one a second", Events)],
        problems: &["overloaded"],
        ..BASE
    },
    Operation {
        method: Delete,
        path: "/v1/queue-tokens/current",
        id: "leaveQueue",
        tag: "queue",
        summary: "Leaves the queue; a hold is released",
        needs: &[QueueToken],
        answers: &[(204, "Left", Body::Nothing)],
        problems: &["queue_token_expired", "overloaded"],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/schedules/{id}/seats",
        id: "listSeats",
        tag: "seats",
        summary: "The seats of a schedule",
        needs: &[QueueToken, ActiveToken],
        query: &["status"],
        answers: &[
            (200, "The seat map, with an `ETag`", Json("SeatMap")),
            (304, "As `If-None-Match` names it", Body::Nothing),
        ],
        problems: &["schedule_not_found", "malformed_request"],
        not_found: &["no_seats_available"],
        ..BASE
    },
    Operation {
        method: Post,
        path: "/v1/schedules/{id}/reservations",
        id: "reserve",
        tag: "seats",
        summary: "Holds seats: all of them, or none",
        needs: &[User, QueueToken, ActiveToken, IdempotencyKey, JsonBody],
        body: Some("NewReservation"),
        answers: &[(201, "The hold", Json("Reservation"))],
        problems: &[
            "schedule_not_found",
            "schedule_started",
            "sale_closed",
            "hold_exists",
            "seat_not_found",
            "seat_limit_exceeded",
            "seat_taken",
            "no_seats_available",
            "overloaded",
        ],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/reservations/{id}",
        id: "getReservation",
        tag: "seats",
        summary: "A reservation",
        needs: &[Caller],
        answers: &[(200, "The reservation", Json("Reservation"))],
        problems: &["reservation_not_found"],
        ..BASE
    },
    Operation {
        method: Delete,
        path: "/v1/reservations/{id}",
        id: "withdrawReservation",
        tag: "seats",
        summary: "Releases a hold, or cancels what was paid and gives the price back",
        needs: &[Caller],
        answers: &[(204, "Withdrawn", Body::Nothing)],
        problems: &[
            "reservation_not_found",
            "hold_expired",
            "schedule_started",
            "reservation_not_held",
            "balance_limit_exceeded",
            "overloaded",
        ],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/users/{user_id}/reservations",
        id: "listReservations",
        tag: "seats",
        summary: "A person's reservations, newest first",
        needs: &[Caller],
        query: LIST,
        answers: &[(200, "Reservations", List("Reservation"))],
        problems: &["malformed_request"],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/users/{user_id}/balance",
        id: "getBalance",
        tag: "balance",
        summary: "A person's balance",
        needs: &[Caller],
        answers: &[(200, "The balance", Json("Balance"))],
        problems: &["balance_not_found"],
        ..BASE
    },
    Operation {
        method: Post,
        path: "/v1/users/{user_id}/charges",
        id: "charge",
        tag: "balance",
        summary: "Puts money into a person's balance",
        needs: &[Caller, IdempotencyKey, JsonBody],
        body: Some("NewCharge"),
        answers: &[(201, "The charge", Json("Charge"))],
        problems: &["amount_invalid", "balance_limit_exceeded", "charge_failed", "overloaded"],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/users/{user_id}/ledger",
        id: "listLedger",
        tag: "balance",
        summary: "A person's charges, payments and refunds, newest first",
        needs: &[Caller],
        query: LIST,
        answers: &[(200, "Entries", List("LedgerEntry"))],
        problems: &["malformed_request"],
        ..BASE
    },
    Operation {
        method: Post,
        path: "/v1/payments",
        id: "pay",
        tag: "payments",
        summary: "Pays for held seats with the balance; consumes the queue token",
        needs: &[User, QueueToken, ActiveToken, IdempotencyKey, JsonBody],
        body: Some("NewPayment"),
        answers: &[(201, "The payment", Json("Payment"))],
        problems: &[
            "reservation_not_found",
            "already_paid",
            "hold_expired",
            "reservation_not_held",
            "amount_mismatch",
            "balance_not_found",
            "insufficient_balance",
            "overloaded",
        ],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/v1/audit",
        id: "audit",
        tag: "operations",
        summary: "Replays the journal against the rows and checks every invariant",
        needs: &[Admin],
        answers: &[(200, "What was found", Json("AuditReport"))],
        ..BASE
    },
    Operation {
        method: Post,
        path: "/v1/demo/sessions",
        id: "createDemoSession",
        tag: "operations",
        summary: "A fresh user's bearer token; only with `--demo`",
        answers: &[(201, "The session", Json("DemoSession"))],
        problems: &["not_found"],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/healthz",
        id: "healthz",
        tag: "operations",
        summary: "Whether the server is alive",
        answers: &[(200, "It is", Json("Health"))],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/readyz",
        id: "readyz",
        tag: "operations",
        summary: "Whether the database is there and up to date",
        answers: &[(200, "It is", Json("Health"))],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/metrics",
        id: "metrics",
        tag: "operations",
        summary: "Figures of this server for Prometheus",
        answers: &[(200, "The figures", Text)],
        ..BASE
    },
    Operation {
        method: Get,
        path: "/openapi.json",
        id: "openapi",
        tag: "operations",
        summary: "This document",
        answers: &[(200, "The document", AnyJson)],
        ..BASE
    },
];
