//! One person's story: the scenario is run again, and what happens to them is written down. So nothing has to
//! be kept of a million others.

use super::crowd::{Stage, number_of, reservation_id, ticket_id};
use super::scenario::{Scenario, ScenarioError};
use super::simulation::Simulation;
use crate::seating::SeatNumbers;
use serde::{Deserialize, Serialize};

/// One thing that happened to a person, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryLine {
    /// In milliseconds from the start.
    pub at_millis: u32,
    /// What happened.
    #[serde(flatten)]
    pub event: StoryEvent,
}

/// What happens to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StoryEvent {
    /// Joined the line.
    Joined {
        /// Their place in it, from 1.
        position: Option<u64>,
        /// The wait that they were told.
        quoted_seconds: Option<u32>,
    },
    /// Was not let join.
    Refused {
        /// Why.
        code: String,
    },
    /// Was let in.
    Admitted {
        /// After so long in line.
        waited_millis: u32,
    },
    /// Lost patience in line.
    GaveUp {
        /// Whether they said so; else their place stays until its turn.
        told: bool,
    },
    /// At their turn nobody was there.
    PassedOver,
    /// Heard in line that the last seat is sold, and left.
    SoldOut,
    /// Saw the seats, and chose.
    Looked {
        /// The hall, from 0.
        hall: u32,
        /// The seats; none if they are going to ask for the best.
        seats: SeatNumbers,
    },
    /// Saw that no hall has as many free seats as they want.
    FoundNone,
    /// Asked for seats, and was refused.
    Taken {
        /// The hall, from 0.
        hall: u32,
        /// The seats that they asked for; none if the best.
        seats: SeatNumbers,
        /// Why.
        code: String,
    },
    /// Asked for seats, and has them held.
    Held {
        /// The hall, from 0.
        hall: u32,
        /// The seats.
        seats: SeatNumbers,
        /// What they cost, in minor units.
        amount: u64,
        /// When the hold runs out, in milliseconds from the start.
        expires_at_millis: u32,
    },
    /// Won't pay, and lets the hold lapse.
    Abandoned,
    /// The bank refused the payment.
    PaymentFailed,
    /// The rules refused the payment.
    PaymentRefused {
        /// Why.
        code: String,
    },
    /// Paid: the seats are theirs.
    Paid {
        /// In minor units.
        amount: u64,
    },
    /// The hold ran out.
    HoldLapsed {
        /// The seats that are free again.
        seats: SeatNumbers,
    },
    /// The time to choose ran out.
    TimedOut,
    /// Gave their place back, and with it what they held.
    Left {
        /// Why: `no_seats` or `payment_failed`.
        stage: Stage,
    },
}

/// The person who is watched, and what happened to them.
#[derive(Debug)]
pub(super) struct Watch {
    number: u32,
    lines: Vec<StoryLine>,
}

/// What the person who comes as number `number` (from 0) lives through, oldest first. Empty if the scenario
/// ends before they come.
pub fn story(scenario: &Scenario, number: u32) -> Result<Vec<StoryLine>, ScenarioError> {
    scenario.validate()?;
    let people = scenario.people_total();
    if u64::from(number) >= people {
        let reason = format!("must be 0 to {}", people - 1);
        return Err(ScenarioError { path: "person".to_owned(), reason });
    }
    let mut simulation = Simulation::new(scenario)?;
    simulation.watch = Some(Watch { number, lines: Vec::new() });
    while !simulation.is_done() && !simulation.is_over(number) {
        simulation.step(1_000);
    }
    Ok(simulation.watch.map(|watch| watch.lines).unwrap_or_default())
}

impl Simulation {
    /// Writes down what happens to a person, if they are the one who is watched.
    pub(super) fn tell(&mut self, number: u32, event: impl FnOnce(&Self) -> StoryEvent) {
        let watched = self.watch.as_ref().is_some_and(|watch| watch.number == number);
        if watched {
            let line = StoryLine { at_millis: self.now, event: event(self) };
            self.watch.as_mut().expect("it was there just now").lines.push(line);
        }
    }

    /// That somebody has seats held.
    pub(super) fn held(&self, reservation: u32) -> StoryEvent {
        let rows = self.world.state().reservations();
        let row = rows.get(reservation_id(reservation)).expect("it was made just now");
        StoryEvent::Held {
            hall: number_of(row.schedule_id.0),
            seats: row.seats.clone(),
            amount: row.amount.get(),
            expires_at_millis: self.now + self.scenario.holds.hold_seconds * 1_000,
        }
    }

    /// Whether nothing can happen to this person any more.
    fn is_over(&self, number: u32) -> bool {
        let Some(person) = self.people.get(number as usize) else { return false };
        let is_end = !matches!(
            person.stage,
            Stage::Coming | Stage::Waiting | Stage::Active | Stage::Rejoining
        );
        let ticket = self.world.state().tickets().get(ticket_id(person.ticket));
        is_end && !ticket.is_some_and(crate::queue::Ticket::is_stored_live)
    }
}
