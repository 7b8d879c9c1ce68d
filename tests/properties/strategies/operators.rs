//! What operators and timers do.

use super::concert_id;
use crate::names::{self, START};
use crate::reference::Story;
use frontrow_core::concert::{
    AdmissionChange, Concert, ConcertChange, DrawKind, HoldChange, Notice, Prequeue, Schedule,
    Section,
};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::DrawSeed;
use frontrow_core::{Amount, Command, Timestamp};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Two concerts, up to three schedules, and some people who have money.
pub fn setup() -> BoxedStrategy<Vec<Command>> {
    let concerts = (concert(1), concert(2));
    let schedules = (schedule(1, 1), schedule(2, 1), schedule(3, 2));
    let charges = proptest::collection::vec(prop_oneof![1 => 1..40_u64, 4 => 40..900_u64], 2..6);
    (concerts, schedules, prop_oneof![1 => Just(0), 9 => 1..4_usize], charges)
        .prop_map(|((one, two), (first, second, third), count, charges)| {
            let concerts = [one, two].map(|concert| Command::CreateConcert { concert });
            let schedules =
                [first, third, second].map(|schedule| Command::AddSchedule { schedule });
            let charges = (1..).zip(charges).map(|(number, amount)| {
                let (transfer_id, user_id) = (names::transfer(number), names::user(number));
                Command::Charge { transfer_id, user_id, amount }
            });
            concerts.into_iter().chain(schedules.into_iter().take(count)).chain(charges).collect()
        })
        .boxed()
}

/// A concert with a small policy.
fn concert(number: u128) -> BoxedStrategy<Concert> {
    let lapse = prop_oneof![2 => Just(0_u32), 3 => 5..20_u32];
    let aware = prop_oneof![3 => Just(false), 1 => Just(true)];
    let admission = (1..10_u32, 1..5_u32, 3..40_u32, option::of(1..4_u32), lapse, aware).prop_map(
        |(interval_seconds, batch_size, active_seconds, max_active, lapse_seconds, aware)| {
            AdmissionPolicy {
                interval_seconds,
                batch_size,
                active_seconds,
                max_active,
                lapse_seconds,
                inventory_aware: aware,
            }
        },
    );
    let holds = (1..15_u32, 1..5_u32).prop_map(|(hold_seconds, max_seats_per_user)| HoldPolicy {
        hold_seconds,
        max_seats_per_user,
    });
    (admission, holds, -5_000..8_000_i64)
        .prop_flat_map(|(admission, holds, opens_in)| {
            (Just(admission), Just(holds), Just(opens_in), option::of(prequeue(opens_in)))
        })
        .prop_map(move |(admission, holds, opens_in, prequeue)| Concert {
            id: names::concert(number),
            title: format!("Concert {number}"),
            sale_opens_at: START.plus_millis(opens_in),
            admission,
            holds,
            paused: false,
            closed: false,
            draining: false,
            notice: None,
            prequeue,
            created_at: START,
        })
        .boxed()
}

/// A pre-queue that opens a few seconds before the sale.
fn prequeue(sale_opens_in: i64) -> BoxedStrategy<Prequeue> {
    let draw = prop_oneof![1 => Just(None), 4 => any::<[u8; 32]>().prop_map(Some)];
    (1..9_000_i64, draw, any::<bool>())
        .prop_map(move |(earlier, seed, beacon)| Prequeue {
            opens_at: START.plus_millis(sale_opens_in - earlier),
            draw: if seed.is_some() { DrawKind::Random } else { DrawKind::Arrival },
            beacon: (beacon && seed.is_some()).then(|| "round 1".to_owned()),
            seed: seed.map(DrawSeed::new),
        })
        .boxed()
}

/// A schedule with a small hall.
fn schedule(number: u128, concert: u128) -> BoxedStrategy<Schedule> {
    let starts_in = prop_oneof![1 => 20..100_u32, 9 => 3_600..20_000_u32];
    let section = (1..4_u32, 1..5_u32, 1..60_u64);
    let few = prop_oneof![
        2 => proptest::collection::vec((Just(1_u32), 1..3_u32, 1..60_u64), 1..2),
        3 => proptest::collection::vec(section, 1..4),
    ];
    (starts_in, few)
        .prop_map(move |(starts_in, sections)| {
            let named = ["R", "S", "T"].into_iter().zip(sections);
            let sections = named.map(|(name, (rows, seats_per_row, price))| Section {
                name: name.to_owned(),
                rows,
                seats_per_row,
                price: Amount::new(price).expect("prices are small"),
            });
            Schedule {
                id: names::schedule(number),
                concert_id: names::concert(concert),
                starts_at: START.plus_seconds(starts_in),
                venue: "Hall".to_owned(),
                sections: sections.collect(),
            }
        })
        .boxed()
}

pub(super) fn create_concert(id: u128) -> BoxedStrategy<Command> {
    let number = prop_oneof![2 => Just(id), 1 => Just(1)];
    let spoilt = prop_oneof![3 => Just(""), 1 => select(vec!["title", "batch", "never", "late", "seed", "beacon"])];
    (number.prop_flat_map(concert), spoilt)
        .prop_map(|(mut concert, spoilt)| {
            match spoilt {
                "title" => concert.title.push('\u{7}'),
                "batch" => concert.admission.batch_size = 0,
                "late" | "seed" | "beacon" => {
                    concert.prequeue = Some(Prequeue {
                        opens_at: concert
                            .sale_opens_at
                            .plus_millis(i64::from(spoilt == "late") - 1),
                        draw: DrawKind::Arrival,
                        beacon: (spoilt == "beacon").then(|| "round 1".to_owned()),
                        seed: (spoilt == "seed").then(|| DrawSeed::new([1; 32])),
                    });
                }
                "never" => concert.sale_opens_at = Timestamp::MAX,
                _ => {}
            }
            Command::CreateConcert { concert }
        })
        .boxed()
}

