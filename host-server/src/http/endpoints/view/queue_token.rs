//! How a place in line looks on the wire.

use crate::json::{Object, Plain, Text, Word, fields};
use crate::schemas;
use crate::wire::WireTime;
use frontrow_core::concert::ConcertState;
use frontrow_core::queue::{Lot, Phase, Standing, Ticket};
use frontrow_core::{ConcertId, TicketId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// A place in line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QueueToken)]
pub struct QueueTokenView {
    /// Only in the answer to joining.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    #[schema(value_type = Uuid)]
    ticket_id: TicketId,
    #[schema(value_type = Uuid)]
    concert_id: ConcertId,
    #[schema(value_type = Uuid)]
    user_id: UserId,
    #[schema(value_type = schemas::QueueTokenState)]
    state: Phase,
    position: Option<u64>,
    waiting: u64,
    eta_seconds: Option<u64>,
    eta_known: bool,
    next_admission_at: Option<WireTime>,
    next_admission_in_seconds: Option<u64>,
    poll_after_seconds: u64,
    issued_at: WireTime,
    expires_at: Option<WireTime>,
    expires_in_seconds: Option<u64>,
    /// Whether joining found the caller in line.
    pub already_queued: bool,
    #[schema(value_type = schemas::ConcertState)]
    concert_state: ConcertState,
    /// A text for people, in the caller's language.
    pub notice: Option<String>,
    /// The numbers of who joined before the opening of a concert that draws.
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<LotView>,
    server_time: WireTime,
}

impl QueueTokenView {
    /// How a ticket stands at `now`.
    pub fn new(ticket: &Ticket, standing: &Standing, now: Timestamp) -> Self {
        Self {
            token: None,
            ticket_id: ticket.id,
            concert_id: ticket.concert_id,
            user_id: ticket.user_id,
            state: standing.state,
            position: standing.position,
            waiting: standing.waiting,
            eta_seconds: standing.eta_seconds,
            eta_known: standing.eta_known,
            next_admission_at: standing.next_admission_at.map(WireTime),
            next_admission_in_seconds: standing.next_admission_in_seconds,
            poll_after_seconds: standing.poll_after_seconds,
            issued_at: WireTime(ticket.issued_at),
            expires_at: standing.expires_at.map(WireTime),
            expires_in_seconds: standing.expires_in_seconds,
            already_queued: false,
            concert_state: standing.concert_state,
            notice: None,
            lot: standing.lot.map(LotView::from),
            server_time: WireTime(now),
        }
    }

    /// Whether something is otherwise than it was told before, not counting what passes with time.
    pub fn differs_from(&self, told: &Self) -> bool {
        let line = |view: &Self| (view.state, view.position, view.waiting, view.eta_known);
        let times = |view: &Self| (view.next_admission_at, view.expires_at);
        line(self) != line(told)
            || times(self) != times(told)
            || self.concert_state != told.concert_state
            || self.notice != told.notice
            || self.lot != told.lot
    }

    /// Writes it as JSON, as `serde_json` would.
    pub fn write(&self, to: &mut Vec<u8>) {
        let Self {
            token,
            ticket_id,
            concert_id,
            user_id,
            state,
            position,
            waiting,
            eta_seconds,
            eta_known,
            next_admission_at,
            next_admission_in_seconds,
            poll_after_seconds,
            issued_at,
            expires_at,
            expires_in_seconds,
            already_queued,
            concert_state,
            notice,
            lot,
            server_time,
        } = self;
        let mut object = Object::begin(to);
        if let Some(token) = token {
            fields!(object, { "token": Text(token) });
        }
        fields!(object, {
            "ticket_id": ticket_id.0,
            "concert_id": concert_id.0,
            "user_id": user_id.0,
            "state": phase(*state),
            "position": *position,
            "waiting": *waiting,
            "eta_seconds": *eta_seconds,
            "eta_known": *eta_known,
            "next_admission_at": *next_admission_at,
            "next_admission_in_seconds": *next_admission_in_seconds,
            "poll_after_seconds": *poll_after_seconds,
            "issued_at": *issued_at,
            "expires_at": *expires_at,
            "expires_in_seconds": *expires_in_seconds,
            "already_queued": *already_queued,
            "concert_state": state_of_concert(*concert_state),
            "notice": notice.as_deref().map(Text),
        });
        if let Some(lot) = lot {
            fields!(object, { "lot": *lot });
        }
        fields!(object, { "server_time": *server_time });
        object.end();
    }
}

const fn phase(phase: Phase) -> Word<'static> {
    Word(match phase {
        Phase::Waiting => "waiting",
        Phase::Active => "active",
        Phase::Expired => "expired",
        Phase::Consumed => "consumed",
        Phase::Left => "left",
    })
}

