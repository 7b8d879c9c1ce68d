//! The named invariants: what must hold whatever happened. An audit reads the journal event by event
//! and then looks at the rows; it shares no code with the decisions that it checks.

mod history;
mod journal;
mod rows;

pub use history::{Checkpoint, CheckpointRow, history};

use crate::event::{Event, EventKind};
use crate::ids::ConcertId;
use crate::ledger::Transfer;
use crate::state::State;
use crate::time::Timestamp;
use history::Checkpoints;
use journal::Journal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most violations of one invariant that a report lists; the rest is counted.
pub const VIOLATIONS_LISTED_MAX: usize = 20;

/// What must hold, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invariant {
    /// Every held or sold seat belongs to the one reservation that lists it.
    SeatHasOneOwner,
    /// In each schedule, free, held and sold seats are all the seats, by rows and by reservations.
    FreeHeldSoldSumToTotal,
    /// After a tick that admitted anybody, no more than `max_active` are active.
    ActiveAtMostCap,
    /// No tick admits more than `batch_size`.
    AdmittedPerTickAtMostBatch,
    /// Tickets are admitted in order of number, those who were drawn in order of the draw.
    NoOvertaking,
    /// All accounts together sum to zero, and every wallet's balance is the sum of its transfers.
    MoneySumsToZero,
    /// No wallet ever went below zero.
    WalletNeverNegative,
    /// Every sold seat was paid for exactly once and not refunded.
    SoldSeatHasOnePayment,
    /// Every payment consumed the ticket of its reservation, and no other payment did.
    PaymentConsumedOneTicket,
    /// Replaying the journal gives the very rows that are stored.
    JournalReplaysToRows,
}

impl Invariant {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::SeatHasOneOwner,
        Self::FreeHeldSoldSumToTotal,
        Self::ActiveAtMostCap,
        Self::AdmittedPerTickAtMostBatch,
        Self::NoOvertaking,
        Self::MoneySumsToZero,
        Self::WalletNeverNegative,
        Self::SoldSeatHasOnePayment,
        Self::PaymentConsumedOneTicket,
        Self::JournalReplaysToRows,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SeatHasOneOwner => "seat_has_one_owner",
            Self::FreeHeldSoldSumToTotal => "free_held_sold_sum_to_total",
            Self::ActiveAtMostCap => "active_at_most_cap",
            Self::AdmittedPerTickAtMostBatch => "admitted_per_tick_at_most_batch",
            Self::NoOvertaking => "no_overtaking",
            Self::MoneySumsToZero => "money_sums_to_zero",
            Self::WalletNeverNegative => "wallet_never_negative",
            Self::SoldSeatHasOnePayment => "sold_seat_has_one_payment",
            Self::PaymentConsumedOneTicket => "payment_consumed_one_ticket",
            Self::JournalReplaysToRows => "journal_replays_to_rows",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How one invariant fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Which one.
    pub invariant: Invariant,
    /// Whether it holds.
    pub ok: bool,
    /// How many things were looked at: seats, ticks, wallets, ….
    pub checked: u64,
    /// How many broke it.
    pub violated: u64,
    /// The first of those, in words.
    pub violations: Vec<String>,
}

impl Check {
    fn new(invariant: Invariant) -> Self {
        Self { invariant, ok: true, checked: 0, violated: 0, violations: Vec::new() }
    }

    /// Looks at one thing; `violation` says in words what is wrong with it.
    fn look(&mut self, holds: bool, violation: impl FnOnce() -> String) {
        self.checked += 1;
        if !holds {
            self.ok = false;
            self.violated += 1;
            if self.violations.len() < VIOLATIONS_LISTED_MAX {
                self.violations.push(violation());
            }
        }
    }
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether every invariant holds.
    pub ok: bool,
    /// Events that were read.
    pub events: u64,
    /// Each invariant.
    pub checks: Vec<Check>,
}

/// An audit under way: [`resume`](Self::resume) every checkpoint there is, read the whole journal, then
/// [`finish`](Self::finish) it with the rows; more may be read after.
#[derive(Debug)]
pub struct Audit {
    kept: Kept,
    checkpoints: Checkpoints,
    journal: Journal,
    events: u64,
}

