//! The pace of a line, learned from what happens in it: how many leave, how many turn out to be gone when it is
//! their turn, and how fast slots come free where `max_active` decides. From that follows when somebody in it may
//! expect their turn, and how sure that is. A read model: decisions don't use it.
//!
//! # The formula
//!
//! Of `n` people ahead those at the head are there with a share of `q`. That falls with how long they have waited,
//! by `g` a second; `l` of all who wait leave a second, and `k` are let in. Then `n' = -k / (q e^(-g t)) - l n`, and
//! the turn comes after
//!
//! ```text
//! t = ln(1 + n q (g + l) / k) / (g + l)      or n q / k, where nobody goes
//! ```
//!
//! People ahead of somebody who joins later have waited for longer now, but not at the turn: how fast the age of
//! the head changes until then is known, and `g` is taken times that.
//!
//! # When it is known
//!
//! If both ends of what may be come within a tenth or a tick of it: rates off by as much as so few observations may
//! be, and growing, or falling, as the line grows older; and as many more or fewer ahead who stay as chance has it.
//! A crowd that is older at the turn than one and a half times what was seen may be another one by then, and nothing is
//! known.
//!
//! Numbers are floating, with logarithms from `libm`, so that a simulation tells the same on every platform.

use crate::concert::Concert;
use crate::time::Timestamp;
use libm::{exp, log};

/// Turns, and seconds, for which is remembered who was gone and who left; older ones fade.
const MEMORY: f64 = 200.0;
/// Ticks for which is remembered how many slots came free; older ones fade.
const SLOTS_MEMORY_TICKS: f64 = 30.0;

/// Fewest ticks by slots from which a turn is told, …
const SLOTS_TICKS_MIN: f64 = 10.0;
/// … and from which it may be known.
const KNOWN_SLOTS_TICKS_MIN: f64 = 15.0;
/// Fewest turns of people who may be gone, for a known turn.
const KNOWN_TURNS_MIN: f64 = 60.0;
/// Shortest time, in seconds, for which as many people were seen waiting as are ahead, for a known turn.
const KNOWN_WATCH_SECONDS_MIN: f64 = 30.0;
/// A turn is known at most until the head has waited so many times as long as now.
const KNOWN_AGEING_MAX: f64 = 1.5;
/// Younger heads count as this old, in seconds: nobody leaves sooner.
const HEAD_AGE_SECONDS_MIN: f64 = 60.0;

/// Rates go with the age of the head to this power: what is expected, and its ends. An exponent of 0 is a crowd
/// whose patience is exponential; in others it wears out.
const AGEING: [f64; 3] = [0.3, 4.0, -0.4];
/// Standard deviations that rates may be off by, at the ends.
const RATE_DEVIATIONS: f64 = 1.2;
/// Standard deviations that the number of those who stay may be off by.
const CHANCE_DEVIATIONS: f64 = 1.1;
/// Variance of the slots that come free in a tick, in parts of their number: they are more regular than chance.
const SLOTS_VARIANCE: f64 = 0.5;
/// A known turn may be off by so many ticks, or by a tenth.
const PRECISION_TICKS: f64 = 1.0;

/// How a ticket leaves the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// Let in.
    Admitted {
        /// How many are active then, with this one.
        active: usize,
    },
    /// Passed over, its holder being gone.
    PassedOver,
    /// Given back.
    Left,
}

/// What was seen of a line lately. Hosts tell it of everything that happens there, and of nothing they read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    /// Those whose turn came after they may have been gone for `lapse_seconds`, …
    turns: f64,
    /// … who of them were gone, …
    gone: f64,
    /// … and for how long they had waited, in seconds, in all.
    ages: f64,
    /// When a turn came last, and how long that one had waited.
    head: Option<(Timestamp, f64)>,
    /// Who left.
    left: f64,
    /// For how long people waited, in seconds, in all.
    waited: f64,
    /// How many wait, and since when that is so.
    waiting: Option<(u64, Timestamp)>,
    /// Ticks while slots were short, …
    slots_ticks: f64,
    /// … and who was let in by them.
    slots: f64,
    /// The last tick that let somebody in, if slots are short since.
    full_at: Option<Timestamp>,
}

impl Pace {
    /// So many wait from `now` on.
    pub fn count(&mut self, waiting: u64, now: Timestamp) {
        let (before, since) = self.waiting.unwrap_or((0, now));
        if before > 0 && since < now {
            let seconds = seconds(since, now);
            let keep = (1.0 - seconds / MEMORY).max(0.0);
            self.left *= keep;
            self.waited = self.waited * keep + number(before) * seconds;
        }
        if waiting == 0 {
            self.full_at = None;
        }
        self.waiting = Some((waiting, since.max(now)));
    }

