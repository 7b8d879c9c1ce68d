//! How a host answers a decision's needs from its store, into a partial state.

use crate::store::Store;
use frontrow_core::queue::Ticket;
use frontrow_core::state::Stored;
use frontrow_core::{Command, Decision, Key, Mode, Need, State, Timestamp, decide};

/// More rounds of needs than any command may take, line by line.
const ROUNDS_MAX: u32 = 40;

/// When a batch loads what its commands are known to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// All of it first, with what each command turns out to need by itself; and what they need only
    /// after one another as it comes up.
    Gathered,
    /// Each command's when it is decided.
    AsDecided,
    /// All of it first, and the batch is decided anew, from nothing applied, whenever something more is
    /// needed: every row and figure is as it was before the batch.
    Anew,
}

/// How much of a list is loaded at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub waiting: u32,
    pub expiring: u32,
}

impl Limits {
    /// What the decision asks for.
    pub const NONE: Self = Self { waiting: u32::MAX, expiring: u32::MAX };
}

/// Answers needs from a store at a time.
pub struct Loader<'a> {
    pub store: &'a Store,
    pub now: Timestamp,
    pub limits: Limits,
}

impl Loader<'_> {
    /// Decides commands one after the other on one partial state; the state with all events applied.
    pub fn decide_batch(&self, commands: &[&Command], plan: Plan) -> (State, Vec<Decision>) {
        let mut known = State::partial();
        if plan != Plan::AsDecided {
            for command in commands {
                self.load(&mut known, &command.keys());
            }
        }
        if plan == Plan::Gathered {
            self.gather(&mut known, commands);
        }
        if plan != Plan::Anew {
            let decisions = commands.iter().map(|command| self.decide_one(&mut known, command));
            let decisions = decisions.collect();
            return (known, decisions);
        }
        for _ in 0..ROUNDS_MAX * 6 {
            let mut state = known.clone();
            match commands.iter().map(|command| self.decide_known(&mut state, command)).collect() {
                Ok(decisions) => return (state, decisions),
                Err(Need(keys)) => {
                    assert!(keys.iter().any(|key| !known.has(key)), "{keys:?} are there");
                    self.load(&mut known, &keys);
                }
            }
        }
        panic!("the needs of {commands:?} never end");
    }

    /// Loads what each command needs if none of the others is decided before it.
    fn gather(&self, known: &mut State, commands: &[&Command]) {
        for _ in 0..ROUNDS_MAX {
            let needs =
                commands.iter().filter_map(|command| decide(known, command, self.now).err());
            let keys: Vec<Key> = needs.flat_map(|Need(keys)| keys).collect();
            if keys.is_empty() {
                return;
            }
            self.load(known, &keys);
        }
        panic!("the needs of {commands:?} never end");
    }

    fn decide_one(&self, state: &mut State, command: &Command) -> Decision {
        self.load(state, &command.keys());
        for _ in 0..ROUNDS_MAX {
            match self.decide_known(state, command) {
                Ok(decision) => return decision,
                Err(Need(keys)) => {
                    assert!(keys.iter().any(|key| !state.has(key)), "{keys:?} are there");
                    self.load(state, &keys);
                }
            }
        }
        panic!("the needs of {command:?} never end");
    }

    /// Decides with what is loaded, and applies what happened.
    fn decide_known(&self, state: &mut State, command: &Command) -> Result<Decision, Need> {
        let decision = decide(state, command, self.now)?;
        for event in &decision.events {
            state.apply(event);
            assert_eq!(state.last_change(), self.now, "the latest change is this one");
        }
        Ok(decision)
    }

    /// Loads what is not there yet, in lock order.
    fn load(&self, state: &mut State, keys: &[Key]) {
        let mut keys = keys.to_vec();
        keys.sort_unstable_by_key(|key| (key.class(), *key));
        keys.dedup();
        for key in keys {
            if !state.has(&key) {
                self.load_one(state, key);
                assert!(state.has(&key), "{key:?} is loaded and still not there");
            }
        }
        assert!(state.last_change() <= self.now, "something changed after {}", self.now);
    }

    fn load_one(&self, state: &mut State, key: Key) {
        let store = self.store;
        match key {
            Key::Queue(id) => state.load_queue(id, store.queues.get(&id).cloned()),
            Key::Concert(id, mode) => {
                state.load_concert(id, store.concerts.get(&id).cloned(), mode);
            }
            Key::Schedule(id) => state.load_schedule(id, store.schedules.get(&id).cloned()),
            Key::ReservationFacts(id) => {
                state.load_reservation(id, store.reservations.get(&id).cloned(), Mode::Fact);
            }
            Key::SeatMap(id) => state.load_seat_map(id, store.seat_map(id)),
            Key::Ticket(id) => state.load_ticket(id, store.tickets.get(&id).cloned()),
            Key::LiveTicket(concert_id, user_id) => {
                let row = store.live_ticket(concert_id, user_id);
                state.load_live_ticket(concert_id, user_id, row);
            }
            Key::ExpiringTickets { concert_id, limit } => {
                let limit = limit.min(self.limits.expiring);
                let mut rows = store.active(concert_id);
                rows.truncate(limit as usize);
                state.load_expiring_tickets(concert_id, limit, rows);
            }
            Key::WaitingTickets { concert_id, after, limit } => {
                let limit = limit.min(self.limits.waiting);
                let mut rows = store.waiting(concert_id, after);
                rows.truncate(limit as usize);
                let seen = |id| store.seen.get(&id).copied();
                let rows = rows.into_iter().map(|row| (row.clone(), seen(row.value.id))).collect();
                state.load_waiting_tickets(concert_id, after, limit, rows);
            }
            Key::NumberedTicket(concert_id, number) => {
                let row = store.numbered(concert_id, number);
                let seen = |row: &Stored<Ticket>| store.seen.get(&row.value.id).copied();
                let row = row.map(|row| (row.clone(), seen(&row)));
                state.load_numbered_ticket(concert_id, number, row);
            }
            Key::Reservation(id) => {
                state.load_reservation(id, store.reservations.get(&id).cloned(), Mode::Write);
            }
            Key::Seat(id, number) => state.load_seat(id, number, Some(store.seat(id, number))),
            Key::Wallet(id) => state.load_wallet(id, store.wallets.get(&id).copied()),
            Key::ActiveCount(id) => {
                state.load_active_count(id, store.active(id).len() as u64);
            }
            Key::ActiveHolds(id) => state.load_active_holds(id, store.active_holds(id)),
            Key::Inventory(id) => state.load_inventory(id, store.inventory(id)),
            Key::OwnedSeats(concert_id, user_id) => {
                let owned = store.owned_seats(concert_id, user_id);
                state.load_owned_seats(concert_id, user_id, owned);
            }
        }
    }
}
