//! Ids that read well: everything has a small number, and a story calls it by that.

use frontrow_core::{
    ConcertId, ReservationId, ScheduleId, TicketId, Timestamp, TransferId, UserId,
};
use uuid::Uuid;

/// When stories begin: 2026-11-22T11:00:00Z.
pub const START: Timestamp = Timestamp::from_millis(1_795_345_200_000);
/// Nothing is ever called this.
pub const NOBODY: u128 = 999;

/// The small number of an id.
pub fn number_of(id: Uuid) -> u64 {
    id.as_u64_pair().1
}

fn named(kind: u64, number: u128) -> Uuid {
    let number = u64::try_from(number).expect("the numbers of a story are small");
    Uuid::from_u64_pair(kind, number)
}

pub fn concert(number: u128) -> ConcertId {
    ConcertId(named(1, number))
}

pub fn schedule(number: u128) -> ScheduleId {
    ScheduleId(named(2, number))
}

pub fn user(number: u128) -> UserId {
    UserId(named(3, number))
}

pub fn ticket(number: u128) -> TicketId {
    TicketId(named(4, number))
}

pub fn reservation(number: u128) -> ReservationId {
    ReservationId(named(5, number))
}

pub fn transfer(number: u128) -> TransferId {
    TransferId(named(6, number))
}
