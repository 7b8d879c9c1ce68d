//! What can be seen of a simulation under way: how things stand, every seat, one person's story.

use super::crowd::{NONE, SeatTaste, Stage, concert_id, number_of, schedule_id, ticket_id};
use super::report::Sample;
use super::simulation::{Simulation, time};
use crate::ids::TicketId;
use crate::queue::Standing;
use crate::seating::{SeatNumbers, SeatStatus};
use serde::{Deserialize, Serialize};

/// One person, as they stand now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// Where they are in their story.
    pub stage: Stage,
    /// Whether they are a bot.
    pub is_bot: bool,
    /// Seats that they want together.
    pub group: u32,
    /// How they choose seats.
    pub taste: SeatTaste,
    /// Times that they joined.
    pub joins: u32,
    /// When they joined last, in milliseconds from the start.
    pub joined_at_millis: Option<u32>,
    /// When they were let in, if they were since.
    pub admitted_at_millis: Option<u32>,
    /// The wait that they were told as they joined.
    pub quoted_seconds: Option<u32>,
    /// What a poll would tell them now.
    pub standing: Option<Standing>,
    /// The seats that they hold or have bought: the hall, and its seats.
    pub seats: Option<(u32, SeatNumbers)>,
}

impl Simulation {
    /// Milliseconds from the start.
    pub fn now_millis(&self) -> u32 {
        self.now
    }

    /// How many wait, are active, and how many seats are held and sold.
    pub fn counts(&self) -> Sample {
        self.counts_at(self.now / 1_000)
    }

    /// The curve so far.
    pub fn curve(&self) -> &[Sample] {
        &self.curve
    }

    /// How many halls there are.
    pub fn hall_count(&self) -> u32 {
        u32::try_from(self.halls.len()).expect("halls are limited")
    }

    /// The status of every seat of a hall (from 0), by its number from 1; none if there is no such hall.
    pub fn seat_statuses(&self, hall: u32) -> impl Iterator<Item = SeatStatus> {
        let schedule_id = schedule_id(hall);
        let (state, now) = (self.world.state(), time(self.now));
        let seats = self.halls.get(hall as usize).map_or(0, super::free_seats::FreeSeats::seats);
        (1..=seats).map(move |number| {
            let seat = state.seats().get((schedule_id, number)).copied().unwrap_or_default();
            seat.status(now)
        })
    }

    /// How the person who came as number `number` (from 0) stands; `None` before they have come.
    pub fn person(&self, number: u32) -> Option<PersonView> {
        let person = self.people.get(number as usize)?;
        let known = |number: u32| (number != NONE).then_some(number);
        let ticket_id = known(person.ticket).map(ticket_id);
        let state = self.world.state();
        let reservation = known(person.reservation)
            .and_then(|number| state.reservations().get(super::crowd::reservation_id(number)));
        let has_seats = matches!(person.stage, Stage::Active | Stage::Bought);
        Some(PersonView {
            stage: person.stage,
            is_bot: person.is_bot,
            group: u32::from(person.group),
            taste: person.taste,
            joins: u32::from(person.joins),
            joined_at_millis: known(person.joined_at),
            admitted_at_millis: known(person.admitted_at),
            quoted_seconds: known(person.quoted_seconds),
            standing: ticket_id.and_then(|id| self.world.standing(id, time(self.now))),
            seats: reservation
                .filter(|_| has_seats)
                .map(|row| (number_of(row.schedule_id.0), row.seats.clone())),
        })
    }

    /// Where everybody is who has come, by their number; [`Stage::ALL`] has them in order, so that
    /// `stage as u8` is the place in it.
    pub fn stages(&self) -> impl ExactSizeIterator<Item = Stage> {
        self.people.iter().map(|person| person.stage)
    }

    /// The tickets in line, in order.
    pub(super) fn tickets_in_line(&self) -> impl Iterator<Item = TicketId> {
        let index = self.world.state().indexes.get(&concert_id());
        index.into_iter().flat_map(|index| index.waiting.values().copied())
    }
}
