//! The simulation itself: time, what happens next, and what the world's events mean for people. What people
//! do is in `acts`.

use super::arrivals::arrivals;
use super::crowd::{NONE, Person, Stage, concert_id, number_of, schedule_id};
use super::free_seats::FreeSeats;
use super::journal_hash::JournalHash;
use super::random::{Purpose, Random};
use super::report::Sample;
use super::scenario::{Hall, Scenario, ScenarioError};
use super::tally::Tally;
use crate::audit::Audit;
use crate::command::Command;
use crate::concert::{Concert, Schedule};
use crate::event::{Event, EventKind, ExpiryCause};
use crate::outcome::Outcome;
use crate::rejection::Rejection;
use crate::seating::SeatNumbers;
use crate::time::Timestamp;
use crate::world::World;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Seconds from the end of a scenario to the first performance.
const CONCERT_AFTER_SECONDS: u32 = 86_400;
/// Longest time from being let in to noticing it: polls are a second apart when one's turn is near.
const NOTICE_MILLIS: u32 = 1_000;
/// Longest time until somebody in line notices that all is sold: polls are at most a minute apart.
const SOLD_OUT_NOTICE_MILLIS: u32 = 60_000;

/// Most people for whom the journal is replayed beside the world: every row is then kept twice.
const REPLAYED_PEOPLE_MAX: usize = 200_000;

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

/// A crowd that acts on a [`World`]: only the world decides.
///
/// Drive it with [`step`](Self::step) or [`run_until`](Self::run_until) until [`is_done`](Self::is_done), and
/// look in between; then [`report`](Self::report).
#[derive(Debug)]
pub struct Simulation {
    pub(super) scenario: Scenario,
    pub(super) world: World,
    pub(super) now: u32,
    ends_at: u32,
    arrivals: Vec<u32>,
    pub(super) people: Vec<Person>,
    /// The person behind each ticket.
    pub(super) owners: Vec<u32>,
    agenda: BinaryHeap<Reverse<(u32, u32, u32, Act)>>,
    /// Orders what happens at the same time.
    sequence: u32,
    /// Whether somebody would have acted after the end.
    cut_short: bool,
    /// The world's next deadline.
    timeout: Option<u32>,
    pub(super) halls: Vec<FreeSeats>,
    /// The seats that people are about to ask for, by ticket.
    pub(super) eyed: FxHashMap<u32, (u32, SeatNumbers)>,
    pub(super) tally: Tally,
    pub(super) reservations: u32,
    pub(super) transfers: u32,
    pub(super) hash: JournalHash,
    pub(super) audit: Audit,
    pub(super) curve: Vec<Sample>,
    recorded: Option<Vec<(Timestamp, Command)>>,
}

impl Simulation {
    /// A simulation in which nothing has happened yet. The same scenario gives the same one.
    pub fn new(scenario: &Scenario) -> Result<Self, ScenarioError> {
        let mut simulation = Self::empty(scenario)?;
        simulation.open_house()?;
        Ok(simulation)
    }

    fn empty(scenario: &Scenario) -> Result<Self, ScenarioError> {
        scenario.validate()?;
        let arrivals = arrivals(scenario);
        let people = arrivals.len();
        Ok(Self {
            scenario: scenario.clone(),
            world: World::new(),
            now: 0,
            ends_at: scenario.duration_seconds * 1_000,
            arrivals,
            people: Vec::with_capacity(people),
            owners: Vec::with_capacity(people),
            agenda: BinaryHeap::new(),
            sequence: 0,
            cut_short: false,
            timeout: None,
            halls: Vec::new(),
            eyed: FxHashMap::default(),
            tally: Tally::default(),
            reservations: 0,
            transfers: 0,
            hash: JournalHash::default(),
            audit: if people <= REPLAYED_PEOPLE_MAX {
                Audit::new()
            } else {
                Audit::without_replay()
            },
            curve: Vec::new(),
            recorded: None,
        })
    }

    /// Creates the concert and its halls.
    fn open_house(&mut self) -> Result<(), ScenarioError> {
        let scenario = &self.scenario;
        let concert = Concert {
            id: concert_id(),
            title: "Simulation".to_owned(),
            sale_opens_at: time(scenario.sale_opens_at_second * 1_000),
            admission: scenario.admission,
            holds: scenario.holds,
            paused: false,
            closed: false,
            created_at: time(0),
        };
        let starts_at = time(self.ends_at).plus_seconds(CONCERT_AFTER_SECONDS);
        let schedules = (0..).zip(&scenario.halls).map(|(number, hall): (u32, &Hall)| Schedule {
            id: schedule_id(number),
            concert_id: concert_id(),
            starts_at,
            venue: format!("Hall {}", number + 1),
            sections: hall.sections.clone(),
        });
        let schedules: Vec<Schedule> = schedules.collect();
        self.halls = schedules.iter().map(FreeSeats::new).collect();
        let refused = |path: &str| {
            let path = path.to_owned();
            move |rejection: Rejection| ScenarioError { path, reason: rejection.to_string() }
        };
        self.execute(&Command::CreateConcert { concert }).map_err(refused("admission"))?;
        for schedule in schedules {
            self.execute(&Command::AddSchedule { schedule }).map_err(refused("halls"))?;
        }
        Ok(())
    }