    /// A ticket that was issued at `issued_at` leaves the line at `now`.
    pub fn depart(
        &mut self,
        issued_at: Timestamp,
        concert: &Concert,
        departure: Departure,
        now: Timestamp,
    ) {
        if departure == Departure::Left {
            self.left += 1.0;
            return;
        }
        let age = seconds(issued_at.max(concert.sale_opens_at), now);
        self.head = Some((now, age));
        let policy = &concert.admission;
        if policy.lapse_seconds > 0 && age >= f64::from(policy.lapse_seconds) {
            let keep = 1.0 - 1.0 / MEMORY;
            self.turns = self.turns * keep + 1.0;
            self.gone *= keep;
            self.gone += f64::from(u8::from(departure == Departure::PassedOver));
            self.ages = self.ages * keep + age;
        }
        if let Departure::Admitted { active } = departure {
            let is_full = policy.max_active.is_some_and(|most| active >= most as usize);
            self.fill(is_full, f64::from(policy.interval_seconds), now);
        }
    }

    /// Somebody is let in.
    fn fill(&mut self, is_full: bool, interval_seconds: f64, now: Timestamp) {
        if let Some(since) = self.full_at {
            if since < now {
                let ticks = (seconds(since, now) / interval_seconds).max(1.0);
                let keep = (1.0 - ticks / SLOTS_MEMORY_TICKS).max(0.0);
                self.slots_ticks = self.slots_ticks * keep + ticks;
                self.slots *= keep;
                self.full_at = Some(now);
            }
            self.slots += 1.0;
        } else if is_full {
            self.full_at = Some(now);
        }
    }

    /// The concert changes. After a pause or with another policy, what was seen at the head of the line holds no
    /// more.
    pub fn change(&mut self, before: &Concert, after: &Concert) {
        let rules =
            |concert: &Concert| (concert.admits(), concert.sale_opens_at, concert.admission);
        if rules(before) != rules(after) {
            let Self { left, waited, waiting, .. } = *self;
            *self = Self { left, waited, waiting, ..Self::default() };
        }
    }

    /// When a turn comes; `None` if nothing was seen from which that could be told.
    pub(super) fn turn(&self, ahead: &Ahead) -> Option<Turn> {
        let (head_at, head_age) = self.head?;
        let head = Head { age: head_age, ago: seconds(head_at, ahead.now) };
        let rates = self.rates(ahead)?;
        let expected = rates.off_by(0.0).ticks(ahead, head, AGEING[0]);
        let age = ahead.age + expected * ahead.interval_seconds;
        let is_enough = self.waited >= KNOWN_WATCH_SECONDS_MIN * ahead.people
            && (rates.nobody_is_missed || self.turns >= KNOWN_TURNS_MIN)
            && (!ahead.by_slots || self.slots_ticks >= KNOWN_SLOTS_TICKS_MIN)
            && age <= KNOWN_AGEING_MAX * (head.age + head.ago).max(HEAD_AGE_SECONDS_MIN);
        let is_known = is_enough && {
            let earliest = rates.off_by(RATE_DEVIATIONS).ticks(ahead, head, AGEING[1]);
            let latest = rates.off_by(-RATE_DEVIATIONS).ticks(ahead, head, AGEING[2]);
            let chance = rates.chance(ahead, expected);
            let off_by = (expected - earliest).max(latest - expected) + chance;
            off_by <= PRECISION_TICKS.max(expected / 10.0)
        };
        Some(Turn { ticks: expected, is_known })
    }

    fn rates(&self, ahead: &Ahead) -> Option<Rates> {
        let per_tick = if ahead.by_slots {
            if self.slots_ticks < SLOTS_TICKS_MIN {
                return None;
            }
            let slots = self.slots.max(1.0);
            Rate {
                mean: slots / self.slots_ticks,
                deviation: (SLOTS_VARIANCE * slots).sqrt() / self.slots_ticks,
            }
        } else {
            Rate { mean: ahead.batch_size, deviation: 0.0 }
        };
        let leaving = Rate::of(self.left, self.waited);
        let by_leaving = after(ahead.people / per_tick.mean, leaving.mean * ahead.interval_seconds);
        let age_at_most = ahead.age + by_leaving * ahead.interval_seconds;
        let nobody_is_missed = ahead.lapse_seconds == 0.0 || age_at_most < ahead.lapse_seconds;
        let going = if nobody_is_missed || self.turns == 0.0 {
            Rate::default()
        } else {
            let there = 1.0 - self.gone / (self.turns + 0.25);
            let mean_age = self.ages / self.turns;
            let Rate { deviation, .. } = Rate::of(self.gone, self.turns * there * mean_age);
            Rate { mean: -log(there) / mean_age, deviation }
        };
        Some(Rates { per_tick, leaving, going, nobody_is_missed })
    }
}

