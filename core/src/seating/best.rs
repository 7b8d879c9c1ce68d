//! Best available: which free seats to offer to a group.
//!
//! In order: seats side by side that leave no single seat alone; then side by side anyhow; then in
//! neighbouring rows of one section. Within each, sections in their order, rows from the front, and in
//! a row the seats nearest its middle.
//!
//! Seats are read 64 at a time, and a row that lacks room is passed over as it is read: a search in a hall of
//! which most is sold costs little more than the rows that have seats left.

use super::SeatNumbers;
use crate::concert::{Schedule, Section};
use smallvec::SmallVec;
use std::cell::Cell;
use std::ops::Range;

/// The best `count` free seats of the schedule (or of one of its sections), ascending; `None` if the
/// group can't sit side by side nor in neighbouring rows.
///
/// `free` tells which seats are free, 64 at a time: bit `n` of word `w` (both from 0) is seat `64 w + n + 1`.
/// Bits of seats that the schedule does not have are not looked at.
pub fn best_seats(
    schedule: &Schedule,
    count: u32,
    section: Option<&str>,
    free: impl Fn(u32) -> u64,
) -> Option<SeatNumbers> {
    let mut first_seat = 1;
    let mut blocks = Vec::new();
    for candidate in &schedule.sections {
        if section.is_none_or(|name| name == candidate.name) {
            blocks.push(Block { first_seat, section: candidate });
        }
        first_seat += candidate.seats();
    }
    // Short rows share a word, which may take 64 looks at rows of seats to tell.
    let last = Cell::new(None);
    let free = |word| match last.get() {
        Some((read, bits)) if read == word => bits,
        _ => {
            let bits = free(word);
            last.set(Some((word, bits)));
            bits
        }
    };
    side_by_side(&blocks, count, &free)
        .or_else(|| blocks.iter().find_map(|block| block.in_neighbouring_rows(count, &free)))
}

/// In the first row that can seat the group without leaving a seat alone, else in the first that can at all.
fn side_by_side(
    blocks: &[Block<'_>],
    count: u32,
    free: &impl Fn(u32) -> u64,
) -> Option<SeatNumbers> {
    let mut with_orphan = None;
    for row in blocks.iter().flat_map(|block| block.rows(free)) {
        if let Some(window) = row.window(count, false) {
            return Some(window.collect());
        }
        with_orphan = with_orphan.or_else(|| row.window(count, true));
    }
    with_orphan.map(Iterator::collect)
}

/// A section in the numbering of its schedule.
struct Block<'a> {
    first_seat: u32,
    section: &'a Section,
}

impl Block<'_> {
    fn rows(&self, free: &impl Fn(u32) -> u64) -> impl Iterator<Item = Row> {
        (0..self.section.rows).map(|row| self.row(row, free))
    }

    fn row(&self, row: u32, free: &impl Fn(u32) -> u64) -> Row {
        let seats = self.section.seats_per_row;
        Row::read(self.first_seat + row * seats, seats, free)
    }

    /// The fewest rows that follow each other and have room, from the front; in them the seats nearest
    /// the middle, with at least one in every row.
    fn in_neighbouring_rows(&self, count: u32, free: &impl Fn(u32) -> u64) -> Option<SeatNumbers> {
        let room: Vec<u32> = self.rows(free).map(|row| row.room()).collect();
        let rows_max = room.len().min(count as usize);
        let (height, front) = (2..=rows_max).find_map(|height| {
            let fits = |rows: &[u32]| !rows.contains(&0) && rows.iter().sum::<u32>() >= count;
            Some((height, room.windows(height).position(fits)?))
        })?;
        let rows = self.rows(free).skip(front).take(height).collect::<Vec<_>>();
        Some(nearest_middle(&rows, count))
    }
}

fn nearest_middle(rows: &[Row], count: u32) -> SeatNumbers {
    let mut seats: Vec<(bool, u32, u32)> = Vec::new();
    for row in rows {
        let distance = |number: u32| row.off_middle(&(number..number + 1));
        let nearest = row.free_seats().min_by_key(|number| (distance(*number), *number));
        seats.extend(row.free_seats().map(|n| (Some(n) != nearest, distance(n), n)));
    }
    seats.sort_unstable();
    let mut chosen: SeatNumbers =
        seats.into_iter().take(count as usize).map(|(_, _, number)| number).collect();
    chosen.sort_unstable();
    chosen
}

/// One row, as it is free.
struct Row {
    first_seat: u32,
    seats: u32,
    /// Bit `n` is its seat `n`, from 0; bits behind its last one are not set.
    words: SmallVec<[u64; 4]>,
}

impl Row {
    fn read(first_seat: u32, seats: u32, free: &impl Fn(u32) -> u64) -> Self {
        let (word, shift) = ((first_seat - 1) / 64, (first_seat - 1) % 64);
        let last_word = (first_seat + seats - 2) / 64;
        let mut words: SmallVec<[u64; 4]> = (word..word + seats.div_ceil(64))
            .map(|word| {
                let lower = free(word);
                let upper = if shift > 0 && word < last_word { free(word + 1) } else { 0 };
                lower >> shift | upper.unbounded_shl(64 - shift)
            })
            .collect();
        if let Some(last) = words.last_mut() {
            *last &= u64::MAX >> (words_bits(seats) - seats);
        }
        Self { first_seat, seats, words }
    }