const fn state_of_concert(state: ConcertState) -> Word<'static> {
    Word(match state {
        ConcertState::Scheduled => "scheduled",
        ConcertState::Open => "open",
        ConcertState::Paused => "paused",
        ConcertState::SoldOut => "sold_out",
        ConcertState::Closed => "closed",
    })
}

/// The numbers of somebody who is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Lot)]
pub struct LotView {
    /// In the order of arrival, from 1.
    arrival_number: u64,
    /// In the order of the draw, from 1, once it is made.
    ticket_number: Option<u64>,
}

impl Plain for LotView {
    fn write(self, to: &mut Vec<u8>) {
        let Self { arrival_number, ticket_number } = self;
        let mut object = Object::begin(to);
        fields!(object, { "arrival_number": arrival_number, "ticket_number": ticket_number });
        object.end();
    }
}

impl From<Lot> for LotView {
    fn from(lot: Lot) -> Self {
        let Lot { arrival_number, ticket_number } = lot;
        Self { arrival_number, ticket_number }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;
    use uuid::Uuid;

    const PHASES: [Phase; 5] =
        [Phase::Waiting, Phase::Active, Phase::Expired, Phase::Consumed, Phase::Left];
    const STATES: [ConcertState; 5] = [
        ConcertState::Scheduled,
        ConcertState::Open,
        ConcertState::Paused,
        ConcertState::SoldOut,
        ConcertState::Closed,
    ];

    fn time() -> impl Strategy<Value = WireTime> {
        any::<i64>().prop_map(|millis| WireTime(Timestamp::from_millis(millis)))
    }

    fn lot() -> impl Strategy<Value = LotView> {
        let numbers = (any::<u64>(), any::<Option<u64>>());
        numbers
            .prop_map(|(arrival_number, ticket_number)| LotView { arrival_number, ticket_number })
    }

    prop_compose! {
        fn view()(
            (token, notice) in any::<(Option<String>, Option<String>)>(),
            [ticket_id, concert_id, user_id] in any::<[u128; 3]>(),
            (state, concert_state) in (select(PHASES.to_vec()), select(STATES.to_vec())),
            (position, eta_seconds, next_admission_in_seconds, expires_in_seconds)
                in any::<(Option<u64>, Option<u64>, Option<u64>, Option<u64>)>(),
            (waiting, poll_after_seconds) in any::<(u64, u64)>(),
            (eta_known, already_queued) in any::<(bool, bool)>(),
            (issued_at, server_time) in (time(), time()),
            (next_admission_at, expires_at) in (option::of(time()), option::of(time())),
            lot in option::of(lot()),
        ) -> QueueTokenView {
            QueueTokenView {
                token,
                ticket_id: TicketId(Uuid::from_u128(ticket_id)),
                concert_id: ConcertId(Uuid::from_u128(concert_id)),
                user_id: UserId(Uuid::from_u128(user_id)),
                state,
                position,
                waiting,
                eta_seconds,
                eta_known,
                next_admission_at,
                next_admission_in_seconds,
                poll_after_seconds,
                issued_at,
                expires_at,
                expires_in_seconds,
                already_queued,
                concert_state,
                notice,
                lot,
                server_time,
            }
        }
    }

    proptest! {
        #[test]
        fn it_is_written_as_serde_json_does(view in view()) {
            let mut written = Vec::new();
            view.write(&mut written);
            prop_assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string(&view).unwrap());
        }
    }
}