/// Who waits to be let in, and how that goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    /// How many are ahead.
    pub people: f64,
    /// Seconds for which who asks has waited.
    pub age: f64,
    /// The policy's, in seconds; 0 for never.
    pub lapse_seconds: f64,
    pub interval_seconds: f64,
    pub batch_size: f64,
    /// Whether slots decide how many are let in, and not the batch.
    pub by_slots: bool,
    pub now: Timestamp,
}

/// When a turn comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    /// Ticks after the next one.
    pub ticks: f64,
    /// Whether that is sure, within a tenth or one tick.
    pub is_known: bool,
}

/// The last one whose turn came.
#[derive(Debug, Clone, Copy)]
struct Head {
    /// For how many seconds they had waited, …
    age: f64,
    /// … and how many seconds ago that was.
    ago: f64,
}

/// Something that happens so often, and by how much that may be wrong.
#[derive(Debug, Clone, Copy, Default)]
struct Rate {
    mean: f64,
    deviation: f64,
}

impl Rate {
    /// Seen so often in so many seconds. One more may have been due.
    fn of(seen: f64, seconds: f64) -> Self {
        if seconds > 0.0 {
            Self { mean: seen / seconds, deviation: (seen + 1.0).sqrt() / seconds }
        } else {
            Self::default()
        }
    }

    fn off_by(self, deviations: f64) -> f64 {
        (self.mean + deviations * self.deviation).max(0.0)
    }
}

#[derive(Debug, Clone, Copy)]
struct Rates {
    /// Who is let in at a tick.
    per_tick: Rate,
    /// Who leaves in a second, of one who waits.
    leaving: Rate,
    /// Who just goes in a second, of one who waits.
    going: Rate,
    /// Whether the turn comes before anybody can count as gone.
    nobody_is_missed: bool,
}

impl Rates {
    fn off_by(&self, deviations: f64) -> Speeds {
        Speeds {
            per_tick: self.per_tick.off_by(deviations),
            leaving: self.leaving.off_by(deviations),
            going: self.going.off_by(deviations),
        }
    }

    /// Ticks by which a turn may be off although every rate is right.
    fn chance(&self, ahead: &Ahead, ticks: f64) -> f64 {
        let per_tick = self.per_tick.mean;
        let let_in = per_tick * ticks;
        let stay = (let_in / ahead.people.max(1.0)).min(1.0);
        let by_slots = if ahead.by_slots { SLOTS_VARIANCE } else { 0.0 };
        CHANCE_DEVIATIONS * (let_in * (1.0 - stay + by_slots)).sqrt() / per_tick
    }
}

/// One way in which it may go on.
#[derive(Debug, Clone, Copy)]
struct Speeds {
    per_tick: f64,
    leaving: f64,
    going: f64,
}

impl Speeds {
    /// Ticks after the next one until the turn, if rates go with the age of the head to the power of `ageing`.
    fn ticks(&self, ahead: &Ahead, head: Head, ageing: f64) -> f64 {
        let mut ticks = ahead.people / self.per_tick;
        // How old the head is then depends on when that is.
        for _ in 0..3 {
            let wait = ticks * ahead.interval_seconds;
            let age_then = ahead.age + wait;
            let slope = (age_then - head.age) / (wait + head.ago).max(1.0);
            let age = (head.age + slope * head.ago).max(HEAD_AGE_SECONDS_MIN);
            let grown = exp(ageing * log((age_then / age).max(1.0)));
            let rate = (self.going * slope + self.leaving) * grown;
            let there = exp(-self.going * age);
            ticks = after(ahead.people * there / self.per_tick, rate * ahead.interval_seconds);
        }
        ticks
    }
}

/// Ticks until somebody's turn, for whom it would be `whole` if nobody went.
fn after(whole: f64, rate: f64) -> f64 {
    let gone = whole * rate;
    if gone.abs() < 1e-6 { whole } else { log((1.0 + gone).max(0.01)) / rate }
}

/// From `since` to `until`; 0 if that is earlier.
pub(super) fn seconds(since: Timestamp, until: Timestamp) -> f64 {
    number(until.millis_since(since).max(0).cast_unsigned()) / 1_000.0
}

