//! What operators send, over HTTP or in a seed file. Field names are the contract's; bounds are checked
//! by the rules.

use crate::schemas;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use frontrow_core::concert::{Concert, DrawKind, Prequeue, Schedule, Section};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::DrawSeed;
use frontrow_core::{ConcertId, ScheduleId, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::cell::Cell;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// A time on the wire: RFC 3339, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WireTime(pub Timestamp);

impl WireTime {
    /// Hands it over as text in ASCII, with nothing in it to escape.
    pub fn with_ascii<T>(self, take: impl FnOnce(&[u8]) -> T) -> T {
        match write(self.0, &mut { *TEXT }) {
            Some(text) => take(text),
            None => take(self.0.to_string().as_bytes()),
        }
    }
}

impl Serialize for WireTime {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.with_ascii(|text| to.serialize_str(&String::from_utf8_lossy(text)))
    }
}

/// A time with milliseconds.
const TEXT: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
/// Without them it ends here.
const SECONDS_END: usize = 19;

const DAY_MILLIS: i64 = 86_400_000;

/// A date as text.
type Date = [u8; 10];

thread_local! {
    /// The day that was written last, in days from 1970, and how: nearly every time is of today.
    static LAST_DAY: Cell<(i64, Date)> = const { Cell::new((0, *b"1970-01-01")) };
}

/// As a time shows itself, if its year has four digits. Digit by digit, since every poll tells several times, and
/// the standard library's formatting is slow.
fn write(time: Timestamp, text: &mut [u8; TEXT.len()]) -> Option<&[u8]> {
    let millis = time.as_millis();
    text[..size_of::<Date>()].copy_from_slice(&date(millis.div_euclid(DAY_MILLIS))?);
    let of_day = u32::try_from(millis.rem_euclid(DAY_MILLIS)).ok()?;
    let (seconds, millis) = (of_day / 1_000, of_day % 1_000);
    digits(&mut text[11..13], seconds / 3_600);
    digits(&mut text[14..16], seconds / 60 % 60);
    digits(&mut text[17..SECONDS_END], seconds % 60);
    digits(&mut text[20..23], millis);
    let length = if millis == 0 {
        text[SECONDS_END] = b'Z';
        SECONDS_END + 1
    } else {
        TEXT.len()
    };
    Some(&text[..length])
}

fn date(day: i64) -> Option<Date> {
    let (last_day, text) = LAST_DAY.get();
    if day == last_day {
        return Some(text);
    }
    let date = NaiveDate::from_epoch_days(i32::try_from(day).ok()?)?;
    let year = u32::try_from(date.year()).ok().filter(|year| *year <= 9_999)?;
    let mut text = *b"0000-00-00";
    digits(&mut text[..4], year);
    digits(&mut text[5..7], date.month());
    digits(&mut text[8..], date.day());
    LAST_DAY.set((day, text));
    Some(text)
}

fn digits(text: &mut [u8], mut value: u32) {
    for digit in text.iter_mut().rev() {
        *digit = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
}

impl<'de> Deserialize<'de> for WireTime {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let time = DateTime::parse_from_rfc3339(&text).map_err(|_| {
            serde::de::Error::custom("must be an RFC 3339 time, such as 2026-11-22T11:00:00Z")
        })?;
        Ok(Self(time.with_timezone(&Utc).into()))
    }
}

impl PartialSchema for WireTime {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(format))
            .description(Some("RFC 3339, UTC"))
            .into()
    }
}

impl ToSchema for WireTime {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Time")
    }
}

/// A concert to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConcert {
    title: String,
    sale_opens_at: Option<WireTime>,
    #[schema(value_type = schemas::AdmissionPolicy)]
    admission: AdmissionPolicy,
    #[serde(default)]
    #[schema(value_type = schemas::HoldPolicy)]
    holds: HoldPolicy,
    prequeue: Option<NewPrequeue>,
}

/// A fair start to give a concert.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrequeue {
    /// From when on one may join; before `sale_opens_at`.
    opens_at: WireTime,
    /// How those who joined before `sale_opens_at` are ordered.
    #[schema(value_type = schemas::DrawKind)]
    draw: DrawKind,
    /// The name of the public value that will be mixed into a random draw, such as a round of a randomness beacon.
    #[schema(min_length = 1, max_length = 200)]
    beacon: Option<String>,
}

impl NewPrequeue {
    /// The pre-queue that it asks for, with a seed that nobody knows if there is to be a draw.
    fn into_prequeue(self) -> Prequeue {
        let Self { opens_at: WireTime(opens_at), draw, beacon } = self;
        let seed = (draw == DrawKind::Random).then(|| DrawSeed::new(rand::random()));
        Prequeue { opens_at, draw, beacon, seed }
    }
}

impl NewConcert {
    /// The concert that it asks for. The sale opens `now` if it does not say when.
    pub fn into_concert(self, now: Timestamp) -> Concert {
        Concert {
            id: ConcertId(Uuid::now_v7()),
            title: self.title,
            sale_opens_at: self.sale_opens_at.map_or(now, |time| time.0),
            admission: self.admission,
            holds: self.holds,
            paused: false,
            closed: false,
            draining: false,
            notice: None,
            prequeue: self.prequeue.map(NewPrequeue::into_prequeue),
            created_at: now,
        }
    }
}

/// A schedule to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSchedule {
    starts_at: WireTime,
    venue: String,
    #[schema(value_type = Vec<schemas::Section>)]
    sections: Vec<Section>,
}

impl NewSchedule {
    /// The schedule that it asks for.
    pub fn into_schedule(self, concert_id: ConcertId) -> Schedule {
        Schedule {
            id: ScheduleId(Uuid::now_v7()),
            concert_id,
            starts_at: self.starts_at.0,
            venue: self.venue,
            sections: self.sections,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_they_show_themselves() {
        let day = 86_400_000;
        let leap_day = 1_709_164_799_999;
        for millis in [
            0,
            1,
            999,
            1_000,
            -1,
            leap_day,
            leap_day + 1,
            leap_day + day,
            1_800_000_000_000,
            253_402_300_799_999,
            253_402_300_800_000,
            -62_167_219_200_000,
            -62_167_219_200_001,
            i64::MIN,
            i64::MAX,
        ] {
            let time = Timestamp::from_millis(millis);
            let written = serde_json::to_value(WireTime(time)).unwrap();
            assert_eq!(written, time.to_string(), "{millis}");
        }
    }
}
