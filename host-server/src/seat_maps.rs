//! Seat maps in memory: one for each schedule that somebody looked at, loaded once and then kept by
//! every commit of this replica, so that on the one that answered a write a map never lags that write,
//! and by the tail, which tells what the others stored.

use crate::execute::CommitObserver;
use crate::store::{Store, StoreError, TailEntry};
use crate::tail::Projection;
use async_trait::async_trait;
use frontrow_core::concert::Schedule;
use frontrow_core::seating::{Seat, SeatStatus};
use frontrow_core::state::Stored;
use frontrow_core::{Event, EventKind, ScheduleId, State, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Mutex as AsyncMutex;

/// The seats of one schedule by number, from 1; empty until they are loaded.
type SeatMap = Arc<AsyncMutex<Vec<Stored<Seat>>>>;

/// The seat maps of this replica.
pub struct SeatMaps {
    store: Arc<dyn Store>,
    maps: Mutex<HashMap<ScheduleId, SeatMap>>,
    schedules: Mutex<HashMap<ScheduleId, Arc<Schedule>>>,
}

impl SeatMaps {
    /// No map yet.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, maps: Mutex::default(), schedules: Mutex::default() }
    }

    /// A schedule, which never changes.
    pub async fn schedule(&self, id: ScheduleId) -> Result<Option<Arc<Schedule>>, StoreError> {
        let known = {
            let schedules = self.schedules.lock().unwrap_or_else(PoisonError::into_inner);
            schedules.get(&id).cloned()
        };
        if known.is_some() {
            return Ok(known);
        }
        let Some(schedule) = self.store.schedule(id).await?.map(Arc::new) else { return Ok(None) };
        let mut schedules = self.schedules.lock().unwrap_or_else(PoisonError::into_inner);
        schedules.insert(id, Arc::clone(&schedule));
        Ok(Some(schedule))
    }

    /// How every seat of a schedule stands at `now`; the first is seat 1.
    pub async fn statuses(
        &self,
        id: ScheduleId,
        now: Timestamp,
    ) -> Result<Vec<SeatStatus>, StoreError> {
        let map = Arc::clone(self.maps().entry(id).or_default());
        let mut seats = map.lock().await;
        if seats.is_empty() {
            // Commits wait meanwhile, and then add what this snapshot may lack.
            *seats = self.store.seat_map(id).await?.into_iter().map(|(_, seat)| seat).collect();
        }
        Ok(seats.iter().map(|seat| seat.value.status(now)).collect())
    }

    /// Puts a seat into its map, if there is one and the seat is newer.
    async fn put(&self, schedule_id: ScheduleId, number: u32, seat: Stored<Seat>) {
        let map = self.maps().get(&schedule_id).cloned();
        let Some(map) = map else { return };
        let mut seats = map.lock().await;
        if let Some(kept) = seats.get_mut(number as usize - 1)
            && kept.version < seat.version
        {
            *kept = seat;
        }
    }

    fn maps(&self) -> MutexGuard<'_, HashMap<ScheduleId, SeatMap>> {
        self.maps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl CommitObserver for SeatMaps {
    async fn committed(&self, state: &State, _events: &[Event]) {
        for change in state.seats().changes() {
            let (schedule_id, number) = change.key;
            let (value, version) = (*change.value, change.version);
            self.put(schedule_id, number, Stored { value, version, changed_at: change.changed_at })
                .await;
        }
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
            for ((schedule_id, number), seat) in self.store.seats(&touched).await? {
                self.put(schedule_id, number, seat).await;
            }
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
