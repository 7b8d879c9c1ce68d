//! What goes wrong with a database, as a test says: the [`Faults`] by which it commands a
//! [`FaultyStore`].

use crate::faulty::FaultyStore;
use crate::gate::Gate;
use crate::server::Wrap;
use frontrow_server::store::{Concurrency, JournalEntry, StoreError};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A way to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The database can't be reached.
    Unavailable,
    /// Another transaction was in the way.
    Conflict,
    /// A constraint refused a row.
    Constraint,
    /// The adapter panics.
    Panic,
    /// A commit whose answer got lost, and that happened.
    UnclearDone,
    /// A commit whose answer got lost, and that did not happen.
    UnclearUndone,
}

impl Fault {
    pub(crate) fn error(self) -> StoreError {
        match self {
            Self::Conflict => StoreError::Conflict("a test".to_owned()),
            Self::Constraint => StoreError::Constraint { constraint: "a test's".to_owned() },
            Self::Panic => panic!("a test asked for it"),
            Self::Unavailable | Self::UnclearDone | Self::UnclearUndone => {
                StoreError::Unavailable("a test".to_owned())
            }
        }
    }
}

pub(crate) type Guilt = Box<dyn Fn(&[JournalEntry]) -> bool + Send + Sync>;

/// What goes wrong, one list for each step; the first entry is the next to come.
#[derive(Default)]
pub(crate) struct Plans {
    pub reads: VecDeque<Fault>,
    pub pulls: VecDeque<Fault>,
    /// Pulls that tell no entry, and whether they tell that some were missed.
    pub empty_pulls: VecDeque<bool>,
    pub begins: VecDeque<Fault>,
    pub writes: VecDeque<Fault>,
    pub commits: VecDeque<Fault>,
    pub settles: VecDeque<Fault>,
    /// Whether nothing can be read.
    pub is_unreadable: bool,
    /// How many reads were made outside of transactions.
    pub reads_made: usize,
    /// Whether all lanes are merged, so that commands are decided in the order in which they came.
    pub is_for_one_writer: bool,
    /// Whether no transaction can begin.
    pub is_read_only: bool,
    /// A batch for which this holds can't be written.
    pub guilty: Option<Guilt>,
    /// How every transaction began.
    pub begun: Vec<Concurrency>,
    /// Journal entries of every batch that was to be written.
    pub written: Vec<usize>,
}

/// Commands a [`FaultyStore`]. Clones command the same one.
#[derive(Clone)]
pub struct Faults {
    plans: Arc<Mutex<Plans>>,
    pub(crate) begin_gate: Gate,
    pub(crate) read_gate: Gate,
    pub(crate) tail_start_gate: Gate,
}

impl Default for Faults {
    fn default() -> Self {
        let (begin_gate, read_gate, tail_start_gate) = (Gate::new(), Gate::new(), Gate::new());
        Self { plans: Arc::default(), begin_gate, read_gate, tail_start_gate }
    }
}

impl Faults {
    /// Puts a faulty store around another one, for [`Setup`](crate::server::Setup).
    pub fn around(&self) -> Wrap {
        let faults = self.clone();
        Box::new(|inner| Arc::new(FaultyStore::new(inner, faults)))
    }

    /// The same, for a server that merges all its lanes whatever the store is.
    pub fn around_for_one_writer(&self) -> Wrap {
        self.plans().is_for_one_writer = true;
        self.around()
    }

    /// From now on no transaction can begin, or each can again.
    pub fn read_only(&self, is_read_only: bool) {
        self.plans().is_read_only = is_read_only;
    }

    /// From now on nothing can be read outside of transactions, pulls of the tail among them, or all can again.
    pub fn unreadable(&self, is_unreadable: bool) {
        self.plans().is_unreadable = is_unreadable;
    }

    /// How many reads were made so far outside of transactions.
    pub fn reads_made(&self) -> usize {
        self.plans().reads_made
    }

    /// The next reads outside of transactions.
    pub fn reads(&self, faults: &[Fault]) {
        self.plans().reads.extend(faults);
    }

    /// The next pulls of the journal's tail.
    pub fn pulls(&self, faults: &[Fault]) {
        self.plans().pulls.extend(faults);
    }

    /// The next pull of the journal's tail tells nothing, or nothing but that something was missed.
    pub fn empty_pull(&self, missed: bool) {
        self.plans().empty_pulls.push_back(missed);
    }

    /// The next transactions can't begin.
    pub fn begins(&self, faults: &[Fault]) {
        self.plans().begins.extend(faults);
    }

    /// The next batches can't be written.
    pub fn writes(&self, faults: &[Fault]) {
        self.plans().writes.extend(faults);
    }

    /// How transactions began since this was asked last.
    pub fn take_begun(&self) -> Vec<Concurrency> {
        std::mem::take(&mut self.plans().begun)
    }

    /// How the next commits end.
    pub fn commits(&self, faults: &[Fault]) {
        self.plans().commits.extend(faults);
    }

    /// The next unclear commits can't be settled.
    pub fn settles(&self, faults: &[Fault]) {
        self.plans().settles.extend(faults);
    }

    /// From now on no batch is written for which `guilty` holds.
    pub fn refuse_batches(&self, guilty: impl Fn(&[JournalEntry]) -> bool + Send + Sync + 'static) {
        self.plans().guilty = Some(Box::new(guilty));
    }

    /// How many journal entries each batch had that was to be written.
    pub fn batches_written(&self) -> Vec<usize> {
        self.plans().written.clone()
    }

    /// Transactions wait at this gate before they begin.
    pub fn begin_gate(&self) -> &Gate {
        &self.begin_gate
    }

    /// Reads wait at this gate.
    pub fn read_gate(&self) -> &Gate {
        &self.read_gate
    }

    /// Who asks where the journal's tail begins waits at this gate.
    pub fn tail_start_gate(&self) -> &Gate {
        &self.tail_start_gate
    }

    pub(crate) fn plans(&self) -> MutexGuard<'_, Plans> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn next(
        &self,
        list: impl FnOnce(&mut Plans) -> &mut VecDeque<Fault>,
    ) -> Option<Fault> {
        list(&mut self.plans()).pop_front()
    }

    pub(crate) fn pull(&self) -> Result<(), StoreError> {
        self.readable()?;
        self.next(|plans| &mut plans.pulls).map_or(Ok(()), |fault| Err(fault.error()))
    }

    fn readable(&self) -> Result<(), StoreError> {
        if self.plans().is_unreadable { Err(Fault::Unavailable.error()) } else { Ok(()) }
    }

    pub(crate) async fn read(&self) -> Result<(), StoreError> {
        self.plans().reads_made += 1;
        self.read_gate.pass().await;
        self.readable()?;
        self.next(|plans| &mut plans.reads).map_or(Ok(()), |fault| Err(fault.error()))
    }
}
