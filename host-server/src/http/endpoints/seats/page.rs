//! Seat maps as they are sent: written once for each change, block by block, and shared by all who ask.
//!
//! Whoever asks after a write that was answered is told of it, however many write: a page that lags is not sent. Where
//! seats change all the time, those who ask meanwhile wait for one another page together, and pages are written no more
//! than a tenth of the time.

use super::super::view::SeatView;
use super::Wanted;
use super::gzip::{Gzip, Part};
use crate::app::App;
use crate::seat_maps::{BLOCK, ChangedBlock, Changes, SeatMaps};
use crate::store::StoreError;
use crate::wire::WireTime;
use arc_swap::ArcSwapOption;
use blake3::{Hash, Hasher};
use bytes::Bytes;
use frontrow_core::concert::Schedule;
use frontrow_core::seating::SeatStatus;
use frontrow_core::{ScheduleId, Timestamp};
use http::HeaderValue;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::{Instant, sleep_until};

/// After so long a page that has not changed is told as of a later time.
const AS_OF_MILLIS_MAX: i64 = 1_000;
/// After a page was written the next one waits for so many times as long as that took.
const REST_FACTOR: u32 = 9;
/// But no longer than this.
const REST_MAX: Duration = Duration::from_millis(250);
/// Characters of the digest that an `ETag` shows.
const ETAG_CHARS: usize = 24;

/// The pages of this replica; of maps that are dropped, they go when another one is written.
#[derive(Debug, Default)]
pub(super) struct Pages(Mutex<HashMap<(ScheduleId, Wanted), Arc<Kept>>>);

/// The last page of a map, if it was written.
#[derive(Debug, Default)]
struct Kept {
    page: ArcSwapOption<Page>,
    /// Held by who writes the next one; until when nobody should.
    rests_until: AsyncMutex<Option<Instant>>,
}

/// A map as it is sent.
#[derive(Debug)]
pub(super) struct Page {
    revision: u64,
    lapses_at: Timestamp,
    as_of: Timestamp,
    /// Names what it shows. Weak, since its time and its compression may differ.
    pub etag: HeaderValue,
    /// The JSON.
    pub body: Bytes,
    /// Of each block of seats, in order.
    written: Vec<Written>,
    gzip: OnceLock<Bytes>,
}

/// The text of a block of seats; empty where it has none that are wanted.
#[derive(Debug, Clone)]
struct Written {
    range: Range<usize>,
    digest: Hash,
    compressed: Arc<OnceLock<Part>>,
}

impl Pages {
    /// The page of a map, if it is in memory and lags nothing at `now`.
    pub(super) fn current(
        &self,
        maps: &SeatMaps,
        id: ScheduleId,
        wanted: Wanted,
        now: Timestamp,
    ) -> Option<Arc<Page>> {
        let page = self.kept(id, wanted).page.load_full()?;
        page.is_current(maps.revision(id, now)?, now).then_some(page)
    }

    /// The page of a map, which may have to be written.
    pub(super) async fn page(
        &self,
        app: &App,
        schedule: &Schedule,
        wanted: Wanted,
    ) -> Result<Arc<Page>, StoreError> {
        let kept = self.kept(schedule.id, wanted);
        let mut rests_until = kept.rests_until.lock().await;
        if let Some(page) = self.current(&app.seat_maps, schedule.id, wanted, app.store.now()) {
            return Ok(page);
        }
        if let Some(until) = *rests_until {
            sleep_until(until).await;
        }
        let (old, now) = (kept.page.load_full(), app.store.now());
        if old.is_none() {
            self.all().retain(|(id, _), _| *id == schedule.id || app.seat_maps.has(*id));
        }
        let since = old.as_ref().map_or(0, |old| old.revision);
        let changes = app.seat_maps.changes(schedule.id, since, now).await?;
        let began_at = Instant::now();
        let page = Arc::new(Page::write(schedule, wanted, now, old.as_deref(), changes));
        kept.page.store(Some(Arc::clone(&page)));
        let rest = (REST_FACTOR * began_at.elapsed()).min(REST_MAX);
        *rests_until = Some(Instant::now() + rest);
        Ok(page)
    }

    fn kept(&self, id: ScheduleId, wanted: Wanted) -> Arc<Kept> {
        Arc::clone(self.all().entry((id, wanted)).or_default())
    }

    fn all(&self) -> MutexGuard<'_, HashMap<(ScheduleId, Wanted), Arc<Kept>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Page {
    fn is_current(&self, revision: u64, now: Timestamp) -> bool {
        self.revision == revision
            && now < self.lapses_at
            && now.millis_since(self.as_of) < AS_OF_MILLIS_MAX
    }

    /// Whether it shows no seat.
    pub(super) fn is_empty(&self) -> bool {
        self.written.iter().all(|block| block.range.is_empty())
    }

