//! Seat maps in memory: one for each schedule that somebody looked at, loaded once and then kept by
//! every commit of this replica, so that on the one that answered a write a map never lags that write,
//! and by the tail, which tells what the others stored.

mod blocks;

pub use blocks::{BLOCK, ChangedBlock};

use crate::execute::CommitObserver;
use crate::store::{Store, StoreError, TailEntry};
use crate::tail::Projection;
use async_trait::async_trait;
use blocks::Blocks;
use frontrow_core::concert::Schedule;
use frontrow_core::seating::{Seat, SeatStatus};
use frontrow_core::state::Stored;
use frontrow_core::{Event, EventKind, ScheduleId, State, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Mutex as AsyncMutex;

/// After so long without anybody who asked, a map is dropped when another one is loaded.
const IDLE_SECONDS: u32 = 900;

/// The seats of one schedule.
#[derive(Debug, Default)]
struct SeatMap {
    /// Empty until they are loaded.
    seats: AsyncMutex<Blocks>,
    /// Of the last change that somebody wrote; 0 until the seats are loaded.
    revision: AtomicU64,
    /// When somebody asked last, in milliseconds.
    asked_at: AtomicI64,
}

impl SeatMap {
    fn asked(&self, now: Timestamp) {
        self.asked_at.store(now.as_millis(), Ordering::Relaxed);
    }

    fn is_idle(&self, now: Timestamp) -> bool {
        let asked_at = Timestamp::from_millis(self.asked_at.load(Ordering::Relaxed));
        asked_at.plus_seconds(IDLE_SECONDS) <= now
    }
}

/// What of a map changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Of the map as it is told here.
    pub revision: u64,
    /// When the next hold runs out: from then on it stands otherwise, though nobody writes.
    pub lapses_at: Timestamp,
    /// The blocks in which something changed.
    pub blocks: Vec<ChangedBlock>,
}

/// The seat maps of this replica.
pub struct SeatMaps {
    store: Arc<dyn Store>,
    maps: Mutex<HashMap<ScheduleId, Arc<SeatMap>>>,
    schedules: Mutex<HashMap<ScheduleId, Arc<Schedule>>>,
    /// The last revision that was given. No two changes have the same one, also where a map is loaded anew.
    revisions: AtomicU64,
}

