//! The policy of a fair start. How the draw goes is in [`queue`](crate::queue::draw).

use super::Concert;
use crate::policy::{TIME_MIN, plain_text, within};
use crate::queue::DrawSeed;
use crate::rejection::FieldError;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Who joins between `opens_at` and the concert's `sale_opens_at`, and in which order they are let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prequeue {
    /// From when on one may join; before `sale_opens_at`.
    pub opens_at: Timestamp,
    /// How those who joined before the opening are ordered.
    pub draw: DrawKind,
    /// Which public value will be mixed into a random draw: its name, such as `drand quicknet 14000000`, of 1 to
    /// 200 characters. Nobody can know that value before `sale_opens_at`, and an operator hands it in after.
    #[serde(default)]
    pub beacon: Option<String>,
    /// The secret of a random draw. A host makes it when the concert is created, and shows only its
    /// commitment until the draw.
    #[serde(default)]
    pub seed: Option<DrawSeed>,
}

/// How those who joined before the opening are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawKind {
    /// By lot.
    Random,
    /// First come, first served.
    Arrival,
}

impl DrawKind {
    /// The stable name, as it is stored and sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Arrival => "arrival",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Random, Self::Arrival].into_iter().find(|kind| kind.name() == name)
    }
}

impl Prequeue {
    pub(super) fn validate(&self, sale_opens_at: Timestamp, errors: &mut Vec<FieldError>) {
        within(errors, "prequeue.opens_at", self.opens_at, TIME_MIN, Timestamp::MAX);
        if self.opens_at >= sale_opens_at {
            errors.push(FieldError::new("prequeue.opens_at", "must be before sale_opens_at"));
        }
        if let Some(beacon) = &self.beacon {
            plain_text(errors, "prequeue.beacon", beacon);
        }
        match self.draw {
            DrawKind::Random if self.seed.is_none() => {
                errors.push(FieldError::new("prequeue.seed", "must be there for a random draw"));
            }
            DrawKind::Arrival if self.seed.is_some() || self.beacon.is_some() => {
                let reason = "must not be there with a beacon or a seed: nothing is drawn";
                errors.push(FieldError::new("prequeue.draw", reason));
            }
            DrawKind::Random | DrawKind::Arrival => {}
        }
    }
}

impl Concert {
    /// The pre-queue, if those who stand in it are drawn.
    pub(crate) fn drawn_prequeue(&self) -> Option<&Prequeue> {
        self.prequeue.as_ref().filter(|prequeue| prequeue.draw == DrawKind::Random)
    }
}
