//! Which seats are free, 64 at a time: beside the rows of seats, so that a search through a hall need not look
//! up every row.

use super::State;
use crate::ids::ScheduleId;
use crate::seating::Seat;
use crate::time::Timestamp;

/// How 64 seats are stored.
#[derive(Debug, Clone)]
pub(super) struct SeatBits {
    /// Held, live or not.
    held: u64,
    /// When the hold of each held seat runs out.
    held_until: [Timestamp; 64],
    sold: u64,
}

impl SeatBits {
    const FREE: Self = Self { held: 0, held_until: [Timestamp::MIN; 64], sold: 0 };
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
            let held_until = bits.held_until[bit as usize];
            free |= u64::from(held_until <= now) << bit;
        }
        free
    }

    /// Sets a seat's row, if it is loaded and kept here.
    pub(crate) fn set_seat(
        &mut self,
        schedule_id: ScheduleId,
        number: u32,
        seat: Seat,
        at: Timestamp,
    ) {
        if self.keeps_seat(schedule_id, number)
            && self.seats.set((schedule_id, number), seat, at)
            && self.derives()
        {
            self.note_seat(schedule_id, number, seat);
        }
    }

    /// Takes in how a seat's row is now.
    pub(super) fn note_seat(&mut self, schedule_id: ScheduleId, number: u32, seat: Seat) {
        // Hosts may look for a seat that is in no hall.
        let Some(index) = number.checked_sub(1) else { return };
        let (word, bit) = (index / 64, index % 64);
        let words = self.seat_bits.entry(schedule_id).or_default();
        if words.len() <= word as usize {
            words.resize(word as usize + 1, SeatBits::FREE);
        }
        let bits = &mut words[word as usize];
        let mask = 1 << bit;
        (bits.held, bits.sold) = (bits.held & !mask, bits.sold & !mask);
        match seat {
            Seat::Free => {}
            Seat::Held { held_until, .. } => {
                bits.held |= mask;
                bits.held_until[bit as usize] = held_until;
            }
            Seat::Sold { .. } => bits.sold |= mask,
        }
    }
}
