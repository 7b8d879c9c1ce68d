//! Rows as columns: what a statement that writes takes.

use super::int;
use super::writing::Writing;
use frontrow_core::queue::{Ticket, TicketState};
use frontrow_core::seating::{Reservation, ReservationState};
use frontrow_core::state::Change;
use frontrow_core::{ReservationId, TicketId, Timestamp};
use uuid::Uuid;

/// One column of every row.
pub(super) fn column<R, T>(rows: &[R], value: impl Fn(&R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// The columns of tickets that change.
#[derive(Default)]
pub(super) struct TicketColumns {
    ids: Vec<Uuid>,
    states: Vec<&'static str>,
    admitted_at: Vec<Option<i64>>,
    active_until: Vec<Option<i64>>,
    hold_reservation_ids: Vec<Option<Uuid>>,
    hold_expires_at: Vec<Option<i64>>,
    hold_seats: Vec<Option<i64>>,
    expires_at: Vec<Option<i64>>,
    ended_at: Vec<Option<i64>>,
    versions: Vec<i64>,
    changed_at: Vec<i64>,
}

impl TicketColumns {
    pub(super) fn of(rows: &[Change<'_, TicketId, Ticket>]) -> Self {
        let mut columns = Self::default();
        for row in rows {
            columns.push(row);
        }
        columns
    }

    fn push(&mut self, row: &Change<'_, TicketId, Ticket>) {
        let ticket = row.value;
        let millis = |time: Timestamp| Some(time.as_millis());
        let (state, ended_at) = match ticket.state {
            TicketState::Waiting => ("waiting", None),
            TicketState::Active { .. } => ("active", None),
            TicketState::Expired { at } => ("expired", millis(at)),
            TicketState::Consumed { at } => ("consumed", millis(at)),
            TicketState::Left { at } => ("left", millis(at)),
        };
        let (admitted_at, active_until, expires_at, hold) = match ticket.state {
            TicketState::Active { admitted_at, active_until, hold } => {
                (millis(admitted_at), millis(active_until), millis(ticket.expires_at()), hold)
            }
            _ => (None, None, None, None),
        };
        self.ids.push(row.key.0);
        self.states.push(state);
        self.admitted_at.push(admitted_at);
        self.active_until.push(active_until);
        self.hold_reservation_ids.push(hold.map(|hold| hold.reservation_id.0));
        self.hold_expires_at.push(hold.map(|hold| hold.expires_at.as_millis()));
        self.hold_seats.push(hold.map(|hold| i64::from(hold.seats)));
        self.expires_at.push(expires_at);
        self.ended_at.push(ended_at);
        self.versions.push(int(row.version));
        self.changed_at.push(row.changed_at.as_millis());
    }

    /// Those that may just have ceased to wait. One with a hold or a payment was active before.
    pub(super) fn no_longer_waiting(&self) -> Vec<Uuid> {
        let rows = self.ids.iter().zip(&self.states).zip(&self.hold_reservation_ids);
        rows.filter(|((_, state), hold)| {
            !matches!(**state, "waiting" | "consumed") && hold.is_none()
        })
        .map(|((id, _), _)| *id)
        .collect()
    }

    pub(super) fn bind(self, writing: &mut Writing) -> &mut Writing {
        writing
            .bind(self.states)
            .bind(self.admitted_at)
            .bind(self.active_until)
            .bind(self.hold_reservation_ids)
            .bind(self.hold_expires_at)
            .bind(self.hold_seats)
            .bind(self.expires_at)
            .bind(self.ended_at)
            .bind(self.versions)
            .bind(self.changed_at)
    }
}

/// The columns of reservations that change.
#[derive(Default)]
pub(super) struct ReservationColumns {
    states: Vec<&'static str>,
    state_at: Vec<Option<i64>>,
    payment_ids: Vec<Option<Uuid>>,
    refund_ids: Vec<Option<Uuid>>,
    versions: Vec<i64>,
    changed_at: Vec<i64>,
}

impl ReservationColumns {
    pub(super) fn of(rows: &[Change<'_, ReservationId, Reservation>]) -> Self {
        let mut columns = Self::default();
        for row in rows {
            columns.push(row);
        }
        columns
    }

    fn push(&mut self, row: &Change<'_, ReservationId, Reservation>) {
        let (state, at, payment, refund) = match row.value.state {
            ReservationState::Held => ("held", None, None, None),
            ReservationState::Confirmed { payment_id, at } => {
                ("confirmed", Some(at), Some(payment_id), None)
            }
            ReservationState::Expired { at } => ("expired", Some(at), None, None),
            ReservationState::Released { at } => ("released", Some(at), None, None),
            ReservationState::Cancelled { payment_id, refund_id, at } => {
                ("cancelled", Some(at), Some(payment_id), Some(refund_id))
            }
        };
        self.states.push(state);
        self.state_at.push(at.map(Timestamp::as_millis));
        self.payment_ids.push(payment.map(|id| id.0));
        self.refund_ids.push(refund.map(|id| id.0));
        self.versions.push(int(row.version));
        self.changed_at.push(row.changed_at.as_millis());
    }

    pub(super) fn bind(self, writing: &mut Writing) -> &mut Writing {
        writing
            .bind(self.states)
            .bind(self.state_at)
            .bind(self.payment_ids)
            .bind(self.refund_ids)
            .bind(self.versions)
            .bind(self.changed_at)
    }
}