    /// Lets at most `steps` things happen: somebody acts, or the world's time has come. Less if it is done.
    pub fn step(&mut self, steps: u32) {
        for _ in 0..steps {
            if !self.step_until(self.ends_at) {
                return;
            }
        }
    }

    /// Lets everything happen that happens before `second`, or until the end.
    pub fn run_until(&mut self, second: u32) {
        let until = second.saturating_mul(1_000).min(self.ends_at);
        while self.step_until(until) {}
        self.pass_to(until.max(self.now));
    }

    /// Whether nothing is left to happen before the scenario's end.
    pub fn is_done(&self) -> bool {
        self.next_at().is_none_or(|at| at >= self.ends_at)
    }

    /// How much of the scenario's time has passed, 0 to 1,000; 1,000 once it is done.
    pub fn progress(&self) -> u32 {
        if self.is_done() {
            return 1_000;
        }
        let passed = u64::from(self.now) * 1_000 / u64::from(self.ends_at);
        u32::try_from(passed).unwrap_or(1_000)
    }

    /// As [`new`](Self::new), and keeps every command with its time, so that another host can be given them.
    pub fn recording(scenario: &Scenario) -> Result<Self, ScenarioError> {
        let mut simulation = Self::empty(scenario)?;
        simulation.recorded = Some(Vec::new());
        simulation.open_house()?;
        Ok(simulation)
    }

    /// Takes what was recorded.
    pub fn take_recorded(&mut self) -> Vec<(Timestamp, Command)> {
        self.recorded.take().unwrap_or_default()
    }

    fn next_at(&self) -> Option<u32> {
        let act = self.agenda.peek().map(|Reverse((at, ..))| *at);
        let arrival = self.arrivals.get(self.people.len()).copied();
        [self.timeout, act, arrival].into_iter().flatten().min()
    }

    /// One thing that happens before `until`; false if nothing does. At the same time the world comes first,
    /// then who is there, then who arrives.
    fn step_until(&mut self, until: u32) -> bool {
        let Some(at) = self.next_at().filter(|at| *at < until) else { return false };
        self.pass_to(at);
        if self.timeout == Some(at) {
            self.mark_presence();
            self.world.handle_timeout(time(at));
            self.drain();
        } else if self.agenda.peek().is_some_and(|Reverse((due, ..))| *due == at) {
            if let Some(Reverse((_, _, subject, act))) = self.agenda.pop() {
                self.act(subject, act);
            }
        } else {
            self.arrive();
        }
        true
    }

    /// Time passes to the scenario's end if something would have happened after it.
    pub(super) fn finish(&mut self) {
        if self.is_done() && (self.cut_short || self.next_at().is_some()) {
            self.pass_to(self.ends_at.max(self.now));
        }
    }

    /// Time passes: the curve is sampled, and the line counted.
    fn pass_to(&mut self, at: u32) {
        let every = self.scenario.sampled_every() * 1_000;
        while let Ok(next) = u32::try_from(self.curve.len() as u64 * u64::from(every))
            && next <= at
            && next <= self.ends_at
            && (next < at || next == 0)
        {
            self.curve.push(self.counts_at(next / 1_000));
        }
        self.tally.pass(at - self.now);
        self.now = at;
    }

    pub(super) fn counts_at(&self, at_second: u32) -> Sample {
        let Tally { waiting, active, held, sold, .. } = self.tally;
        Sample { at_second, came: self.people.len() as u64, waiting, active, held, sold }
    }

    fn arrive(&mut self) {
        let number = u32::try_from(self.people.len()).expect("people are limited");
        self.people.push(Person::new(&self.scenario, number));
        self.join(number);
    }

    /// Sends a person's command, and takes in what follows.
    pub(super) fn execute(&mut self, command: &Command) -> Result<Outcome, Rejection> {
        self.tally.counts.commands += 1;
        if let Some(recorded) = &mut self.recorded {
            recorded.push((time(self.now), command.clone()));
        }
        let answer = self.world.execute(command, time(self.now));
        if let Err(rejection) = &answer {
            *self.tally.refusals.entry(rejection.code()).or_default() += 1;
        }
        self.drain();
        answer
    }

    /// Somebody is going to act, unless the simulation ends before.
    pub(super) fn plan(&mut self, after_millis: u32, subject: u32, act: Act) {
        let at = self.now.saturating_add(after_millis);
        if at < self.ends_at {
            self.agenda.push(Reverse((at, self.sequence, subject, act)));
            self.sequence += 1;
        } else {
            self.cut_short = true;
        }
    }

