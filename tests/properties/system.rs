//! The system under test: a world, with everything that it said happened.

use crate::assertions::assert_same;
use crate::config;
use crate::in_passes::audited_in_every_way;
use crate::invariants;
use crate::model::{Answer, MALFORMED};
use crate::names::START;
use crate::reference::{Reference, Story};
use crate::transitions::{Action, Drive, Transition};
use frontrow_core::{Event, Rejection, Timestamp, World};
use proptest_state_machine::{StateMachineTest, prop_state_machine};

/// A world and its journal.
pub struct System {
    world: World,
    journal: Vec<Event>,
    clock: Timestamp,
}

impl System {
    fn begin(story: &Story) -> Self {
        let mut world = World::new();
        for command in &story.setup {
            world.execute(command, START).expect("the setup is sound");
        }
        let mut system = Self { world, journal: Vec::new(), clock: START };
        system.drain();
        system
    }

    fn drain(&mut self) -> usize {
        let known = self.journal.len();
        self.journal.extend(std::iter::from_fn(|| self.world.poll_event()));
        self.journal.len() - known
    }

    fn perform(&mut self, transition: &Transition) -> Option<Answer> {
        self.clock = self.clock.plus_millis(transition.step);
        match transition.drive {
            Drive::ByHand => {}
            Drive::OnTime => {
                while let Some(at) = self.world.poll_timeout().filter(|at| *at <= self.clock) {
                    self.handle_timeout(at);
                }
                // A world may be woken before anything is due; then this is what moves its time on.
                self.handle_timeout(self.clock);
            }
            Drive::Late => self.handle_timeout(self.clock),
        }
        let mut answer = None;
        match &transition.action {
            Action::Execute(command) => {
                answer = Some(normal(self.world.execute(command, self.clock)));
            }
            Action::Seen(ticket_id) => self.world.mark_seen(*ticket_id, self.clock),
            Action::Served => self.world.set_served_since(self.clock),
            Action::Nothing => {}
        }
        self.drain();
        answer
    }

    /// Nothing happens before the time that `poll_timeout` tells, and everything that is due at it.
    fn handle_timeout(&mut self, now: Timestamp) {
        let due = self.world.poll_timeout();
        self.world.handle_timeout(now);
        let happened = self.drain();
        let now = self.journal.last().map_or(now, |event| event.at.max(now));
        if due.is_none_or(|due| due > now) {
            assert_eq!(happened, 0, "handle_timeout at {now} did something before {due:?}");
        }
        let next = self.world.poll_timeout();
        assert!(next.is_none_or(|at| at > now), "{next:?} is due after handle_timeout at {now}");
    }

    fn check(&mut self, story: &Story) {
        let now = story.model.now;
        let state = self.world.state();
        assert_same(&self.world, &story.model);
        invariants::seat_has_one_owner(state, now);
        invariants::free_held_sold_sum_to_total(state, now);
        invariants::active_at_most_cap(&self.journal);
        invariants::admitted_per_tick_at_most_batch(&self.journal);
        invariants::no_overtaking(&self.journal);
        invariants::money_sums_to_zero(state);
        invariants::wallet_never_negative(state);
        invariants::sold_seat_has_one_payment(state);
        invariants::payment_consumed_one_ticket(state);
        invariants::journal_replays_to_rows(&self.journal, state);
        if let Some(due) = story.model.next_due() {
            let told = self.world.poll_timeout();
            assert!(told.is_some_and(|told| told <= due), "due at {due}, but told {told:?}");
        }
    }
}

/// What is wrong with a malformed command is for developers; that it is wrong is the rule.
fn normal(answer: Answer) -> Answer {
    if let Err(Rejection::MalformedRequest { errors }) = &answer {
        assert!(!errors.is_empty(), "a malformed command is told what is wrong");
        return Err(MALFORMED);
    }
    answer
}

struct Machine<const TIMED: bool>;

impl<const TIMED: bool> StateMachineTest for Machine<TIMED> {
    type SystemUnderTest = System;
    type Reference = Reference<TIMED>;

    fn init_test(story: &Story) -> System {
        let mut system = System::begin(story);
        system.check(story);
        system
    }

    fn apply(mut system: System, story: &Story, transition: Transition) -> System {
        let answer = system.perform(&transition);
        assert_eq!(answer, story.expected, "the answer (left) is not what the rules say (right)");
        system.check(story);
        system
    }

    fn teardown(system: System, _: Story) {
        let told = serde_json::to_string(&system.journal).expect("events are JSON");
        let heard: Vec<Event> = serde_json::from_str(&told).expect("what was told can be read");
        assert_eq!(heard, system.journal, "the journal survives its JSON");
        let report = audited_in_every_way(&system.journal, system.world.state(), system.clock);
        assert!(report.ok, "every invariant holds: {report:#?}");
    }
}

type ByHand = Machine<false>;
type ByTimers = Machine<true>;

prop_state_machine! {
    #![proptest_config(config(300))]

    /// Commands tick and expire, at any time or never.
    #[test]
    fn the_world_answers_and_stands_as_the_rulebook_says(sequential 1..100 => ByHand);

    /// The world's own timers tick and expire, on time, late or never.
    #[test]
    fn the_world_left_to_its_timers_stands_as_the_rulebook_says(sequential 1..100 => ByTimers);
}