    /// The map after `changes`; what they don't tell stands in `old`.
    fn write(
        schedule: &Schedule,
        wanted: Wanted,
        as_of: Timestamp,
        old: Option<&Self>,
        changes: Changes,
    ) -> Self {
        let Changes { revision, lapses_at, blocks } = changes;
        let id = schedule.id.0;
        let mut body = Vec::with_capacity(old.map_or(0, |old| old.body.len() + BLOCK));
        body.extend_from_slice(format!("{{\"schedule_id\":\"{id}\",\"as_of\":").as_bytes());
        append(&mut body, &WireTime(as_of));
        body.extend_from_slice(b",\"data\":[");
        let first = body.len();
        let mut blocks = blocks.into_iter().peekable();
        let count = (schedule.seats_total() as usize).div_ceil(BLOCK);
        let mut written = Vec::with_capacity(count);
        for index in 0..count {
            let before = body.len();
            if before > first {
                body.push(b',');
            }
            let start = body.len();
            let old = old.map(|old| (&old.written[index], &old.body));
            let block = blocks.next_if(|block| block.index == index);
            written.push(Written::write(&mut body, schedule, wanted, old, block.as_ref()));
            if body.len() == start {
                body.truncate(before);
            }
        }
        body.extend_from_slice(b"]}");
        let etag = etag(wanted, &written);
        let (body, gzip) = (body.into(), OnceLock::new());
        Self { revision, lapses_at, as_of, etag, body, written, gzip }
    }

    /// Compressed when somebody first wants it so, and then only the blocks that are new.
    pub(super) fn gzip(&self) -> Bytes {
        let gzip = self.gzip.get_or_init(|| {
            let (mut gzip, mut end) = (Gzip::new(), 0);
            for block in self.written.iter().filter(|block| !block.range.is_empty()) {
                gzip.stored(&self.body[end..block.range.start]);
                let text = &self.body[block.range.clone()];
                gzip.part(block.compressed.get_or_init(|| Part::new(text)));
                end = block.range.end;
            }
            gzip.stored(&self.body[end..]);
            gzip.finish().into()
        });
        gzip.clone()
    }
}

impl Written {
    /// Writes the wanted seats of a block, with commas between them, as it changed or else as it was.
    fn write(
        body: &mut Vec<u8>,
        schedule: &Schedule,
        wanted: Wanted,
        old: Option<(&Self, &Bytes)>,
        changed: Option<&ChangedBlock>,
    ) -> Self {
        let start = body.len();
        if let Some(block) = changed {
            let first = block.index * BLOCK + 1;
            for (number, status) in (first..).zip(&block.statuses) {
                let seat = u32::try_from(number).ok().filter(|_| wanted.includes(*status));
                if let Some(seat) = seat.and_then(|seat| SeatView::new(schedule, seat, *status)) {
                    if body.len() > start {
                        body.push(b',');
                    }
                    append(body, &seat);
                }
            }
        } else if let Some((old, text)) = old {
            body.extend_from_slice(&text[old.range.clone()]);
            return Self { range: start..body.len(), ..old.clone() };
        }
        let range = start..body.len();
        let digest = blake3::hash(&body[start..]);
        let same = old.filter(|(old, _)| old.digest == digest);
        let compressed = same.map(|(old, _)| Arc::clone(&old.compressed)).unwrap_or_default();
        Self { range, digest, compressed }
    }
}

impl Wanted {
    fn includes(self, status: SeatStatus) -> bool {
        self == Self::All || status == SeatStatus::Available
    }
}

fn append(body: &mut Vec<u8>, value: &impl serde::Serialize) {
    serde_json::to_writer(body, value).expect("plain values are written to a vector");
}

fn etag(wanted: Wanted, written: &[Written]) -> HeaderValue {
    let mut hash = Hasher::new();
    hash.update(&[u8::from(wanted == Wanted::All)]);
    for block in written {
        hash.update(block.digest.as_bytes());
    }
    let digest = hash.finalize().to_hex();
    let etag = format!("W/\"{}\"", &digest[..ETAG_CHARS]);
    HeaderValue::from_str(&etag).expect("digits may stand in a header")
}

#[cfg(test)]
mod tests {
    use super::super::super::view::SeatMapView;
    use super::*;
    use flate2::read::GzDecoder;
    use frontrow_core::concert::Section;
    use frontrow_core::{Amount, ConcertId};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use std::io::Read;
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    const STATUSES: [SeatStatus; 3] = [SeatStatus::Available, SeatStatus::Held, SeatStatus::Sold];

