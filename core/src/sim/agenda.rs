//! What is going to happen, and when. A calendar queue (Brown 1988): a bucket for each second to come, which is
//! sorted as it is opened. A million people who will lose patience some day then cost no more than a push each,
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
    /// Joins again.
    Rejoin,
}

/// Something that somebody is going to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Planned {
    /// When, in milliseconds from the start.
    pub at: u32,
    /// Who.
    pub number: u32,
    /// How often they had joined: what was planned for an earlier ticket of theirs is of the past.
    pub joins: u8,
    /// What.
    pub act: Act,
}

#[derive(Debug)]
pub(super) struct Agenda {
    /// The bucket that was opened last, what comes first at its end.
    today: Vec<Planned>,
    /// What was planned since for the seconds before `opened`, and at the same time in the order of planning.
    sooner: BinaryHeap<Reverse<(u32, u32, Planned)>>,
    /// How often something was put there.
    sequence: u32,
    /// The first second of which the bucket was not opened.
    opened: usize,
    /// By second, each in the order of planning.
    buckets: Vec<Vec<Planned>>,
    /// The earliest time in a bucket that was not opened.
    later_at: Option<u32>,
}

impl Agenda {
    /// Nothing is planned; `seconds` is how long there is.
    pub(super) fn new(seconds: u32) -> Self {
        Self {
            today: Vec::new(),
            sooner: BinaryHeap::new(),
            sequence: 0,
            opened: 0,
            buckets: vec![Vec::new(); seconds as usize],
            later_at: None,
        }
    }

    /// The time of what is next.
    pub(super) fn next_at(&self) -> Option<u32> {
        let today = self.today.last().map(|planned| planned.at);
        [today, self.sooner_at()].into_iter().flatten().min().or(self.later_at)
    }

    /// Adds something that is neither past nor behind the last second.
    pub(super) fn plan(&mut self, planned: Planned) {
        let second = (planned.at / 1_000) as usize;
        if second < self.opened {
            self.sooner.push(Reverse((planned.at, self.sequence, planned)));
            self.sequence += 1;
        } else {
            self.buckets[second].push(planned);
            self.later_at = Some(self.later_at.map_or(planned.at, |at| at.min(planned.at)));
        }
    }

    /// Takes what is next. What stood in a bucket was planned before what was planned since.
    /// Shows what a second holds as it is opened.
    pub(super) fn pop(&mut self, show: impl FnOnce(&[Planned])) -> Option<Planned> {
        let sooner = self.sooner_at();
        match self.today.last() {
            Some(today) if sooner.is_none_or(|at| today.at <= at) => self.today.pop(),
            _ if sooner.is_some() => self.sooner.pop().map(|Reverse((.., planned))| planned),
            _ => self.open(show),
        }
    }

    fn sooner_at(&self) -> Option<u32> {
        self.sooner.peek().map(|Reverse((at, ..))| *at)
    }

    /// Opens the next bucket in which there is something, and takes the first of it.
    ///
    /// Not before it has to: what is planned for the seconds that are open goes into the heap.
    fn open(&mut self, show: impl FnOnce(&[Planned])) -> Option<Planned> {
        let second = (self.later_at? / 1_000) as usize;
        self.today = std::mem::take(&mut self.buckets[second]);
        show(&self.today);
        // The sort is stable, so turned around twice.
        self.today.reverse();
        self.today.sort_by_key(|planned| Reverse(planned.at));
        self.opened = second + 1;
        let later = self.buckets[self.opened..].iter().find(|bucket| !bucket.is_empty());
        self.later_at = later.and_then(|bucket| bucket.iter().map(|planned| planned.at).min());
        self.today.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(at: u32, number: u32) -> Planned {
        Planned { at, number, joins: 1, act: Act::Look }
    }

    fn drained(agenda: &mut Agenda) -> Vec<u32> {
        std::iter::from_fn(|| agenda.pop(|_| {})).map(|planned| planned.number).collect()
    }

    #[test]
    fn what_is_planned_happens_in_order_of_time_and_then_of_planning() {
        let mut agenda = Agenda::new(100);
        let times = [5_000, 99_999, 0, 5_000, 4_999, 5_001, 60_000, 5_000];
        for (number, at) in (0..).zip(times) {
            agenda.plan(planned(at, number));
        }
        assert_eq!(agenda.next_at(), Some(0));
        assert_eq!(drained(&mut agenda), [2, 4, 0, 3, 7, 5, 6, 1]);
        assert_eq!((agenda.next_at(), agenda.pop(|_| {})), (None, None));
    }

    #[test]
    fn what_is_planned_on_the_way_finds_its_place() {
        let mut agenda = Agenda::new(100);
        agenda.plan(planned(500, 0));
        for (at, number) in [(50_500, 1), (50_400, 2), (50_500, 3)] {
            agenda.plan(planned(at, number));
        }
        assert_eq!(agenda.pop(|_| {}), Some(planned(500, 0)));
        assert_eq!(agenda.next_at(), Some(50_400));
        agenda.plan(planned(10_000, 4));
        assert_eq!(drained(&mut agenda), [4, 2, 1, 3]);

        for (at, number) in [(60_500, 1), (60_400, 2), (60_500, 3), (61_000, 4)] {
            agenda.plan(planned(at, number));
        }
        assert_eq!(agenda.pop(|_| {}), Some(planned(60_400, 2)), "the second is open");
        for (at, number) in [(60_500, 5), (61_000, 6), (60_400, 7), (60_499, 8), (60_500, 9)] {
            agenda.plan(planned(at, number));
        }
        assert_eq!(drained(&mut agenda), [7, 8, 1, 3, 5, 9, 4, 6]);
        agenda.plan(planned(99_000, 9));
        assert_eq!(agenda.next_at(), Some(99_000));
    }
}
