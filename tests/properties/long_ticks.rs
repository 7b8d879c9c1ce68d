//! Ticks that touch more tickets than one decision may: they go on in parts, under the same tick.

use crate::assertions::assert_same_rows;
use crate::invariants;
use crate::loader::{Limits, Loader, Plan};
use crate::model::Model;
use crate::names::{self, START};
use crate::store::Store;
use crate::{config, slow_config};
use frontrow_core::concert::{AdmissionChange, Concert, ConcertChange, Schedule, Section};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy, TICK_CHUNK};
use frontrow_core::queue::Ticket;
use frontrow_core::seating::Choice;
use frontrow_core::{Amount, Command, Event, Outcome, TicketId, Timestamp, World};
use proptest::prelude::*;

/// Parts that no tick of these crowds needs.
const PARTS_MAX: u32 = 5_000;

/// A crowd that joins together. The first tick lets some in, whose time then runs out; at the second
/// one most others may be gone.
#[derive(Debug, Clone)]
struct Crowd {
    people: u32,
    /// One of so many is there to be seen before the second tick; 0 is nobody.
    seen_one_of: u32,
    /// Policy at the first tick, and at the second.
    batch_sizes: [u32; 2],
    max_active: Option<u32>,
}

/// Crowds about this many times as large as one part may touch.
fn crowd(unit: u32) -> impl Strategy<Value = Crowd> {
    let near = move || prop_oneof![1..unit * 3, Just(unit), Just(unit + 1)];
    let cap = proptest::option::weighted(0.3, near());
    (1..unit * 2, near(), near(), near(), 0..4_u32, cap).prop_map(
        |(more, people, first, second, seen_one_of, max_active)| Crowd {
            people: people + more,
            seen_one_of,
            batch_sizes: [first, second],
            max_active,
        },
    )
}

impl Crowd {
    const LAPSED: Timestamp = START.plus_seconds(20);

    fn setup(&self) -> Vec<Command> {
        let concert = Concert {
            id: names::concert(1),
            title: "Concert".to_owned(),
            sale_opens_at: START,
            admission: AdmissionPolicy {
                interval_seconds: 10,
                batch_size: self.batch_sizes[0],
                active_seconds: 5,
                max_active: self.max_active,
                lapse_seconds: 10,
                inventory_aware: false,
            },
            holds: HoldPolicy::default(),
            paused: false,
            closed: false,
            draining: false,
            notice: None,
            prequeue: None,
            created_at: START,
        };
        let joins = (1..=u128::from(self.people)).map(|number| Command::Join {
            ticket_id: names::ticket(number),
            concert_id: names::concert(1),
            user_id: names::user(number),
        });
        std::iter::once(Command::CreateConcert { concert }).chain(joins).collect()
    }

    fn second_policy(&self) -> Command {
        let batch_size = Some(self.batch_sizes[1]);
        changed(AdmissionChange { batch_size, ..AdmissionChange::default() })
    }

    fn seen(&self) -> impl Iterator<Item = TicketId> {
        let one_of = self.seen_one_of;
        let there = move |number: &u32| one_of > 0 && number.is_multiple_of(one_of);
        (1..=self.people).filter(there).map(|number| names::ticket(u128::from(number)))
    }
}

fn changed(admission: AdmissionChange) -> Command {
    let change = ConcertChange { admission: Some(admission), ..ConcertChange::default() };
    Command::UpdateConcert { concert_id: names::concert(1), change }
}

fn small_hall() -> Schedule {
    let section = Section {
        name: "R".to_owned(),
        rows: 1,
        seats_per_row: 5,
        price: Amount::new(1).expect("one is an amount"),
    };
    Schedule {
        id: names::schedule(1),
        concert_id: names::concert(1),
        starts_at: START.plus_seconds(3_600),
        venue: "Hall".to_owned(),
        sections: vec![section],
    }
}

fn tick() -> Command {
    Command::Tick { concert_id: names::concert(1), served_since: Timestamp::MIN }
}

fn goes_on(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Ticked { more: true, .. })
}

fn check_journal(journal: &[Event]) {
    invariants::active_at_most_cap(journal);
    invariants::admitted_per_tick_at_most_batch(journal);
    invariants::no_overtaking(journal);
}

/// Ticks a world until the tick is done, and compares each part with the model's.
fn tick_through(world: &mut World, model: &mut Model, now: Timestamp) {
    for _ in 0..PARTS_MAX {
        let outcome = model.execute(&tick(), now);
        assert_eq!(world.execute(&tick(), now), outcome, "a part of the tick at {now}");
        let outcome = outcome.expect("the concert is there");
        if let Outcome::Ticked { admitted, skipped, expired, .. } = outcome {
            assert!(admitted + skipped + expired <= TICK_CHUNK, "a part is too long");
        }
        assert_same_rows(world.state(), model);
        if !goes_on(&outcome) {
            return;
        }
    }
    panic!("the tick never ends");
}

