//! What is counted while a simulation runs, and the report that is made of it.

use super::crowd::{NONE, Stage};
use super::report::{
    Counts, EtaErrors, Fates, Invariants, LittlesLaw, Quantiles, Report, Sample, SeatCounts,
};
use super::simulation::Simulation;
use crate::event::{EventKind, ExpiryCause};
use crate::ledger::TransferKind;
use crate::seating::SeatNumbers;
use std::collections::BTreeMap;

/// Counts of a simulation under way. Times are in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub waiting: u64,
    pub active: u64,
    pub held: u64,
    pub sold: u64,
    pub counts: Counts,
    pub refusals: BTreeMap<String, u64>,
    pub sold_out_at: Option<u32>,
    events: u64,
    waits: Vec<u32>,
    eta_errors: Vec<u32>,
    earlier: u64,
    later: u64,
    line_over_time: u64,
    sum_of_waits: u64,
}

impl Tally {
    /// Counts an event.
    pub(super) fn read(&mut self, kind: &EventKind) {
        self.events += 1;
        let counts = &mut self.counts;
        match kind {
            EventKind::TicketIssued { .. } => {
                counts.tickets += 1;
                self.waiting += 1;
                counts.waiting_max = counts.waiting_max.max(self.waiting);
            }
            EventKind::TicketAdmitted { .. } => {
                counts.admitted += 1;
                self.waiting -= 1;
                self.active += 1;
                counts.active_max = counts.active_max.max(self.active);
            }
            EventKind::TicketExpired { cause: ExpiryCause::NoShow, .. } => {
                counts.no_shows += 1;
                self.waiting -= 1;
            }
            EventKind::TicketExpired { cause: ExpiryCause::TimedOut, .. } => {
                counts.timed_out += 1;
                self.active -= 1;
            }
            EventKind::TicketConsumed { .. } => self.active -= 1,
            EventKind::TicketLeft { .. } => counts.left += 1,
            EventKind::TickRan { .. } => counts.tick_parts += 1,
            EventKind::SeatsHeld { seats, .. } => {
                counts.holds += 1;
                self.held += seats.len() as u64;
            }
            EventKind::ReservationReleased { seats, .. } => {
                counts.holds_released += 1;
                self.held -= seats.len() as u64;
            }
            EventKind::ReservationConfirmed { seats, .. } => {
                counts.payments += 1;
                self.held -= seats.len() as u64;
                self.sold += seats.len() as u64;
            }
            EventKind::ReservationCancelled { seats, .. } => self.sold -= seats.len() as u64,
            EventKind::Transferred { transfer } => {
                let amount = transfer.amount.get();
                match transfer.kind {
                    TransferKind::Charge => {}
                    TransferKind::Payment { .. } => counts.revenue += amount,
                    TransferKind::Refund { .. } => counts.revenue -= amount,
                }
            }
            _ => {}
        }
    }

    /// A command was refused.
    pub(super) fn refused(&mut self, code: &str) {
        match self.refusals.get_mut(code) {
            Some(count) => *count += 1,
            None => {
                self.refusals.insert(code.to_owned(), 1);
            }
        }
    }

    /// A hold ran out; only its reservation tells its seats.
    pub(super) fn lapsed(&mut self, seats: &SeatNumbers) {
        self.counts.holds_lapsed += 1;
        self.held -= seats.len() as u64;
    }

    /// Time passes.
    pub(super) fn pass(&mut self, millis: u32) {
        self.line_over_time += self.waiting * u64::from(millis);
    }

    /// A ticket is in line no more.
    pub(super) fn left_line(&mut self, after: u32) {
        self.sum_of_waits += u64::from(after);
    }

    /// A ticket was given back: by somebody who had waited so long, or who was active.
    pub(super) fn left(&mut self, waited: Option<u32>) {
        match waited {
            Some(millis) => {
                self.left_line(millis);
                self.waiting -= 1;
            }
            None => self.active -= 1,
        }
    }

    /// Somebody was let in, and is there.
    pub(super) fn waited(&mut self, wait: u32, quoted_seconds: u32) {
        self.waits.push(wait);
        if quoted_seconds != NONE {
            let quoted = quoted_seconds.saturating_mul(1_000);
            self.eta_errors.push(wait.abs_diff(quoted));
            self.earlier += u64::from(wait < quoted);
            self.later += u64::from(wait > quoted);
        }
    }

