//! Money: charging, paying, and getting it back.

use super::{Answer, Deal, Model, Place, ReservationRow};
use frontrow_core::ledger::{Transfer, TransferKind};
use frontrow_core::queue::Phase;
use frontrow_core::{
    Actor, Amount, Outcome, Rejection, ReservationId, TicketId, TransferId, UserId,
};

/// The most that a balance or an amount can be.
const AMOUNT_MAX: u64 = (1 << 53) - 1;

impl Model {
    pub(super) fn charge(&mut self, id: TransferId, user_id: UserId, amount: u64) -> Answer {
        if !(1..=AMOUNT_MAX).contains(&amount) {
            return Err(Rejection::AmountInvalid);
        }
        let kind = TransferKind::Charge;
        let after = self.credited(user_id, amount)?;
        let transfer = self.book(id, user_id, kind, amount, after)?;
        Ok(Outcome::Charged { transfer })
    }

    /// In the order of the contract: token, reservation, concert, waiting, paid before, lapsed, given
    /// back, the token's end, amount, balance.
    pub(super) fn pay(
        &mut self,
        id: TransferId,
        reservation_id: ReservationId,
        ticket_id: TicketId,
        user_id: UserId,
        amount: u64,
    ) -> Answer {
        let now = self.now;
        let ticket = self.ticket(ticket_id).filter(|ticket| ticket.user_id == user_id);
        let ticket = ticket.ok_or(Rejection::QueueTokenInvalid)?;
        let (phase, concert_id) = (self.phase(ticket), ticket.concert_id);
        let found = self.reservation(reservation_id).filter(|r| r.user_id == user_id);
        let reservation = found.ok_or(Rejection::ReservationNotFound)?.clone();
        if reservation.concert_id != concert_id {
            return Err(Rejection::QueueTokenWrongConcert);
        }
        if phase == Phase::Waiting {
            return Err(Rejection::QueueTokenWaiting);
        }
        match reservation.deal {
            Deal::Confirmed(..) => return Err(Rejection::AlreadyPaid),
            Deal::Held if now < reservation.expires_at => {}
            Deal::Held | Deal::Expired(_) => return Err(self.lapsed(reservation_id)),
            Deal::Released(_) | Deal::Cancelled(..) => return Err(Rejection::ReservationNotHeld),
        }
        if phase != Phase::Active {
            return Err(Rejection::QueueTokenExpired);
        }
        let required = reservation.amount;
        if amount != required {
            return Err(Rejection::AmountMismatch { expected: money(required) });
        }
        let (balance, _) = *self.wallets.get(&user_id).ok_or(Rejection::BalanceNotFound)?;
        if balance < required {
            let (balance, required) = (money(balance), money(required));
            return Err(Rejection::InsufficientBalance { balance, required });
        }

        let kind = TransferKind::Payment { reservation_id, concert_id };
        let transfer = self.book(id, user_id, kind, required, balance - required)?;
        self.put(ticket_id, Place::Consumed(now));
        let reservation = self.settle(reservation_id, Deal::Confirmed(id, now));
        Ok(Outcome::Paid { reservation: reservation.as_reservation(), transfer })
    }

    pub(super) fn withdraw(
        &mut self,
        id: ReservationId,
        by: Actor,
        refund_id: TransferId,
    ) -> Answer {
        let now = self.now;
        let may_see = |r: &&ReservationRow| by == Actor::Admin || by == Actor::User(r.user_id);
        let found = self.reservation(id).filter(may_see);
        let reservation = found.ok_or(Rejection::ReservationNotFound)?.clone();
        match reservation.deal {
            Deal::Held if now < reservation.expires_at => {
                self.settle(id, Deal::Released(now));
                Ok(Outcome::Withdrawn { refund: None })
            }
            Deal::Held | Deal::Expired(_) => Err(self.lapsed(id)),
            Deal::Released(_) | Deal::Cancelled(..) => Ok(Outcome::Withdrawn { refund: None }),
            Deal::Confirmed(payment_id, _) => {
                if now >= self.schedules[&reservation.schedule_id].starts_at {
                    return Err(Rejection::ScheduleStarted);
                }
                let concert_id = reservation.concert_id;
                let kind = TransferKind::Refund { reservation_id: id, concert_id };
                let (user_id, amount) = (reservation.user_id, reservation.amount);
                let after = self.credited(user_id, amount)?;
                let refund = self.book(refund_id, user_id, kind, amount, after)?;
                self.settle(id, Deal::Cancelled(payment_id, refund_id, now));
                Ok(Outcome::Withdrawn { refund: Some(refund) })
            }
        }
    }

    /// Refuses what has lapsed, and stores that it has.
    fn lapsed(&mut self, id: ReservationId) -> Rejection {
        let now = self.now;
        if self.reservation(id).is_some_and(|r| r.deal == Deal::Held) {
            self.settle(id, Deal::Expired(now));
        }
        Rejection::HoldExpired
    }

    /// The balance of a person who gets so much more.
    fn credited(&self, user_id: UserId, amount: u64) -> Result<u64, Rejection> {
        let after = self.wallets.get(&user_id).map_or(0, |(balance, _)| *balance) + amount;
        if after <= AMOUNT_MAX { Ok(after) } else { Err(Rejection::BalanceLimitExceeded) }
    }

    /// Enters a movement that leaves the wallet with `after`, unless its id is taken.
    fn book(
        &mut self,
        id: TransferId,
        user_id: UserId,
        kind: TransferKind,
        amount: u64,
        after: u64,
    ) -> Result<Transfer, Rejection> {
        if self.ledger.iter().any(|transfer| transfer.id == id) {
            return Err(Rejection::IdInUse);
        }
        let at = self.now;
        self.wallets.insert(user_id, (after, at));
        let transfer =
            Transfer { id, user_id, kind, amount: money(amount), balance_after: money(after), at };
        self.ledger.push(transfer);
        Ok(transfer)
    }

    fn settle(&mut self, id: ReservationId, deal: Deal) -> ReservationRow {
        let found = self.reservations.iter_mut().find(|r| r.id == id);
        let reservation = found.expect("callers have found it");
        reservation.deal = deal;
        reservation.clone()
    }
}

fn money(units: u64) -> Amount {
    Amount::new(units).expect("every amount is checked before it is booked")
}
