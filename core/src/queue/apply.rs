//! Moves the rows of queues and tickets, and what is derived from them.

use super::{Draw, Order, TickRest, Ticket, TicketHold, TicketState};
use crate::event::EventKind;
use crate::ids::{ConcertId, TicketId};
use crate::state::{HeldSeats, State};
use crate::time::Timestamp;

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
                state.index_mut(concert_id).active.insert((active_until, ticket_id));
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
    let Some(concert_id) = in_expiry_order(state, ticket_id, false) else { return };
    state.tickets.change(ticket_id, at, |ticket| {
        if let TicketState::Active { hold, .. } = &mut ticket.state {
            *hold = new_hold;
        }
    });
    in_expiry_order(state, ticket_id, true);
    if !state.derives() {
        return;
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
    if state.derives() {
        leave_line(state, ticket_id);
    }
    state.tickets.change(ticket_id, at, |ticket| ticket.state = ended);
}

/// Takes a ticket that ends out of what is derived from tickets.
fn leave_line(state: &mut State, ticket_id: TicketId) {
    let Some(ticket) = state.tickets.get(ticket_id) else { return };
    let (concert_id, user_id, number) = (ticket.concert_id, ticket.user_id, ticket.number);
    match ticket.state {
        TicketState::Waiting => {
            state.index_mut(concert_id).waiting.remove(&number);
        }
        TicketState::Active { .. } => {
            in_expiry_order(state, ticket_id, false);
            state.figures.ticket_deactivated(concert_id, ticket_id);
        }
        _ => {}
    }
    state.presence.remove(&ticket_id);
    if let Some(standing) = state.live_tickets.get_mut(&(concert_id, user_id))
        && *standing == Some(ticket_id)
    {
        *standing = None;
    }
}

/// Puts an active ticket into its queue's order of expiry, or takes it out; its concert, if it is
/// loaded and active.
fn in_expiry_order(state: &mut State, ticket_id: TicketId, present: bool) -> Option<ConcertId> {
    let ticket = state.tickets.get(ticket_id)?;
    if !matches!(ticket.state, TicketState::Active { .. }) {
        return None;
    }
    let (concert_id, entry) = (ticket.concert_id, (ticket.expires_at(), ticket_id));
    if !state.derives() {
        return Some(concert_id);
    }
    let active = &mut state.index_mut(concert_id).active;
    if present {
        active.insert(entry);
    } else {
        active.remove(&entry);
    }
    Some(concert_id)
}
