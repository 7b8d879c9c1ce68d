//! The handle over a world: reads arguments, asks core, hands out plain objects. The comments on its
//! methods are what TypeScript shows.

use frontrow_core::seating::Seat;
use frontrow_core::{ConcertId, ReservationId, ScheduleId, TicketId, UserId, World as CoreWorld};
use wasm_bindgen::prelude::*;

use crate::argument;
use crate::error::{optional, plain, thrown};
use crate::rows;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = r#"
import type {
  Command, Concert, ConcertId, ConcertState, FrontrowEvent, Millis, Outcome, Queue, Reservation,
  ReservationId, ReservationStatus, Schedule, ScheduleId, Standing, Ticket, TicketId, Transfer,
  UserId, Wallet,
} from "./types.js";
"#;

/// The rules with every row in memory, driven by you: it reads no clock, waits for nothing and makes
/// no random number.
///
/// - `execute` carries out a command at a time that you hand in;
/// - `pollTimeout` says when `handleTimeout` should be called next;
/// - `pollEvents` hands out what happened.
///
/// After each `execute` or `handleTimeout`, take `pollEvents`, then ask `pollTimeout` anew. Time never
/// runs backwards: a `now` before the last one counts as the last one.
///
/// A refusal and an argument that makes no sense are thrown as a `FrontrowError`; the world goes on.
/// Its memory is given back by `free()`, by `using world = new World()`, or by the garbage collector.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct World(CoreWorld);

#[wasm_bindgen]
impl World {
    /// A world in which nothing has happened.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(CoreWorld::new())
    }

    /// Carries out a command at `now`. What happened is in `pollEvents`, also after a refusal.
    ///
    /// @throws `FrontrowError` with the `code` of the refusal; `malformed_request` if the command or the
    /// time makes no sense.
    #[wasm_bindgen(unchecked_return_type = "Outcome")]
    pub fn execute(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Command")] command: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Millis")] now: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let command = argument::command(command)?;
        let now = argument::time("now", now)?;
        let outcome = self.0.execute(&command, now).map_err(|rejection| thrown(&rejection))?;
        plain(&outcome)
    }

    /// When `handleTimeout` should be called next; `undefined` if nothing is due until somebody acts.
    #[wasm_bindgen(js_name = pollTimeout, unchecked_return_type = "Millis | undefined")]
    pub fn poll_timeout(&mut self) -> Result<JsValue, JsValue> {
        optional(self.0.poll_timeout().as_ref())
    }

    /// Does what is due at `now`: admission ticks, expiries, and whether a concert is sold out.
    #[wasm_bindgen(js_name = handleTimeout)]
    pub fn handle_timeout(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Millis")] now: &JsValue,
    ) -> Result<(), JsValue> {
        self.0.handle_timeout(argument::time("now", now)?);
        Ok(())
    }

    /// Takes everything that happened since it was asked last, oldest first.
    #[wasm_bindgen(js_name = pollEvents, unchecked_return_type = "FrontrowEvent[]")]
    pub fn poll_events(&mut self) -> Result<JsValue, JsValue> {
        let events: Vec<_> = std::iter::from_fn(|| self.0.poll_event()).collect();
        plain(&events)
    }

    /// Notes that the holder of a waiting ticket was seen at `now`: where `lapse_seconds` is not 0,
    /// people who are not seen are passed over at their turn.
    #[wasm_bindgen(js_name = markSeen)]
    pub fn mark_seen(
        &mut self,
        #[wasm_bindgen(js_name = ticketId, unchecked_param_type = "TicketId")] ticket_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Millis")] now: &JsValue,
    ) -> Result<(), JsValue> {
        self.0.mark_seen(argument::id("ticket_id", ticket_id)?, argument::time("now", now)?);
        Ok(())
    }

    /// Says since when people could be seen without a break: nobody counts as absent before it.
    #[wasm_bindgen(js_name = setServedSince)]
    pub fn set_served_since(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Millis")] since: &JsValue,
    ) -> Result<(), JsValue> {
        self.0.set_served_since(argument::time("since", since)?);
        Ok(())
    }

    /// How a ticket stands at `now`: place in line, time left, when to ask again. `undefined` if there
    /// is no such ticket.
    #[wasm_bindgen(unchecked_return_type = "Standing | undefined")]
    pub fn standing(
        &self,
        #[wasm_bindgen(js_name = ticketId, unchecked_param_type = "TicketId")] ticket_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Millis")] now: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let now = argument::time("now", now)?;
        optional(self.0.standing(argument::id("ticket_id", ticket_id)?, now).as_ref())
    }

    /// Checks that the holder of a ticket may look at the schedules and seats of a concert at `now`.
    ///
    /// @throws `FrontrowError`: `queue_token_invalid`, `queue_token_wrong_concert`, `queue_token_waiting`
    /// or `queue_token_expired`.
    #[wasm_bindgen(js_name = admitReader)]
    pub fn admit_reader(
        &self,
        #[wasm_bindgen(js_name = ticketId, unchecked_param_type = "TicketId")] ticket_id: &JsValue,
        #[wasm_bindgen(js_name = concertId, unchecked_param_type = "ConcertId")]
        concert_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Millis")] now: &JsValue,
    ) -> Result<(), JsValue> {
        let ticket_id = argument::id("ticket_id", ticket_id)?;
        let concert_id = argument::id("concert_id", concert_id)?;
        let now = argument::time("now", now)?;
        rows::admit_reader(&self.0, ticket_id, concert_id, now)
    }
}

