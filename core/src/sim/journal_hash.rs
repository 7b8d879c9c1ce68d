//! One number that stands for all that happened: two runs with the same hash had the same journal.

use crate::concert::{Concert, DrawKind, Notice, Prequeue, Schedule, Section};
use crate::event::{Event, EventKind, ExpiryCause};
use crate::ledger::{Transfer, TransferKind};
use crate::mixing::mixed;
use crate::policy::{AdmissionPolicy, HoldPolicy};
use crate::queue::Reveal;
use crate::seating::SeatNumbers;
use crate::time::Timestamp;
use uuid::Uuid;

/// Says that a field follows which not every concert has. No event's time is this word, so that it does not
/// read like the next event.
const LATER_FIELD: u64 = u64::MAX;

/// A chain of `SplitMix64` finalisers over every field of the events as 64-bit words, in their order: an id is
/// its upper and its lower half, a time its milliseconds, a text its length in bytes and those, eight a word, a
/// list its length and its elements, what may be absent whether it is there. A field that came later adds words
/// only where it is set, so that older scenarios keep their hashes. Not against forgery. The same on
/// every platform, whatever its word size and byte order.
///
/// Nothing here is read with `..`, so that the compiler asks for every new field.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct JournalHash(u64);

impl JournalHash {
    pub(super) fn get(self) -> u64 {
        self.0
    }

    fn word(&mut self, word: u64) {
        self.0 = mixed(self.0 ^ word);
    }

    fn words<const N: usize>(&mut self, words: [u64; N]) {
        for word in words {
            self.word(word);
        }
    }

    fn numbers<const N: usize>(&mut self, numbers: [u32; N]) {
        self.words(numbers.map(u64::from));
    }

    fn ids<const N: usize>(&mut self, ids: [Uuid; N]) {
        for id in ids {
            let (upper, lower) = id.as_u64_pair();
            self.words([upper, lower]);
        }
    }

    fn times<const N: usize>(&mut self, times: [Timestamp; N]) {
        self.words(times.map(|at| at.as_millis().cast_unsigned()));
    }

    fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        for bytes in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            self.word(u64::from_le_bytes(word));
        }
    }

    fn optional(&mut self, number: Option<u32>) {
        self.words([u64::from(number.is_some()), u64::from(number.unwrap_or_default())]);
    }

    fn optional_text(&mut self, text: Option<&str>) {
        self.word(u64::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    fn seats(&mut self, seats: &SeatNumbers) {
        self.word(seats.len() as u64);
        for seat in seats {
            self.word(u64::from(*seat));
        }
    }

    /// Takes the next event of the journal.
    pub(super) fn read(&mut self, event: &Event) {
        let Event { at, kind } = event;
        self.times([*at]);
        match kind {
            EventKind::ConcertCreated { concert } => {
                self.word(1);
                self.concert(concert);
            }
            EventKind::ConcertChanged { concert } => {
                self.word(2);
                self.concert(concert);
            }
            EventKind::ScheduleAdded { schedule } => {
                self.word(3);
                self.schedule(schedule);
            }
            EventKind::Transferred { transfer } => {
                self.word(4);
                self.transfer(transfer);
            }
            EventKind::TickRescheduled { .. }
            | EventKind::TickRan { .. }
            | EventKind::PrequeueClosed { .. }
            | EventKind::QueueDrawn { .. }
            | EventKind::SoldOutChanged { .. } => self.queue(kind),
            EventKind::TicketIssued { .. }
            | EventKind::TicketAdmitted { .. }
            | EventKind::TicketExpired { .. }
            | EventKind::TicketLeft { .. }
            | EventKind::TicketConsumed { .. } => self.ticket(kind),
            EventKind::SeatsHeld { .. }
            | EventKind::ReservationExpired { .. }
            | EventKind::ReservationReleased { .. }
            | EventKind::ReservationConfirmed { .. }
            | EventKind::ReservationCancelled { .. } => self.reservation(kind),
        }
    }

    fn concert(&mut self, concert: &Concert) {
        let Concert {
            id,
            title,
            sale_opens_at,
            admission,
            holds,
            paused,
            closed,
            draining,
            notice,
            prequeue,
            created_at,
        } = concert;
        let AdmissionPolicy {
            interval_seconds,
            batch_size,
            active_seconds,
            max_active,
            lapse_seconds,
            inventory_aware,
        } = *admission;
        let HoldPolicy { hold_seconds, max_seats_per_user } = *holds;
        self.ids([id.0]);
        self.text(title);
        self.times([*sale_opens_at, *created_at]);
        self.numbers([interval_seconds, batch_size, active_seconds, lapse_seconds]);
        self.optional(max_active);
        self.numbers([hold_seconds, max_seats_per_user]);
        self.words([inventory_aware, *paused, *closed].map(u64::from));
        if *draining {
            self.words([LATER_FIELD, 1]);
        }
        if let Some(Notice { ko, en }) = notice {
            self.words([LATER_FIELD, 2]);
            self.text(ko);
            self.text(en);
        }
        if let Some(prequeue) = prequeue {
            self.words([LATER_FIELD, 3]);
            self.prequeue(prequeue);
        }
    }

    fn prequeue(&mut self, prequeue: &Prequeue) {
        let Prequeue { opens_at, draw, beacon, seed } = prequeue;
        self.times([*opens_at]);
        self.word(match draw {
            DrawKind::Random => 0,
            DrawKind::Arrival => 1,
        });
        self.optional_text(beacon.as_deref());
        self.optional_text(seed.map(String::from).as_deref());
    }

    fn schedule(&mut self, schedule: &Schedule) {
        let Schedule { id, concert_id, starts_at, venue, sections } = schedule;
        self.ids([id.0, concert_id.0]);
        self.times([*starts_at]);
        self.text(venue);
        self.word(sections.len() as u64);
        for Section { name, rows, seats_per_row, price } in sections {
            self.text(name);
            self.numbers([*rows, *seats_per_row]);
            self.word(price.get());
        }
    }

    fn transfer(&mut self, transfer: &Transfer) {
        let Transfer { id, user_id, kind, amount, balance_after, at } = *transfer;
        self.ids([id.0, user_id.0]);
        match kind {
            TransferKind::Charge => self.word(0),
            TransferKind::Payment { reservation_id, concert_id } => {
                self.word(1);
                self.ids([reservation_id.0, concert_id.0]);
            }
            TransferKind::Refund { reservation_id, concert_id } => {
                self.word(2);
                self.ids([reservation_id.0, concert_id.0]);
            }
        }
        self.words([amount.get(), balance_after.get()]);
        self.times([at]);
    }

    fn queue(&mut self, kind: &EventKind) {
        match *kind {
            EventKind::PrequeueClosed { concert_id, arrivals } => {
                self.words([13, arrivals]);
                self.ids([concert_id.0]);
            }
            EventKind::QueueDrawn { concert_id, ref reveal } => {
                let Reveal { seed, beacon_value } = reveal;
                self.word(14);
                self.ids([concert_id.0]);
                self.text(&seed.to_string());
                self.optional_text(beacon_value.as_deref());
            }
            EventKind::TickRescheduled { concert_id, next_tick_at } => {
                self.word(10);
                self.ids([concert_id.0]);
                self.times([next_tick_at]);
            }
            EventKind::TickRan {
                concert_id,
                tick_at,
                admitted,
                batch_size,
                max_active,
                next_tick_at,
                remaining,
                passed_through,
            } => {
                self.word(11);
                self.ids([concert_id.0]);
                self.times([tick_at, next_tick_at]);
                self.numbers([admitted, batch_size, remaining]);
                self.optional(max_active);
                if let Some(through) = passed_through {
                    self.words([LATER_FIELD, through]);
                }
            }
            EventKind::SoldOutChanged { concert_id, sold_out, next_tick_at } => {
                self.words([12, u64::from(sold_out)]);
                self.ids([concert_id.0]);
                self.times([next_tick_at]);
            }
            _ => unreachable!("`read` sends only the events of queues"),
        }
    }

    fn ticket(&mut self, kind: &EventKind) {
        match *kind {
            EventKind::TicketIssued { ticket_id, concert_id, user_id, number } => {
                self.words([20, number]);
                self.ids([ticket_id.0, concert_id.0, user_id.0]);
            }
            EventKind::TicketAdmitted { ticket_id, concert_id, number, tick_at, active_until } => {
                self.words([21, number]);
                self.ids([ticket_id.0, concert_id.0]);
                self.times([tick_at, active_until]);
            }
            EventKind::TicketExpired { ticket_id, concert_id, cause } => {
                let cause = match cause {
                    ExpiryCause::TimedOut => 0,
                    ExpiryCause::NoShow => 1,
                };
                self.words([22, cause]);
                self.ids([ticket_id.0, concert_id.0]);
            }
            EventKind::TicketLeft { ticket_id, concert_id } => {
                self.word(23);
                self.ids([ticket_id.0, concert_id.0]);
            }
            EventKind::TicketConsumed { ticket_id, concert_id } => {
                self.word(24);
                self.ids([ticket_id.0, concert_id.0]);
            }
            _ => unreachable!("`read` sends only the events of tickets"),
        }
    }

    fn reservation(&mut self, kind: &EventKind) {
        match kind {
            EventKind::SeatsHeld {
                reservation_id,
                concert_id,
                schedule_id,
                user_id,
                ticket_id,
                seats,
                amount,
                expires_at,
            } => {
                self.words([30, amount.get()]);
                self.ids([reservation_id.0, concert_id.0, schedule_id.0, user_id.0, ticket_id.0]);
                self.seats(seats);
                self.times([*expires_at]);
            }
            EventKind::ReservationExpired { reservation_id } => {
                self.word(31);
                self.ids([reservation_id.0]);
            }
            EventKind::ReservationReleased { reservation_id, ticket_id, schedule_id, seats } => {
                self.word(32);
                self.ids([reservation_id.0, ticket_id.0, schedule_id.0]);
                self.seats(seats);
            }
            EventKind::ReservationConfirmed {
                reservation_id,
                concert_id,
                user_id,
                schedule_id,
                seats,
                payment_id: transfer_id,
            }
            | EventKind::ReservationCancelled {
                reservation_id,
                concert_id,
                user_id,
                schedule_id,
                seats,
                refund_id: transfer_id,
            } => {
                let confirmed = matches!(kind, EventKind::ReservationConfirmed { .. });
                self.word(if confirmed { 33 } else { 34 });
                let ids = [reservation_id.0, concert_id.0, user_id.0, schedule_id.0];
                self.ids(ids);
                self.ids([transfer_id.0]);
                self.seats(seats);
            }
            _ => unreachable!("`read` sends only the events of reservations"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn hash(event: &Value) -> Option<u64> {
        let event: Event = serde_json::from_value(event.clone()).ok()?;
        let mut hash = JournalHash::default();
        hash.read(&event);
        Some(hash.get())
    }

    /// Paths of all that is no object and no list.
    fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    leaves(value, &format!("{path}/{name}"), found);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    leaves(value, &format!("{path}/{index}"), found);
                }
            }
            _ => found.push(path.to_owned()),
        }
    }

    /// Another value that can stand in the same place.
    fn other(path: &str, value: &Value) -> Value {
        match value {
            Value::Null if path.ends_with("/notice") => json!({ "ko": "가", "en": "a" }),
            Value::Null if path.ends_with("/prequeue") => {
                json!({ "opens_at": 7, "draw": "arrival", "beacon": null, "seed": null })
            }
            Value::Null => json!(7),
            Value::Bool(is) => json!(!is),
            Value::Number(number) => json!(number.as_i64().unwrap() + 1),
            Value::String(text) if text == "timed_out" => json!("no_show"),
            Value::String(text) if text == "no_show" => json!("timed_out"),
            Value::String(text) if text == "payment" => json!("refund"),
            Value::String(text) if text == "refund" => json!("payment"),
            Value::String(text) if text == "random" => json!("arrival"),
            Value::String(text) if path.ends_with("/seed") => json!(text.replace('7', "8")),
            Value::String(text) if Uuid::try_parse(text).is_ok() => json!(Uuid::max()),
            Value::String(text) => json!(format!("{text}!")),
            value => panic!("no leaf: {value}"),
        }
    }

    /// The journal's lines, with an id for each that they name.
    fn lines() -> impl Iterator<Item = String> {
        let journal = include_str!("../../tests/scenarios/journal_format.jsonl");
        let names = ["concert", "schedule", "ticket", "user", "reservation", "transfer"];
        journal.lines().map(move |line| {
            let ids = (1..).zip(names);
            ids.fold(line.to_owned(), |line, (number, name)| {
                line.replace(&format!("<{name}>"), &Uuid::from_u128(number).to_string())
            })
        })
    }

    #[test]
    fn every_field_of_every_event_counts() {
        let (mut changed, mut all) = (0, Vec::new());
        for line in lines() {
            let event: Value = serde_json::from_str(&line).unwrap();
            let before = hash(&event).expect("it is an event");
            all.push(before);
            let mut paths = Vec::new();
            leaves(&event, "", &mut paths);
            // What kind of event it is would need other fields beside it.
            paths.retain(|path| path != "/kind" && event.pointer(path) != Some(&json!("charge")));
            for path in paths {
                let mut event = event.clone();
                let place = event.pointer_mut(&path).unwrap();
                *place = other(&path, place);
                let after = hash(&event).unwrap_or_else(|| panic!("{path} in {event}"));
                assert_ne!(after, before, "{path} in {event}");
                changed += 1;
            }
        }
        assert!(changed > 100, "{changed}");
        all.sort_unstable();
        assert!(all.is_sorted_by(|a, b| a < b), "no two events have the same hash");
    }
}
