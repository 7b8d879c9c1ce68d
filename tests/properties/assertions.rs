//! Every row of a world against the model's.

use crate::model::{Model, TicketRow};
use frontrow_core::concert::ConcertState;
use frontrow_core::ledger::Wallet;
use frontrow_core::queue::{Lot, Phase};
use frontrow_core::seating::{Seat, SeatStatus};
use frontrow_core::state::Table;
use frontrow_core::{Amount, State, Timestamp, World};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::Hash;

/// Rows, seats as they stand now, money, and what people are told of their place.
pub fn assert_same(world: &World, model: &Model) {
    assert_same_rows(world.state(), model);
    assert_same_seats(world.state(), model);
    for ticket in &model.tickets {
        assert_same_standing(world, model, ticket);
    }
}

/// Every row but those of seats, which the model does not have.
pub fn assert_same_rows(state: &State, model: &Model) {
    let concerts = model.concerts.iter().map(|(id, row)| (*id, row.concert.clone()));
    assert_rows("concerts", state.concerts(), concerts);
    let queues = model.concerts.iter().map(|(id, row)| (*id, row.as_queue()));
    assert_rows("queues", state.queues(), queues);
    let schedules = model.schedules.iter().map(|(id, row)| (*id, row.clone()));
    assert_rows("schedules", state.schedules(), schedules);
    let tickets = model.tickets.iter();
    let tickets = tickets.map(|t| (t.id, t.as_ticket(model.last_reservation(t.id))));
    assert_rows("tickets", state.tickets(), tickets);
    let reservations = model.reservations.iter().map(|r| (r.id, r.as_reservation()));
    assert_rows("reservations", state.reservations(), reservations);
    let wallets = model.wallets.iter().map(|(user_id, (balance, updated_at))| {
        let balance = Amount::new(*balance).expect("balances are checked");
        (*user_id, Wallet { user_id: *user_id, balance, updated_at: *updated_at })
    });
    assert_rows("wallets", state.wallets(), wallets);
    assert_eq!(state.transfers(), model.ledger.as_slice(), "ledger");
}

fn assert_rows<K, T>(name: &str, table: &Table<K, T>, expected: impl Iterator<Item = (K, T)>)
where
    K: Copy + Ord + Hash + Debug,
    T: PartialEq + Debug,
{
    let expected: BTreeMap<K, T> = expected.collect();
    let rows: BTreeMap<K, &T> = table.iter().collect();
    assert_eq!(rows, expected.iter().map(|(key, row)| (*key, row)).collect(), "{name}");
}

fn assert_same_seats(state: &State, model: &Model) {
    let now = model.now;
    for schedule in model.schedules.values() {
        for number in 1..=schedule.seats_total() {
            let row = state.seats().get((schedule.id, number)).copied();
            let seat = row.unwrap_or_default();
            let owners = model.owners(schedule.id, number);
            let expected = match owners.as_slice() {
                [] => (SeatStatus::Available, None),
                [owner] if owner.is_bought() => (SeatStatus::Sold, Some(owner.id)),
                [owner] => (SeatStatus::Held, Some(owner.id)),
                _ => panic!("seat {number} has two owners in the model"),
            };
            let owner = match seat {
                Seat::Held { reservation_id, held_until } if now < held_until => {
                    Some(reservation_id)
                }
                Seat::Sold { reservation_id } => Some(reservation_id),
                Seat::Held { .. } | Seat::Free => None,
            };
            assert_eq!((seat.status(now), owner), expected, "seat {number} of {}", schedule.id);
        }
    }
}

/// Positions are exact, and nobody is told a tick, an end or a state that is not so.
fn assert_same_standing(world: &World, model: &Model, ticket: &TicketRow) {
    let now = model.now;
    let standing = world.standing(ticket.id, now).expect("every ticket stands somewhere");
    let row = &model.concerts[&ticket.concert_id];
    let phase = model.phase(ticket);
    let line = model.line(ticket.concert_id);
    let (ticket_number, is_drawn) = row.ticket_number(ticket.number);
    let is_ahead = |other: &&&TicketRow| row.ticket_number(other.number).0 < ticket_number;
    let ahead = line.iter().filter(is_ahead).count() as u64;
    let joined_before = row.draw.as_ref().is_none_or(|draw| ticket.number <= draw.arrivals);
    let is_undrawn = row.drawn_prequeue().is_some() && joined_before && !is_drawn;
    let lot = (is_drawn || is_undrawn).then_some(Lot {
        arrival_number: ticket.number,
        ticket_number: is_drawn.then_some(ticket_number),
    });
    let concert = &row.concert;
    let concert_state = if concert.closed {
        ConcertState::Closed
    } else if row.sold_out {
        ConcertState::SoldOut
    } else if concert.paused {
        ConcertState::Paused
    } else if now < concert.sale_opens_at {
        ConcertState::Scheduled
    } else {
        ConcertState::Open
    };
    let is_held_up = row.awaits_beacon() && now >= concert.sale_opens_at;
    let admits = !concert.closed && !concert.paused && !row.sold_out && !is_held_up;
    let next_tick = admits.then(|| row.first_tick_after(now));
    let ends_at = model.ends_at(ticket).filter(|_| phase == Phase::Active);
    assert_eq!(standing.state, phase, "phase");
    let has_place = phase == Phase::Waiting && !is_undrawn;
    assert_eq!(standing.position, has_place.then_some(ahead + 1), "position");
    assert_eq!(standing.lot, lot, "lot");
    assert_eq!(standing.waiting, line.len() as u64, "waiting");
    assert_eq!(standing.concert_state, concert_state, "concert state");
    assert_eq!(standing.next_admission_at, next_tick, "next tick");
    assert_eq!(standing.next_admission_in_seconds, next_tick.map(|at| seconds_up(now, at)));
    assert_eq!(standing.expires_at, ends_at, "end");
    assert_eq!(standing.expires_in_seconds, ends_at.map(|at| seconds_up(now, at)));
    let lapse_seconds = u64::from(concert.admission.lapse_seconds);
    let poll_after = standing.poll_after_seconds;
    assert!(poll_after >= 1, "a poll never comes at once");
    assert!(lapse_seconds == 0 || poll_after * 3 <= lapse_seconds, "who polls is never absent");
}

fn seconds_up(now: Timestamp, at: Timestamp) -> u64 {
    u64::try_from((at.as_millis() - now.as_millis() + 999) / 1_000).expect("it is to come")
}
