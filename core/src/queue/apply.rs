//! Moves the rows of queues and tickets, and what is derived from them.

use super::{Draw, Order, TickRest, Ticket, TicketHold, TicketState};
use crate::event::EventKind;
use crate::ids::{ConcertId, TicketId};
use crate::state::{HeldSeats, State};
use crate::time::Timestamp;
use std::mem;

pub(crate) fn apply(state: &mut State, kind: &EventKind, at: Timestamp) {
    match *kind {
        EventKind::TicketIssued { ticket_id, concert_id, user_id, number } => {
            let ticket = Ticket {
                id: ticket_id,
                concert_id,
                user_id,
                number,
                issued_at: at,
                state: TicketState::Waiting,
            };
            if state.keeps_user(user_id) {
                state.tickets.insert(ticket_id, ticket, at);
            }
            state.queues.change(concert_id, at, |queue| queue.next_number = number + 1);
            if state.derives() {
                state.live_tickets.insert((concert_id, user_id), Some(ticket_id));
                state.index_mut(concert_id).waiting.insert(number, ticket_id);
            }
        }
        EventKind::TicketAdmitted { ticket_id, concert_id, number, active_until, .. } => {
            if state.derives() {
                state.index_mut(concert_id).waiting.remove(&number);
                state.index_mut(concert_id).expiries.insert((active_until, ticket_id));
                state.presence.remove(&ticket_id);
                state.figures.ticket_activated(concert_id);
            }
            state.tickets.change(ticket_id, at, |ticket| {
                ticket.state = TicketState::Active { admitted_at: at, active_until, hold: None };
            });
        }
        EventKind::TicketExpired { ticket_id, .. } => {
            end(state, ticket_id, TicketState::Expired { at }, at);
        }
        EventKind::TicketLeft { ticket_id, .. } => {
            end(state, ticket_id, TicketState::Left { at }, at);
        }
        EventKind::TicketConsumed { ticket_id, .. } => {
            end(state, ticket_id, TicketState::Consumed { at }, at);
        }
        EventKind::TickRescheduled { concert_id, next_tick_at } => {
            state.queues.change(concert_id, at, |queue| {
                (queue.next_tick_at, queue.rest) = (next_tick_at, None);
            });
        }
        EventKind::TickRan {
            concert_id, tick_at, next_tick_at, remaining, passed_through, ..
        } => {
            let rest = (remaining > 0).then_some(TickRest { tick_at, remaining });
            state.queues.change(concert_id, at, |queue| {
                (queue.next_tick_at, queue.rest) = (next_tick_at, rest);
                if let (Some(draw), Some(through)) = (&mut queue.draw, passed_through) {
                    draw.passed_through = through;
                }
            });
            drop_ended(state, concert_id, at);
        }
        EventKind::PrequeueClosed { concert_id, arrivals } => {
            let draw = Draw { arrivals, reveal: None, passed_through: 0 };
            state.queues.change(concert_id, at, |queue| queue.draw = Some(draw));
        }
        EventKind::QueueDrawn { concert_id, ref reveal } => {
            state.queues.change(concert_id, at, |queue| {
                if let Some(draw) = &mut queue.draw {
                    draw.reveal = Some(reveal.clone());
                }
            });
            if state.derives() {
                let order = state.queues.get(concert_id).map(Order::of);
                state.index_mut(concert_id).order = order.unwrap_or_default();
            }
        }
        EventKind::SoldOutChanged { concert_id, sold_out, next_tick_at } => {
            state.queues.change(concert_id, at, |queue| {
                (queue.next_tick_at, queue.rest) = (next_tick_at, None);
                queue.sold_out = sold_out;
            });
        }
        _ => unreachable!("engine sends only this room's events"),
    }
}

/// Gives an active ticket a hold, or takes it away.
pub(crate) fn set_hold(
    state: &mut State,
    ticket_id: TicketId,
    new_hold: Option<TicketHold>,
    at: Timestamp,
) {
    let changed = state.tickets.change_if(ticket_id, at, |ticket| {
        let before = ticket.expires_at();
        let TicketState::Active { hold, .. } = &mut ticket.state else { return None };
        *hold = new_hold;
        Some((ticket.concert_id, before, ticket.expires_at()))
    });
    let Some((concert_id, before, expires_at)) = changed else { return };
    if !state.derives() {
        return;
    }
    // A hold that ends before the active seconds do leaves the ticket where it is.
    if before != expires_at {
        state.index_mut(concert_id).expiries.insert((expires_at, ticket_id));
    }
    match new_hold {
        Some(TicketHold { expires_at, seats, .. }) => {
            let held = HeldSeats { expires_at, seats };
            state.figures.hold_taken(concert_id, ticket_id, held);
        }
        None => state.figures.hold_ended(concert_id, ticket_id),
    }
}

fn end(state: &mut State, ticket_id: TicketId, ended: TicketState, at: Timestamp) {
    let changed = state.tickets.change_if(ticket_id, at, |ticket| {
        let was = mem::replace(&mut ticket.state, ended);
        Some((ticket.concert_id, ticket.number, was))
    });
    let Some((concert_id, number, was)) = changed else { return };
    if !state.derives() {
        return;
    }
    match was {
        TicketState::Waiting => {
            state.index_mut(concert_id).waiting.remove(&number);
            state.presence.remove(&ticket_id);
        }
        TicketState::Active { .. } => {
            state.figures.ticket_deactivated(concert_id, ticket_id);
            drop_ended(state, concert_id, at);
        }
        _ => {}
    }
}

/// Takes out of a queue's order of expiry what has come first by `now` and does not count any more.
fn drop_ended(state: &mut State, concert_id: ConcertId, now: Timestamp) {
    if let Some(index) = state.indexes.get_mut(&concert_id) {
        index.drop_ended(&state.tickets, now);
    }
}
