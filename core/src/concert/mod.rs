//! Concerts and their schedules: what is for sale, and by which policy.
//!
//! ```text
//!            sale_opens_at          every seat sold
//! scheduled ───────────────▶ open ◀────────────────▶ sold_out
//!                             ▲│                         │
//!                       resume││pause                    │
//!                             │▼                         ▼
//!                           paused ───────close──────▶ closed (for good)
//! ```
//!
//! Draining is no state of its own: whatever the state, the queue takes nobody new, and those who stand in it
//! are let in, hold and pay as ever.

mod apply;
mod decide;
mod notice;
mod prequeue;

pub use notice::Notice;
pub use prequeue::{DrawKind, Prequeue};

pub(crate) use apply::apply;
pub(crate) use decide::{add_schedule, create, update};

use crate::ids::{ConcertId, ScheduleId};
use crate::money::Amount;
use crate::policy::{
    AdmissionPolicy, HoldPolicy, PRICE_MAX, SEATS_PER_SCHEDULE_MAX, SECTIONS_MAX, TIME_MAX,
    TIME_MIN, plain_text, within,
};
use crate::queue::Queue;
use crate::rejection::FieldError;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What an operator sells, and how people are let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concert {
    /// Its id, and its queue's.
    pub id: ConcertId,
    /// What it is called.
    pub title: String,
    /// The first tick.
    pub sale_opens_at: Timestamp,
    /// How people are let in.
    pub admission: AdmissionPolicy,
    /// How seats are held.
    pub holds: HoldPolicy,
    /// Whether the operator has stopped admission for now.
    pub paused: bool,
    /// Whether the operator has ended the sale, for good.
    pub closed: bool,
    /// Whether the queue takes nobody new, while those in it are served. Off in journals of before it came.
    #[serde(default)]
    pub draining: bool,
    /// The operator's text for the people in line. None in journals of before it came.
    #[serde(default)]
    pub notice: Option<Notice>,
    /// A fair start. None in journals of before it came.
    #[serde(default)]
    pub prequeue: Option<Prequeue>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// How a concert stands, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConcertState {
    /// The sale has not opened; people may join and wait.
    Scheduled,
    /// People are let in.
    Open,
    /// The operator has stopped admission for now.
    Paused,
    /// Every seat is sold.
    SoldOut,
    /// The operator has ended the sale.
    Closed,
}

impl Concert {
    /// How the concert stands at `now`.
    pub fn state(&self, queue: &Queue, now: Timestamp) -> ConcertState {
        if self.closed {
            ConcertState::Closed
        } else if queue.sold_out {
            ConcertState::SoldOut
        } else if self.paused {
            ConcertState::Paused
        } else if now < self.sale_opens_at {
            ConcertState::Scheduled
        } else {
            ConcertState::Open
        }
    }

    /// Whether ticks admit anybody.
    pub fn admits(&self) -> bool {
        !self.closed && !self.paused
    }

    /// Whether the operator lets anybody join the queue who does not stand in it yet.
    pub fn takes_joins(&self) -> bool {
        !self.closed && !self.draining
    }
}

/// A block of equal rows at one price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name, unique in the schedule.
    pub name: String,
    /// Rows, at least 1, the first one in front.
    pub rows: u32,
    /// Seats in each row, at least 1.
    pub seats_per_row: u32,
    /// Price of a seat in minor units, 1 to [`PRICE_MAX`].
    pub price: Amount,
}

/// One performance. Nothing of it ever changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its id.
    pub id: ScheduleId,
    /// Whose performance it is.
    pub concert_id: ConcertId,
    /// When it begins; from then on nothing is held or cancelled.
    pub starts_at: Timestamp,
    /// Where it is.
    pub venue: String,
    /// The hall, in the order in which seats are numbered.
    pub sections: Vec<Section>,
}

/// Where a seat is in its hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatPlace<'a> {
    /// Its section.
    pub section: &'a Section,
    /// Its row in the section, from 1.
    pub row: u32,
    /// Its seat in the row, from 1.
    pub seat: u32,
}

impl SeatPlace<'_> {
    /// What is printed on the ticket: section, row, seat in row, as in `R-3-17`.
    pub fn label(&self) -> String {
        format!("{}-{}-{}", self.section.name, self.row, self.seat)
    }
}

impl Section {
    /// Seats in the section.
    pub fn seats(&self) -> u32 {
        self.rows.saturating_mul(self.seats_per_row)
    }
}

impl Schedule {
    /// Seats in the hall; they are numbered from 1 to this.
    pub fn seats_total(&self) -> u32 {
        self.sections.iter().fold(0, |sum, section| sum.saturating_add(section.seats()))
    }