/// Ticks a store, each part on a partial state of its own; what happened.
fn tick_store(store: &mut Store, limits: Limits, now: Timestamp) -> Vec<Event> {
    let mut journal = Vec::new();
    for _ in 0..PARTS_MAX {
        let loader = Loader { store, now, limits };
        let (state, decisions) = loader.decide_batch(&[&tick()], Plan::AsDecided);
        store.write(state);
        let [decision] = decisions.try_into().expect("one command, one decision");
        journal.extend(decision.events);
        if !goes_on(&decision.outcome.expect("the concert is there")) {
            return journal;
        }
    }
    panic!("the tick never ends");
}

proptest! {
    #![proptest_config(slow_config(12))]

    #[test]
    fn a_long_tick_goes_on_in_parts_as_the_rulebook_says(crowd in crowd(TICK_CHUNK)) {
        let (mut world, mut model) = (World::new(), Model::default());
        for command in crowd.setup() {
            prop_assert_eq!(world.execute(&command, START), model.execute(&command, START));
        }
        tick_through(&mut world, &mut model, START);
        let change = crowd.second_policy();
        prop_assert_eq!(world.execute(&change, START), model.execute(&change, START));
        for ticket_id in crowd.seen() {
            world.mark_seen(ticket_id, Crowd::LAPSED);
            model.mark_seen(ticket_id, Crowd::LAPSED);
        }
        tick_through(&mut world, &mut model, Crowd::LAPSED);
        let journal: Vec<Event> = std::iter::from_fn(|| world.poll_event()).collect();
        check_journal(&journal);
        invariants::journal_replays_to_rows(&journal, world.state());
    }
}

proptest! {
    #![proptest_config(config(150))]

    /// However little of the active tickets is loaded at once, the same people are let in.
    #[test]
    fn a_tick_in_small_parts_ends_as_a_whole_one(
        crowd in crowd(8),
        waiting in 1..5_u32,
        expiring in 1..10_u32,
    ) {
        let mut world = World::new();
        let mut store = Store::default();
        let limits = Limits { waiting, expiring };
        for command in crowd.setup() {
            let loader = Loader { store: &store, now: START, limits };
            let (state, decisions) = loader.decide_batch(&[&command], Plan::AsDecided);
            store.write(state);
            prop_assert_eq!(&decisions[0].outcome, &world.execute(&command, START));
        }
        let mut journal: Vec<Event> = std::iter::from_fn(|| world.poll_event()).collect();
        for now in [START, Crowd::LAPSED] {
            while goes_on(&world.execute(&tick(), now).expect("the concert is there")) {}
            journal.extend(tick_store(&mut store, limits, now));
            check_journal(&journal);
            let rows: Vec<_> = store.tickets.values().map(|row| &row.value).collect();
            let mut whole: Vec<_> = world.state().tickets().iter().map(|(_, row)| row).collect();
            whole.sort_by_key(|ticket| ticket.id);
            prop_assert_eq!(rows, whole);
            let concert_id = names::concert(1);
            let whole = world.state().queues().get(concert_id).expect("the queue is there");
            prop_assert_eq!(&store.queues[&concert_id].value, whole);
            for ticket_id in crowd.seen() {
                world.mark_seen(ticket_id, Crowd::LAPSED);
                store.seen.insert(ticket_id, Crowd::LAPSED);
            }
        }
    }
}

/// Three of four active tickets have run out, and only one of them is loaded at a time. That the fourth,
/// which lives, is loaded too (it takes a hold in the same batch) says nothing of those between.
#[test]
fn a_live_ticket_hides_no_lapsed_one_that_is_not_loaded() {
    let crowd = Crowd { people: 7, seen_one_of: 1, batch_sizes: [3, 3], max_active: Some(4) };
    let (mut world, mut store) = (World::new(), Store::default());
    let limits = Limits { waiting: 2, expiring: 1 };
    let mut batch = |now, commands: &[Command]| {
        let commands: Vec<&Command> = commands.iter().collect();
        let loader = Loader { store: &store, now, limits };
        let (state, _) = loader.decide_batch(&commands, Plan::AsDecided);
        store.write(state);
        tick_store(&mut store, limits, now);
        for command in commands {
            world.execute(command, now).expect("the story is sound");
        }
    };
    let patient = AdmissionChange {
        lapse_seconds: Some(0),
        active_seconds: Some(60),
        ..AdmissionChange::default()
    };
    let mut setup = crowd.setup();
    setup.extend([Command::AddSchedule { schedule: small_hall() }, changed(patient), tick()]);
    batch(START, &setup);
    batch(START.plus_seconds(10), &[tick()]);
    let hold = Command::Hold {
        reservation_id: names::reservation(1),
        schedule_id: names::schedule(1),
        ticket_id: names::ticket(4),
        user_id: names::user(4),
        choice: Choice::Best { count: 1, section: None },
    };
    batch(START.plus_seconds(65), &[hold, tick()]);

    let states = |tickets: Vec<&Ticket>| -> Vec<_> {
        let mut tickets = tickets;
        tickets.sort_by_key(|ticket| ticket.number);
        tickets.into_iter().map(|ticket| (ticket.number, ticket.state)).collect()
    };
    let stored = states(store.tickets.values().map(|row| &row.value).collect());
    let whole = states(world.state().tickets().iter().map(|(_, ticket)| ticket).collect());
    assert_eq!(stored, whole);
}
