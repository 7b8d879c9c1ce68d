//! The seats of one schedule in blocks, so that who keeps something of a map (its text, for one) makes only
//! those blocks anew in which something changed.

use frontrow_core::Timestamp;
use frontrow_core::seating::{Seat, SeatStatus};
use frontrow_core::state::Stored;

/// Seats in a block; in the last one there may be fewer.
pub const BLOCK: usize = 256;

/// Every seat by number, from 1.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    seats: Vec<Stored<Seat>>,
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    /// Of its last change.
    revision: u64,
    /// Seats that are free; as of the last look, unless it was [touched](Self::is_touched) since.
    free: u32,
    /// When its next hold runs out, so that it changes by itself; [`Timestamp::MAX`] if none does.
    lapses_at: Timestamp,
    /// Whether seats changed since the last look.
    is_touched: bool,
}

/// A block as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedBlock {
    /// Which one, from 0.
    pub index: usize,
    /// How its seats stand.
    pub statuses: Vec<SeatStatus>,
}

impl Blocks {
    /// Every seat of a schedule, in the order of numbers; all of it is new.
    pub(super) fn new(seats: Vec<Stored<Seat>>, revision: u64) -> Self {
        let block = Block { revision, free: 0, lapses_at: Timestamp::MAX, is_touched: true };
        let blocks = vec![block; seats.len().div_ceil(BLOCK)];
        Self { seats, blocks }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    /// Takes a seat, if it is newer than what is kept; whether it is.
    pub(super) fn put(&mut self, number: u32, seat: Stored<Seat>, revision: u64) -> bool {
        let Some(index) = (number as usize).checked_sub(1) else { return false };
        let Some(kept) = self.seats.get_mut(index).filter(|kept| kept.version < seat.version)
        else {
            return false;
        };
        *kept = seat;
        let block = &mut self.blocks[index / BLOCK];
        (block.revision, block.is_touched) = (revision, true);
        true
    }

    /// Lets the holds run out that have by `now`; whether any did. Such blocks get this revision.
    pub(super) fn refresh(&mut self, now: Timestamp, revision: u64) -> bool {
        let mut any_lapsed = false;
        for (block, seats) in self.blocks.iter_mut().zip(self.seats.chunks(BLOCK)) {
            let is_lapsed = block.lapses_at <= now;
            if is_lapsed {
                block.revision = revision;
            }
            if is_lapsed || block.is_touched {
                let held = seats.iter().filter_map(|seat| match seat.value {
                    Seat::Held { held_until, .. } if now < held_until => Some(held_until),
                    _ => None,
                });
                block.lapses_at = held.min().unwrap_or(Timestamp::MAX);
                let free = seats.iter().filter(|seat| is_free(seat, now)).count();
                block.free = u32::try_from(free).unwrap_or(u32::MAX);
                block.is_touched = false;
            }
            any_lapsed |= is_lapsed;
        }
        any_lapsed
    }

    /// How many seats are free; as of the last [refresh](Self::refresh), like all that follows.
    pub(super) fn free(&self) -> u32 {
        self.blocks.iter().map(|block| block.free).sum()
    }

    /// When the next hold runs out.
    pub(super) fn lapses_at(&self) -> Timestamp {
        self.blocks.iter().map(|block| block.lapses_at).min().unwrap_or(Timestamp::MAX)
    }

    /// The blocks that changed after `revision`, as they stand at `now`.
    pub(super) fn changed_since(&self, revision: u64, now: Timestamp) -> Vec<ChangedBlock> {
        let blocks = self.blocks.iter().zip(self.seats.chunks(BLOCK)).enumerate();
        let changed = blocks.filter(|(_, (block, _))| block.revision > revision);
        let statuses = |seats: &[Stored<Seat>]| {
            seats.iter().map(|seat| seat.value.status(now)).collect::<Vec<_>>()
        };
        changed
            .map(|(index, (_, seats))| ChangedBlock { index, statuses: statuses(seats) })
            .collect()
    }
}

fn is_free(seat: &Stored<Seat>, now: Timestamp) -> bool {
    seat.value.status(now) == SeatStatus::Available
}

#[cfg(test)]
mod tests {
    use super::*;
    use frontrow_core::ReservationId;
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn stored(value: Seat, version: u64) -> Stored<Seat> {
        Stored { value, version, changed_at: NOW }
    }

    fn held(until: Timestamp) -> Seat {
        Seat::Held { reservation_id: ReservationId(Uuid::nil()), held_until: until }
    }

    fn hall(seats: usize) -> Blocks {
        let mut blocks = Blocks::new(vec![stored(Seat::Free, 0); seats], 1);
        assert!(!blocks.refresh(NOW, 2));
        blocks
    }

    fn changed(blocks: &Blocks, since: u64, now: Timestamp) -> Vec<usize> {
        blocks.changed_since(since, now).iter().map(|block| block.index).collect()
    }

    #[test]
    fn only_blocks_in_which_a_seat_changed_are_told() {
        let mut blocks = hall(3 * BLOCK + 1);
        assert_eq!(changed(&blocks, 0, NOW), [0, 1, 2, 3]);
        assert_eq!(changed(&blocks, 1, NOW), [] as [usize; 0]);
        let number = u32::try_from(BLOCK + 1).unwrap();
        assert!(blocks.put(number, stored(held(NOW.plus_seconds(300)), 1), 3));
        assert_eq!(changed(&blocks, 1, NOW), [1]);
        let block = blocks.changed_since(1, NOW).remove(0);
        assert_eq!(block.statuses.len(), BLOCK);
        assert_eq!(block.statuses[..2], [SeatStatus::Held, SeatStatus::Available]);
    }

    #[test]
    fn a_seat_that_is_not_newer_or_not_there_changes_nothing() {
        let mut blocks = hall(2);
        assert!(blocks.put(1, stored(held(NOW.plus_seconds(300)), 2), 3));
        assert!(!blocks.put(1, stored(Seat::Free, 2), 4));
        assert!(
            !blocks.put(0, stored(Seat::Free, 9), 4) && !blocks.put(3, stored(Seat::Free, 9), 4)
        );
        assert_eq!(changed(&blocks, 3, NOW), [] as [usize; 0]);
    }

    #[test]
    fn a_hold_that_runs_out_changes_its_block_by_itself() {
        let mut blocks = hall(BLOCK + 1);
        let until = NOW.plus_seconds(300);
        blocks.put(1, stored(held(until), 1), 3);
        assert!(!blocks.refresh(NOW, 4));
        assert_eq!((blocks.lapses_at(), blocks.free()), (until, u32::try_from(BLOCK).unwrap()));
        assert!(!blocks.refresh(until.plus_millis(-1), 5));
        assert_eq!(changed(&blocks, 3, until), [] as [usize; 0]);
        assert!(blocks.refresh(until, 6));
        assert_eq!(changed(&blocks, 5, until), [0]);
        assert_eq!(
            (blocks.lapses_at(), blocks.free()),
            (Timestamp::MAX, u32::try_from(BLOCK).unwrap() + 1)
        );
    }
}
