//! A part of the rows, for who reads all of them and can't keep them all: an audit in several passes.

use crate::ids::{ScheduleId, UserId};
use crate::mixing::mixed;
use uuid::Uuid;

/// One of so many parts of the people and of the seats: those whose hash, a number of 64 bits, leaves this rest. The
/// hashes are made of ids by [`mixed`], so that every part is about as large, and the same at each reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slice {
    /// Which one, below `of`.
    index: u32,
    /// How many there are, from 1.
    of: u32,
}

impl Slice {
    /// Everybody, and every seat.
    pub(crate) const ALL: Self = Self { index: 0, of: 1 };

    /// The first of so many parts; of one, if it is 0.
    pub(crate) fn first(of: u32) -> Self {
        Self { index: 0, of: of.max(1) }
    }

    /// The part after this one.
    pub(crate) fn next(self) -> Option<Self> {
        let index = self.index + 1;
        (index < self.of).then_some(Self { index, ..self })
    }

    pub(crate) const fn is_first(self) -> bool {
        self.index == 0
    }

    pub(crate) const fn is_last(self) -> bool {
        self.index + 1 == self.of
    }

    /// Whether a person belongs to it, with their tickets, reservations, wallet and transfers.
    pub(crate) fn has_user(self, id: UserId) -> bool {
        self.of == 1 || self.has(mixed_id(id.0))
    }

    /// Whether a seat belongs to it.
    pub(crate) fn has_seat(self, schedule_id: ScheduleId, number: u32) -> bool {
        self.of == 1 || self.has(mixed(mixed_id(schedule_id.0) ^ u64::from(number)))
    }

    fn has(self, hash: u64) -> bool {
        hash % u64::from(self.of) == u64::from(self.index)
    }
}

fn mixed_id(id: Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    mixed(high ^ mixed(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(of: u32) -> impl Iterator<Item = Slice> {
        std::iter::successors(Some(Slice::first(of)), |slice| slice.next())
    }

    #[test]
    fn everybody_and_every_seat_belongs_to_one_slice_and_slices_are_about_as_large() {
        let people = (0..3_000).map(|number| UserId(Uuid::from_u128(number)));
        let found = people.map(|id| slices(3).filter(|slice| slice.has_user(id)).count());
        assert!(found.into_iter().all(|slices| slices == 1));
        let schedule_id = ScheduleId(Uuid::nil());
        let seats = |slice: &Slice| (1..=3_000).filter(|n| slice.has_seat(schedule_id, *n)).count();
        let seats: Vec<usize> = slices(3).map(|slice| seats(&slice)).collect();
        assert_eq!(seats.iter().sum::<usize>(), 3_000);
        assert!(seats.iter().all(|seats| (900..1_100).contains(seats)), "{seats:?}");
    }

    #[test]
    fn one_slice_has_all() {
        for only in [Slice::ALL, Slice::first(0), Slice::first(1)] {
            assert_eq!(only, Slice::ALL);
            assert!(only.is_first() && only.is_last() && only.next().is_none());
            assert!(only.has_user(UserId(Uuid::max())));
            assert!(only.has_seat(ScheduleId(Uuid::max()), u32::MAX));
        }
    }
}
