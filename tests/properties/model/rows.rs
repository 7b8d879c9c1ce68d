//! The model's rows, and how they look in core's vocabulary.

use frontrow_core::concert::{Concert, DrawKind, Prequeue};
use frontrow_core::queue::{
    Draw, Queue, Reveal, TickRest, Ticket, TicketHold, TicketState, verify_draw,
};
use frontrow_core::seating::{Reservation, ReservationState};
use frontrow_core::{
    Amount, ConcertId, ReservationId, ScheduleId, TicketId, Timestamp, TransferId, UserId,
};

/// A concert and its queue.
#[derive(Debug, Clone)]
pub struct ConcertRow {
    pub concert: Concert,
    pub next_number: u64,
    pub next_tick_at: Timestamp,
    /// The tick that goes on, and how many it may still admit.
    pub rest: Option<(Timestamp, u32)>,
    pub sold_out: bool,
    pub draw: Option<Draw>,
}

impl ConcertRow {
    fn interval_millis(&self) -> i64 {
        i64::from(self.concert.admission.interval_seconds) * 1_000
    }

    /// The latest point of the grid that has come.
    pub fn last_tick(&self, now: Timestamp) -> Option<Timestamp> {
        let (now, first) = (now.as_millis(), self.next_tick_at.as_millis());
        let ticks = (now - first).div_euclid(self.interval_millis());
        (ticks >= 0).then(|| Timestamp::from_millis(first + ticks * self.interval_millis()))
    }

    /// The first point of the grid that is still to come.
    pub fn first_tick_after(&self, now: Timestamp) -> Timestamp {
        match self.last_tick(now) {
            Some(tick_at) => tick_at.plus_millis(self.interval_millis()),
            None => self.next_tick_at,
        }
    }

    /// The first point of the grid that is not before `time`.
    pub fn first_tick_from(&self, time: Timestamp) -> Timestamp {
        self.first_tick_after(time.plus_millis(-1))
    }

    /// The pre-queue, if those who stand in it are drawn.
    pub fn drawn_prequeue(&self) -> Option<&Prequeue> {
        self.concert.prequeue.as_ref().filter(|prequeue| prequeue.draw == DrawKind::Random)
    }

    pub fn is_drawn(&self) -> bool {
        self.draw.as_ref().is_some_and(|draw| draw.reveal.is_some())
    }

    /// Whether an operator has to hand in the value of a beacon first.
    pub fn awaits_beacon(&self) -> bool {
        let prequeue = self.drawn_prequeue();
        prequeue.is_some_and(|prequeue| prequeue.beacon.is_some()) && !self.is_drawn()
    }

    /// The number that decides when somebody is let in, and whether they were drawn.
    pub fn ticket_number(&self, arrival_number: u64) -> (u64, bool) {
        let draw = self.draw.as_ref().filter(|draw| arrival_number <= draw.arrivals);
        let drawn = draw.and_then(|draw| {
            let Reveal { seed, beacon_value } = draw.reveal.as_ref()?;
            let beacon_value = beacon_value.as_deref();
            Some(verify_draw(seed, &seed.commitment(), beacon_value, draw.arrivals, arrival_number))
        });
        match drawn {
            Some(number) => (number.expect("it was drawn"), true),
            None => (arrival_number, false),
        }
    }

    pub fn as_queue(&self) -> Queue {
        Queue {
            concert_id: self.concert.id,
            next_number: self.next_number,
            next_tick_at: self.next_tick_at,
            rest: self.rest.map(|(tick_at, remaining)| TickRest { tick_at, remaining }),
            sold_out: self.sold_out,
            draw: self.draw.clone(),
        }
    }
}

/// Where a ticket has got to; with when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Waiting,
    Active { admitted_at: Timestamp, until: Timestamp },
    Expired(Timestamp),
    Consumed(Timestamp),
    Left(Timestamp),
}

#[derive(Debug, Clone)]
pub struct TicketRow {
    pub id: TicketId,
    pub concert_id: ConcertId,
    pub user_id: UserId,
    pub number: u64,
    pub issued_at: Timestamp,
    pub seen_at: Timestamp,
    pub place: Place,
}

impl TicketRow {
    /// As core stores it. `last` is the reservation that was made last with it.
    pub fn as_ticket(&self, last: Option<&ReservationRow>) -> Ticket {
        let state = match self.place {
            Place::Waiting => TicketState::Waiting,
            Place::Active { admitted_at, until } => {
                let kept = last.filter(|r| !matches!(r.deal, Deal::Released(_)));
                let hold = kept.map(|r| TicketHold {
                    reservation_id: r.id,
                    expires_at: r.expires_at,
                    seats: u32::try_from(r.seats.len()).expect("halls are small"),
                });
                TicketState::Active { admitted_at, active_until: until, hold }
            }
            Place::Expired(at) => TicketState::Expired { at },
            Place::Consumed(at) => TicketState::Consumed { at },
            Place::Left(at) => TicketState::Left { at },
        };
        Ticket {
            id: self.id,
            concert_id: self.concert_id,
            user_id: self.user_id,
            number: self.number,
            issued_at: self.issued_at,
            state,
        }
    }
}

/// What has become of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deal {
    Held,
    Confirmed(TransferId, Timestamp),
    Expired(Timestamp),
    Released(Timestamp),
    Cancelled(TransferId, TransferId, Timestamp),
}

#[derive(Debug, Clone)]
pub struct ReservationRow {
    pub id: ReservationId,
    pub concert_id: ConcertId,
    pub schedule_id: ScheduleId,
    pub user_id: UserId,
    pub ticket_id: TicketId,
    pub seats: Vec<u32>,
    pub amount: u64,
    pub held_at: Timestamp,
    pub expires_at: Timestamp,
    pub deal: Deal,
}

impl ReservationRow {
    /// A hold lives until the instant of its expiry, and not at it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.deal == Deal::Held && now < self.expires_at
    }

    pub fn is_bought(&self) -> bool {
        matches!(self.deal, Deal::Confirmed(..))
    }

    pub fn as_reservation(&self) -> Reservation {
        Reservation {
            id: self.id,
            concert_id: self.concert_id,
            schedule_id: self.schedule_id,
            user_id: self.user_id,
            ticket_id: self.ticket_id,
            seats: self.seats.iter().copied().collect(),
            amount: Amount::new(self.amount).expect("prices are small"),
            held_at: self.held_at,
            expires_at: self.expires_at,
            state: match self.deal {
                Deal::Held => ReservationState::Held,
                Deal::Confirmed(payment_id, at) => ReservationState::Confirmed { payment_id, at },
                Deal::Expired(at) => ReservationState::Expired { at },
                Deal::Released(at) => ReservationState::Released { at },
                Deal::Cancelled(payment_id, refund_id, at) => {
                    ReservationState::Cancelled { payment_id, refund_id, at }
                }
            },
        }
    }
}
