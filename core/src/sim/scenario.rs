//! What is to be simulated: the schema of scenario files, version 1, with its defaults and limits. Unknown
//! fields are refused, and so is what is out of its range (see `validate`).
//!
//! All times are whole seconds from the scenario's start, second 0.

use super::written::{WrittenSpread, WrittenWave};
use crate::concert::Section;
use crate::policy::{AdmissionPolicy, HoldPolicy};
use crate::rejection::FieldError;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The version of the schema.
pub const VERSION: u32 = 1;
/// Longest scenario: a week.
pub const DURATION_SECONDS_MAX: u32 = 604_800;
/// Most people in one scenario.
pub const PEOPLE_MAX: u64 = 5_000_000;
/// Most halls (performances) of the concert.
pub const HALLS_MAX: usize = 50;
/// Most waves of arrivals.
pub const WAVES_MAX: usize = 100;
/// Most tries of anything.
pub const TRIES_MAX: u32 = 100;
/// Most points in time that a report has.
pub const SAMPLES_MAX: u32 = 10_000;
/// Largest group that wants seats together.
pub const GROUP_SEATS_MAX: usize = 20;
/// Highest weight of an alternative.
pub const WEIGHT_MAX: u32 = 1_000_000;

/// Why a scenario can't be simulated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {reason}")]
pub struct ScenarioError {
    /// Path of the field, such as `people.patience`.
    pub path: String,
    /// What is wrong with it, in English.
    pub reason: String,
}

impl From<FieldError> for ScenarioError {
    fn from(error: FieldError) -> Self {
        Self { path: error.field, reason: error.reason }
    }
}

/// A scenario. Only `version`, `seed`, `admission`, `halls` and `arrivals` have no default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// [`VERSION`].
    pub version: u32,
    /// From which everything that is random is drawn, 0 to 2^53 − 1.
    pub seed: u64,
    /// When it ends, if not before because nothing is left to happen: 1 to [`DURATION_SECONDS_MAX`]; 7,200
    /// by default.
    #[serde(default = "defaults::duration_seconds")]
    pub duration_seconds: u32,
    /// When the first tick comes; 0 by default, less than `duration_seconds`.
    #[serde(default)]
    pub sale_opens_at_second: u32,
    /// Seconds between two points of the report's curves; by default a 200th of the duration.
    #[serde(default)]
    pub sample_seconds: Option<u32>,
    /// How people are let in: N is `interval_seconds`, K is `batch_size`; caps are `max_active` and
    /// `inventory_aware`.
    pub admission: AdmissionPolicy,
    /// How seats are held.
    #[serde(default)]
    pub holds: HoldPolicy,
    /// The performances and their seats, 1 to [`HALLS_MAX`].
    pub halls: Vec<Hall>,
    /// Who comes when, 1 to [`WAVES_MAX`] waves, at most [`PEOPLE_MAX`] people in all.
    pub arrivals: Vec<Wave>,
    /// What people are like.
    #[serde(default)]
    pub people: People,
    /// Those among them who are bots.
    #[serde(default)]
    pub bots: Bots,
}

/// One performance of the concert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hall {
    /// Its seats, the best section first.
    pub sections: Vec<Section>,
}

/// People who come; `people` is exactly how many. Waves overlap as they like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "WrittenWave")]
pub enum Wave {
    /// Spread evenly at random over some time (a Poisson process of which the count is known).
    Steady {
        /// When it begins.
        from_second: u32,
        /// How long it lasts, from 1.
        seconds: u32,
        /// How many come.
        people: u32,
    },
    /// Within one second.
    Burst {
        /// In which.
        at_second: u32,
        /// How many come.
        people: u32,
    },
    /// Everybody knows when the sale opens: ever more come until then, and ever fewer after it
    /// (exponentially, on either side).
    OnSaleSpike {
        /// How many come.
        people: u32,
        /// How many of 100 come before the sale opens, unless it opens at second 0; 60 by default.
        early_percent: u32,
        /// Mean seconds by which those are early, from 1; 120 by default.
        early_seconds: u32,
        /// Mean seconds by which the others are late, from 1; 60 by default.
        late_seconds: u32,
    },
    /// As was counted in a real sale.
    Recorded {
        /// The second of the first count.
        from_second: u32,
        /// How many came in each second.
        counts: Vec<u32>,
    },
}

