//! Concerts that do not come over HTTP: from a seed file, and the demo's.

use crate::execute::{Answer, ExecuteError, Executor};
use crate::store::{Page, Store, StoreError};
use crate::wire::{NewConcert, NewSchedule};
use frontrow_core::{Command, ConcertId, Outcome, Rejection, Timestamp};
use serde::Deserialize;
use std::path::Path;
use thiserror::Error;

/// Seconds until the demo's concert: 30 days.
const DEMO_STARTS_IN_SECONDS: u32 = 30 * 86_400;

/// What a seed file holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedFile {
    concerts: Vec<SeedConcert>,
}

/// A concert as it is created over HTTP, and its schedules with it.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "SeedEntry")]
struct SeedConcert {
    concert: NewConcert,
    schedules: Vec<NewSchedule>,
}

#[derive(Deserialize)]
struct SeedEntry {
    #[serde(default)]
    schedules: Vec<NewSchedule>,
    #[serde(flatten)]
    concert: serde_json::Map<String, serde_json::Value>,
}

impl TryFrom<SeedEntry> for SeedConcert {
    type Error = serde_json::Error;

    fn try_from(entry: SeedEntry) -> Result<Self, Self::Error> {
        let concert = serde_json::from_value(entry.concert.into())?;
        Ok(Self { concert, schedules: entry.schedules })
    }
}

/// Why a seed came to nothing, or to a part.
#[derive(Debug, Error)]
pub enum SeedError {
    /// The file can't be read.
    #[error("can't read {path}: {reason}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// The rules refused a concert or a schedule; those before it are there.
    #[error("{what} was refused: {reason}")]
    Refused {
        /// Which one.
        what: String,
        /// Why.
        reason: String,
    },
    /// The write path failed.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SeedFile {
    /// Reads a seed file.
    pub fn read(path: &Path) -> Result<Self, SeedError> {
        let unreadable = |reason: String| {
            let path = path.display().to_string();
            SeedError::Unreadable { path, reason }
        };
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))
    }

    /// Creates what the file holds; how many concerts and schedules that were.
    pub async fn plant(
        self,
        executor: &Executor,
        now: Timestamp,
    ) -> Result<(usize, usize), SeedError> {
        let (mut concerts, mut schedules) = (0, 0);
        for seed in self.concerts {
            let what = format!("concert {}", concerts + 1);
            let concert = seed.concert.into_concert(now);
            let concert_id = concert.id;
            accepted(executor, Command::CreateConcert { concert }, what).await?;
            concerts += 1;
            for new in seed.schedules {
                let what = format!("schedule {}", schedules + 1);
                let schedule = new.into_schedule(concert_id);
                accepted(executor, Command::AddSchedule { schedule }, what).await?;
                schedules += 1;
            }
        }
        Ok((concerts, schedules))
    }
}

/// Makes sure that a demo has a concert to sell.
pub async fn ensure_demo(store: &dyn Store, executor: &Executor) -> Result<(), SeedError> {
    if !store.concerts(Page { limit: 1, after: None }).await?.is_empty() {
        return Ok(());
    }
    let now = store.now();
    let concert: NewConcert = demo(serde_json::json!({
        "title": "Frontrow Live",
        "admission": { "interval_seconds": 5, "batch_size": 10, "active_seconds": 600, "max_active": 200 },
    }))?;
    let concert = concert.into_concert(now);
    let concert_id: ConcertId = concert.id;
    accepted(executor, Command::CreateConcert { concert }, "the demo concert".to_owned()).await?;
    let starts_at = now.plus_seconds(DEMO_STARTS_IN_SECONDS).to_string();
    let schedule: NewSchedule = demo(serde_json::json!({
        "starts_at": starts_at,
        "venue": "Olympic Hall",
        "sections": [
            { "name": "R", "rows": 10, "seats_per_row": 20, "price": 154_000 },
            { "name": "S", "rows": 15, "seats_per_row": 24, "price": 121_000 },
            { "name": "A", "rows": 20, "seats_per_row": 26, "price": 99_000 },
        ],
    }))?;
    let schedule = schedule.into_schedule(concert_id);
    accepted(executor, Command::AddSchedule { schedule }, "the demo schedule".to_owned()).await
}

fn demo<T: for<'de> Deserialize<'de>>(text: serde_json::Value) -> Result<T, SeedError> {
    serde_json::from_value(text).map_err(|error| SeedError::Refused {
        what: "the demo".to_owned(),
        reason: error.to_string(),
    })
}

async fn accepted(executor: &Executor, command: Command, what: String) -> Result<(), SeedError> {
    match executor.execute(command).await? {
        Answer::Decided {
            outcome: Ok(Outcome::ConcertCreated { .. } | Outcome::ScheduleAdded { .. }),
            ..
        } => Ok(()),
        Answer::Decided { outcome: Err(rejection), .. } => {
            Err(SeedError::Refused { what, reason: in_words(&rejection) })
        }
        _ => Err(SeedError::Refused { what, reason: "an answer that it never has".to_owned() }),
    }
}

fn in_words(rejection: &Rejection) -> String {
    match rejection {
        Rejection::MalformedRequest { errors } => {
            let words = errors.iter().map(|error| format!("{} {}", error.field, error.reason));
            words.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}
