//! Schedules that were read before. Nothing of a schedule ever changes, so they need not be read again.

use frontrow_core::concert::Schedule;
use frontrow_core::state::Stored;
use frontrow_core::{Key, ScheduleId, State};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many are remembered: those that sell at the same time are few.
const REMEMBERED_MAX: usize = 1_000;

#[derive(Clone, Default)]
pub(super) struct Schedules(Arc<Mutex<HashMap<ScheduleId, Stored<Schedule>>>>);

impl Schedules {
    pub(super) fn remember(&self, schedule: &Stored<Schedule>) {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(schedule.value.id, schedule.clone());
    }

    /// Loads those that keys name and that are remembered.
    pub(super) fn recall(&self, state: &mut State, keys: &[Key]) {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if let Key::Schedule(id) = key
                && !state.has(key)
                && let Some(schedule) = remembered.get(id)
            {
                state.load_schedule(*id, Some(schedule.clone()));
            }
        }
    }
}
