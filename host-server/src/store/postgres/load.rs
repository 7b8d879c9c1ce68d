//! Loads what keys name into a state: one select for each kind of key, however many there are, in the order of
//! [`Class`](frontrow_core::Class), which is the order of locks. All of them go in one round trip, but for
//! [lists of tickets](super::tickets) that a transaction locks: those take a few of their own.

use super::super::StoreError;
use super::super::rows::{self, Columns};
use super::super::wanted::{Wanted, grouped, hand_out};
use super::asking::{Answers, Array, Asking, Place};
use super::schedules::Schedules;
use super::selects::{self, Select};
use frontrow_core::state::Stored;
use frontrow_core::{ConcertId, Mode, ReservationId, ScheduleId, State, TicketId, UserId};
use sqlx::postgres::PgRow;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

type Take = Box<dyn FnOnce(&mut State, &[PgRow]) -> Result<(), StoreError> + Send>;

/// Selects that are to be sent, and what is done with the rows that they find.
pub(super) struct Loading {
    locks: bool,
    asking: Asking,
    takes: Vec<(Place, Take)>,
}

impl Loading {
    /// Nothing yet, to be asked for after what `asking` has already. `locks` says whether rows that may be changed are
    /// locked when they are read.
    pub(super) fn after(asking: Asking, locks: bool) -> Self {
        Self { locks, asking, takes: Vec::new() }
    }

    /// What comes before tickets.
    pub(super) fn sales(&mut self, wanted: &mut Wanted, schedules: &Schedules) {
        if !self.locks {
            self.queues_with_concerts(wanted);
        }
        self.queues(mem::take(&mut wanted.queues));
        self.concerts(&mem::take(&mut wanted.concerts));
        self.schedules(wanted, schedules);
        self.reservations(mem::take(&mut wanted.reservation_facts), Mode::Fact);
        self.seat_maps(mem::take(&mut wanted.seat_maps));
    }

    /// Tickets that are named, and those by which people stand in a queue where nothing is locked.
    pub(super) fn tickets(&mut self, wanted: &mut Wanted) {
        self.named_tickets(mem::take(&mut wanted.tickets));
        self.live_tickets(mem::take(&mut wanted.live_tickets));
    }

    /// What comes after tickets; figures last.
    pub(super) fn bookings(&mut self, wanted: &mut Wanted) {
        self.reservations(mem::take(&mut wanted.reservations), Mode::Write);
        self.seats(wanted);
        self.wallets(mem::take(&mut wanted.wallets));
        self.active_counts(&mem::take(&mut wanted.active_counts));
        self.active_holds(mem::take(&mut wanted.active_holds));
        self.inventories(&mem::take(&mut wanted.inventories));
        self.owned_seats(&mem::take(&mut wanted.owned_seats));
    }

    /// What is to be sent, and what is done then.
    pub(super) fn into_parts(self) -> (Asking, Taking) {
        (self.asking, Taking(self.takes))
    }

    fn ask(
        &mut self,
        select: &Select,
        arguments: &[Array],
        take: impl FnOnce(&mut State, &[PgRow]) -> Result<(), StoreError> + Send + 'static,
    ) {
        self.ask_for(select, self.locks, arguments, take);
    }

    fn ask_for(
        &mut self,
        select: &Select,
        locks: bool,
        arguments: &[Array],
        take: impl FnOnce(&mut State, &[PgRow]) -> Result<(), StoreError> + Send + 'static,
    ) {
        let place = self.asking.select(select, locks, arguments);
        self.takes.push((place, Box::new(take)));
    }

    /// Gives every wanted row to `put`, those that are not there as `None`.
    fn each<K: Ord + Send + 'static, T: 'static>(
        &mut self,
        select: &Select,
        mode: Mode,
        arguments: &[Array],
        wanted: BTreeSet<K>,
        (key, value): (Reading<K>, Reading<T>),
        put: impl Fn(&mut State, K, Option<Stored<T>>) + Send + 'static,
    ) {
        if !wanted.is_empty() {
            let locks = self.locks && mode == Mode::Write;
            self.ask_for(select, locks, arguments, move |state, found| {
                hand_out(found, wanted, key, value, |key, row| put(state, key, row))
            });
        }
    }