    fn schedule(seats: u32) -> Schedule {
        let price = Amount::new(154_000).unwrap();
        let section = |name: &str, rows, seats_per_row| {
            let name = name.to_owned();
            Section { name, rows, seats_per_row, price }
        };
        Schedule {
            id: ScheduleId(Uuid::from_u128(7)),
            concert_id: ConcertId(Uuid::from_u128(8)),
            starts_at: NOW,
            venue: "Olympic Hall".to_owned(),
            sections: vec![section("R \"front\"", 1, seats - 1), section("뒤", 1, 1)],
        }
    }

    /// The whole map, as `serde_json` writes it.
    fn expected(schedule: &Schedule, wanted: Wanted, statuses: &[SeatStatus]) -> String {
        let seats = (1..).zip(statuses).filter(|(_, status)| wanted.includes(**status));
        let seats = seats.map(|(number, status)| SeatView::new(schedule, number, *status).unwrap());
        let map =
            SeatMapView { schedule_id: schedule.id, as_of: WireTime(NOW), data: seats.collect() };
        serde_json::to_string(&map).unwrap()
    }

    fn changes(revision: u64, statuses: &[SeatStatus], indexes: &[usize]) -> Changes {
        let block = |index: &usize| {
            let statuses = statuses.chunks(BLOCK).nth(*index).unwrap().to_vec();
            ChangedBlock { index: *index, statuses }
        };
        let blocks = indexes.iter().map(block).collect();
        Changes { revision, lapses_at: Timestamp::MAX, blocks }
    }

    fn unpacked(page: &Page) -> String {
        let mut text = String::new();
        GzDecoder::new(&page.gzip()[..]).read_to_string(&mut text).unwrap();
        text
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_page_is_the_map_however_it_came_about(
            mut statuses in vec(select(STATUSES.to_vec()), 2..4 * BLOCK),
            steps in vec(vec((any::<prop::sample::Index>(), select(STATUSES.to_vec())), 0..20), 1..5),
            wanted in select(vec![Wanted::All, Wanted::Available]),
        ) {
            let schedule = schedule(u32::try_from(statuses.len()).unwrap());
            let all: Vec<usize> = (0..statuses.len().div_ceil(BLOCK)).collect();
            let mut page = Page::write(&schedule, wanted, NOW, None, changes(1, &statuses, &all));
            for (revision, step) in (2..).zip(steps) {
                let expected = expected(&schedule, wanted, &statuses);
                prop_assert_eq!(std::str::from_utf8(&page.body).unwrap(), &expected);
                prop_assert_eq!(unpacked(&page), expected);
                let mut touched = Vec::new();
                for (at, status) in step {
                    let at = at.index(statuses.len());
                    statuses[at] = status;
                    touched.push(at / BLOCK);
                }
                touched.sort_unstable();
                touched.dedup();
                let changes = changes(revision, &statuses, &touched);
                let next = Page::write(&schedule, wanted, NOW, Some(&page), changes);
                prop_assert_eq!(next.etag == page.etag, next.body == page.body);
                page = next;
            }
            prop_assert_eq!(page.is_empty(), !statuses.iter().any(|status| wanted.includes(*status)));
        }
    }

    #[test]
    fn a_block_whose_text_is_the_same_is_not_compressed_again() {
        let mut statuses = vec![SeatStatus::Held; 2 * BLOCK];
        let schedule = schedule(u32::try_from(statuses.len()).unwrap());
        let write = |old: Option<&Page>, changes| {
            Page::write(&schedule, Wanted::Available, NOW, old, changes)
        };
        statuses[0] = SeatStatus::Available;
        statuses[BLOCK] = SeatStatus::Available;
        let page = write(None, changes(1, &statuses, &[0, 1]));
        page.gzip();
        // What is held becomes sold, which the free seats don't show.
        statuses[1] = SeatStatus::Sold;
        statuses[BLOCK + 1] = SeatStatus::Available;
        let next = write(Some(&page), changes(2, &statuses, &[0, 1]));
        let is_compressed = |at: usize| next.written[at].compressed.get().is_some();
        assert_eq!((is_compressed(0), is_compressed(1)), (true, false));
    }

    #[test]
    fn a_page_is_current_until_a_write_a_hold_that_runs_out_or_a_second_later() {
        let changes = Changes {
            lapses_at: NOW.plus_millis(700),
            ..changes(5, &[SeatStatus::Held, SeatStatus::Held], &[0])
        };
        let page = Page::write(&schedule(2), Wanted::All, NOW, None, changes);
        assert!(page.is_current(5, NOW) && page.is_current(5, NOW.plus_millis(699)));
        assert!(!page.is_current(6, NOW) && !page.is_current(5, NOW.plus_millis(700)));
        let quiet = Page { lapses_at: Timestamp::MAX, ..page };
        assert!(
            quiet.is_current(5, NOW.plus_millis(999))
                && !quiet.is_current(5, NOW.plus_millis(1_000))
        );
        assert!(quiet.is_current(5, NOW.plus_millis(-1)), "whoever asked a moment before");
    }
}
