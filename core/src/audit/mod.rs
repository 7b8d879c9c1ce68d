//! The named invariants: what must hold whatever happened. An audit reads the journal event by event
//! and then looks at the rows; it shares no code with the decisions that it checks.

mod journal;
mod rows;

use crate::event::Event;
use crate::state::State;
use crate::time::Timestamp;
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
    /// Tickets are admitted in order of number.
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

/// An audit under way: read the whole journal, then [`finish`](Self::finish) it with the rows; more may be
/// read after.
#[derive(Debug)]
pub struct Audit {
    /// The journal's rows, unless nothing is replayed.
    replayed: Option<State>,
    journal: Journal,
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
        Self { replayed: Some(State::complete()), journal: Journal::default(), events: 0 }
    }

    /// An audit that keeps no rows of its own, for where those would take too much room: it checks the
    /// invariants that the order of events shows, and those that the rows show by themselves.
    pub fn without_replay() -> Self {
        Self { replayed: None, ..Self::new() }
    }

    /// Reads the next event of the journal.
    pub fn read(&mut self, event: &Event) {
        self.events += 1;
        if let Some(replayed) = &mut self.replayed {
            replayed.apply(event);
        }
        self.journal.read(event);
    }

    /// Compares with the rows as they are stored, as a complete state or one in which every row was
    /// loaded; holds live or have lapsed as of `now`.
    pub fn finish(&self, rows: &State, now: Timestamp) -> Report {
        let mut checks =
            vec![rows::seat_has_one_owner(rows), rows::free_held_sold_sum_to_total(rows, now)];
        checks.extend(self.journal.checks());
        if let Some(replayed) = &self.replayed {
            checks.extend([
                rows::money_sums_to_zero(replayed, rows),
                rows::wallet_never_negative(replayed),
                rows::sold_seat_has_one_payment(replayed, rows),
                rows::payment_consumed_one_ticket(replayed, rows),
                rows::journal_replays_to_rows(replayed, rows),
            ]);
        }
        Report { ok: checks.iter().all(|check| check.ok), events: self.events, checks }
    }
}