    /// For a line that stays as it is for `millis` more, in which those who wait do so for `waits` in all.
    fn littles_law(&self, millis: u32, waits: u64, duration: u32) -> LittlesLaw {
        let line_over_time = self.line_over_time + self.waiting * u64::from(millis);
        let sum_of_waits = self.sum_of_waits + waits;
        let mean_line_thousandths =
            line_over_time.saturating_mul(1_000).checked_div(u64::from(duration));
        let mean_wait_millis = sum_of_waits.checked_div(self.counts.tickets);
        LittlesLaw {
            line_over_time,
            sum_of_waits,
            ok: line_over_time == sum_of_waits,
            mean_line_thousandths: mean_line_thousandths.unwrap_or_default(),
            mean_wait_millis: mean_wait_millis.unwrap_or_default(),
        }
    }
}

impl Simulation {
    /// What came of it, up to where it is. The invariants are only looked at once it
    /// [is done](Self::is_done); ask [`audit`](Self::audit) before.
    pub fn report(&self) -> Report {
        let until = self.told_until();
        let seats_total: u64 = self.halls.iter().map(|hall| u64::from(hall.seats())).sum();
        let ended_at_second = until.div_ceil(1_000);
        let still = until - self.now;
        let waits = self.tickets_in_line().map(|id| u64::from(self.waited(id) + still)).sum();
        let tally = &self.tally;
        let sell_through = (tally.sold * 10_000).checked_div(seats_total);
        Report {
            version: self.scenario.version,
            seed: self.scenario.seed,
            ended_at_second,
            events: tally.events,
            event_hash: format!("{:016x}", self.hash.get()),
            people: self.fates(),
            seats: SeatCounts {
                total: seats_total,
                held: tally.held,
                sold: tally.sold,
                sell_through_basis_points: sell_through.unwrap_or_default(),
            },
            sold_out_at_second: tally.sold_out_at.map(|at| at.div_ceil(1_000)),
            littles_law: tally.littles_law(still, waits, until),
            wait: Quantiles::of(tally.waits.clone()),
            eta: EtaErrors {
                quoted: tally.eta_errors.len() as u64,
                earlier: tally.earlier,
                later: tally.later,
                off_by: Quantiles::of(tally.eta_errors.clone()),
            },
            counts: tally.counts,
            refusals: tally.refusals.clone(),
            invariants: if self.is_done() { self.audit() } else { Invariants::unseen() },
            curve: self.curve_until(until),
        }
    }

    /// The curve with a last sample at the end.
    fn curve_until(&self, until: u32) -> Vec<Sample> {
        let mut curve = self.curve.clone();
        while let Some(sample) = self.sample_due(curve.len(), until) {
            curve.push(sample);
        }
        let last = self.counts_at(until.div_ceil(1_000));
        if curve.last().is_none_or(|sample| sample.at_second < last.at_second) {
            curve.push(last);
        }
        curve
    }

    fn fates(&self) -> Fates {
        let mut fates = Fates::default();
        for person in &self.people {
            fates.came += 1;
            fates.bots += u64::from(person.is_bot);
            fates.bots_bought += u64::from(person.is_bot && person.stage == Stage::Bought);
            let fate = match person.stage {
                Stage::Coming => continue,
                Stage::Waiting => &mut fates.waiting,
                Stage::Active => &mut fates.active,
                Stage::Rejoining => &mut fates.rejoining,
                Stage::Bought => &mut fates.bought,
                Stage::GaveUp => &mut fates.gave_up,
                Stage::PassedOver => &mut fates.passed_over,
                Stage::SoldOut => &mut fates.sold_out,
                Stage::Refused => &mut fates.refused,
                Stage::RanOut => &mut fates.ran_out,
                Stage::NoSeats => &mut fates.no_seats,
                Stage::PaymentFailed => &mut fates.payment_failed,
                Stage::Abandoned => &mut fates.abandoned,
            };
            *fate += 1;
        }
        fates
    }
}
