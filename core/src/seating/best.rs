//! Best available: which free seats to offer to a group.
//!
//! In order: seats side by side that leave no single seat alone; then side by side anyhow; then in
//! neighbouring rows of one section. Within each, sections in their order, rows from the front, and in
//! a row the seats nearest its middle.

use super::SeatNumbers;
use crate::concert::{Schedule, Section};
use std::ops::Range;

/// The best `count` free seats of the schedule (or of one of its sections), ascending; `None` if the
/// group can't sit side by side nor in neighbouring rows.
pub fn best_seats(
    schedule: &Schedule,
    count: u32,
    section: Option<&str>,
    is_free: impl Fn(u32) -> bool,
) -> Option<SeatNumbers> {
    let mut first_seat = 1;
    let mut blocks = Vec::new();
    for candidate in &schedule.sections {
        if section.is_none_or(|name| name == candidate.name) {
            blocks.push(Block { first_seat, section: candidate });
        }
        first_seat += candidate.seats();
    }
    let side_by_side =
        |orphans| blocks.iter().find_map(|block| block.side_by_side(count, orphans, &is_free));
    side_by_side(false)
        .or_else(|| side_by_side(true))
        .or_else(|| blocks.iter().find_map(|block| block.in_neighbouring_rows(count, &is_free)))
}

/// A section in the numbering of its schedule.
struct Block<'a> {
    first_seat: u32,
    section: &'a Section,
}

impl Block<'_> {
    /// Numbers of the seats in a row (from 0).
    fn row(&self, row: u32) -> Range<u32> {
        let start = self.first_seat + row * self.section.seats_per_row;
        start..start + self.section.seats_per_row
    }

    fn side_by_side(
        &self,
        count: u32,
        orphans: bool,
        is_free: &impl Fn(u32) -> bool,
    ) -> Option<SeatNumbers> {
        (0..self.section.rows).find_map(|row| {
            let row = self.row(row);
            let starts = row.start..(row.end + 1).saturating_sub(count).max(row.start);
            starts
                .map(|start| start..start + count)
                .filter(|window| window.clone().all(is_free))
                .filter(|window| orphans || !leaves_orphan(&row, window, is_free))
                .min_by_key(|window| (off_middle(&row, window), window.start))
                .map(SeatNumbers::from_iter)
        })
    }

    /// The fewest rows that follow each other and have room, from the front; in them the seats nearest
    /// the middle, with at least one in every row.
    fn in_neighbouring_rows(
        &self,
        count: u32,
        is_free: &impl Fn(u32) -> bool,
    ) -> Option<SeatNumbers> {
        let free: Vec<Vec<u32>> = (0..self.section.rows)
            .map(|row| self.row(row).filter(|n| is_free(*n)).collect())
            .collect();
        let rows_max = free.len().min(count as usize);
        (2..=rows_max).find_map(|height| {
            free.windows(height).enumerate().find_map(|(front, rows)| {
                let room: usize = rows.iter().map(Vec::len).sum();
                if room < count as usize || rows.iter().any(Vec::is_empty) {
                    return None;
                }
                Some(self.nearest_middle(front, rows, count))
            })
        })
    }

    fn nearest_middle(&self, front: usize, rows: &[Vec<u32>], count: u32) -> SeatNumbers {
        let mut seats: Vec<(bool, u32, u32)> = Vec::new();
        for (index, free) in rows.iter().enumerate() {
            let row = self.row(u32::try_from(front + index).expect("rows are counted in u32"));
            let distance = |number: u32| off_middle(&row, &(number..number + 1));
            let nearest = free.iter().copied().min_by_key(|number| (distance(*number), *number));
            seats.extend(free.iter().map(|n| (Some(*n) != nearest, distance(*n), *n)));
        }
        seats.sort_unstable();
        let mut chosen: SeatNumbers =
            seats.into_iter().take(count as usize).map(|(_, _, number)| number).collect();
        chosen.sort_unstable();
        chosen
    }
}

/// Twice the distance between the middles of a row and of a window in it.
fn off_middle(row: &Range<u32>, window: &Range<u32>) -> u32 {
    (row.start + row.end).abs_diff(window.start + window.end)
}

/// Whether taking the window leaves a single free seat beside it, between taken seats or the aisle.
fn leaves_orphan(row: &Range<u32>, window: &Range<u32>, is_free: &impl Fn(u32) -> bool) -> bool {
    let free = |number: u32| row.contains(&number) && is_free(number);
    let left = free(window.start - 1) && !(window.start >= 2 && free(window.start - 2));
    let right = free(window.end) && !free(window.end + 1);
    left || right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, ConcertId, ScheduleId, Timestamp};
    use uuid::Uuid;

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
        best_seats(&schedule, count, None, |n| seats[n as usize - 1]).map(|seats| seats.to_vec())
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
