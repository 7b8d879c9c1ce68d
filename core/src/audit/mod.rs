//! The named invariants: what must hold whatever happened. An audit reads the journal event by event
//! and then looks at the rows; it shares no code with the decisions that it checks.

mod history;
mod journal;
mod ledger;
mod report;
mod row;
mod rows;

pub use history::{Checkpoint, CheckpointRow, history};
pub use report::{Check, Invariant, Report, VIOLATIONS_LISTED_MAX};
pub use row::Row;

use crate::event::{Event, EventKind};
use crate::ids::{ConcertId, ScheduleId};
use crate::queue::Ticket;
use crate::seating::Seat;
use crate::state::{Slice, State, Stored, Table};
use crate::time::Timestamp;
use history::Checkpoints;
use journal::Journal;
use ledger::Ledger;
use rows::Rows;
use std::fmt;
use std::hash::Hash;

/// An audit under way: [`resume`](Self::resume) every checkpoint there is, [`read`](Self::read) the whole journal, and then
/// hand in the rows of the same moment: a [`State`] that has all of them to [`finish`](Self::finish), after which more may be
/// read; or one by one to [`compare`](Self::compare), so that they need not be in memory besides.
///
/// What it keeps is about as large as the rows of people. For less memory an audit goes through everything
/// [several times](Self::in_passes), each time for a slice of the people. One row that names another person than the journal
/// does may then break more invariants, since it is not looked at beside what it belongs to.
#[derive(Debug)]
pub struct Audit {
    slice: Slice,
    /// The rows of this slice that the journal tells of.
    replayed: State,
    replays: bool,
    checkpoints: Checkpoints,
    journal: Journal,
    ledger: Ledger,
    rows: Rows,
    events: u64,
}

impl Default for Audit {
    fn default() -> Self {
        Self::new()
    }
}

impl Audit {
    /// An audit that has read nothing.
    pub fn new() -> Self {
        Self::of(Slice::ALL, true)
    }

    /// An audit that keeps of the journal only sums, for where all rows would take too much room: it checks every
    /// invariant but [`Invariant::JournalReplaysToRows`]. It is [finished](Self::finish) with a state.
    pub fn without_replay() -> Self {
        Self::of(Slice::ALL, false)
    }

    /// An audit that reads checkpoints, journal and rows so many times, until there is no [next pass](Self::next_pass).
    pub fn in_passes(passes: u32) -> Self {
        Self::of(Slice::first(passes), true)
    }

    fn of(slice: Slice, replays: bool) -> Self {
        Self {
            slice,
            replayed: State::replayed(slice),
            replays,
            checkpoints: Checkpoints::default(),
            journal: Journal::default(),
            ledger: Ledger::default(),
            rows: Rows::default(),
            events: 0,
        }
    }

    /// Takes a row of the checkpoint of a concert that is history: its events that were pruned are not missed.
    pub fn resume(&mut self, concert_id: ConcertId, row: CheckpointRow) {
        if self.replays {
            self.checkpoints.take(&mut self.replayed, concert_id, row);
        }
    }

    /// The concerts whose journal may be pruned, that have no checkpoint yet (see [`history`]), by the report of this audit,
    /// made in one pass.
    ///
    /// # Errors
    ///
    /// The report if an invariant is broken: then nothing may be pruned.
    pub fn prunable(
        &self,
        report: Report,
        keep_days: u32,
        now: Timestamp,
    ) -> Result<Vec<ConcertId>, Report> {
        if !report.ok {
            return Err(report);
        }
        let mut found = history(&self.replayed, keep_days, now);
        found.retain(|id| !self.checkpoints.has(*id));
        Ok(found)
    }

    /// The checkpoint of a concert that is [prunable](Self::prunable).
    pub fn checkpoint(&self, concert_id: ConcertId) -> Option<Checkpoint> {
        history::checkpoint(&self.replayed, concert_id)
    }

    /// Reads the next event of the journal.
    pub fn read(&mut self, event: &Event) {
        let first = self.slice.is_first();
        self.events += u64::from(first);
        if self.replays {
            if self.checkpoints.tell(&self.replayed, event) {
                return;
            }
            self.replayed.apply(event);
            if let Some((id, queue)) = self.checkpoints.queue_after(event) {
                self.replayed.queues.restore(id, queue);
            }
        }
        if let EventKind::Transferred { transfer } = &event.kind
            && self.slice.has_user(transfer.user_id)
        {
            self.ledger.read(transfer);
        }
        if first {
            self.journal.read(event);
        }
    }