/// The rows.
#[wasm_bindgen]
impl World {
    /// A concert, or `undefined`.
    #[wasm_bindgen(unchecked_return_type = "Concert | undefined")]
    pub fn concert(
        &self,
        #[wasm_bindgen(js_name = concertId, unchecked_param_type = "ConcertId")]
        concert_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let concert_id: ConcertId = argument::id("concert_id", concert_id)?;
        optional(self.0.state().concerts().get(concert_id))
    }

    /// How a concert stands at `now`, or `undefined`.
    #[wasm_bindgen(js_name = concertState, unchecked_return_type = "ConcertState | undefined")]
    pub fn concert_state(
        &self,
        #[wasm_bindgen(js_name = concertId, unchecked_param_type = "ConcertId")]
        concert_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Millis")] now: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let concert_id: ConcertId = argument::id("concert_id", concert_id)?;
        let now = argument::time("now", now)?;
        let state = self.0.state();
        let concert = state.concerts().get(concert_id).zip(state.queues().get(concert_id));
        optional(concert.map(|(concert, queue)| concert.state(queue, now)).as_ref())
    }

    /// A concert's queue, or `undefined`.
    #[wasm_bindgen(unchecked_return_type = "Queue | undefined")]
    pub fn queue(
        &self,
        #[wasm_bindgen(js_name = concertId, unchecked_param_type = "ConcertId")]
        concert_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let concert_id: ConcertId = argument::id("concert_id", concert_id)?;
        optional(self.0.state().queues().get(concert_id))
    }

    /// A schedule, or `undefined`.
    #[wasm_bindgen(unchecked_return_type = "Schedule | undefined")]
    pub fn schedule(
        &self,
        #[wasm_bindgen(js_name = scheduleId, unchecked_param_type = "ScheduleId")]
        schedule_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let schedule_id: ScheduleId = argument::id("schedule_id", schedule_id)?;
        optional(self.0.state().schedules().get(schedule_id))
    }

    /// The schedules of a concert, the first one first.
    #[wasm_bindgen(unchecked_return_type = "Schedule[]")]
    pub fn schedules(
        &self,
        #[wasm_bindgen(js_name = concertId, unchecked_param_type = "ConcertId")]
        concert_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let concert_id: ConcertId = argument::id("concert_id", concert_id)?;
        plain(&rows::schedules(&self.0, concert_id))
    }

