//! Decisions of one person's ticket: joining, leaving, running out. Admission is in `admission`.

use super::draw::close;
use super::{Phase, Ticket, TicketState};
use crate::decision::Decision;
use crate::event::{EventKind, Events, ExpiryCause};
use crate::ids::{ConcertId, TicketId, UserId};
use crate::key::{Key, Mode, Need};
use crate::outcome::Outcome;
use crate::rejection::Rejection;
use crate::seating;
use crate::state::State;
use crate::time::Timestamp;

pub(crate) fn join(
    state: &State,
    ticket_id: TicketId,
    concert_id: ConcertId,
    user_id: UserId,
    now: Timestamp,
) -> Result<Decision, Need> {
    state.require(&[
        Key::Queue(concert_id),
        Key::Concert(concert_id, Mode::Fact),
        Key::LiveTicket(concert_id, user_id),
    ])?;
    let (Some(concert), Some(queue)) = (state.concert(concert_id)?, state.queue(concert_id)?)
    else {
        return Decision::refuse(Rejection::ConcertNotFound);
    };
    let standing = state.live_ticket(concert_id, user_id)?;
    if let Some(ticket) = standing
        && matches!(ticket.phase(now), Phase::Waiting | Phase::Active)
    {
        let outcome = Outcome::Joined { ticket: ticket.clone(), already_queued: true };
        return Decision::accept(Events::new(), outcome);
    }
    if !concert.takes_joins() {
        return Decision::refuse(Rejection::QueueClosed);
    }
    if let Some(prequeue) = &concert.prequeue
        && now < prequeue.opens_at
    {
        return Decision::refuse(Rejection::QueueNotOpen { opens_at: prequeue.opens_at });
    }
    if queue.sold_out {
        return Decision::refuse(Rejection::SoldOut);
    }
    if state.tickets.get(ticket_id).is_some() {
        return Decision::refuse(Rejection::IdInUse);
    }

    let mut events = close(concert, queue, now);
    if let Some(ticket) = standing {
        events.push(timed_out(ticket).at(now));
    }
    let number = queue.next_number;
    events.push(EventKind::TicketIssued { ticket_id, concert_id, user_id, number }.at(now));
    let ticket = Ticket {
        id: ticket_id,
        concert_id,
        user_id,
        number,
        issued_at: now,
        state: TicketState::Waiting,
    };
    Decision::accept(events, Outcome::Joined { ticket, already_queued: false })
}

/// Leaving twice, or after the ticket has ended, changes nothing.
pub(crate) fn leave(state: &State, ticket_id: TicketId, now: Timestamp) -> Result<Decision, Need> {
    let Some(ticket) = state.ticket(ticket_id)? else {
        return Decision::refuse(Rejection::QueueTokenInvalid);
    };
    if !matches!(ticket.phase(now), Phase::Waiting | Phase::Active) {
        return Decision::accept(Events::new(), Outcome::Left);
    }
    let mut events = Events::new();
    if let Some(hold) = ticket.live_hold(now) {
        events.push(seating::released(state, hold.reservation_id)?.at(now));
    }
    let concert_id = ticket.concert_id;
    events.push(EventKind::TicketLeft { ticket_id, concert_id }.at(now));
    Decision::accept(events, Outcome::Left)
}

pub(crate) fn expire(state: &State, ticket_id: TicketId, now: Timestamp) -> Result<Decision, Need> {
    match state.ticket(ticket_id)? {
        Some(ticket) if ticket.is_stored_live() && ticket.phase(now) == Phase::Expired => {
            let outcome = Outcome::ExpiryStored { stored: true };
            Decision::accept(timed_out(ticket).at(now), outcome)
        }
        Some(_) => Decision::accept(Events::new(), Outcome::ExpiryStored { stored: false }),
        None => Decision::refuse(Rejection::QueueTokenInvalid),
    }
}

pub(super) fn timed_out(ticket: &Ticket) -> EventKind {
    EventKind::TicketExpired {
        ticket_id: ticket.id,
        concert_id: ticket.concert_id,
        cause: ExpiryCause::TimedOut,
    }
}

/// The ticket that a queue token names, if it is this person's.
pub(crate) fn held_ticket(
    state: &State,
    ticket_id: TicketId,
    user_id: UserId,
) -> Result<Option<&Ticket>, Need> {
    Ok(state.ticket(ticket_id)?.filter(|ticket| ticket.user_id == user_id))
}
