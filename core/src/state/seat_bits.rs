//! Which seats are free, 64 at a time: beside the rows of seats, so that a search through a hall need not look
//! up every row.

use super::State;
use crate::ids::ScheduleId;
use crate::seating::{Seat, SeatStatus};
use crate::time::Timestamp;

/// How 64 seats are stored.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SeatBits {
    /// Held, live or not: when it ran out is in the row.
    held: u64,
    sold: u64,
}

impl State {
    /// Which seats are free at `now`: bit `n` of word `w` (from 0) is seat `64 w + n + 1`.
    pub(crate) fn free_seats(&self, schedule_id: ScheduleId, word: u32, now: Timestamp) -> u64 {
        let words = self.seat_bits.get(&schedule_id);
        let Some(bits) = words.and_then(|words| words.get(word as usize)) else { return u64::MAX };
        let mut free = !(bits.held | bits.sold);
        let mut held = bits.held;
        while held != 0 {
            let bit = held.trailing_zeros();
            held &= held - 1;
            let seat = self.seat_fact(schedule_id, word * 64 + bit + 1);
            free |= u64::from(seat.status(now) == SeatStatus::Available) << bit;
        }
        free
    }

    /// Sets a seat's row, if it is loaded.
    pub(crate) fn set_seat(
        &mut self,
        schedule_id: ScheduleId,
        number: u32,
        seat: Seat,
        at: Timestamp,
    ) {
        self.seats.set((schedule_id, number), seat, at);
        self.note_seat(schedule_id, number);
    }

    /// Takes in how a seat's row is now.
    pub(super) fn note_seat(&mut self, schedule_id: ScheduleId, number: u32) {
        // Hosts may look for a seat that is in no hall.
        let Some(index) = number.checked_sub(1) else { return };
        let (word, bit) = (index / 64, index % 64);
        let seat = self.seat_fact(schedule_id, number);
        let words = self.seat_bits.entry(schedule_id).or_default();
        if words.len() <= word as usize {
            words.resize(word as usize + 1, SeatBits::default());
        }
        let bits = &mut words[word as usize];
        let is = |is: bool| u64::from(is) << bit;
        bits.held = bits.held & !(1 << bit) | is(matches!(seat, Seat::Held { .. }));
        bits.sold = bits.sold & !(1 << bit) | is(matches!(seat, Seat::Sold { .. }));
    }
}