    /// Queues whose concerts are wanted too, each together with its concert. (Who locks a queue must read its concert
    /// after that.)
    fn queues_with_concerts(&mut self, wanted: &mut Wanted) {
        let is_fact = |id: &&ConcertId| wanted.concerts.get(*id) == Some(&Mode::Fact);
        let both: BTreeSet<ConcertId> = wanted.queues.iter().filter(is_fact).copied().collect();
        if both.is_empty() {
            return;
        }
        for id in &both {
            wanted.queues.remove(id);
            wanted.concerts.remove(id);
        }
        self.ask(&selects::SALES, &[concert_ids(&both)], move |state, found| {
            let mut missing = both;
            for row in found {
                let (concert, queue) = rows::versioned(row)?;
                let id = concert.value.id;
                missing.remove(&id);
                state.load_concert(id, Some(concert), Mode::Fact);
                state.load_queue(id, Some(queue));
            }
            for id in missing {
                state.load_concert(id, None, Mode::Fact);
                state.load_queue(id, None);
            }
            Ok(())
        });
    }

    fn queues(&mut self, wanted: BTreeSet<ConcertId>) {
        let arguments = [concert_ids(&wanted)];
        let reading: (Reading<ConcertId>, _) = (|row| row.id("concert_id"), rows::queue as _);
        self.each(&selects::QUEUES, Mode::Write, &arguments, wanted, reading, State::load_queue);
    }

    fn concerts(&mut self, wanted: &BTreeMap<ConcertId, Mode>) {
        for mode in [Mode::Write, Mode::Fact] {
            let of_mode = wanted.iter().filter(|(_, wanted)| **wanted == mode);
            let ids: BTreeSet<ConcertId> = of_mode.map(|(id, _)| *id).collect();
            let arguments = [concert_ids(&ids)];
            let reading: (Reading<ConcertId>, _) = (|row| row.id("id"), rows::concert as _);
            let put = move |state: &mut State, id, row| state.load_concert(id, row, mode);
            self.each(&selects::CONCERTS, mode, &arguments, ids, reading, put);
        }
    }

    /// What is found is remembered.
    fn schedules(&mut self, wanted: &mut Wanted, remembered: &Schedules) {
        let ids = mem::take(&mut wanted.schedules);
        if ids.is_empty() {
            return;
        }
        let arguments = [Array::of_ids(ids.iter().map(|id| id.0))];
        let remembered = remembered.clone();
        self.ask(&selects::SCHEDULES, &arguments, move |state, found| {
            hand_out(
                found,
                ids,
                |row| row.id("id"),
                rows::schedule,
                |id, row| {
                    if let Some(schedule) = &row {
                        remembered.remember(schedule);
                    }
                    state.load_schedule(id, row);
                },
            )
        });
    }

    fn reservations(&mut self, wanted: BTreeSet<ReservationId>, mode: Mode) {
        // What is read without locks anyway is read once: it is written on condition.
        let loaded = if self.locks { mode } else { Mode::Write };
        let arguments = [Array::of_ids(wanted.iter().map(|id| id.0))];
        let reading: (Reading<ReservationId>, _) = (|row| row.id("id"), rows::reservation as _);
        let put = move |state: &mut State, id, row| state.load_reservation(id, row, loaded);
        self.each(&selects::RESERVATIONS, mode, &arguments, wanted, reading, put);
    }

    fn seat_maps(&mut self, wanted: BTreeSet<ScheduleId>) {
        if wanted.is_empty() {
            return;
        }
        let arguments = [Array::of_ids(wanted.iter().map(|id| id.0))];
        self.ask(&selects::SEAT_MAPS, &arguments, move |state, found| {
            for (id, seats) in grouped(found, wanted, rows::seat_of_map)? {
                state.load_seat_map(id, seats);
            }
            Ok(())
        });
    }

    fn named_tickets(&mut self, wanted: BTreeSet<TicketId>) {
        let arguments = [Array::of_ids(wanted.iter().map(|id| id.0))];
        let reading: (Reading<TicketId>, _) = (|row| row.id("id"), rows::ticket as _);
        self.each(&selects::TICKETS, Mode::Write, &arguments, wanted, reading, State::load_ticket);
    }

