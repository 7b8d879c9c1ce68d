//! What must hold, by name, and what an audit found of it.

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
    #[inline(never)]
    pub(super) fn new(invariant: Invariant) -> Self {
        Self { invariant, ok: true, checked: 0, violated: 0, violations: Vec::new() }
    }

    /// Looks at one thing; `violation` says in words what is wrong with it.
    pub(super) fn look(&mut self, holds: bool, violation: impl FnOnce() -> String) {
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