    /// Compares with the rows as they are stored, as a complete state or one in which every row was
    /// loaded; holds live or have lapsed as of `now`.
    pub fn finish(&self, rows: &State, now: Timestamp) -> Report {
        let mut seen = Rows::default();
        if self.replays {
            self.compare_state(&mut seen, rows);
        }
        rows.schedules.iter().for_each(|(_, schedule)| seen.schedule(schedule));
        rows.wallets.iter().for_each(|(_, wallet)| seen.wallet(wallet, &self.ledger));
        rows.transfers.iter().for_each(|transfer| seen.transfer(transfer));
        for (_, reservation) in rows.reservations.iter() {
            seen.reservation(reservation, &self.ledger, now);
        }
        rows.tickets.iter().for_each(|(_, ticket)| seen.ticket(ticket));
        for (key, seat) in rows.seats.iter() {
            seen.seat(key, *seat, now);
            let owner = seat.reservation_id().and_then(|id| rows.reservations.get(id));
            seen.seat_of(key, *seat, owner, self.slice);
        }
        let has_wallet = |id| rows.wallets.get(id).is_some();
        let reservations = rows.reservations.iter().map(|(_, reservation)| reservation);
        seen.end_slice(&self.ledger, has_wallet, reservations, &self.checkpoints);
        seen.end(&self.ledger);
        self.report_of(&seen)
    }

    /// Compares the next row as it is stored, kind after kind (see [`Row`]); holds live or have lapsed as of `now`, the same
    /// for all rows.
    pub fn compare(&mut self, row: Row, now: Timestamp) {
        let (slice, first) = (self.slice, self.slice.is_first());
        match row {
            Row::Concert(stored) if first => {
                let id = stored.value.id;
                self.rows.compared("concert", &id, self.replayed.concerts.compare(id, stored));
            }
            Row::Queue(stored) if first => {
                let id = stored.value.concert_id;
                self.rows.compared("queue", &id, self.replayed.queues.compare(id, stored));
            }
            Row::Schedule(stored) if first => {
                let id = stored.value.id;
                self.rows.schedule(&stored.value);
                self.rows.compared("schedule", &id, self.replayed.schedules.compare(id, stored));
            }
            Row::Concert(_) | Row::Queue(_) | Row::Schedule(_) => {}
            Row::Wallet(stored) => {
                let id = stored.value.user_id;
                if slice.has_user(id) {
                    self.rows.wallet(&stored.value, &self.ledger);
                    self.rows.compared("wallet", &id, self.replayed.wallets.compare(id, stored));
                }
            }
            Row::Transfer(transfer) => {
                if slice.has_user(transfer.user_id) {
                    self.rows.transfer(&transfer);
                }
            }
            Row::Reservation(stored) => {
                let id = stored.value.id;
                if !slice.has_user(stored.value.user_id) {
                    return self.replayed.reservations.forget(id);
                }
                self.rows.reservation(&stored.value, &self.ledger, now);
                self.rows.compared(
                    "reservation",
                    &id,
                    self.replayed.reservations.compare(id, stored),
                );
            }
            Row::Ticket(stored) => self.compare_ticket(stored),
            Row::Seat { schedule_id, number, stored } => {
                self.compare_seat((schedule_id, number), stored, now);
            }
        }
    }

    fn compare_ticket(&mut self, stored: Stored<Ticket>) {
        let id = stored.value.id;
        if !self.slice.has_user(stored.value.user_id) {
            return self.replayed.tickets.forget(id);
        }
        self.rows.ticket(&stored.value);
        let is_left_over = self.checkpoints.leave_over(&stored.value);
        let is_as = self.replayed.tickets.compare(id, stored) || is_left_over;
        self.rows.compared("ticket", &id, is_as);
    }

    fn compare_seat(&mut self, key: (ScheduleId, u32), stored: Stored<Seat>, now: Timestamp) {
        let seat = stored.value;
        if self.slice.has_seat(key.0, key.1) {
            self.rows.seat(key, seat, now);
            let is_as = self.replayed.seats.compare(key, stored);
            self.rows.compared("seat", &seat_name(key), is_as);
        }
        let owner = seat.reservation_id();
        let owner = owner.filter(|id| self.replayed.reservations.is_found(*id));
        let owner = owner.and_then(|id| self.replayed.reservations.get(id));
        self.rows.seat_of(key, seat, owner, self.slice);
    }