    fn live_tickets(&mut self, wanted: BTreeSet<(ConcertId, UserId)>) {
        let arguments = people(&wanted);
        let reading: (Reading<(ConcertId, UserId)>, _) =
            (|row| Ok((row.id("concert_id")?, row.id("user_id")?)), rows::ticket as _);
        let put = |state: &mut State, (concert_id, user_id), row| {
            state.load_live_ticket(concert_id, user_id, row);
        };
        self.each(&selects::LIVE_TICKETS, Mode::Write, &arguments, wanted, reading, put);
    }

    fn seats(&mut self, wanted: &mut Wanted) {
        let wanted = mem::take(&mut wanted.seats);
        let schedules = Array::of_ids(wanted.iter().map(|(schedule, _)| schedule.0));
        let numbers = Array::of_integers(wanted.iter().map(|(_, number)| i64::from(*number)));
        let reading: (Reading<_>, _) =
            (|row: &PgRow| Ok((row.id("schedule_id")?, row.int("number")?)), rows::seat as _);
        let put =
            |state: &mut State, (schedule, number), row| state.load_seat(schedule, number, row);
        self.each(&selects::SEATS, Mode::Write, &[schedules, numbers], wanted, reading, put);
    }

    fn wallets(&mut self, wanted: BTreeSet<UserId>) {
        let arguments = [Array::of_ids(wanted.iter().map(|id| id.0))];
        let reading: (Reading<UserId>, _) = (|row| row.id("user_id"), rows::wallet as _);
        self.each(&selects::WALLETS, Mode::Write, &arguments, wanted, reading, State::load_wallet);
    }

    fn active_counts(&mut self, wanted: &BTreeSet<ConcertId>) {
        if wanted.is_empty() {
            return;
        }
        self.ask(&selects::ACTIVE_COUNTS, &[concert_ids(wanted)], |state, found| {
            for row in found {
                let (concert_id, active) = rows::active_count(row)?;
                state.load_active_count(concert_id, active);
            }
            Ok(())
        });
    }

    fn active_holds(&mut self, wanted: BTreeSet<ConcertId>) {
        if wanted.is_empty() {
            return;
        }
        self.ask(&selects::ACTIVE_HOLDS, &[concert_ids(&wanted)], |state, found| {
            for (concert_id, holds) in grouped(found, wanted, rows::active_hold)? {
                state.load_active_holds(concert_id, holds);
            }
            Ok(())
        });
    }

    fn inventories(&mut self, wanted: &BTreeSet<ConcertId>) {
        if wanted.is_empty() {
            return;
        }
        self.ask(&selects::INVENTORIES, &[concert_ids(wanted)], |state, found| {
            for row in found {
                let (id, inventory) = rows::inventory(row)?;
                state.load_inventory(id, inventory);
            }
            Ok(())
        });
    }

    fn owned_seats(&mut self, wanted: &BTreeSet<(ConcertId, UserId)>) {
        if wanted.is_empty() {
            return;
        }
        self.ask(&selects::OWNED_SEATS, &people(wanted), |state, found| {
            for row in found {
                let ((concert_id, user_id), seats) = rows::owned_seats(row)?;
                state.load_owned_seats(concert_id, user_id, seats);
            }
            Ok(())
        });
    }
}

type Reading<T> = fn(&PgRow) -> Result<T, StoreError>;

fn concert_ids(wanted: &BTreeSet<ConcertId>) -> Array {
    Array::of_ids(wanted.iter().map(|id| id.0))
}

fn people(wanted: &BTreeSet<(ConcertId, UserId)>) -> [Array; 2] {
    let concerts = Array::of_ids(wanted.iter().map(|(concert, _)| concert.0));
    [concerts, Array::of_ids(wanted.iter().map(|(_, user)| user.0))]
}

/// What is done with the answers.
pub(super) struct Taking(Vec<(Place, Take)>);

impl Taking {
    pub(super) fn take(self, state: &mut State, answers: &Answers) -> Result<(), StoreError> {
        for (place, take) in self.0 {
            take(state, answers.of(place))?;
        }
        Ok(())
    }
}
