//! What people do, and the expiry of what they leave behind.

use super::{concert_id, known_or, schedule_id, ticket_id, user_id};
use crate::model::{Deal, Model, Place, ReservationRow, TicketRow};
use crate::names;
use frontrow_core::concert::Schedule;
use frontrow_core::seating::{Choice, SeatNumbers, SeatStatus};
use frontrow_core::{Actor, Command, ReservationId, ScheduleId, TicketId, UserId};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;

/// Anybody; often somebody who has bought seats, and may want more.
pub(super) fn join(model: &Model, id: u128) -> BoxedStrategy<Command> {
    // Now and then with the id of a ticket that was issued before.
    let number = prop_oneof![30 => Just(id), 1 => Just(id.saturating_sub(5))];
    let bought = model.reservations.iter().filter(|r| r.is_bought());
    let buyers: Vec<_> = bought.map(|r| (r.concert_id, r.user_id)).collect();
    let mut who = vec![(2, (concert_id(), user_id()).boxed())];
    if !buyers.is_empty() {
        who.push((1, select(buyers).boxed()));
    }
    (number, Union::new_weighted(who))
        .prop_map(|(number, (concert_id, user_id))| Command::Join {
            ticket_id: names::ticket(number),
            concert_id,
            user_id,
        })
        .boxed()
}

pub(super) fn leave(model: &Model) -> BoxedStrategy<Command> {
    ticket_id(model).prop_map(|ticket_id| Command::Leave { ticket_id }).boxed()
}

pub(super) fn expire_ticket(model: &Model) -> BoxedStrategy<Command> {
    ticket_id(model).prop_map(|ticket_id| Command::ExpireTicket { ticket_id }).boxed()
}

pub(super) fn expire_reservation(model: &Model) -> BoxedStrategy<Command> {
    reservation_id(model)
        .prop_map(|reservation_id| Command::ExpireReservation { reservation_id })
        .boxed()
}

/// Mostly by the holder of an active ticket who holds nothing, in that ticket's concert.
pub(super) fn hold(model: &Model, id: u128) -> BoxedStrategy<Command> {
    let is_active = |t: &&TicketRow| match t.place {
        Place::Active { until, .. } => model.now < until,
        _ => false,
    };
    let (holding, ready): (Vec<&TicketRow>, Vec<&TicketRow>) =
        model.tickets.iter().filter(is_active).partition(|t| model.live_hold(t.id).is_some());
    let sensible: Vec<(TicketId, UserId, ScheduleId)> = ready
        .into_iter()
        .flat_map(|t| {
            let theirs = model.schedules.values().filter(|s| s.concert_id == t.concert_id);
            let to_come = theirs.filter(|s| s.starts_at > model.now);
            to_come.map(|s| (t.id, t.user_id, s.id))
        })
        .collect();
    let holding: Vec<(TicketId, UserId)> = holding.iter().map(|t| (t.id, t.user_id)).collect();
    let nobody = (names::ticket(names::NOBODY), names::user(1));
    let own = (ticket_of_same_user(model), schedule_id(model));
    let own = own.prop_map(|((ticket, user), schedule)| (ticket, user, schedule)).boxed();
    let any = (ticket_id(model), user_id(), schedule_id(model)).boxed();
    let mut who = vec![(1, prop_oneof![2 => own, 1 => any].boxed())];
    if !sensible.is_empty() {
        who.push((12, select(sensible).boxed()));
    }
    let again = (known_or(holding, nobody), schedule_id(model));
    who.push((1, again.prop_map(|((ticket, user), schedule)| (ticket, user, schedule)).boxed()));

    let number = prop_oneof![30 => Just(id), 1 => Just(id.saturating_sub(3))];
    let model = model.clone();
    (number, Union::new_weighted(who))
        .prop_flat_map(move |(number, (ticket_id, user_id, schedule_id))| {
            choice(&model, schedule_id).prop_map(move |choice| Command::Hold {
                reservation_id: names::reservation(number),
                schedule_id,
                ticket_id,
                user_id,
                choice,
            })
        })
        .boxed()
}