    /// Ends a pass, in which every row was [compared](Self::compare). Whether there is another one: then checkpoints,
    /// journal and rows, as they were, are to be gone through once more.
    pub fn next_pass(&mut self) -> bool {
        let (replayed, rows) = (&self.replayed, &mut self.rows);
        if self.slice.is_first() {
            replayed.concerts.never_found().for_each(|id| rows.not_as_told("concert", &id));
            replayed.queues.never_found().for_each(|id| rows.not_as_told("queue", &id));
            replayed.schedules.never_found().for_each(|id| rows.not_as_told("schedule", &id));
        }
        replayed.tickets.never_found().for_each(|id| rows.not_as_told("ticket", &id));
        replayed.seats.never_found().for_each(|key| rows.not_as_told("seat", &seat_name(key)));
        replayed.reservations.never_found().for_each(|id| rows.not_as_told("reservation", &id));
        replayed.wallets.never_found().for_each(|id| rows.not_as_told("wallet", &id));
        let has_wallet = |id| replayed.wallets.is_found(id);
        let reservations = replayed.reservations.iter();
        let reservations = reservations.filter(|(id, _)| replayed.reservations.is_found(*id));
        let reservations = reservations.map(|(_, reservation)| reservation);
        rows.end_slice(&self.ledger, has_wallet, reservations, &self.checkpoints);
        let Some(slice) = self.slice.next() else {
            rows.end(&self.ledger);
            return false;
        };
        self.slice = slice;
        self.replayed = State::replayed(slice);
        self.ledger.next_slice();
        true
    }

    /// What was found, after the last pass.
    pub fn report(&self) -> Report {
        self.report_of(&self.rows)
    }

    fn report_of(&self, rows: &Rows) -> Report {
        let checks = rows.checks(self.journal.checks(), &self.ledger, self.replays);
        Report { ok: checks.iter().all(|check| check.ok), events: self.events, checks }
    }

    /// Compares every row of `rows` with what the journal tells, kind after kind.
    fn compare_state(&self, seen: &mut Rows, rows: &State) {
        let told = &self.replayed;
        compare_tables(seen, "concert", &told.concerts, &rows.concerts, |_| false, |id| id);
        compare_tables(seen, "queue", &told.queues, &rows.queues, |_| false, |id| id);
        let is_left_over = |ticket: &Ticket| self.checkpoints.leave_over(ticket);
        compare_tables(seen, "ticket", &told.tickets, &rows.tickets, is_left_over, |id| id);
        compare_tables(seen, "schedule", &told.schedules, &rows.schedules, |_| false, |id| id);
        compare_tables(seen, "seat", &told.seats, &rows.seats, |_| false, seat_name);
        let (reservations, stored) = (&told.reservations, &rows.reservations);
        compare_tables(seen, "reservation", reservations, stored, |_| false, |id| id);
        compare_tables(seen, "wallet", &told.wallets, &rows.wallets, |_| false, |id| id);
    }
}

/// Compares the rows of one kind; those that are `left_over` may be as they like.
fn compare_tables<K: Copy + Eq + Hash, T: PartialEq, N: fmt::Display>(
    seen: &mut Rows,
    kind: &str,
    told: &Table<K, T>,
    stored: &Table<K, T>,
    left_over: impl Fn(&T) -> bool,
    name: impl Fn(K) -> N,
) {
    for (key, row) in stored.iter_stored() {
        seen.compared(kind, &name(key), told.is_as(key, row) || left_over(row.value));
    }
    let missing = told.iter_stored().filter(|(key, _)| stored.get(*key).is_none());
    for (key, _) in missing.filter(|(key, row)| !stored.is_as(*key, *row)) {
        seen.not_as_told(kind, &name(key));
    }
}

/// A seat as violations name it.
fn seat_name((schedule_id, number): (ScheduleId, u32)) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "{number} of schedule {schedule_id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{TransferId, UserId};
    use crate::ledger::{Transfer, TransferKind};
    use crate::money::Amount;
    use uuid::Uuid;

    fn charge(number: u128) -> Event {
        let at = Timestamp::from_millis(7);
        let (id, user_id) = (TransferId(Uuid::from_u128(number)), UserId(Uuid::nil()));
        let amount = |minor| Amount::new(minor).unwrap();
        let balance_after = amount(u64::try_from(number).unwrap() * 100);
        let kind = TransferKind::Charge;
        let transfer = Transfer { id, user_id, kind, amount: amount(100), balance_after, at };
        EventKind::Transferred { transfer }.at(at)
    }

    #[test]
    fn without_rows_of_its_own_an_audit_still_follows_the_money() {
        let (mut audit, mut rows) = (Audit::without_replay(), State::complete());
        for event in [charge(1), charge(2)] {
            audit.read(&event);
            rows.apply(&event);
        }
        let honest = audit.finish(&rows, Timestamp::from_millis(7));
        assert!(honest.ok, "{honest:?}");
        assert_eq!(honest.checks.len(), Invariant::ALL.len() - 1);

        audit.read(&charge(3));
        let forged = audit.finish(&rows, Timestamp::from_millis(7));
        let broken = forged.checks.iter().filter(|check| !check.ok);
        let broken: Vec<Invariant> = broken.map(|check| check.invariant).collect();
        assert_eq!(broken, [Invariant::MoneySumsToZero]);
    }
}