impl SeatMaps {
    /// No map yet.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let (maps, schedules) = (Mutex::default(), Mutex::default());
        Self { store, maps, schedules, revisions: AtomicU64::new(0) }
    }

    /// A schedule, which never changes, if somebody asked for it before.
    pub fn known_schedule(&self, id: ScheduleId) -> Option<Arc<Schedule>> {
        let schedules = self.schedules.lock().unwrap_or_else(PoisonError::into_inner);
        schedules.get(&id).cloned()
    }

    /// A schedule, which never changes.
    pub async fn schedule(&self, id: ScheduleId) -> Result<Option<Arc<Schedule>>, StoreError> {
        if let Some(known) = self.known_schedule(id) {
            return Ok(Some(known));
        }
        let Some(schedule) = self.store.schedule(id).await?.map(Arc::new) else { return Ok(None) };
        let mut schedules = self.schedules.lock().unwrap_or_else(PoisonError::into_inner);
        schedules.insert(id, Arc::clone(&schedule));
        Ok(Some(schedule))
    }

    /// The revision of a map, for who asks at `now`: of the last change that was written, not of holds that ran out
    /// since. `None` if the map is not in memory.
    pub fn revision(&self, id: ScheduleId, now: Timestamp) -> Option<u64> {
        let maps = self.maps();
        let map = maps.get(&id)?;
        map.asked(now);
        let revision = map.revision.load(Ordering::Acquire);
        (revision > 0).then_some(revision)
    }

    /// Whether a map is in memory.
    pub fn has(&self, id: ScheduleId) -> bool {
        self.maps().contains_key(&id)
    }

    /// What changed in a map after `revision`, as it stands at `now`; all of it after 0.
    pub async fn changes(
        &self,
        id: ScheduleId,
        revision: u64,
        now: Timestamp,
    ) -> Result<Changes, StoreError> {
        self.read(id, now, |seats, newest| Changes {
            revision: newest,
            lapses_at: seats.lapses_at(),
            blocks: seats.changed_since(revision, now),
        })
        .await
    }

    /// How every seat of a schedule stands at `now`; the first is seat 1.
    pub async fn statuses(
        &self,
        id: ScheduleId,
        now: Timestamp,
    ) -> Result<Vec<SeatStatus>, StoreError> {
        let blocks = self.changes(id, 0, now).await?.blocks;
        Ok(blocks.into_iter().flat_map(|block| block.statuses).collect())
    }

    /// How many seats of a schedule are free at `now`.
    pub async fn free_seats(&self, id: ScheduleId, now: Timestamp) -> Result<u32, StoreError> {
        self.read(id, now, |seats, _| seats.free()).await
    }

    /// Reads a map as it stands at `now`; it is loaded if nobody asked for it before.
    async fn read<T>(
        &self,
        id: ScheduleId,
        now: Timestamp,
        read: impl FnOnce(&Blocks, u64) -> T + Send,
    ) -> Result<T, StoreError> {
        let map = Arc::clone(self.maps().entry(id).or_default());
        map.asked(now);
        let mut seats = map.seats.lock().await;
        if seats.is_empty() {
            self.maps().retain(|_, map| !map.is_idle(now));
            // Commits wait meanwhile, and then add what this snapshot may lack.
            let rows = self.store.seat_map(id).await?;
            let revision = self.next_revision();
            *seats = Blocks::new(rows.into_iter().map(|(_, seat)| seat).collect(), revision);
            map.revision.store(revision, Ordering::Release);
        }
        let next = self.next_revision();
        if seats.refresh(now, next) {
            map.revision.store(next, Ordering::Release);
        }
        Ok(read(&seats, map.revision.load(Ordering::Acquire)))
    }

    fn next_revision(&self) -> u64 {
        self.revisions.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Puts seats into their maps, where there are such and the seats are newer.
    async fn put(&self, seats: impl IntoIterator<Item = ((ScheduleId, u32), Stored<Seat>)>) {
        let mut by_schedule: BTreeMap<ScheduleId, Vec<(u32, Stored<Seat>)>> = BTreeMap::new();
        for ((id, number), seat) in seats {
            by_schedule.entry(id).or_default().push((number, seat));
        }
        for (id, changed) in by_schedule {
            let map = self.maps().get(&id).cloned();
            let Some(map) = map else { continue };
            let mut seats = map.seats.lock().await;
            let revision = self.next_revision();
            let mut is_newer = false;
            for (number, seat) in changed {
                is_newer |= seats.put(number, seat, revision);
            }
            if is_newer {
                map.revision.store(revision, Ordering::Release);
            }
        }
    }

    fn maps(&self) -> MutexGuard<'_, HashMap<ScheduleId, Arc<SeatMap>>> {
        self.maps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl CommitObserver for SeatMaps {
    async fn committed(&self, state: &State, _events: &[Event]) {
        let changed = state.seats().changes().map(|change| {
            let (value, version, changed_at) = (*change.value, change.version, change.changed_at);
            (change.key, Stored { value, version, changed_at })
        });
        let changed: Vec<_> = changed.collect();
        self.put(changed).await;
    }

    /// Forgets the maps that may be wrong; they are loaded anew when somebody looks.
    async fn unclear(&self, state: &State, _events: &[Event]) {
        let mut maps = self.maps();
        for change in state.seats().changes() {
            let (schedule_id, _) = change.key;
            maps.remove(&schedule_id);
        }
    }
}

#[async_trait]
impl Projection for SeatMaps {
    /// Reads again the seats that were touched, where somebody looks at their map.
    async fn take(&self, entries: &[TailEntry]) -> Result<(), StoreError> {
        let touched: BTreeSet<(ScheduleId, u32)> = {
            let maps = self.maps();
            let touched = entries.iter().filter_map(|told| seats_of(&told.entry.event));
            touched
                .filter(|(schedule_id, _)| maps.contains_key(schedule_id))
                .flat_map(|(schedule_id, seats)| seats.iter().map(move |seat| (schedule_id, *seat)))
                .collect()
        };
        if !touched.is_empty() {
            self.put(self.store.seats(&touched).await?).await;
        }
        Ok(())
    }

    fn forget(&self) {
        self.maps().clear();
    }
}

/// The seats whose rows an event changes.
fn seats_of(event: &Event) -> Option<(ScheduleId, &[u32])> {
    match &event.kind {
        EventKind::SeatsHeld { schedule_id, seats, .. }
        | EventKind::ReservationReleased { schedule_id, seats, .. }
        | EventKind::ReservationConfirmed { schedule_id, seats, .. }
        | EventKind::ReservationCancelled { schedule_id, seats, .. } => Some((*schedule_id, seats)),
        _ => None,
    }
}