/// How a duration varies from one person, and one time, to the next. None is longer than a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "WrittenSpread")]
pub enum Spread {
    /// Always the same.
    Fixed {
        /// That long.
        seconds: u32,
    },
    /// Anything between two bounds is as likely.
    Uniform {
        /// The lower bound.
        min_seconds: u32,
        /// The upper bound.
        max_seconds: u32,
    },
    /// Exponential: without memory.
    Exponential {
        /// The mean, from 1.
        mean_seconds: u32,
    },
    /// Log-normal: most take about the median, a few take very long.
    LogNormal {
        /// The median, from 1.
        median_seconds: u32,
        /// Deviation of the logarithm, in percent, 0 to 300; 50 is moderate.
        sigma_percent: u32,
    },
}

/// What people are like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct People {
    /// How long they wait in line, from when the sale has opened, before they give up; log-normal with a
    /// median of an hour by default.
    pub patience: Spread,
    /// How many of 100 who give up say so; the others just go, and are passed over at their turn if the
    /// policy has `lapse_seconds`. 50 by default.
    pub leave_percent: u32,
    /// From seeing the seats to asking for some; log-normal with a median of 20 seconds by default.
    pub think: Spread,
    /// From holding seats to paying; log-normal with a median of 45 seconds by default.
    pub payment: Spread,
    /// How many payments of 100 fail, each time; 3 by default.
    pub payment_failure_percent: u32,
    /// Payments that one tries for one hold, from 1; 3 by default.
    pub payment_tries_max: u32,
    /// How many of 100 hold seats and then don't pay, and let the hold lapse; 5 by default.
    pub abandon_percent: u32,
    /// Choices of seats that one makes, from 1; each that is refused costs one. 5 by default.
    pub seat_tries_max: u32,
    /// Times that one joins again after one's time ran out; 1 by default.
    pub rejoins_max: u32,
    /// Weights of groups of 1, 2, … seats; alone 30, two 50, three 10, four 10 by default. Groups larger
    /// than the limit of seats per user take that many.
    pub group_weights: Vec<u32>,
    /// How they choose seats.
    pub taste: Taste,
}

/// Weights of the ways to choose seats; not all 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Taste {
    /// Free seats together in the front tenth of what is free; 50 by default.
    pub front_first: u32,
    /// Free seats together anywhere; 30 by default.
    pub random: u32,
    /// What the server says is best; 20 by default.
    pub best_available: u32,
}

/// Bots act at once, take as many seats as they can, and rarely pay. None by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bots {
    /// How many of 100 who come are bots; 0 by default.
    pub share_percent: u32,
    /// How many holds of 100 they pay; 10 by default. The others lapse, and are then taken again.
    pub pay_percent: u32,
    /// Times that one joins again after its time ran out or it was refused; 3 by default.
    pub rejoins_max: u32,
}

impl Default for People {
    fn default() -> Self {
        let log_normal =
            |median_seconds, sigma_percent| Spread::LogNormal { median_seconds, sigma_percent };
        Self {
            patience: log_normal(3_600, 100),
            leave_percent: 50,
            think: log_normal(20, 60),
            payment: log_normal(45, 60),
            payment_failure_percent: 3,
            payment_tries_max: 3,
            abandon_percent: 5,
            seat_tries_max: 5,
            rejoins_max: 1,
            group_weights: vec![30, 50, 10, 10],
            taste: Taste::default(),
        }
    }
}

impl Default for Taste {
    fn default() -> Self {
        Self { front_first: 50, random: 30, best_available: 20 }
    }
}

impl Default for Bots {
    fn default() -> Self {
        Self { share_percent: 0, pay_percent: 10, rejoins_max: 3 }
    }
}

pub(super) mod defaults {
    pub(in crate::sim) const EARLY_PERCENT: u32 = 60;
    pub(in crate::sim) const EARLY_SECONDS: u32 = 120;
    pub(in crate::sim) const LATE_SECONDS: u32 = 60;

    pub(super) const fn duration_seconds() -> u32 {
        7_200
    }
}

impl Wave {
    /// How many come in it.
    pub fn people(&self) -> u64 {
        match self {
            Self::Steady { people, .. }
            | Self::Burst { people, .. }
            | Self::OnSaleSpike { people, .. } => u64::from(*people),
            Self::Recorded { counts, .. } => counts.iter().copied().map(u64::from).sum(),
        }
    }
}

impl Scenario {
    /// How many people come in all.
    pub fn people_total(&self) -> u64 {
        self.arrivals.iter().map(Wave::people).sum()
    }

    /// Seconds between two points of the report's curves.
    pub fn sampled_every(&self) -> u32 {
        self.sample_seconds.unwrap_or_else(|| self.duration_seconds.div_ceil(200))
    }
}
