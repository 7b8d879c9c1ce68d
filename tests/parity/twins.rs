//! A world and a server side by side. Commands are foretold by the world at once, since the next line
//! of a story is drawn from how it stands, and then carried out by the server, alone or together.

use frontrow_core::queue::{Line, Order, TicketState};
use frontrow_core::state::Table;
use frontrow_core::{
    Clock, Command, Event, EventKind, Outcome, Rejection, TicketId, Timestamp, World, queue,
};
use frontrow_server::execute::Answer;
use frontrow_tests::server::Setup;
use frontrow_tests::{Faults, TestServer};
use futures_util::future::join_all;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::hash::Hash;

/// Kinds of events that there are.
const EVENT_KINDS: usize = 19;

type Foretold = Result<Outcome, Rejection>;

/// Which outcomes, refusals and events came about.
#[derive(Debug, Default)]
pub struct Heard {
    /// Names of outcomes and codes of refusals.
    pub words: BTreeSet<String>,
    events: BTreeSet<String>,
}

impl Heard {
    /// What was heard in another story, too.
    pub fn add(&mut self, other: Self) {
        self.words.extend(other.words);
        self.events.extend(other.events);
    }

    /// Whether no kind of event is missing.
    pub fn events_of_every_kind(&self) -> bool {
        assert!(self.events.len() <= EVENT_KINDS, "EVENT_KINDS has not kept up");
        self.events.len() == EVENT_KINDS
    }

    /// An answer was heard.
    pub fn answer(&mut self, answer: &Foretold) {
        let word = match answer {
            Ok(outcome) => tag(outcome, "outcome"),
            Err(rejection) => rejection.code().to_owned(),
        };
        self.words.insert(word);
    }

    /// An event was heard.
    pub fn event(&mut self, event: &Event) {
        self.events.insert(tag(&event.kind, "kind"));
    }
}

/// The name of a variant, as its JSON says it.
fn tag(value: &impl serde::Serialize, field: &str) -> String {
    let value = serde_json::to_value(value).expect("what the rules say is JSON");
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).to_owned()
}

/// Both of them.
pub struct Twins {
    pub world: World,
    pub server: TestServer,
    /// The time in both.
    pub now: Timestamp,
    name: String,
    journal: Vec<Event>,
    foretold: Vec<(Command, Foretold)>,
    told: usize,
    heard: Heard,
}

impl Twins {
    /// Two empty ones, in a story of this name. `together` merges the lanes of the server, so that commands
    /// of one instant are carried out in the order in which they are told.
    pub async fn start(name: String, together: bool) -> Self {
        let faults = Faults::default();
        let around = if together { faults.around_for_one_writer() } else { faults.around() };
        let server = TestServer::start_with(Setup { around, ..Setup::default() }).await;
        let now = server.clock.now();
        let mut world = World::new();
        world.set_served_since(now);
        Self {
            world,
            server,
            now,
            name,
            journal: Vec::new(),
            foretold: Vec::new(),
            told: 0,
            heard: Heard::default(),
        }
    }

    /// Moves both clocks. What was foretold must have happened.
    pub async fn pass_time(&mut self, millis: i64) {
        self.catch_up().await;
        self.server.clock.advance_millis(millis);
        self.now = self.server.clock.now();
    }

    /// Carries out commands in the world.
    pub fn foretell(&mut self, command: Command) {
        let answer = self.world.execute(&command, self.now);
        self.journal.extend(std::iter::from_fn(|| self.world.poll_event()));
        self.heard.answer(&answer);
        self.foretold.push((command, answer));
    }

    /// Carries out in the server, together, what was foretold, and compares the answers.
    pub async fn catch_up(&mut self) {
        let foretold = std::mem::take(&mut self.foretold);
        // The first poll of each sends it off, so that they queue in this order.
        let commands = foretold.iter().map(|(command, _)| command.clone());
        let answers = join_all(commands.map(|it| self.server.app.executor.execute(it))).await;
        for ((command, expected), answer) in foretold.into_iter().zip(answers) {
            self.told += 1;
            let expected = Ok(Answer::Decided { outcome: expected, at: self.now });
            assert_eq!(
                answer, expected,
                "{}, command {}: the server (left) does not answer as the world (right) to {command:?}",
                self.name, self.told
            );
        }
    }

