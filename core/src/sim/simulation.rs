//! The simulation itself: what it is made of, time, and what happens next. What people do is in `acts`, and
//! what the world's events mean for them in `follow`.

use super::agenda::{Act, Agenda, Planned};
use super::arrivals::arrivals;
use super::crowd::{Person, concert_id, schedule_id};
use super::free_seats::FreeSeats;
use super::journal_hash::JournalHash;
use super::report::Sample;
use super::scenario::{Hall, Scenario, ScenarioError};
use super::story::Watch;
use super::tally::Tally;
use crate::audit::Audit;
use crate::command::Command;
use crate::concert::{Concert, Schedule};
use crate::outcome::Outcome;
use crate::rejection::Rejection;
use crate::seating::SeatNumbers;
use crate::time::Timestamp;
use crate::world::World;
use rustc_hash::FxHashMap;
use std::hint::black_box;

/// Seconds from the end of a scenario to the first performance.
const CONCERT_AFTER_SECONDS: u32 = 86_400;

/// Most people for whom the journal is replayed beside the world: every row is then kept twice.
const REPLAYED_PEOPLE_MAX: usize = 200_000;

/// A crowd that acts on a [`World`]: only the world decides.
///
/// Drive it with [`step`](Self::step) or [`run_until_millis`](Self::run_until_millis) until
/// [`is_done`](Self::is_done), and look in between; then [`report`](Self::report). Somebody at the screen may
/// take part with [`send`](Self::send).
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
    agenda: Agenda,
    /// Whether somebody would have acted after the end.
    cut_short: bool,
    /// The world's next deadline.
    pub(super) timeout: Option<u32>,
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
    pub(super) watch: Option<Watch>,
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
            // Some join twice.
            world: World::with_room(people + people / 16),
            now: 0,
            ends_at: scenario.duration_seconds * 1_000,
            arrivals,
            people: Vec::with_capacity(people),
            owners: Vec::with_capacity(people),
            agenda: Agenda::new(scenario.duration_seconds),
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
            watch: None,
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
            draining: false,
            notice: None,
            prequeue: None,
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

    /// Lets everything happen that happens before `millis` (from the start), or until the end; then that is
    /// the time.
    pub fn run_until_millis(&mut self, millis: u32) {
        let until = millis.min(self.ends_at);
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
        self.next_at_with(self.agenda.next_at())
    }

    fn next_at_with(&self, planned_at: Option<u32>) -> Option<u32> {
        let arrival = self.arrivals.get(self.people.len()).copied();
        [self.timeout, planned_at, arrival].into_iter().flatten().min()
    }

    /// One thing that happens before `until`; false if nothing does. At the same time the world comes first,
    /// then who is there, then who arrives.
    fn step_until(&mut self, until: u32) -> bool {
        let planned_at = self.agenda.next_at();
        let Some(at) = self.next_at_with(planned_at).filter(|at| *at < until) else { return false };
        self.pass_to(at);
        if self.timeout == Some(at) {
            self.handle_timeout();
        } else if planned_at == Some(at) {
            let people = &self.people;
            let planned = self.agenda.pop(|second| bring_near(people, second));
            self.act(planned.expect("something is next"));
        } else {
            self.arrive();
        }
        true
    }

    /// Does what the world has to do by now.
    pub(super) fn catch_up(&mut self) {
        while self.timeout.is_some_and(|at| at <= self.now) {
            self.handle_timeout();
        }
    }

    fn handle_timeout(&mut self) {
        self.mark_presence();
        self.world.handle_timeout(time(self.now));
        self.drain();
    }

    /// Up to when it is told: now; once it is done, the scenario's end if something would have happened after
    /// it.
    pub(super) fn told_until(&self) -> u32 {
        let goes_on = self.cut_short || self.next_at().is_some();
        if self.is_done() && goes_on { self.ends_at } else { self.now }
    }

    /// Time passes: the curve is sampled, and the line counted.
    fn pass_to(&mut self, at: u32) {
        while let Some(sample) = self.sample_due(self.curve.len(), at) {
            self.curve.push(sample);
        }
        self.tally.pass(at - self.now);
        self.now = at;
    }

    /// The sample that follows `taken` others, if time passes over its instant on the way to `at`.
    pub(super) fn sample_due(&self, taken: usize, at: u32) -> Option<Sample> {
        let every = self.scenario.sampled_every() * 1_000;
        let next = u32::try_from(taken as u64 * u64::from(every)).ok()?;
        let is_due = next <= self.ends_at && (next < at || next == 0);
        is_due.then(|| self.counts_at(next / 1_000))
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

    /// Carries out a command, and takes in what follows.
    pub(super) fn execute(&mut self, command: &Command) -> Result<Outcome, Rejection> {
        self.tally.counts.commands += 1;
        if let Some(recorded) = &mut self.recorded {
            recorded.push((time(self.now), command.clone()));
        }
        let answer = self.world.execute(command, time(self.now));
        if let Err(rejection) = &answer {
            self.tally.refused(rejection.code());
        }
        self.drain();
        answer
    }

    /// A person is going to act, unless the simulation ends before.
    pub(super) fn plan(&mut self, after_millis: u32, number: u32, act: Act) {
        let at = self.now.saturating_add(after_millis);
        if at < self.ends_at {
            let joins = self.people[number as usize].joins;
            self.agenda.plan(Planned { at, number, joins, act });
        } else {
            self.cut_short = true;
        }
    }
}

/// Has those who act in a second read at once: a processor then waits for its memory once, and not at each.
fn bring_near(people: &[Person], second: &[Planned]) {
    let joins = second.iter().map(|planned| u32::from(people[planned.number as usize].joins));
    black_box(joins.sum::<u32>());
}

/// A time of the simulation, which begins at 1970-01-01T00:00:00Z.
pub(super) fn time(millis: u32) -> Timestamp {
    Timestamp::from_millis(i64::from(millis))
}