    /// How many are free.
    fn room(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// The best `count` seats side by side, if there are any: those nearest the middle, and of two as near
    /// those with the lower numbers. Whether they may leave a single seat alone is up to `orphans`.
    fn window(&self, count: u32, orphans: bool) -> Option<Range<u32>> {
        if self.room() < count {
            return None;
        }
        let runs = self.runs().filter(|run| run.end - run.start >= count);
        let windows = runs.flat_map(|run| {
            let starts = run.start..=run.end - count;
            // One seat before the window, and the aisle or a taken one before that; or behind it.
            let leaves_orphan =
                move |start: u32| start == run.start + 1 || start + count + 1 == run.end;
            starts.filter(move |start| orphans || !leaves_orphan(*start))
        });
        let windows = windows.map(|start| start..start + count);
        windows.min_by_key(|window| (self.off_middle(window), window.start))
    }

    /// Twice the distance between the middles of the row and of a window in it.
    fn off_middle(&self, window: &Range<u32>) -> u32 {
        (2 * self.first_seat + self.seats).abs_diff(window.start + window.end)
    }

    /// Free seats side by side, as many as there are.
    fn runs(&self) -> impl Iterator<Item = Range<u32>> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let start = self.next(from, true)?;
            from = self.next(start, false).unwrap_or(self.seats);
            Some(self.first_seat + start..self.first_seat + from)
        })
    }

    fn free_seats(&self) -> impl Iterator<Item = u32> {
        self.runs().flatten()
    }

    /// The first place (from 0) at or after `from` that is free, or is not.
    fn next(&self, from: u32, is_free: bool) -> Option<u32> {
        let mut index = from / 64;
        let mut from_bits = u64::MAX << (from % 64);
        while index * 64 < self.seats {
            let word = self.words[index as usize];
            let found = if is_free { word } else { !word } & from_bits;
            if found != 0 {
                return Some(index * 64 + found.trailing_zeros()).filter(|at| *at < self.seats);
            }
            (index, from_bits) = (index + 1, u64::MAX);
        }
        None
    }
}

/// Bits of the words that hold so many seats.
const fn words_bits(seats: u32) -> u32 {
    seats.div_ceil(64) * 64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, ConcertId, ScheduleId, Timestamp};
    use uuid::Uuid;

    /// Seats 64 at a time.
    fn word_of(seats: &[bool], word: u32) -> u64 {
        let seats = seats.iter().skip(word as usize * 64).take(64);
        (0..).zip(seats).fold(0, |bits, (n, is_free)| bits | u64::from(*is_free) << n)
    }

    /// Picks from a drawing: a row a line, `.` free, `x` taken.
    fn pick(drawing: &[&str], count: u32) -> Option<Vec<u32>> {
        let seats: Vec<bool> = drawing.concat().chars().map(|seat| seat == '.').collect();
        let section = Section {
            name: "R".to_owned(),
            rows: u32::try_from(drawing.len()).unwrap(),
            seats_per_row: u32::try_from(drawing[0].len()).unwrap(),
            price: Amount::new(1).unwrap(),
        };
        let schedule = Schedule {
            id: ScheduleId(Uuid::nil()),
            concert_id: ConcertId(Uuid::nil()),
            starts_at: Timestamp::MAX,
            venue: "Hall".to_owned(),
            sections: vec![section],
        };
        best_seats(&schedule, count, None, |word| word_of(&seats, word)).map(|seats| seats.to_vec())
    }

    #[test]
    fn the_middle_of_the_front_row_comes_first() {
        assert_eq!(pick(&["........", "........"], 2), Some(vec![4, 5]));
    }

    #[test]
    fn no_seat_is_left_alone_while_another_row_can_seat_the_group() {
        assert_eq!(pick(&["xx...xxx", "........"], 2), Some(vec![12, 13]));
    }

    #[test]
    fn a_seat_may_be_left_alone_rather_than_parting_the_group() {
        assert_eq!(pick(&["xx...xxx", "xxxxxxxx"], 2), Some(vec![4, 5]));
    }

    #[test]
    fn a_group_is_parted_over_neighbouring_rows_at_last() {
        assert_eq!(pick(&["xx.xxxxx", "xxx.xxxx", "xxxxxxxx"], 2), Some(vec![3, 12]));
        assert_eq!(pick(&["xx.xxxxx", "xxxxxxxx", "xxx.xxxx"], 2), None);
    }

    #[test]
    fn a_group_larger_than_a_row_sits_in_neighbouring_rows() {
        assert_eq!(pick(&["....", "...."], 6), Some(vec![1, 2, 3, 4, 6, 7]));
        assert_eq!(pick(&["....", "...."], 8).map(|seats| seats.len()), Some(8));
        assert_eq!(pick(&["....", "...."], 9), None);
    }
}