pub(super) fn add_schedule(id: u128) -> BoxedStrategy<Command> {
    let number = prop_oneof![5 => Just(id), 1 => Just(1)];
    let concert = prop_oneof![4 => Just(1), 4 => Just(2), 1 => Just(names::NOBODY)];
    let spoilt = prop_oneof![5 => Just(""), 1 => select(vec!["twins", "huge", "none", "before"])];
    ((number, concert).prop_flat_map(|(number, concert)| schedule(number, concert)), spoilt)
        .prop_map(|(mut schedule, spoilt)| {
            match spoilt {
                "twins" => schedule.sections.push(schedule.sections[0].clone()),
                "huge" => schedule.sections[0].rows = u32::MAX,
                "none" => schedule.sections.clear(),
                "before" => schedule.starts_at = Timestamp::from_millis(-1),
                _ => {}
            }
            Command::AddSchedule { schedule }
        })
        .boxed()
}

/// A tick, served since ever or since a moment ago.
pub(super) fn tick(story: &Story) -> BoxedStrategy<Command> {
    let clock = story.clock;
    let served = prop_oneof![
        4 => Just(Timestamp::MIN),
        1 => (0..20_000_i64).prop_map(move |millis| clock.plus_millis(-millis))
    ];
    (concert_id(), served)
        .prop_map(|(concert_id, served_since)| Command::Tick { concert_id, served_since })
        .boxed()
}

/// The value of a beacon, of which two are seen; one in eight is none.
pub(super) fn draw() -> BoxedStrategy<Command> {
    let value = prop_oneof![5 => Just("17"), 2 => Just("23"), 1 => Just("")];
    (concert_id(), value)
        .prop_map(|(concert_id, value)| Command::Draw {
            concert_id,
            beacon_value: value.to_owned(),
        })
        .boxed()
}

pub(super) fn refresh_sold_out() -> BoxedStrategy<Command> {
    concert_id().prop_map(|concert_id| Command::RefreshSoldOut { concert_id }).boxed()
}

/// A notice; one in four is none that can be shown.
fn notice() -> BoxedStrategy<Notice> {
    let text = |longest: usize| prop_oneof![6 => 1..5_usize, 1 => Just(0), 1 => Just(longest)];
    (text(500), text(501))
        .prop_map(|(ko, en)| Notice { ko: "가".repeat(ko), en: "a".repeat(en) })
        .boxed()
}

pub(super) fn update() -> BoxedStrategy<Command> {
    let admission = |change| ConcertChange { admission: Some(change), ..ConcertChange::default() };
    let empty = AdmissionChange::default;
    let change = prop_oneof![
        6 => any::<bool>().prop_map(|paused| ConcertChange {
            paused: Some(paused),
            ..ConcertChange::default()
        }),
        2 => prop_oneof![3 => Just(true), 1 => Just(false)].prop_map(|closed| ConcertChange {
            closed: Some(closed),
            ..ConcertChange::default()
        }),
        5 => (0..12_u32).prop_map(move |interval| admission(AdmissionChange {
            interval_seconds: Some(interval),
            ..empty()
        })),
        2 => (0..5_u32, any::<bool>()).prop_map(move |(batch, unpause)| ConcertChange {
            paused: unpause.then_some(false),
            ..admission(AdmissionChange {
                batch_size: Some(batch),
                interval_seconds: Some(batch + 2),
                ..empty()
            })
        }),
        2 => option::of(0..5_u32).prop_map(move |cap| admission(AdmissionChange {
            max_active: Some(cap),
            ..empty()
        })),
        2 => (0..12_u32).prop_map(move |lapse| admission(AdmissionChange {
            lapse_seconds: Some(lapse),
            ..empty()
        })),
        1 => any::<bool>().prop_map(move |aware| admission(AdmissionChange {
            inventory_aware: Some(aware),
            ..empty()
        })),
        1 => (0..20_u32, 0..90_000_u32).prop_map(move |(active, hold)| ConcertChange {
            holds: Some(HoldChange { hold_seconds: Some(hold % 13), max_seats_per_user: None }),
            ..admission(AdmissionChange { active_seconds: Some(active), ..empty() })
        }),
        1 => (0..1_500_u32).prop_map(|most| ConcertChange {
            holds: Some(HoldChange { hold_seconds: None, max_seats_per_user: Some(most % 7) }),
            ..ConcertChange::default()
        }),
        2 => prop_oneof![1 => Just(true), 2 => Just(false)].prop_map(|draining| ConcertChange {
            draining: Some(draining),
            ..ConcertChange::default()
        }),
        1 => option::of(notice()).prop_map(|notice| ConcertChange {
            notice: Some(notice),
            ..ConcertChange::default()
        }),
        1 => Just(ConcertChange::default()),
    ];
    (concert_id(), change)
        .prop_map(|(concert_id, change)| Command::UpdateConcert { concert_id, change })
        .boxed()
}
