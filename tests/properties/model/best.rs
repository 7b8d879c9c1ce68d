//! The best free seats, by trying every set of seats that could be meant.

use frontrow_core::concert::Schedule;

/// A row of a hall.
struct Row {
    section: usize,
    first: u32,
    last: u32,
}

impl Row {
    /// Twice how far the middle of `from..=to` is from the middle of the row.
    fn off_middle(&self, from: u32, to: u32) -> u32 {
        (self.first + self.last).abs_diff(from + to)
    }

    fn seats(&self) -> impl Iterator<Item = u32> + use<> {
        self.first..=self.last
    }
}

/// Side by side without leaving a seat alone, else side by side, else in neighbouring rows; from the
/// front, and nearest the middle of the row.
pub fn best_seats_by_hand(
    schedule: &Schedule,
    count: u32,
    section: Option<&str>,
    is_free: impl Fn(u32) -> bool,
) -> Option<Vec<u32>> {
    let rows = rows_of(schedule, section);
    let adjacent = |may_orphan: bool| {
        rows.iter().find_map(|row| {
            let starts = row.seats().filter(|start| start + count <= row.last + 1);
            let sets = starts.map(|start| (start..start + count).collect::<Vec<u32>>());
            sets.filter(|set| set.iter().all(|n| is_free(*n)))
                .filter(|set| may_orphan || !strands_a_neighbour(row, set, &is_free))
                .min_by_key(|set| (row.off_middle(set[0], set[set.len() - 1]), set[0]))
        })
    };
    adjacent(false)
        .or_else(|| adjacent(true))
        .or_else(|| over_neighbouring_rows(&rows, count as usize, &is_free))
}

fn rows_of(schedule: &Schedule, only: Option<&str>) -> Vec<Row> {
    let (mut rows, mut first) = (Vec::new(), 1);
    for (section, told) in schedule.sections.iter().enumerate() {
        for _ in 0..told.rows {
            let last = first + told.seats_per_row - 1;
            if only.is_none_or(|name| name == told.name) {
                rows.push(Row { section, first, last });
            }
            first = last + 1;
        }
    }
    rows
}

/// Whether a free seat that has a free neighbour now has none once `set` is taken.
fn strands_a_neighbour(row: &Row, set: &[u32], is_free: &impl Fn(u32) -> bool) -> bool {
    let free_before = |n: u32| row.seats().any(|seat| seat == n) && is_free(n);
    let free_after = |n: u32| free_before(n) && !set.contains(&n);
    row.seats().any(|n| {
        let once_beside = free_before(n - 1) || free_before(n + 1);
        let still_beside = free_after(n - 1) || free_after(n + 1);
        free_after(n) && once_beside && !still_beside
    })
}

/// Section by section, the fewest neighbouring rows that have room, from the front; of all sets of seats
/// with at least one in each of them, the one that is nearest the middles.
fn over_neighbouring_rows(
    rows: &[Row],
    count: usize,
    is_free: &impl Fn(u32) -> bool,
) -> Option<Vec<u32>> {
    let sections = rows.chunk_by(|one, next| one.section == next.section);
    let heights = sections.flat_map(|rows| (2..=rows.len()).map(move |height| (rows, height)));
    heights
        .flat_map(|(rows, height)| rows.windows(height))
        .find_map(|block| nearest_the_middles(block, count, is_free))
}

fn nearest_the_middles(
    block: &[Row],
    count: usize,
    is_free: &impl Fn(u32) -> bool,
) -> Option<Vec<u32>> {
    let free: Vec<u32> = block.iter().flat_map(Row::seats).filter(|n| is_free(*n)).collect();
    let sits_in = |set: &[u32], row: &Row| set.iter().any(|n| row.seats().any(|seat| seat == *n));
    let sets = subsets(&free, count);
    let sets = sets.into_iter().filter(|set| block.iter().all(|row| sits_in(set, row)));
    sets.min_by_key(|set| {
        let off = |n: u32| {
            let row = block.iter().find(|row| row.seats().any(|seat| seat == n));
            row.expect("free seats are of these rows").off_middle(n, n)
        };
        let mut offs: Vec<(u32, u32)> = set.iter().map(|n| (off(*n), *n)).collect();
        offs.sort_unstable();
        (offs.iter().map(|(off, _)| *off).sum::<u32>(), offs)
    })
}

/// All sets of `count` of these, each ascending.
fn subsets(of: &[u32], count: usize) -> Vec<Vec<u32>> {
    match (of.split_first(), count) {
        (_, 0) => vec![Vec::new()],
        (None, _) => Vec::new(),
        (Some((first, others)), _) => {
            let with = subsets(others, count - 1).into_iter().map(|mut set| {
                set.insert(0, *first);
                set
            });
            with.chain(subsets(others, count)).collect()
        }
    }
}
