//! What boards are told: by the commits of this replica, and by the journal's tail.

use super::places::Known;
use super::queue_board::{Admitted, QueueBoard};
use super::{Board, Boards};
use crate::execute::CommitObserver;
use crate::store::{StoreError, TailEntry};
use crate::tail::Projection;
use async_trait::async_trait;
use frontrow_core::concert::Concert;
use frontrow_core::queue::{Queue, Ticket, TicketState};
use frontrow_core::state::{Change, Stored};
use frontrow_core::{ConcertId, Event, EventKind, ReservationId, State, TicketId};
use std::collections::BTreeSet;

/// Something that a board is told.
#[derive(Debug, Clone)]
pub(super) enum Told {
    Concert(Stored<Concert>),
    Queue(Stored<Queue>),
    Ticket(Stored<Ticket>),
    Admitted(Admitted),
}

impl Told {
    pub(super) fn concert_id(&self) -> ConcertId {
        match self {
            Self::Concert(concert) => concert.value.id,
            Self::Queue(queue) => queue.value.concert_id,
            Self::Ticket(ticket) => ticket.value.concert_id,
            Self::Admitted(admitted) => admitted.concert_id,
        }
    }

    /// Puts it on a board; whether that could make sense of it.
    pub(super) fn put_on(&self, board: &mut QueueBoard) -> bool {
        match self {
            Self::Concert(concert) => board.put_concert(concert.clone()),
            Self::Queue(queue) => board.put_queue(queue.clone()),
            Self::Ticket(ticket) => board.put_ticket(&Known::of(ticket)),
            Self::Admitted(admitted) => return board.put_admitted(admitted),
        }
        true
    }
}

impl Board {
    /// Whether it is known that a ticket has this reservation as its hold.
    fn has_hold(&self, ticket_id: TicketId, reservation_id: ReservationId) -> bool {
        let kept = self.read();
        kept.board.as_ref().is_some_and(|known| known.has_hold(ticket_id, reservation_id))
    }
}

/// A row as a batch left it.
fn stored<K, T: Clone>(change: &Change<'_, K, T>) -> Stored<T> {
    Stored { value: change.value.clone(), version: change.version, changed_at: change.changed_at }
}

#[async_trait]
impl CommitObserver for Boards {
    async fn committed(&self, state: &State, _events: &[Event]) {
        let concerts = state.concerts().changes().map(|change| Told::Concert(stored(&change)));
        let queues = state.queues().changes().map(|change| Told::Queue(stored(&change)));
        let tickets = state.tickets().changes().map(|change| Told::Ticket(stored(&change)));
        self.tell(concerts.chain(queues).chain(tickets));
    }

    async fn unclear(&self, state: &State, _events: &[Event]) {
        let now = self.store.now();
        let concerts = state.concerts().changes().map(|change| change.key);
        let queues = state.queues().changes().map(|change| change.key);
        let tickets = state.tickets().changes().map(|change| change.value.concert_id);
        for concert_id in concerts.chain(queues).chain(tickets).collect::<BTreeSet<_>>() {
            if let Some(board) = self.known(concert_id) {
                let mut kept = board.write();
                kept.doubt(now);
                kept.is_unsure = true;
            }
        }
    }
}

/// What the journal does not tell, and must be read.
#[derive(Debug, Default)]
struct Unknown {
    queues: BTreeSet<ConcertId>,
    tickets: BTreeSet<TicketId>,
}

impl Boards {
    /// What an entry says, if it says enough.
    fn told_by(&self, told: &TailEntry, unknown: &mut Unknown) -> Option<Told> {
        let Event { at, kind } = &told.entry.event;
        let version = told.entry.version;
        let ticket = |value| Told::Ticket(Stored { value, version, changed_at: *at });
        match *kind {
            EventKind::ConcertCreated { ref concert }
            | EventKind::ConcertChanged { ref concert } => {
                let value = concert.as_ref().clone();
                Some(Told::Concert(Stored { value, version, changed_at: *at }))
            }
            EventKind::TickRescheduled { concert_id, .. }
            | EventKind::TickRan { concert_id, .. }
            | EventKind::PrequeueClosed { concert_id, .. }
            | EventKind::QueueDrawn { concert_id, .. }
            | EventKind::SoldOutChanged { concert_id, .. } => {
                if self.known(concert_id).is_some() {
                    unknown.queues.insert(concert_id);
                }
                None
            }
            EventKind::TicketIssued { ticket_id, concert_id, user_id, number } => {
                let (issued_at, state) = (*at, TicketState::Waiting);
                Some(ticket(Ticket {
                    id: ticket_id,
                    concert_id,
                    user_id,
                    number,
                    issued_at,
                    state,
                }))
            }
            EventKind::TicketAdmitted { ticket_id, concert_id, number, active_until, .. } => {
                let state = TicketState::Active { admitted_at: *at, active_until, hold: None };
                let admitted = Admitted { ticket_id, concert_id, number, state, version };
                Some(Told::Admitted(admitted))
            }
            EventKind::TicketExpired { ticket_id, concert_id, .. }
            | EventKind::TicketLeft { ticket_id, concert_id }
            | EventKind::TicketConsumed { ticket_id, concert_id } => {
                if self.known(concert_id).is_some() {
                    unknown.tickets.insert(ticket_id);
                }
                None
            }
            EventKind::SeatsHeld { reservation_id, concert_id, ticket_id, .. } => {
                let board = self.known(concert_id);
                if board.is_some_and(|board| !board.has_hold(ticket_id, reservation_id)) {
                    unknown.tickets.insert(ticket_id);
                }
                None
            }
            EventKind::ReservationReleased { ticket_id, .. } => {
                // Of which concert, it does not say.
                unknown.tickets.insert(ticket_id);
                None
            }
            EventKind::ScheduleAdded { .. }
            | EventKind::ReservationExpired { .. }
            | EventKind::ReservationConfirmed { .. }
            | EventKind::ReservationCancelled { .. }
            | EventKind::Transferred { .. } => None,
        }
    }
}

#[async_trait]
impl Projection for Boards {
    async fn take(&self, entries: &[TailEntry]) -> Result<(), StoreError> {
        let mut unknown = Unknown::default();
        for entry in entries {
            if let Some(told) = self.told_by(entry, &mut unknown) {
                self.tell([told]);
            }
        }
        let Unknown { queues, tickets } = unknown;
        for concert_id in queues {
            if let Some((concert, queue)) = self.store.queue(concert_id).await? {
                self.tell([Told::Concert(concert), Told::Queue(queue)]);
            }
        }
        if !tickets.is_empty() {
            let tickets: Vec<TicketId> = tickets.into_iter().collect();
            self.tell(self.store.tickets(&tickets).await?.into_iter().map(Told::Ticket));
        }
        Ok(())
    }

    fn forget(&self) {
        let now = self.store.now();
        for board in self.boards.load().values() {
            board.write().doubt(now);
        }
    }
}
