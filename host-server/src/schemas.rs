//! How the rules' own types look in the OpenAPI document, since core knows nothing of it. Each stands for
//! the core type of the same name, and the tests hold what is sent against it.

#![allow(dead_code, reason = "only their shapes are used")]

use std::borrow::Cow;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Money in minor units.
pub struct Amount;

impl PartialSchema for Amount {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(0))
            .maximum(Some(frontrow_core::Amount::MAX.get()))
            .description(Some("Minor units of the deployment's currency"))
            .into()
    }
}

impl ToSchema for Amount {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Amount")
    }
}

/// How people are let in from the queue.
#[derive(ToSchema)]
pub struct AdmissionPolicy {
    /// Seconds from tick to tick.
    #[schema(minimum = 1, maximum = 86_400)]
    interval_seconds: u32,
    /// Tickets that one tick admits at most.
    #[schema(minimum = 1, maximum = 1_000_000)]
    batch_size: u32,
    /// Seconds in which an active ticket may take holds.
    #[schema(minimum = 1, maximum = 86_400)]
    active_seconds: u32,
    /// Cap on active tickets; none by default.
    #[schema(minimum = 1, maximum = 1_000_000)]
    max_active: Option<u32>,
    /// Seconds unseen after which a waiting ticket is passed over at its turn: 0 (never), or at least 5.
    #[schema(required = false, default = 180, maximum = 86_400)]
    lapse_seconds: u32,
    /// Whether to admit no more people than there are free seats for.
    #[schema(required = false, default = false)]
    inventory_aware: bool,
}

/// How seats are held.
#[derive(ToSchema)]
pub struct HoldPolicy {
    /// Seconds that a hold lives.
    #[schema(required = false, default = 300, minimum = 1, maximum = 86_400)]
    hold_seconds: u32,
    /// Seats that one person may hold and own in the concert.
    #[schema(required = false, default = 4, minimum = 1, maximum = 1_000)]
    max_seats_per_user: u32,
}

/// A change of policy: what is left out stays as it is.
#[derive(ToSchema)]
pub struct ConcertChange {
    /// New numbers for admission, from the next tick on.
    admission: Option<AdmissionChange>,
    /// New numbers for holds, from the next hold on.
    holds: Option<HoldChange>,
    /// Stop or resume admission.
    paused: Option<bool>,
    /// `true` ends the sale for good; `false` is refused.
    closed: Option<bool>,
    /// `true` turns away who does not stand in the queue yet; `false` takes them again.
    draining: Option<bool>,
    /// A new text for the people in line; `null` takes it away.
    notice: Option<Notice>,
}

/// How those who joined before the opening are ordered.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum DrawKind {
    Random,
    Arrival,
}

/// An operator's text for the people in line, in both languages.
#[derive(ToSchema)]
pub struct Notice {
    /// In Korean, without control characters.
    #[schema(min_length = 1, max_length = 500)]
    ko: String,
    /// In English, without control characters.
    #[schema(min_length = 1, max_length = 500)]
    en: String,
}

/// A change of an admission policy, number by number, within the bounds of the policy.
#[derive(ToSchema)]
pub struct AdmissionChange {
    interval_seconds: Option<u32>,
    batch_size: Option<u32>,
    active_seconds: Option<u32>,
    /// `null` takes the cap away.
    max_active: Option<u32>,
    lapse_seconds: Option<u32>,
    inventory_aware: Option<bool>,
}

/// A change of a hold policy, number by number, within the bounds of the policy.
#[derive(ToSchema)]
pub struct HoldChange {
    hold_seconds: Option<u32>,
    max_seats_per_user: Option<u32>,
}

/// A block of rows with one price.
#[derive(ToSchema)]
pub struct Section {
    /// Unique in the schedule.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Rows, the first one in front.
    #[schema(minimum = 1)]
    rows: u32,
    /// Seats in each row.
    #[schema(minimum = 1)]
    seats_per_row: u32,
    /// Price of a seat in minor units.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_u64)]
    price: u64,
}

/// How a concert stands.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ConcertState {
    Scheduled,
    Open,
    Paused,
    SoldOut,
    Closed,
}

/// How a place in line stands; a payment consumes it.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum QueueTokenState {
    Waiting,
    Active,
    Expired,
    Consumed,
    Left,
}

/// How a seat stands.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum SeatStatus {
    Available,
    Held,
    Sold,
}

/// How a reservation stands.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ReservationStatus {
    Held,
    Confirmed,
    Expired,
    Released,
    Cancelled,
}

/// What the audit found.
#[derive(ToSchema)]
pub struct AuditReport {
    /// Whether every invariant holds.
    ok: bool,
    /// Events that were read.
    events: u64,
    /// Each invariant.
    checks: Vec<Check>,
}

/// One invariant.
#[derive(ToSchema)]
pub struct Check {
    /// Its name.
    invariant: String,
    /// Whether it holds.
    ok: bool,
    /// How many things were looked at.
    checked: u64,
    /// How many broke it.
    violated: u64,
    /// The first of those, in words.
    violations: Vec<String>,
}

/// A refusal or failure (RFC 9457). Further members depend on `code`.
#[derive(ToSchema)]
pub struct Problem {
    /// `/problems/` and the code.
    r#type: String,
    /// The code in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What to tell a person, in the language of `Accept-Language`.
    detail: String,
    /// The stable name that clients act on.
    code: String,
    /// As in `x-request-id`.
    request_id: String,
    /// With `malformed_request`: each field that is wrong.
    errors: Option<Vec<FieldError>>,
    /// With `seat_taken`: the seats that others have.
    seats: Option<Vec<u32>>,
    /// With `hold_exists`: the one that lives.
    reservation_id: Option<uuid::Uuid>,
    /// With `seat_limit_exceeded`.
    limit: Option<u32>,
    /// With `amount_mismatch`.
    expected: Option<Amount>,
    /// With `insufficient_balance`.
    balance: Option<Amount>,
    /// With `insufficient_balance`.
    required: Option<Amount>,
    /// With `queue_token_waiting`.
    position: Option<u64>,
    /// With `queue_token_waiting`.
    eta_seconds: Option<u64>,
    /// With `payload_too_large`.
    limit_bytes: Option<u64>,
    /// With 503: whether the change may have happened. The same request with the same key tells.
    outcome_unknown: Option<bool>,
}

/// A field of a request that is wrong.
#[derive(ToSchema)]
pub struct FieldError {
    /// Its path, such as `admission.batch_size`.
    field: String,
    /// What is wrong with it, in English.
    reason: String,
}
