//! Seat maps in memory: one for each schedule that somebody looked at, loaded once and then kept by
//! every commit, so that on the server that answered a write a map never lags that write.

use crate::execute::CommitObserver;
use crate::store::{Store, StoreError};
use async_trait::async_trait;
use frontrow_core::concert::Schedule;
use frontrow_core::seating::{Seat, SeatStatus};
use frontrow_core::state::Stored;
use frontrow_core::{Event, ScheduleId, State, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
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
        let map = {
            let mut maps = self.maps.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(maps.entry(id).or_default())
        };
        let mut seats = map.lock().await;
        if seats.is_empty() {
            // Commits wait meanwhile, and then add what this snapshot may lack.
            *seats = self.store.seat_map(id).await?.into_iter().map(|(_, seat)| seat).collect();
        }
        Ok(seats.iter().map(|seat| seat.value.status(now)).collect())
    }
}

#[async_trait]
impl CommitObserver for SeatMaps {
    async fn committed(&self, state: &State, _events: &[Event]) {
        for change in state.seats().changes() {
            let (schedule_id, number) = change.key;
            let map = {
                let maps = self.maps.lock().unwrap_or_else(PoisonError::into_inner);
                maps.get(&schedule_id).cloned()
            };
            let Some(map) = map else { continue };
            let mut seats = map.lock().await;
            if let Some(seat) = seats.get_mut(number as usize - 1)
                && seat.version < change.version
            {
                *seat = Stored {
                    value: *change.value,
                    version: change.version,
                    changed_at: change.changed_at,
                };
            }
        }
    }

    /// Forgets the maps that may be wrong; they are loaded anew when somebody looks.
    async fn unclear(&self, state: &State, _events: &[Event]) {
        let mut maps = self.maps.lock().unwrap_or_else(PoisonError::into_inner);
        for change in state.seats().changes() {
            let (schedule_id, _) = change.key;
            maps.remove(&schedule_id);
        }
    }
}