/// A count. Of more than four billion as if they were so many.
pub(super) fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{AdmissionPolicy, HoldPolicy};
    use crate::{ConcertId, concert::Concert};
    use uuid::Uuid;

    const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn concert() -> Concert {
        Concert {
            id: ConcertId(Uuid::nil()),
            title: "A concert".to_owned(),
            sale_opens_at: START,
            admission: AdmissionPolicy {
                interval_seconds: 10,
                batch_size: 10,
                active_seconds: 300,
                max_active: Some(60),
                inventory_aware: false,
                lapse_seconds: 30,
            },
            holds: HoldPolicy::default(),
            paused: false,
            closed: false,
            draining: false,
            notice: None,
            prequeue: None,
            created_at: START,
        }
    }

    /// A thousand who joined at the start, seen for 400 seconds: at each tick some are let in and some were gone, and
    /// some leave. As many are active then.
    fn seen(let_in: u32, gone: u32, leave: u32, active: usize) -> Pace {
        let (mut pace, concert, mut waiting) = (Pace::default(), concert(), 1_000_u64);
        pace.count(waiting, START);
        for tick in 1..=40 {
            let now = START.plus_seconds(10 * tick);
            let admitted = (0..let_in).map(|_| Departure::Admitted { active });
            let passed_over = (0..gone).map(|_| Departure::PassedOver);
            let left = (0..leave).map(|_| Departure::Left);
            for departure in admitted.chain(passed_over).chain(left) {
                pace.depart(START, &concert, departure, now);
                waiting -= 1;
                pace.count(waiting, now);
            }
        }
        pace
    }

    fn ahead(people: f64, by_slots: bool) -> Ahead {
        Ahead {
            people,
            age: 400.0,
            lapse_seconds: 30.0,
            interval_seconds: 10.0,
            batch_size: 10.0,
            by_slots,
            now: START.plus_seconds(400),
        }
    }

    #[test]
    fn where_nobody_goes_the_turn_comes_by_batches() {
        let pace = seen(10, 0, 0, 10);
        for people in [10.0, 99.0, 300.0] {
            let turn = pace.turn(&ahead(people, false)).unwrap();
            assert!((turn.ticks - people / 10.0).abs() < 1e-9 && turn.is_known, "{turn:?}");
        }
    }

    #[test]
    fn those_who_leave_and_those_who_are_gone_bring_it_forward() {
        let turn = |pace: Pace| pace.turn(&ahead(200.0, false)).unwrap().ticks;
        let (by_batches, leaving) = (turn(seen(10, 0, 0, 10)), turn(seen(10, 0, 5, 10)));
        let both = turn(seen(8, 2, 5, 10));
        assert!(by_batches > leaving && leaving > both && both > 10.0, "{leaving} {both}");
    }

    #[test]
    fn where_slots_decide_the_turn_comes_as_they_come_free() {
        let pace = seen(4, 0, 0, 60);
        let turn = pace.turn(&ahead(80.0, true)).unwrap();
        assert!((19.0..21.5).contains(&turn.ticks), "{turn:?}");
        let never_full = seen(4, 0, 0, 10);
        assert!(never_full.turn(&ahead(80.0, true)).is_none());
    }

    #[test]
    fn nothing_is_told_of_a_line_in_which_nothing_was_seen_and_none_is_sure_after_a_pause() {
        assert!(Pace::default().turn(&ahead(10.0, false)).is_none());
        let (mut pace, open) = (seen(8, 2, 5, 10), concert());
        let paused = Concert { paused: true, ..open.clone() };
        pace.change(&open, &Concert { title: "Another".to_owned(), ..open.clone() });
        assert!(pace.turn(&ahead(50.0, false)).is_some(), "a new title is no new pace");
        pace.change(&open, &paused);
        assert!(pace.turn(&ahead(50.0, false)).is_none());
        let now = START.plus_seconds(400);
        pace.depart(START, &open, Departure::Admitted { active: 1 }, now);
        let turn = pace.turn(&ahead(150.0, false)).unwrap();
        assert!(!turn.is_known && turn.ticks < 15.0, "{turn:?}");
    }

    #[test]
    fn what_is_told_late_counts_no_time_twice() {
        let mut pace = Pace::default();
        pace.count(10, START);
        pace.count(10, START.plus_seconds(20));
        let waited = pace.waited;
        pace.count(9, START.plus_seconds(10));
        pace.count(9, START.plus_seconds(20));
        assert!((pace.waited - waited).abs() < 1e-9);
    }
}