    /// Where seat `number` is, or `None` if the hall has no such seat.
    pub fn place(&self, number: u32) -> Option<SeatPlace<'_>> {
        let mut index = number.checked_sub(1)?;
        for section in &self.sections {
            if index < section.seats() {
                let (row, seat) = (index / section.seats_per_row, index % section.seats_per_row);
                return Some(SeatPlace { section, row: row + 1, seat: seat + 1 });
            }
            index -= section.seats();
        }
        None
    }

    /// Whether the performance has begun at `now`.
    pub fn has_started(&self, now: Timestamp) -> bool {
        now >= self.starts_at
    }

    fn validate(&self, errors: &mut Vec<FieldError>) {
        plain_text(errors, "venue", &self.venue);
        within(errors, "starts_at", self.starts_at, TIME_MIN, TIME_MAX);
        within(errors, "sections", self.sections.len(), 1, SECTIONS_MAX);
        for (index, section) in self.sections.iter().enumerate() {
            let field = |name: &str| format!("sections[{index}].{name}");
            plain_text(errors, &field("name"), &section.name);
            within(errors, &field("rows"), section.rows, 1, SEATS_PER_SCHEDULE_MAX);
            within(
                errors,
                &field("seats_per_row"),
                section.seats_per_row,
                1,
                SEATS_PER_SCHEDULE_MAX,
            );
            within(errors, &field("price"), section.price.get(), 1, PRICE_MAX);
            if self.sections[..index].iter().any(|other| other.name == section.name) {
                errors.push(FieldError::new(field("name"), "must be unique in the schedule"));
            }
        }
        if self.seats_total() > SEATS_PER_SCHEDULE_MAX {
            let reason = format!("must have at most {SEATS_PER_SCHEDULE_MAX} seats in all");
            errors.push(FieldError::new("sections", reason));
        }
    }
}

impl Concert {
    fn validate(&self, errors: &mut Vec<FieldError>) {
        plain_text(errors, "title", &self.title);
        within(errors, "sale_opens_at", self.sale_opens_at, TIME_MIN, TIME_MAX);
        self.admission.validate(errors);
        self.holds.validate(errors);
        if let Some(notice) = &self.notice {
            notice.validate(errors);
        }
        if let Some(prequeue) = &self.prequeue {
            prequeue.validate(self.sale_opens_at, errors);
        }
    }
}

/// A change of policy: what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(clippy::option_option, reason = "not there, null and a value are three things in a change")]
pub struct ConcertChange {
    /// New numbers for admission, from the next tick on.
    pub admission: Option<AdmissionChange>,
    /// New numbers for holds, from the next hold on.
    pub holds: Option<HoldChange>,
    /// Stop or resume admission.
    pub paused: Option<bool>,
    /// `true` ends the sale for good; `false` is refused.
    pub closed: Option<bool>,
    /// `true` turns away who does not stand in the queue yet; `false` takes them again.
    pub draining: Option<bool>,
    /// A new text for the people in line; `Some(None)` (in JSON: `null`) takes it away.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub notice: Option<Option<Notice>>,
}

/// A change of [`AdmissionPolicy`], number by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "each is told at the policy's field of the same name")]
#[allow(
    clippy::option_option,
    reason = "not there, null and a number are three things in a change"
)]
pub struct AdmissionChange {
    pub interval_seconds: Option<u32>,
    pub batch_size: Option<u32>,
    pub active_seconds: Option<u32>,
    /// `Some(None)` (in JSON: `null`) takes the cap away.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub max_active: Option<Option<u32>>,
    pub lapse_seconds: Option<u32>,
    pub inventory_aware: Option<bool>,
}

/// A change of [`HoldPolicy`], number by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "each is told at the policy's field of the same name")]
pub struct HoldChange {
    pub hold_seconds: Option<u32>,
    pub max_seats_per_user: Option<u32>,
}

/// Tells a field that is there and `null` from one that is not there.
#[allow(clippy::option_option, reason = "see `AdmissionChange`")]
fn present<'de, D, T>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(from).map(Some)
}

impl ConcertChange {
    /// The concert as it is after the change.
    fn applied_to(&self, concert: &Concert) -> Concert {
        let mut changed = concert.clone();
        if let Some(change) = &self.admission {
            let policy = &mut changed.admission;
            set(&mut policy.interval_seconds, change.interval_seconds);
            set(&mut policy.batch_size, change.batch_size);
            set(&mut policy.active_seconds, change.active_seconds);
            set(&mut policy.max_active, change.max_active);
            set(&mut policy.lapse_seconds, change.lapse_seconds);
            set(&mut policy.inventory_aware, change.inventory_aware);
        }
        if let Some(change) = &self.holds {
            set(&mut changed.holds.hold_seconds, change.hold_seconds);
            set(&mut changed.holds.max_seats_per_user, change.max_seats_per_user);
        }
        set(&mut changed.paused, self.paused);
        set(&mut changed.closed, self.closed);
        set(&mut changed.draining, self.draining);
        set(&mut changed.notice, self.notice.clone());
        changed
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn hall() -> Schedule {
        let section = |name: &str, rows, seats_per_row| Section {
            name: name.to_owned(),
            rows,
            seats_per_row,
            price: Amount::new(1_000).unwrap(),
        };
        Schedule {
            id: ScheduleId(Uuid::from_u128(1)),
            concert_id: ConcertId(Uuid::from_u128(2)),
            starts_at: Timestamp::MAX,
            venue: "Hall".to_owned(),
            sections: vec![section("R", 10, 20), section("S", 2, 5)],
        }
    }

    #[test]
    fn seats_are_numbered_section_by_section_and_row_by_row() {
        let hall = hall();
        assert_eq!(hall.seats_total(), 210);
        let label = |number| hall.place(number).map(|place| place.label());
        assert_eq!(label(1).as_deref(), Some("R-1-1"));
        assert_eq!(label(57).as_deref(), Some("R-3-17"));
        assert_eq!(label(200).as_deref(), Some("R-10-20"));
        assert_eq!(label(206).as_deref(), Some("S-2-1"));
        assert_eq!((label(0), label(211)), (None, None));
    }

    #[test]
    fn a_null_cap_is_a_change_and_a_missing_one_is_not() {
        let change = |max_active| AdmissionChange { max_active, ..AdmissionChange::default() };
        assert_ne!(change(Some(None)), change(None));
    }
}
