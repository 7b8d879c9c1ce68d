//! The reference state machine: the model, and what it last answered.

use crate::model::{Answer, Model};
use crate::names::START;
use crate::strategies;
use crate::transitions::{Action, Drive, Told, Transition};
use frontrow_core::{Command, Timestamp};
use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;
use std::fmt;

/// More deadlines than a story can have at once.
const DEADLINES_MAX: u32 = 10_000;

/// How far a story has got.
#[derive(Clone)]
pub struct Story {
    /// What was there before it began.
    pub setup: Vec<Command>,
    pub model: Model,
    /// What the clock shows; a clock that was set back shows less than the latest time handed in.
    pub clock: Timestamp,
    /// What the last command must be answered, if there was one.
    pub expected: Option<Answer>,
    /// The number that names the next new thing.
    pub next_id: u128,
}

impl fmt::Debug for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "at {START}")?;
        self.setup.iter().try_for_each(|command| writeln!(f, "    {}", Told(command)))
    }
}

impl Story {
    /// A story that begins with these commands done.
    pub fn after(setup: Vec<Command>) -> Self {
        let mut model = Model::default();
        for command in &setup {
            model.execute(command, START).expect("the setup is sound");
        }
        Self { setup, model, clock: START, expected: None, next_id: 100 }
    }

    /// One line more.
    pub fn tell(&mut self, transition: &Transition) {
        self.next_id += 1;
        self.clock = self.clock.plus_millis(transition.step);
        match transition.drive {
            Drive::ByHand => {}
            Drive::OnTime => self.run_timers_on_time(),
            Drive::Late => self.model.handle_timeout(self.clock),
        }
        self.expected = None;
        match &transition.action {
            Action::Execute(command) => {
                self.expected = Some(self.model.execute(command, self.clock));
            }
            Action::Seen(ticket_id) => self.model.mark_seen(*ticket_id, self.clock),
            Action::Served => self.model.served_since = self.clock,
            Action::Nothing => {}
        }
    }

    fn run_timers_on_time(&mut self) {
        for _ in 0..DEADLINES_MAX {
            match self.model.next_due() {
                Some(due) if due <= self.clock => self.model.handle_timeout(due),
                _ => return self.model.handle_timeout(self.clock),
            }
        }
        panic!("the model's deadlines never end");
    }
}

/// Stories in which commands tick and expire; or, if `TIMED`, the world's own timers.
pub struct Reference<const TIMED: bool>;

impl<const TIMED: bool> ReferenceStateMachine for Reference<TIMED> {
    type State = Story;
    type Transition = Transition;

    fn init_state() -> BoxedStrategy<Story> {
        strategies::setup().prop_map(Story::after).boxed()
    }

    fn transitions(story: &Story) -> BoxedStrategy<Transition> {
        strategies::transition(story, TIMED)
    }

    fn apply(mut story: Story, transition: &Transition) -> Story {
        story.tell(transition);
        story
    }
}
