//! What a decision is: the events that follow, and the answer to whoever asked.

use crate::event::{Event, Events};
use crate::key::Need;
use crate::outcome::Outcome;
use crate::rejection::Rejection;

/// The result of deciding a command. Nothing has changed until its events are applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What happened. A refusal can carry events too: paying for a lapsed hold stores its expiry.
    pub events: Events,
    /// The answer.
    pub outcome: Result<Outcome, Rejection>,
}

/// The three ways to end a decision. Each is wrapped so that it can be returned as it is.
#[allow(clippy::unnecessary_wraps, reason = "the callers return `Result<Decision, Need>`")]
impl Decision {
    pub(crate) fn accept(events: impl IntoEvents, outcome: Outcome) -> Result<Self, Need> {
        Ok(Self { events: events.into_events(), outcome: Ok(outcome) })
    }

    pub(crate) fn refuse(rejection: Rejection) -> Result<Self, Need> {
        Ok(Self { events: Events::new(), outcome: Err(rejection) })
    }

    pub(crate) fn refuse_with(event: Event, rejection: Rejection) -> Result<Self, Need> {
        Ok(Self { events: event.into_events(), outcome: Err(rejection) })
    }
}

pub(crate) trait IntoEvents {
    fn into_events(self) -> Events;
}

impl IntoEvents for Event {
    fn into_events(self) -> Events {
        let mut events = Events::new();
        events.push(self);
        events
    }
}

impl IntoEvents for Events {
    fn into_events(self) -> Events {
        self
    }
}
