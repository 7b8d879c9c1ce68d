//! The free seats of one hall as a person sees them on the seat map: a bit for each, kept by events, so that
//! to look at a hall costs the same for the first and for the millionth who does.

use crate::concert::Schedule;
use crate::seating::SeatNumbers;
use std::ops::Range;

#[derive(Debug)]
pub(super) struct FreeSeats {
    /// Bit `n` is seat `n + 1`.
    words: Vec<u64>,
    /// Seats that stand in one row, in the order of their numbers.
    row_starts: Vec<u32>,
    seats: u32,
    free: u32,
}

impl FreeSeats {
    /// Every seat of the schedule is free.
    pub(super) fn new(schedule: &Schedule) -> Self {
        let mut row_starts = Vec::new();
        let mut next = 0;
        for section in &schedule.sections {
            for _ in 0..section.rows {
                row_starts.push(next);
                next += section.seats_per_row;
            }
        }
        let mut all =
            Self { words: vec![0; next.div_ceil(64) as usize], row_starts, seats: next, free: 0 };
        for seat in 1..=next {
            all.set(seat, true);
        }
        all
    }

    pub(super) fn free(&self) -> u32 {
        self.free
    }

    pub(super) fn seats(&self) -> u32 {
        self.seats
    }

    /// Seat `number` (from 1) is free from now on, or is not.
    pub(super) fn set(&mut self, number: u32, is_free: bool) {
        let index = number - 1;
        let (word, mask) = ((index / 64) as usize, 1 << (index % 64));
        if (self.words[word] & mask != 0) != is_free {
            self.words[word] ^= mask;
            self.free = if is_free { self.free + 1 } else { self.free - 1 };
        }
    }

    /// `count` seats at or after the place `from` (from 0), and then from the front: side by side in one row
    /// if there are such, else the next free ones; `None` if so many are not free.
    pub(super) fn together(&self, count: u32, from: u32) -> Option<SeatNumbers> {
        if count == 0 || self.free < count {
            return None;
        }
        let side_by_side = self
            .side_by_side(count, from..self.seats)
            .or_else(|| self.side_by_side(count, 0..self.seats));
        Some(side_by_side.unwrap_or_else(|| {
            let mut seats: SeatNumbers = (from..self.seats)
                .chain(0..from)
                .filter(|index| self.is_free(*index))
                .take(count as usize)
                .map(|index| index + 1)
                .collect();
            seats.sort_unstable();
            seats
        }))
    }

    fn side_by_side(&self, count: u32, range: Range<u32>) -> Option<SeatNumbers> {
        let mut run = 0;
        let mut index = self.next_free(range.start)?;
        let mut row = self.row_starts.partition_point(|start| *start <= index);
        while index < range.end {
            if self.row_starts.get(row) == Some(&index) {
                row += 1;
                run = 0;
            }
            if self.is_free(index) {
                run += 1;
                if run == count {
                    return Some((index + 2 - count..index + 2).collect());
                }
                index += 1;
            } else {
                run = 0;
                index = self.next_free(index)?;
                row += self.row_starts[row..].partition_point(|start| *start <= index);
            }
        }
        None
    }

    /// The place (from 0) of the free seat before which `nth` others are free; `nth` is less than
    /// [`free`](Self::free).
    pub(super) fn nth_free(&self, nth: u32) -> u32 {
        let mut before = 0;
        for (index, word) in (0..).zip(&self.words) {
            let here = word.count_ones();
            if nth < before + here {
                let mut bits = *word;
                for _ in before..nth {
                    bits &= bits - 1;
                }
                return index * 64 + bits.trailing_zeros();
            }
            before += here;
        }
        unreachable!("fewer than {nth} seats are free")
    }

    fn is_free(&self, index: u32) -> bool {
        self.words[(index / 64) as usize] >> (index % 64) & 1 == 1
    }

    /// The first free place at or after `from`.
    fn next_free(&self, from: u32) -> Option<u32> {
        let mut word = (from / 64) as usize;
        let mut bits = *self.words.get(word)? & (u64::MAX << (from % 64));
        while bits == 0 {
            word += 1;
            bits = *self.words.get(word)?;
        }
        Some(u32::try_from(word).ok()? * 64 + bits.trailing_zeros())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::concert::Section;
    use crate::ids::{ConcertId, ScheduleId};
    use crate::money::Amount;
    use crate::time::Timestamp;
    use uuid::Uuid;

    /// Two rows of five.
    fn hall() -> FreeSeats {
        let (name, price) = ("R".to_owned(), Amount::new(1).unwrap());
        FreeSeats::new(&Schedule {
            id: ScheduleId(Uuid::nil()),
            concert_id: ConcertId(Uuid::nil()),
            starts_at: Timestamp::MAX,
            venue: "Hall".to_owned(),
            sections: vec![Section { name, rows: 2, seats_per_row: 5, price }],
        })
    }

    #[test]
    fn seats_together_are_in_one_row() {
        let mut hall = hall();
        assert_eq!(hall.together(2, 0).unwrap().as_slice(), [1, 2]);
        assert_eq!(hall.together(3, 3).unwrap().as_slice(), [6, 7, 8]);
        for taken in [1, 2] {
            hall.set(taken, false);
        }
        assert_eq!(hall.together(4, 0).unwrap().as_slice(), [6, 7, 8, 9]);
        assert_eq!(hall.together(2, 9).unwrap().as_slice(), [3, 4]);
    }

    #[test]
    fn free_seats_are_counted_from_the_front() {
        let mut hall = hall();
        for taken in [1, 4, 5, 6] {
            hall.set(taken, false);
        }
        let places: Vec<u32> = (0..hall.free()).map(|nth| hall.nth_free(nth)).collect();
        assert_eq!(places, [1, 2, 6, 7, 8, 9]);
    }

    #[test]
    fn a_group_that_finds_no_seats_together_takes_single_ones() {
        let mut hall = hall();
        for taken in [2, 4, 7, 9] {
            hall.set(taken, false);
        }
        assert_eq!(hall.together(2, 0).unwrap().as_slice(), [1, 3]);
        assert_eq!(hall.together(7, 0), None);
        hall.set(2, true);
        assert_eq!(
            (hall.free(), hall.together(3, 0).unwrap().as_slice()),
            (7, [1, 2, 3].as_slice())
        );
    }
}
