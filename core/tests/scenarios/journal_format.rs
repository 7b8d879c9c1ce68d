//! The journal's JSON, event by event, as it is kept for ever. A test that fails here says that old
//! journals can't be read any more: add a field with a default, don't rename one.

use frontrow_core::concert::{Concert, DrawKind, Notice, Prequeue, Schedule, Section};
use frontrow_core::ledger::{Transfer, TransferKind};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::{DrawSeed, Reveal};
use frontrow_core::{
    Amount, ConcertId, Event, EventKind, ExpiryCause, ReservationId, ScheduleId, TicketId,
    Timestamp, TransferId, UserId,
};
use std::collections::BTreeSet;
use uuid::Uuid;

const CONCERT: ConcertId = ConcertId(Uuid::from_u128(1));
const SCHEDULE: ScheduleId = ScheduleId(Uuid::from_u128(2));
const TICKET: TicketId = TicketId(Uuid::from_u128(3));
const RESERVATION: ReservationId = ReservationId(Uuid::from_u128(4));
const USER: UserId = UserId(Uuid::from_u128(5));
const TRANSFER: TransferId = TransferId(Uuid::from_u128(6));

const SEED: DrawSeed = DrawSeed::new([7; 32]);

/// Where the ids of the fixture stand for themselves.
const IDS: [(&str, u128); 6] = [
    ("<concert>", 1),
    ("<schedule>", 2),
    ("<ticket>", 3),
    ("<reservation>", 4),
    ("<user>", 5),
    ("<transfer>", 6),
];

/// One event a line, each as the journal has it.
const FIXTURE: &str = include_str!("journal_format.jsonl");

fn time(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_795_345_200_000 + millis)
}

fn amount(units: u64) -> Amount {
    Amount::new(units).expect("a small amount")
}

fn concert(paused: bool) -> Concert {
    Concert {
        id: CONCERT,
        title: "앞줄".to_owned(),
        sale_opens_at: time(0),
        admission: AdmissionPolicy {
            interval_seconds: 10,
            batch_size: 100,
            active_seconds: 600,
            max_active: paused.then_some(1_000),
            lapse_seconds: 180,
            inventory_aware: false,
        },
        holds: HoldPolicy { hold_seconds: 300, max_seats_per_user: 4 },
        paused,
        closed: false,
        draining: paused,
        notice: paused
            .then(|| Notice { ko: "잠시 쉽니다.".to_owned(), en: "A break.".to_owned() }),
        prequeue: paused.then(|| Prequeue {
            opens_at: time(-1_000),
            draw: DrawKind::Random,
            beacon: Some("round 17".to_owned()),
            seed: Some(SEED),
        }),
        created_at: time(-1),
    }
}

fn schedule() -> Schedule {
    let section =
        Section { name: "R".to_owned(), rows: 10, seats_per_row: 20, price: amount(154_000) };
    let sections = vec![section];
    let venue = "Olympic Hall".to_owned();
    Schedule { id: SCHEDULE, concert_id: CONCERT, starts_at: time(5), venue, sections }
}

fn transfer(kind: TransferKind) -> EventKind {
    let (amount, balance_after) = (amount(154_000), amount(46_000));
    let transfer =
        Transfer { id: TRANSFER, user_id: USER, kind, amount, balance_after, at: time(7) };
    EventKind::Transferred { transfer }
}

/// How many lines of the fixture are of this kind; the compiler keeps the list complete.
fn lines_of(kind: &EventKind) -> (&'static str, usize) {
    match kind {
        EventKind::ConcertCreated { .. } => ("concert_created", 1),
        EventKind::ConcertChanged { .. } => ("concert_changed", 1),
        EventKind::ScheduleAdded { .. } => ("schedule_added", 1),
        EventKind::TickRescheduled { .. } => ("tick_rescheduled", 1),
        EventKind::TicketIssued { .. } => ("ticket_issued", 1),
        EventKind::TicketAdmitted { .. } => ("ticket_admitted", 1),
        EventKind::TicketExpired { .. } => ("ticket_expired", 2),
        EventKind::TicketLeft { .. } => ("ticket_left", 1),
        EventKind::TicketConsumed { .. } => ("ticket_consumed", 1),
        EventKind::TickRan { .. } => ("tick_ran", 1),
        EventKind::PrequeueClosed { .. } => ("prequeue_closed", 1),
        EventKind::QueueDrawn { .. } => ("queue_drawn", 1),
        EventKind::SoldOutChanged { .. } => ("sold_out_changed", 1),
        EventKind::SeatsHeld { .. } => ("seats_held", 1),
        EventKind::ReservationExpired { .. } => ("reservation_expired", 1),
        EventKind::ReservationReleased { .. } => ("reservation_released", 1),
        EventKind::ReservationConfirmed { .. } => ("reservation_confirmed", 1),
        EventKind::ReservationCancelled { .. } => ("reservation_cancelled", 1),
        EventKind::Transferred { .. } => ("transferred", 3),
    }
}

const KINDS: usize = 19;

