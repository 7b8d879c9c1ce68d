//! What is going to happen, and when. A calendar queue (Brown 1988): a bucket for each second to come, and a
//! heap of what is near. A million people who will lose patience some day then cost no more than a push each,
//! where a heap of all of them would be sifted through at every step.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What somebody is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// Loses patience in line.
    GiveUp,
    /// Looks at the seats.
    Look,
    /// Asks for seats.
    Ask,
    /// Pays.
    Pay,
    /// Learns in line that all is sold.
    HearSoldOut,
    /// Joins again; its subject is a person, that of the others a ticket.
    Rejoin,
}

/// Something in a bucket: when, who, what.
type Planned = (u32, u32, Act);

#[derive(Debug)]
pub(super) struct Agenda {
    /// What happens in the seconds before `opened`, by time and then in the order in which it was planned; not
    /// empty unless nothing is planned at all.
    near: BinaryHeap<Reverse<(u32, u32, u32, Act)>>,
    /// Orders what happens at the same time.
    sequence: u32,
    /// The first second of which the bucket is still to be emptied into `near`.
    opened: usize,
    /// By second, each in the order in which it was planned.
    buckets: Vec<Vec<Planned>>,
    /// How many are in buckets.
    far: usize,
}

impl Agenda {
    /// Nothing is planned; `seconds` is how long there is.
    pub(super) fn new(seconds: u32) -> Self {
        let buckets = vec![Vec::new(); seconds as usize];
        Self { near: BinaryHeap::new(), sequence: 0, opened: 0, buckets, far: 0 }
    }

    /// The time of what is next.
    pub(super) fn next_at(&self) -> Option<u32> {
        self.near.peek().map(|Reverse((at, ..))| *at)
    }

    /// At `at`, which is neither past nor behind the last second, `subject` acts.
    pub(super) fn plan(&mut self, at: u32, subject: u32, act: Act) {
        let second = (at / 1_000) as usize;
        if second < self.opened {
            self.push((at, subject, act));
        } else {
            self.buckets[second].push((at, subject, act));
            self.far += 1;
            self.open();
        }
    }

    /// Takes what is next: who acts, and how.
    pub(super) fn pop(&mut self) -> Option<(u32, Act)> {
        let Reverse((_, _, subject, act)) = self.near.pop()?;
        self.open();
        Some((subject, act))
    }

    fn push(&mut self, (at, subject, act): Planned) {
        self.near.push(Reverse((at, self.sequence, subject, act)));
        self.sequence += 1;
    }

    /// Empties the next buckets if nothing is near.
    fn open(&mut self) {
        while self.near.is_empty() && self.far > 0 {
            let bucket = std::mem::take(&mut self.buckets[self.opened]);
            self.opened += 1;
            self.far -= bucket.len();
            bucket.into_iter().for_each(|planned| self.push(planned));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(agenda: &mut Agenda) -> Vec<u32> {
        std::iter::from_fn(|| agenda.pop()).map(|(subject, _)| subject).collect()
    }

    #[test]
    fn what_is_planned_happens_in_order_of_time_and_then_of_planning() {
        let mut agenda = Agenda::new(100);
        let times = [5_000, 99_999, 0, 5_000, 4_999, 5_001, 60_000, 5_000];
        for (number, at) in (0..).zip(times) {
            agenda.plan(at, number, Act::Look);
        }
        assert_eq!(agenda.next_at(), Some(0));
        assert_eq!(drained(&mut agenda), [2, 4, 0, 3, 7, 5, 6, 1]);
        assert_eq!((agenda.next_at(), agenda.pop()), (None, None));
    }

    #[test]
    fn what_is_planned_on_the_way_finds_its_place() {
        let mut agenda = Agenda::new(100);
        agenda.plan(50_500, 1, Act::GiveUp);
        assert_eq!(agenda.next_at(), Some(50_500), "its second is open");
        agenda.plan(10_000, 2, Act::Look);
        agenda.plan(50_500, 3, Act::Ask);
        agenda.plan(51_000, 4, Act::Pay);
        assert_eq!(agenda.pop(), Some((2, Act::Look)));
        agenda.plan(50_499, 5, Act::Look);
        assert_eq!(drained(&mut agenda), [5, 1, 3, 4]);
        agenda.plan(99_000, 6, Act::Look);
        assert_eq!(agenda.next_at(), Some(99_000));
    }
}
