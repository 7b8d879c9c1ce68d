//! A state that has only what its commands need decides as one that has every row: what is not loaded
//! never looks like what does not exist.

use crate::config;
use crate::loader::{Limits, Loader, Plan};
use crate::names::START;
use crate::reference::{Reference, Story};
use crate::store::Store;
use crate::transitions::{Action, Told, Transition};
use frontrow_core::{Command, Timestamp, World};
use proptest::prelude::*;
use proptest::sample::select;
use proptest_state_machine::ReferenceStateMachine;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Most commands that a host decides together.
const BATCH_COMMANDS_MAX: usize = 6;

/// How much of the line is loaded at once. Active tickets are loaded as they are asked for: a tick that
/// loads fewer than are due goes on in more parts, and `long_ticks` looks at those.
fn limits() -> impl Strategy<Value = Limits> {
    prop_oneof![2 => 1..4_u32, 1 => Just(u32::MAX)]
        .prop_map(|waiting| Limits { waiting, ..Limits::NONE })
}

/// A world with every row, and a store from which partial states are filled.
struct Twins {
    world: World,
    store: Store,
    clock: Timestamp,
}

impl Twins {
    fn begin(story: &Story) -> Self {
        let mut twins = Self { world: World::new(), store: Store::default(), clock: START };
        let commands: Vec<&Command> = story.setup.iter().collect();
        twins.decide(&commands, Plan::Anew, Limits::NONE);
        twins
    }

    /// Tells a part of a story: time passes first, then all its commands are one batch.
    fn tell(&mut self, transitions: &[Transition], plan: Plan, limits: Limits) {
        let mut clock = self.clock;
        let mut commands = Vec::new();
        for transition in transitions {
            clock = clock.plus_millis(transition.step).max(clock);
            match &transition.action {
                Action::Execute(command) if self.brings_a_fresh_id(command) => {
                    commands.push(command);
                }
                Action::Seen(ticket_id) => {
                    self.world.mark_seen(*ticket_id, clock);
                    self.store.seen.insert(*ticket_id, clock);
                }
                _ => {}
            }
        }
        self.clock = clock;
        self.decide(&commands, plan, limits);
    }

    /// Ids that only a complete state (or a store) finds to be taken.
    fn brings_a_fresh_id(&self, command: &Command) -> bool {
        match command {
            Command::Join { ticket_id, .. } => !self.store.tickets.contains_key(ticket_id),
            Command::Hold { reservation_id, .. } => {
                !self.store.reservations.contains_key(reservation_id)
            }
            Command::Charge { transfer_id: id, .. }
            | Command::Pay { payment_id: id, .. }
            | Command::Withdraw { refund_id: id, .. } => {
                self.store.ledger.iter().all(|transfer| transfer.id != *id)
            }
            _ => true,
        }
    }

    fn decide(&mut self, commands: &[&Command], plan: Plan, limits: Limits) {
        let loader = Loader { store: &self.store, now: self.clock, limits };
        let (state, decisions) = loader.decide_batch(commands, plan);
        for (command, decision) in commands.iter().zip(decisions) {
            let answer = self.world.execute(command, self.clock);
            let events: Vec<_> = std::iter::from_fn(|| self.world.poll_event()).collect();
            let told = Told(command);
            assert_eq!(decision.outcome, answer, "{told} at {}: answer", self.clock);
            assert_eq!(decision.events.to_vec(), events, "{told} at {}: events", self.clock);
        }
        self.store.write(state);
        self.store.assert_same(self.world.state());
    }
}

type ByHand = Reference<false>;

proptest! {
    #![proptest_config(config(300))]

    /// A batch that needs more is decided anew from what is loaded.
    #[test]
    fn a_partial_state_decides_as_a_complete_one(
        (story, transitions, seen) in ByHand::sequential_strategy(1..100),
        limits in limits(),
    ) {
        told_in_batches(&story, &transitions, Plan::Anew, limits, seen.as_deref());
    }

    /// A batch that needs more goes on where it was, on a state that events have moved.
    #[test]
    fn a_partial_state_may_be_filled_in_the_middle_of_a_batch(
        (story, transitions, seen) in ByHand::sequential_strategy(1..100),
        plan in select(vec![Plan::Gathered, Plan::AsDecided]),
        limits in limits(),
    ) {
        told_in_batches(&story, &transitions, plan, limits, seen.as_deref());
    }
}

/// Tells a story batch by batch: what happens at one instant is decided together. `seen` counts what
/// was told, so that shrinking leaves out the rest.
fn told_in_batches(
    story: &Story,
    transitions: &[Transition],
    plan: Plan,
    limits: Limits,
    seen: Option<&AtomicUsize>,
) {
    let mut twins = Twins::begin(story);
    for instant in transitions.chunk_by(|_, next| next.step == 0) {
        for batch in instant.chunks(BATCH_COMMANDS_MAX) {
            if let Some(seen) = seen {
                seen.fetch_add(batch.len(), Ordering::SeqCst);
            }
            twins.tell(batch, plan, limits);
        }
    }
}