    /// How every seat of a schedule stands at `now`: seat 1 at index 0, and 0 for available, 1 for held,
    /// 2 for sold. `undefined` if there is no such schedule.
    #[wasm_bindgen(js_name = seatStatuses)]
    pub fn seat_statuses(
        &self,
        #[wasm_bindgen(js_name = scheduleId, unchecked_param_type = "ScheduleId")]
        schedule_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Millis")] now: &JsValue,
    ) -> Result<Option<Vec<u8>>, JsValue> {
        let schedule_id: ScheduleId = argument::id("schedule_id", schedule_id)?;
        let now = argument::time("now", now)?;
        let state = self.0.state();
        let status = |number| {
            let seat = state.seats().get((schedule_id, number)).copied().unwrap_or(Seat::Free);
            seat.status(now) as u8
        };
        let schedule = state.schedules().get(schedule_id);
        Ok(schedule.map(|schedule| (1..=schedule.seats_total()).map(status).collect()))
    }

    /// What is printed on the ticket of a seat: section, row, seat in row, as in `R-3-17`. `undefined`
    /// if there is no such seat.
    #[wasm_bindgen(js_name = seatLabel)]
    pub fn seat_label(
        &self,
        #[wasm_bindgen(js_name = scheduleId, unchecked_param_type = "ScheduleId")]
        schedule_id: &JsValue,
        #[wasm_bindgen(js_name = seatNumber, unchecked_param_type = "number")]
        seat_number: &JsValue,
    ) -> Result<Option<String>, JsValue> {
        let schedule_id: ScheduleId = argument::id("schedule_id", schedule_id)?;
        let number = argument::whole("seat_number", seat_number, 1)?;
        let schedule = self.0.state().schedules().get(schedule_id);
        Ok(schedule.and_then(|schedule| schedule.place(number)).map(|place| place.label()))
    }

    /// A ticket, or `undefined`. How it stands at a time is told by `standing`.
    #[wasm_bindgen(unchecked_return_type = "Ticket | undefined")]
    pub fn ticket(
        &self,
        #[wasm_bindgen(js_name = ticketId, unchecked_param_type = "TicketId")] ticket_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let ticket_id: TicketId = argument::id("ticket_id", ticket_id)?;
        optional(self.0.state().tickets().get(ticket_id))
    }

    /// A reservation, or `undefined`. How it stands at a time is told by `reservationStatus`.
    #[wasm_bindgen(unchecked_return_type = "Reservation | undefined")]
    pub fn reservation(
        &self,
        #[wasm_bindgen(js_name = reservationId, unchecked_param_type = "ReservationId")]
        reservation_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let reservation_id: ReservationId = argument::id("reservation_id", reservation_id)?;
        optional(self.0.state().reservations().get(reservation_id))
    }

    /// How a reservation stands at `now`, or `undefined`.
    #[wasm_bindgen(
        js_name = reservationStatus,
        unchecked_return_type = "ReservationStatus | undefined"
    )]
    pub fn reservation_status(
        &self,
        #[wasm_bindgen(js_name = reservationId, unchecked_param_type = "ReservationId")]
        reservation_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Millis")] now: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let reservation_id: ReservationId = argument::id("reservation_id", reservation_id)?;
        let now = argument::time("now", now)?;
        let reservation = self.0.state().reservations().get(reservation_id);
        optional(reservation.map(|reservation| reservation.status(now)).as_ref())
    }

    /// A person's wallet, or `undefined` if they never charged it.
    #[wasm_bindgen(unchecked_return_type = "Wallet | undefined")]
    pub fn wallet(
        &self,
        #[wasm_bindgen(js_name = userId, unchecked_param_type = "UserId")] user_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let user_id: UserId = argument::id("user_id", user_id)?;
        optional(self.0.state().wallets().get(user_id))
    }

    /// A person's charges, payments and refunds, oldest first.
    #[wasm_bindgen(unchecked_return_type = "Transfer[]")]
    pub fn transfers(
        &self,
        #[wasm_bindgen(js_name = userId, unchecked_param_type = "UserId")] user_id: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let user_id: UserId = argument::id("user_id", user_id)?;
        let all = self.0.state().transfers().iter();
        plain(&all.filter(|transfer| transfer.user_id == user_id).collect::<Vec<_>>())
    }
}