/// What is kept of the journal to compare the rows with.
#[derive(Debug)]
enum Kept {
    /// Every row that it tells of.
    Rows(Box<State>),
    /// Its ledger.
    Transfers(Vec<Transfer>),
}

impl Kept {
    fn transfers(&self) -> &[Transfer] {
        match self {
            Self::Rows(replayed) => replayed.transfers(),
            Self::Transfers(transfers) => transfers,
        }
    }
}

impl Default for Audit {
    fn default() -> Self {
        Self::new()
    }
}

impl Audit {
    /// An audit that has read nothing.
    pub fn new() -> Self {
        Self::keeping(Kept::Rows(Box::new(State::complete())))
    }

    /// An audit that keeps of the journal only the ledger, for where all rows would take too much room: it
    /// checks every invariant but [`Invariant::JournalReplaysToRows`].
    pub fn without_replay() -> Self {
        Self::keeping(Kept::Transfers(Vec::new()))
    }

    fn keeping(kept: Kept) -> Self {
        let (checkpoints, journal) = (Checkpoints::default(), Journal::default());
        Self { kept, checkpoints, journal, events: 0 }
    }

    /// Takes a row of the checkpoint of a concert that is history: its events that were pruned are not missed.
    pub fn resume(&mut self, concert_id: ConcertId, row: CheckpointRow) {
        if let Kept::Rows(replayed) = &mut self.kept {
            self.checkpoints.take(replayed, concert_id, row);
        }
    }

    /// The concerts whose journal may be pruned, that have no checkpoint yet (see [`history`]).
    ///
    /// # Errors
    ///
    /// The report of [`finish`](Self::finish) if an invariant is broken: then nothing may be pruned.
    pub fn prunable(
        &self,
        rows: &State,
        keep_days: u32,
        now: Timestamp,
    ) -> Result<Vec<ConcertId>, Report> {
        let report = self.finish(rows, now);
        let Kept::Rows(replayed) = &self.kept else { return Ok(Vec::new()) };
        if !report.ok {
            return Err(report);
        }
        let mut found = history(replayed, keep_days, now);
        found.retain(|id| !self.checkpoints.has(*id));
        Ok(found)
    }

    /// The checkpoint of a concert that is [prunable](Self::prunable).
    pub fn checkpoint(&self, concert_id: ConcertId) -> Option<Checkpoint> {
        let Kept::Rows(replayed) = &self.kept else { return None };
        history::checkpoint(replayed, concert_id)
    }

    /// Reads the next event of the journal.
    pub fn read(&mut self, event: &Event) {
        self.events += 1;
        match &mut self.kept {
            Kept::Rows(replayed) => {
                if self.checkpoints.tell(replayed, event) {
                    return;
                }
                replayed.apply(event);
                if let Some((id, queue)) = self.checkpoints.queue_after(event) {
                    replayed.queues.restore(id, queue);
                }
            }
            Kept::Transfers(transfers) => {
                if let EventKind::Transferred { transfer } = &event.kind {
                    transfers.push(*transfer);
                }
            }
        }
        self.journal.read(event);
    }

    /// Compares with the rows as they are stored, as a complete state or one in which every row was
    /// loaded; holds live or have lapsed as of `now`.
    pub fn finish(&self, rows: &State, now: Timestamp) -> Report {
        let transfers = self.kept.transfers();
        let mut checks =
            vec![rows::seat_has_one_owner(rows), rows::free_held_sold_sum_to_total(rows, now)];
        checks.extend(self.journal.checks());
        checks.extend([
            rows::money_sums_to_zero(transfers, rows),
            rows::wallet_never_negative(transfers),
            rows::sold_seat_has_one_payment(transfers, rows),
            rows::payment_consumed_one_ticket(transfers, rows, &self.checkpoints),
        ]);
        if let Kept::Rows(replayed) = &self.kept {
            checks.push(rows::journal_replays_to_rows(replayed, rows, &self.checkpoints));
        }
        Report { ok: checks.iter().all(|check| check.ok), events: self.events, checks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{TransferId, UserId};
    use crate::ledger::TransferKind;
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