/// Events of concerts and queues.
fn of_queues() -> Vec<EventKind> {
    let (ticket_id, concert_id, user_id) = (TICKET, CONCERT, USER);
    let next_tick_at = time(20_000);
    let expired = |cause| EventKind::TicketExpired { ticket_id, concert_id, cause };
    vec![
        EventKind::ConcertCreated { concert: Box::new(concert(false)) },
        EventKind::ConcertChanged { concert: Box::new(concert(true)) },
        EventKind::ScheduleAdded { schedule: Box::new(schedule()) },
        EventKind::TickRescheduled { concert_id, next_tick_at },
        EventKind::TicketIssued { ticket_id, concert_id, user_id, number: 342 },
        EventKind::TicketAdmitted {
            ticket_id,
            concert_id,
            number: 342,
            tick_at: time(10_000),
            active_until: time(610_000),
        },
        expired(ExpiryCause::TimedOut),
        expired(ExpiryCause::NoShow),
        EventKind::TicketLeft { ticket_id, concert_id },
        EventKind::TicketConsumed { ticket_id, concert_id },
        EventKind::TickRan {
            concert_id,
            tick_at: time(10_000),
            admitted: 100,
            batch_size: 100,
            max_active: None,
            next_tick_at,
            remaining: 0,
            passed_through: Some(17),
        },
        EventKind::PrequeueClosed { concert_id, arrivals: 20 },
        EventKind::QueueDrawn {
            concert_id,
            reveal: Reveal { seed: SEED, beacon_value: Some("b5d8".to_owned()) },
        },
        EventKind::SoldOutChanged { concert_id, sold_out: true, next_tick_at },
    ]
}

/// Events of seats and money.
fn of_seats_and_money() -> Vec<EventKind> {
    let (reservation_id, concert_id, schedule_id) = (RESERVATION, CONCERT, SCHEDULE);
    let (user_id, ticket_id) = (USER, TICKET);
    let seats = || [17, 18].into_iter().collect();
    vec![
        EventKind::SeatsHeld {
            reservation_id,
            concert_id,
            schedule_id,
            user_id,
            ticket_id,
            seats: seats(),
            amount: amount(308_000),
            expires_at: time(300_000),
        },
        EventKind::ReservationExpired { reservation_id },
        EventKind::ReservationReleased { reservation_id, ticket_id, schedule_id, seats: seats() },
        EventKind::ReservationConfirmed {
            reservation_id,
            concert_id,
            user_id,
            schedule_id,
            seats: seats(),
            payment_id: TRANSFER,
        },
        EventKind::ReservationCancelled {
            reservation_id,
            concert_id,
            user_id,
            schedule_id,
            seats: seats(),
            refund_id: TRANSFER,
        },
        transfer(TransferKind::Charge),
        transfer(TransferKind::Payment { reservation_id, concert_id }),
        transfer(TransferKind::Refund { reservation_id, concert_id }),
    ]
}

/// The events that the fixture tells, in its order.
fn events() -> Vec<Event> {
    let kinds = of_queues().into_iter().chain(of_seats_and_money());
    kinds.map(|kind| Event { at: time(123), kind }).collect()
}

/// The fixture's lines with the ids in full.
fn lines() -> Vec<String> {
    let in_full = |line: &str| {
        IDS.iter().fold(line.to_owned(), |line, (name, id)| {
            line.replace(name, &Uuid::from_u128(*id).to_string())
        })
    };
    FIXTURE.lines().map(in_full).collect()
}

#[test]
fn every_event_is_written_as_it_always_was() {
    let written: Vec<String> =
        events().iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    assert_eq!(written.len(), lines().len());
    for (written, kept) in written.iter().zip(lines()) {
        assert_eq!(*written, kept);
    }
}

#[test]
fn every_event_that_was_ever_written_can_be_read() {
    let read: Vec<Event> = lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read, events());
}

#[test]
fn events_are_read_in_whatever_order_their_fields_are() {
    for (line, event) in lines().iter().zip(events()) {
        let at = "\"at\":1795345200123,";
        let fields = line.strip_prefix(&format!("{{{at}")).expect("it says first when it was");
        let fields = fields.strip_suffix('}').expect("it is an object");
        let (kind, rest) = fields.split_once(',').expect("it says its kind, and more");
        for line in [
            format!("{{{kind},{at}{rest}}}"),
            format!("{{{at}{rest},{kind}}}"),
            format!("{{{rest},{at}{kind}}}"),
        ] {
            assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), event, "{line}");
        }
    }
}

#[test]
fn what_is_no_event_is_not_read() {
    for line in [
        "{}",
        "{\"at\":1}",
        "{\"at\":1,\"kind\":\"ticket_lost\"}",
        "{\"at\":1,\"kind\":\"ticket_left\"}",
        "{\"at\":1,\"kind\":7}",
        "{\"kind\":\"reservation_expired\",\"reservation_id\":\"00000000-0000-0000-0000-000000000001\"}",
        "[1,\"ticket_left\"]",
        "null",
    ] {
        assert!(serde_json::from_str::<Event>(line).is_err(), "{line}");
    }
}

/// What a journal of before them lacks, which still has to be read.
#[test]
fn fields_that_came_later_may_be_missing() {
    let (now, first) = (lines().remove(0), events().remove(0));
    let before = now.replace(",\"draining\":false,\"notice\":null,\"prequeue\":null", "");
    assert_ne!(before, now);
    assert_eq!(serde_json::from_str::<Event>(&before).unwrap(), first);
    let now = lines().into_iter().find(|line| line.contains("tick_ran")).expect("there is one");
    let before = now.replace(",\"passed_through\":17", "");
    assert_ne!(before, now);
    let read: Event = serde_json::from_str(&before).unwrap();
    assert!(matches!(read.kind, EventKind::TickRan { passed_through: None, .. }));
}

#[test]
fn the_fixture_has_every_kind() {
    let mut kinds = BTreeSet::new();
    for event in events() {
        let (kind, lines) = lines_of(&event.kind);
        kinds.insert(kind);
        assert_eq!(FIXTURE.matches(&format!("\"kind\":\"{kind}\"")).count(), lines, "{kind}");
    }
    assert_eq!(kinds.len(), KINDS);
}
