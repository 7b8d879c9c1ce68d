//! Exact places in line: rank in a bitset by ticket number, with block counts in a Fenwick tree, so
//! that asking costs the same in a line of ten or of ten million. A read model: decisions don't use it.

/// Bits counted as one block of the tree: those of one cache line.
const BLOCK_BITS: u64 = 512;
const WORD_BITS: u64 = 64;
const BLOCK_WORDS: usize = (BLOCK_BITS / WORD_BITS) as usize;

/// The waiting tickets of one queue, by ticket number. Takes one bit for each ticket ever issued, and
/// `O(log n)` steps for a place.
///
/// The tree is Fenwick's ("A new data structure for cumulative frequency tables", 1994) over the
/// number of waiting tickets in each block.
#[derive(Debug, Clone, Default)]
pub struct Line {
    words: Vec<u64>,
    /// `tree[i - 1]` counts the blocks in `(i - lowbit(i), i]`, numbered from 1.
    tree: Vec<u32>,
    waiting: u64,
}

impl Line {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many wait.
    pub fn waiting(&self) -> u64 {
        self.waiting
    }

    /// Whether ticket `number` waits.
    pub fn contains(&self, number: u64) -> bool {
        let (word, mask) = slot(number);
        self.words.get(word).is_some_and(|bits| bits & mask != 0)
    }

    /// Ticket `number` (from 1) waits from now on. Memory grows to the highest number seen.
    pub fn join(&mut self, number: u64) {
        let (word, mask) = slot(number);
        while self.words.len() <= word {
            self.grow();
        }
        if self.words[word] & mask == 0 {
            self.words[word] |= mask;
            self.waiting += 1;
            self.add(word / BLOCK_WORDS, true);
        }
    }

    /// Ticket `number` waits no more.
    pub fn leave(&mut self, number: u64) {
        if self.contains(number) {
            let (word, mask) = slot(number);
            self.words[word] &= !mask;
            self.waiting -= 1;
            self.add(word / BLOCK_WORDS, false);
        }
    }

    /// The numbers of those who wait, the head of the line first.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        (0..).zip(&self.words).flat_map(|(word, bits): (u64, &u64)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| u64::from(left.trailing_zeros()))?;
                left &= left - 1;
                Some(word * WORD_BITS + bit)
            })
        })
    }

    /// The place of ticket `number`: 1 at the head, `None` if it does not wait.
    pub fn position(&self, number: u64) -> Option<u64> {
        if !self.contains(number) {
            return None;
        }
        let (word, mask) = slot(number);
        let block = word / BLOCK_WORDS;
        let words = &self.words[block * BLOCK_WORDS..word];
        let in_block: u64 = words.iter().map(|bits| u64::from(bits.count_ones())).sum();
        let in_word = u64::from((self.words[word] & (mask - 1)).count_ones());
        Some(self.before(block) + in_block + in_word + 1)
    }

    /// Adds an empty block.
    fn grow(&mut self) {
        self.words.extend([0; BLOCK_WORDS]);
        let block = self.tree.len() + 1;
        let covered = self.before(block - 1) - self.before(block - lowbit(block));
        self.tree.push(u32::try_from(covered).expect("a node covers at most 2^32 tickets"));
    }

    /// Counts one more, or one fewer, in the block (from 0).
    fn add(&mut self, block: usize, joined: bool) {
        let mut node = block + 1;
        while node <= self.tree.len() {
            let count = &mut self.tree[node - 1];
            *count = if joined { *count + 1 } else { *count - 1 };
            node += lowbit(node);
        }
    }

    /// How many wait in the blocks before `block` (from 0).
    fn before(&self, block: usize) -> u64 {
        let (mut node, mut sum) = (block, 0);
        while node > 0 {
            sum += u64::from(self.tree[node - 1]);
            node -= lowbit(node);
        }
        sum
    }
}

impl FromIterator<u64> for Line {
    fn from_iter<I: IntoIterator<Item = u64>>(numbers: I) -> Self {
        let mut line = Self::new();
        for number in numbers {
            line.join(number);
        }
        line
    }
}

fn slot(number: u64) -> (usize, u64) {
    let word = usize::try_from(number / WORD_BITS).expect("a line's bits fit in memory");
    (word, 1 << (number % WORD_BITS))
}

const fn lowbit(node: usize) -> usize {
    node & node.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn places_are_those_of_a_sorted_set_across_many_blocks() {
        let (mut line, mut model) = (Line::new(), BTreeSet::new());
        // A multiplicative walk visits numbers far apart, so that blocks grow and empty out of order.
        let mut number = 1_u64;
        for step in 0..20_000_u64 {
            number = number * 48_271 % 65_537;
            if step % 3 == 2 {
                line.leave(number);
                model.remove(&number);
            } else {
                line.join(number);
                model.insert(number);
            }
        }
        assert_eq!(line.waiting(), model.len() as u64);
        for (index, number) in model.iter().enumerate() {
            assert_eq!(line.position(*number), Some(index as u64 + 1));
        }
        assert_eq!(line.position(70_000), None);
        assert!(line.numbers().eq(model));
    }

    #[test]
    fn joining_or_leaving_twice_counts_once() {
        let mut line = Line::new();
        line.join(5);
        line.join(5);
        assert_eq!((line.waiting(), line.position(5)), (1, Some(1)));
        line.leave(5);
        line.leave(5);
        assert_eq!((line.waiting(), line.position(5)), (0, None));
    }
}