    /// Carries out commands in both, together.
    pub async fn perform(&mut self, commands: Vec<Command>) {
        for command in commands {
            self.foretell(command);
        }
        self.catch_up().await;
    }

    /// The holder of a ticket is seen, in both.
    pub async fn see(&mut self, ticket_id: TicketId) {
        self.world.mark_seen(ticket_id, self.now);
        let marked = self.server.app.store.mark_seen(&[(ticket_id, self.now)]).await;
        marked.expect("marks can be written");
    }

    /// Lets both do by themselves what is due.
    pub async fn do_what_is_due(&mut self) {
        self.catch_up().await;
        self.world.handle_timeout(self.now);
        self.journal.extend(std::iter::from_fn(|| self.world.poll_event()));
        self.server.pass().await;
    }

    /// Compares everything. What was heard on the way.
    pub async fn finish(mut self) -> Heard {
        self.catch_up().await;
        self.assert_same_rows().await;
        self.assert_same_standings().await;
        let journal = self.server.journal().await;
        for (index, (stored, expected)) in journal.iter().zip(&self.journal).enumerate() {
            assert_eq!(stored, expected, "{}: event {index}", self.name);
        }
        assert_eq!(journal.len(), self.journal.len(), "{}: events in all", self.name);
        self.server.assert_sound().await;
        for event in &journal {
            self.heard.event(event);
        }
        self.heard
    }

    /// Compares every row, its version and when it changed, and the ledger.
    pub async fn assert_same_rows(&self) {
        let (rows, _) = self.server.app.store.rows().await.expect("the rows can be read");
        let world = self.world.state();
        self.same("concerts", rows.concerts(), world.concerts());
        self.same("queues", rows.queues(), world.queues());
        self.same("tickets", rows.tickets(), world.tickets());
        self.same("schedules", rows.schedules(), world.schedules());
        self.same("seats", rows.seats(), world.seats());
        self.same("reservations", rows.reservations(), world.reservations());
        self.same("wallets", rows.wallets(), world.wallets());
        assert_eq!(rows.transfers(), world.transfers(), "{}: the ledger", self.name);
    }

    fn same<K, T>(&self, what: &str, stored: &Table<K, T>, expected: &Table<K, T>)
    where
        K: Copy + Eq + Hash + Debug,
        T: PartialEq + Debug,
    {
        if let Some(key) = stored.differences(expected).first().copied() {
            panic!(
                "{}: {what} {key:?} is version {} {:?} in the server, version {} {:?} in the world",
                self.name,
                stored.version(key),
                stored.get(key),
                expected.version(key),
                expected.get(key)
            );
        }
    }

    /// Compares what every person in a queue is told.
    async fn assert_same_standings(&self) {
        let store = &self.server.app.store;
        for (id, ticket) in self.world.state().tickets().iter() {
            let stored = store.ticket(id).await.expect("tickets can be read").expect("it is there");
            let concert = store.concert(ticket.concert_id).await.expect("concerts can be read");
            let (concert, line) = concert.expect("a ticket has a concert");
            let counts = store.counts(ticket.concert_id, ticket.number, self.now).await;
            let mut counts = counts.expect("a line can be counted");
            if line.is_drawn() {
                // Then who is ahead is not told by a comparison of stored numbers.
                let all = store.queue_tickets(ticket.concert_id, 0, u32::MAX).await;
                let all = all.expect("tickets can be read");
                let (order, waiting) = (Order::of(&line), |state| state == TicketState::Waiting);
                let waiting = all.iter().filter(|row| waiting(row.value.state));
                let numbers = waiting.map(|row| order.ticket_number(row.value.number));
                let in_line: Line = numbers.collect();
                counts.ticket_number = order.ticket_number(ticket.number);
                let position = in_line.position(counts.ticket_number);
                counts.ahead = position.map_or(0, |position| position - 1);
            }
            let told = queue::standing(&stored, &concert, &line, counts, self.now);
            assert_eq!(Some(told), self.world.standing(id, self.now), "{}: {id}", self.name);
        }
    }

    /// How many events of some kind there were.
    pub fn count(&self, is_wanted: impl Fn(&EventKind) -> bool) -> usize {
        self.journal.iter().filter(|event| is_wanted(&event.kind)).count()
    }
}