    /// Who will be looked at in this tick, and is still there, has been polling all the while: their presence
    /// is told the world only now, when it matters.
    fn mark_presence(&mut self) {
        let policy = &self.scenario.admission;
        let opens_at = self.scenario.sale_opens_at_second * 1_000;
        let since_opening = self.now.checked_sub(opens_at);
        let is_tick = since_opening.is_some_and(|m| m % (policy.interval_seconds * 1_000) == 0);
        if policy.lapse_seconds == 0 || !is_tick {
            return;
        }
        let Some(index) = self.world.state().indexes.get(&concert_id()) else { return };
        let now = time(self.now);
        let due = index.active.iter().take_while(|(expires_at, _)| *expires_at <= now).count();
        let cap = policy.max_active.map_or(usize::MAX, |cap| cap as usize);
        let free = cap.saturating_sub(index.active.len() - due);
        let quota = free.min(policy.batch_size as usize);
        let (mut present, mut found) = (Vec::new(), 0);
        for ticket_id in index.waiting.values() {
            if found >= quota {
                break;
            }
            let ticket = number_of(ticket_id.0);
            let person = &self.people[self.owners[ticket as usize] as usize];
            if person.ticket == ticket && person.stage == Stage::Waiting {
                found += 1;
                // Joining was being seen; later is not later than needed.
                if self.now - person.joined_at >= policy.lapse_seconds * 1_000 {
                    present.push(*ticket_id);
                }
            }
        }
        for ticket_id in present {
            self.world.mark_seen(ticket_id, time(self.now));
        }
    }

    /// Takes in what happened in the world.
    fn drain(&mut self) {
        while let Some(event) = self.world.poll_event() {
            self.hash.read(&event);
            self.audit.read(&event);
            self.tally.read(&event.kind);
            self.take_in(&event);
        }
        let next = self.world.poll_timeout();
        self.timeout = next.map(|at| u32::try_from(at.as_millis()).unwrap_or(NONE));
    }

    /// What an event means for people.
    fn take_in(&mut self, event: &Event) {
        match &event.kind {
            EventKind::TicketAdmitted { ticket_id, .. } => self.let_in(number_of(ticket_id.0)),
            EventKind::TicketExpired { ticket_id, cause, .. } => {
                let ticket = number_of(ticket_id.0);
                if *cause == ExpiryCause::NoShow {
                    self.left_line(ticket);
                }
                self.expired(ticket, *cause);
            }
            EventKind::SeatsHeld { schedule_id, seats, .. } => {
                self.set_seats(number_of(schedule_id.0), seats, false);
            }
            EventKind::ReservationReleased { schedule_id, seats, .. } => {
                self.set_seats(number_of(schedule_id.0), seats, true);
            }
            EventKind::ReservationExpired { reservation_id } => {
                if let Some(row) = self.world.state().reservations().get(*reservation_id) {
                    let (hall, seats) = (number_of(row.schedule_id.0), row.seats.clone());
                    self.tally.lapsed(&seats);
                    self.set_seats(hall, &seats, true);
                }
            }
            EventKind::SoldOutChanged { sold_out: true, .. } => {
                self.tally.sold_out_at.get_or_insert(self.now);
                self.tell_sold_out();
            }
            _ => {}
        }
    }

    fn set_seats(&mut self, hall: u32, seats: &SeatNumbers, is_free: bool) {
        for seat in seats {
            self.halls[hall as usize].set(*seat, is_free);
        }
    }

    /// A ticket is in line no more.
    pub(super) fn left_line(&mut self, ticket: u32) {
        let joined_at = self.joined_at(ticket);
        self.tally.left_line(self.now - joined_at);
    }

    /// When a ticket was issued: its person may have another one by now.
    pub(super) fn joined_at(&self, ticket: u32) -> u32 {
        let row = self.world.state().tickets().get(super::crowd::ticket_id(ticket));
        let at = row.map_or(0, |row| row.issued_at.as_millis());
        u32::try_from(at).unwrap_or(NONE)
    }

    fn let_in(&mut self, ticket: u32) {
        self.left_line(ticket);
        let number = self.owners[ticket as usize];
        let person = &mut self.people[number as usize];
        if person.ticket != ticket || person.stage != Stage::Waiting {
            return;
        }
        person.stage = Stage::Active;
        person.admitted_at = self.now;
        let (wait, quoted) = (self.now - person.joined_at, person.quoted_seconds);
        let seed = self.scenario.seed;
        let mut random = person.random(seed, Purpose::Noticing, number);
        let notice = if person.is_bot { NOTICE_MILLIS / 10 } else { NOTICE_MILLIS };
        let after = random.below(notice);
        self.tally.waited(wait, quoted);
        self.plan(after, ticket, Act::Look);
    }

    /// Everybody in line hears it at their next poll.
    fn tell_sold_out(&mut self) {
        let Some(index) = self.world.state().indexes.get(&concert_id()) else { return };
        let tickets: Vec<u32> = index.waiting.values().map(|id| number_of(id.0)).collect();
        let seed = self.scenario.seed;
        for ticket in tickets {
            let mut random = Random::new(seed, Purpose::Noticing, ticket, NONE);
            self.plan(random.below(SOLD_OUT_NOTICE_MILLIS), ticket, Act::HearSoldOut);
        }
    }
}

/// A time of the simulation, which begins at 1970-01-01T00:00:00Z.
pub(super) fn time(millis: u32) -> Timestamp {
    Timestamp::from_millis(i64::from(millis))
}