/// Free seats mostly, the best often, and now and then nonsense.
fn choice(model: &Model, schedule_id: ScheduleId) -> BoxedStrategy<Choice> {
    let total = model.schedules.get(&schedule_id).map_or(3, Schedule::seats_total);
    let is_free = |n: &u32| {
        model.schedules.contains_key(&schedule_id)
            && model.seat_status(schedule_id, *n) == SeatStatus::Available
    };
    let (free, taken): (Vec<u32>, Vec<u32>) = (1..=total).partition(|n| is_free(n));
    let section = option::weighted(0.4, prop_oneof![8 => select(vec!["R", "S"]), 1 => Just("X")]);
    let best = (prop_oneof![12 => 1..5_u32, 1 => Just(0), 1 => Just(u32::MAX)], section);
    let numbers = subsequence(taken.clone(), 1.min(taken.len())..=taken.len().min(2));
    let with_free = option::of(1..=total);
    let nonsense = select(vec![
        SeatNumbers::new(),
        SeatNumbers::from_slice(&[1, 1]),
        SeatNumbers::from_slice(&[0]),
        SeatNumbers::from_slice(&[1, total + 1]),
        (1..=1_001).collect(),
    ]);
    let mut choices = vec![
        (5, best.prop_map(|(count, section)| best_of(count, section)).boxed()),
        (1, nonsense.prop_map(Choice::Seats).boxed()),
    ];
    if !free.is_empty() {
        let most = free.len().min(3);
        let some = subsequence(free, 1..=most).prop_shuffle();
        choices.push((8, some.prop_map(|seats| Choice::Seats(seats.into())).boxed()));
    }
    if !taken.is_empty() {
        let some = (numbers, with_free).prop_map(|(taken, free)| taken.into_iter().chain(free));
        choices.push((2, some.prop_map(|seats| Choice::Seats(seats.collect())).boxed()));
    }
    Union::new_weighted(choices).boxed()
}

fn best_of(count: u32, section: Option<&str>) -> Choice {
    Choice::Best { count, section: section.map(str::to_owned) }
}

/// Mostly what is held, by its holder, with its ticket and its price.
pub(super) fn pay(model: &Model, id: u128) -> BoxedStrategy<Command> {
    let facts = |r: &ReservationRow| (r.id, r.ticket_id, r.user_id, r.amount);
    let held: Vec<_> = model.reservations.iter().filter(|r| r.deal == Deal::Held).collect();
    let held: Vec<_> = held.into_iter().map(facts).collect();
    let any: Vec<_> = model.reservations.iter().map(facts).collect();
    let nothing =
        (names::reservation(names::NOBODY), names::ticket(names::NOBODY), names::user(1), 5);
    let what = prop_oneof![5 => known_or(held, nothing), 1 => known_or(any, nothing)];
    let amount = prop_oneof![
        12 => Just(None),
        1 => Just(Some(0)),
        1 => Just(Some(u64::MAX)),
        1 => (1..60_u64).prop_map(Some)
    ];
    let other_user = option::weighted(0.06, user_id());
    let other_ticket = option::weighted(0.08, ticket_of_same_user(model));
    (what, amount, other_user, other_ticket, transfer_number(id))
        .prop_map(|((reservation_id, ticket, user, price), amount, other, swap, transfer)| {
            let (ticket_id, user_id) = swap.unwrap_or((ticket, user));
            Command::Pay {
                payment_id: names::transfer(transfer),
                reservation_id,
                ticket_id,
                user_id: other.unwrap_or(user_id),
                amount: amount.unwrap_or(price),
            }
        })
        .boxed()
}

/// Any ticket, with the person whose it is.
fn ticket_of_same_user(model: &Model) -> BoxedStrategy<(TicketId, UserId)> {
    let tickets = model.tickets.iter().map(|ticket| (ticket.id, ticket.user_id)).collect();
    known_or(tickets, (names::ticket(names::NOBODY), names::user(1)))
}

pub(super) fn withdraw(model: &Model, id: u128) -> BoxedStrategy<Command> {
    let all: Vec<_> = model.reservations.iter().map(|r| (r.id, r.user_id)).collect();
    let what = known_or(all, (names::reservation(names::NOBODY), names::user(1)));
    let other = option::weighted(0.15, prop_oneof![Just(None), user_id().prop_map(Some)]);
    (what, other, transfer_number(id))
        .prop_map(|((reservation_id, owner), other, transfer)| Command::Withdraw {
            reservation_id,
            by: match other {
                None => Actor::User(owner),
                Some(None) => Actor::Admin,
                Some(Some(somebody)) => Actor::User(somebody),
            },
            refund_id: names::transfer(transfer),
        })
        .boxed()
}

pub(super) fn charge(id: u128) -> BoxedStrategy<Command> {
    let largest = (1_u64 << 53) - 1;
    let amount = prop_oneof![
        16 => 1..400_u64,
        1 => Just(0),
        1 => Just(largest),
        1 => Just(largest - 50),
        1 => Just(largest + 1),
        1 => Just(u64::MAX)
    ];
    (user_id(), amount)
        .prop_map(move |(user_id, amount)| Command::Charge {
            transfer_id: names::transfer(id),
            user_id,
            amount,
        })
        .boxed()
}

/// A fresh one mostly, else one that may name a charge.
fn transfer_number(id: u128) -> impl Strategy<Value = u128> {
    prop_oneof![20 => Just(id), 1 => Just(1)]
}

fn reservation_id(model: &Model) -> BoxedStrategy<ReservationId> {
    let ids = model.reservations.iter().map(|reservation| reservation.id).collect();
    known_or(ids, names::reservation(names::NOBODY))
}
