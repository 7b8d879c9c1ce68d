//! Concerts that are history, and audits that go on from a checkpoint instead of the events that it tells.

use crate::story::{CONCERT, Story, hall, second};
use frontrow_core::audit::{Audit, Checkpoint, CheckpointRow, Invariant, Report, history};
use frontrow_core::concert::{ConcertChange, Notice, Schedule};
use frontrow_core::seating::{ReservationState, Seat};
use frontrow_core::state::Stored;
use frontrow_core::{Event, EventKind, Mode, ScheduleId, State, TicketId, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

/// How long the journal is kept here.
const KEEP_DAYS: u32 = 100;
const DAY_SECONDS: i64 = 86_400;
/// When the hall's performance is so long ago, in seconds after the opening.
const OVER: i64 = DAY_SECONDS * (1 + KEEP_DAYS as i64);

/// A sale in which something of every kind happened, closed: person 1 and 2 bought, 3 gave theirs back, 4's hold ran out, 5
/// did nothing, 6 left, 7 waits.
fn sale() -> Story {
    let mut story = Story::inside(&[1, 2, 3, 4, 5]);
    story.buy(1, &[1, 2]);
    story.buy(2, &[3]);
    story.buy(3, &[4]);
    story.withdraw(3).expect("the performance has not begun");
    story.hold(4, &[5]).expect("the seat is free");
    story.join_all(&[6, 7]);
    story.leave(6).expect("who waits may leave");
    story.close();
    story.at(2_000);
    story
}

/// Whether an entry of the journal may be gone: the stores' views say the same in SQL.
fn is_pruned(event: &Event, checkpoint: &Checkpoint) -> bool {
    match event.kind {
        EventKind::TicketIssued { .. }
        | EventKind::TicketAdmitted { .. }
        | EventKind::TicketExpired { .. }
        | EventKind::TicketLeft { .. }
        | EventKind::TicketConsumed { .. }
        | EventKind::SeatsHeld { .. }
        | EventKind::ReservationExpired { .. }
        | EventKind::ReservationReleased { .. }
        | EventKind::ReservationConfirmed { .. }
        | EventKind::ReservationCancelled { .. } => true,
        EventKind::TickRan { .. } | EventKind::TickRescheduled { .. } => {
            event.at <= checkpoint.queue_changed_at
        }
        _ => false,
    }
}

/// The rows of a world as a store has them, but for those tickets.
fn rows_without(story: &Story, is_gone: impl Fn(TicketId) -> bool) -> State {
    fn stored<K, T: Clone>(row: &frontrow_core::state::Change<'_, K, T>) -> Stored<T> {
        Stored { value: row.value.clone(), version: row.version, changed_at: row.changed_at }
    }
    let (world, mut rows) = (story.world.state(), State::partial());
    for row in world.concerts().changes() {
        rows.load_concert(row.key, Some(stored(&row)), Mode::Write);
    }
    for row in world.queues().changes() {
        rows.load_queue(row.key, Some(stored(&row)));
    }
    for row in world.schedules().changes() {
        rows.load_schedule(row.key, Some(stored(&row)));
    }
    for row in world.seats().changes() {
        rows.load_seat(row.key.0, row.key.1, Some(stored(&row)));
    }
    for row in world.tickets().changes().filter(|row| !is_gone(row.key)) {
        rows.load_ticket(row.key, Some(stored(&row)));
    }
    for row in world.reservations().changes() {
        rows.load_reservation(row.key, Some(stored(&row)), Mode::Write);
    }
    for row in world.wallets().changes() {
        rows.load_wallet(row.key, Some(stored(&row)));
    }
    for transfer in world.transfers() {
        rows.load_transfer(*transfer);
    }
    rows
}

/// The checkpoint of the one concert, after a whole audit, as a store would give it back.
fn checkpoint(story: &Story) -> Checkpoint {
    let mut audit = Audit::new();
    story.journal().iter().for_each(|event| audit.read(event));
    let prunable =
        audit.prunable(audit.finish(story.world.state(), second(OVER)), KEEP_DAYS, second(OVER));
    assert_eq!(prunable.expect("no invariant is broken"), [CONCERT]);
    let checkpoint = audit.checkpoint(CONCERT).expect("the concert is there");
    let json = serde_json::to_string(&checkpoint.rows).expect("rows are JSON");
    let rows = serde_json::from_str(&json).expect("rows are read as they are written");
    assert_eq!(checkpoint.rows, rows);
    Checkpoint { rows, ..checkpoint }
}

/// Audits rows from a checkpoint and those events of the journal that are left.
fn audited(
    checkpoint: &Checkpoint,
    story: &Story,
    is_gone: impl Fn(usize, &Event) -> bool,
    rows: &State,
) -> Report {
    let mut audit = Audit::new();
    for row in &checkpoint.rows {
        audit.resume(checkpoint.concert_id, row.clone());
    }
    let left = story.journal().iter().enumerate().filter(|(index, event)| !is_gone(*index, event));
    left.for_each(|(_, event)| audit.read(event));
    audit.finish(rows, story.now())
}

fn broken(report: &Report) -> Vec<Invariant> {
    report.checks.iter().filter(|check| !check.ok).map(|check| check.invariant).collect()
}

#[test]
fn a_concert_is_history_once_it_was_closed_and_nothing_moved_for_so_long() {
    let mut story = sale();
    let found = |story: &Story, at| history(story.world.state(), KEEP_DAYS, at);
    assert_eq!(found(&story, second(OVER)), [CONCERT], "though somebody waits for ever");
    assert_eq!(found(&story, second(OVER).plus_millis(-1)), []);
    assert_eq!(found(&story, Timestamp::MAX), [CONCERT]);
    let later = Schedule { id: ScheduleId(Uuid::from_u128(9)), ..hall(1, 1) };
    story.add(Schedule { starts_at: second(2 * DAY_SECONDS), ..later });
    assert_eq!(found(&story, second(OVER)), [], "another performance is a day later");
    assert_eq!(found(&story, second(OVER + DAY_SECONDS)), [CONCERT]);
}

#[test]
fn a_concert_in_which_somebody_is_active_or_holds_is_no_history() {
    let mut story = Story::inside(&[1]);
    story.hold(1, &[1]).expect("the seat is free");
    story.close();
    let found = |story: &Story| history(story.world.state(), KEEP_DAYS, second(OVER + 10_000));
    assert_eq!(found(&story), [], "nobody has stored that the hold ran out");
    story.at(300);
    assert_eq!(found(&story), [], "nobody has stored that the ticket ran out");
    story.at(600);
    assert_eq!(found(&story), [CONCERT]);
}

#[test]
fn a_sale_that_is_not_closed_is_no_history() {
    let mut story = Story::inside(&[1]);
    story.at(10_000);
    assert_eq!(history(story.world.state(), KEEP_DAYS, Timestamp::MAX), []);
    story.close();
    assert_eq!(history(story.world.state(), KEEP_DAYS, Timestamp::MAX), [CONCERT]);
}

#[test]
fn an_audit_goes_on_from_a_checkpoint_without_what_it_tells() {
    let story = sale();
    let checkpoint = checkpoint(&story);
    let rows = rows_without(&story, |_| true);
    let report = audited(&checkpoint, &story, |_, event| is_pruned(event, &checkpoint), &rows);
    assert!(report.ok, "{report:#?}");
    let kept = story.journal().iter().filter(|event| !is_pruned(event, &checkpoint)).count();
    assert_eq!(report.events, kept as u64);
    assert!(kept < story.journal().len() / 2, "{kept} of {}", story.journal().len());
}

#[test]
fn whatever_part_of_it_is_pruned_the_rest_is_proved() {
    let story = sale();
    let checkpoint = checkpoint(&story);
    for part in 2..7 {
        let is_gone = |index: usize, event: &Event| {
            index.is_multiple_of(part) && is_pruned(event, &checkpoint)
        };
        let ticket_is_gone = |id: TicketId| id.0.as_u128().is_multiple_of(part as u128);
        let rows = rows_without(&story, ticket_is_gone);
        let report = audited(&checkpoint, &story, is_gone, &rows);
        assert!(report.ok, "{report:#?}");
    }
}

#[test]
fn what_happens_after_a_checkpoint_is_told_by_the_journal() {
    let mut story = sale();
    story.at(OVER);
    let checkpoint = checkpoint(&story);
    let notice = Notice { ko: "끝났습니다.".to_owned(), en: "It is over.".to_owned() };
    story.change(ConcertChange { notice: Some(Some(notice)), ..ConcertChange::default() });
    let anew = Schedule { id: ScheduleId(Uuid::from_u128(9)), ..hall(1, 1) };
    story.add(Schedule { starts_at: second(OVER + 10), ..anew });
    story.charge(1, 5).expect("a charge of a small amount");
    story.leave(7).expect("who waits may leave");
    let rows = rows_without(&story, |id| id != story.ticket_id(7));
    let report = audited(&checkpoint, &story, |_, event| is_pruned(event, &checkpoint), &rows);
    assert!(report.ok, "{report:#?}");
}

#[test]
fn a_concert_with_a_checkpoint_gets_no_other() {
    let story = sale();
    let checkpoint = checkpoint(&story);
    let mut audit = Audit::new();
    for row in checkpoint.rows {
        audit.resume(CONCERT, row);
    }
    story.journal().iter().for_each(|event| audit.read(event));
    let prunable =
        audit.prunable(audit.finish(story.world.state(), second(OVER)), KEEP_DAYS, second(OVER));
    assert_eq!(prunable.expect("no invariant is broken"), []);
}

#[test]
fn where_an_invariant_is_broken_nothing_may_be_pruned() {
    let story = sale();
    let mut audit = Audit::new();
    story.journal().iter().for_each(|event| audit.read(event));
    let rows = rows_without(&story, |id| id == story.ticket_id(5));
    let report = audit
        .prunable(audit.finish(&rows, second(OVER)), KEEP_DAYS, second(OVER))
        .expect_err("a row is missing");
    assert_eq!(broken(&report), [Invariant::JournalReplaysToRows]);
}

/// Rows that are not as the checkpoint tells are found as they were before it.
#[test]
fn rows_that_were_tampered_with_behind_a_checkpoint_are_found() {
    let story = sale();
    let honest = checkpoint(&story);
    let rows = rows_without(&story, |_| true);
    let audited = |checkpoint: &Checkpoint| {
        audited(checkpoint, &story, |_, event| is_pruned(event, checkpoint), &rows)
    };
    let mut forged = 0;
    for index in 0..honest.rows.len() {
        let mut checkpoint = honest.clone();
        match &mut checkpoint.rows[index] {
            CheckpointRow::Queue { stored } => stored.value.next_number += 1,
            CheckpointRow::Seat { stored, .. } => {
                stored.value = match stored.value {
                    Seat::Free => Seat::Sold { reservation_id: story.reservation_id(1) },
                    Seat::Held { .. } | Seat::Sold { .. } => Seat::Free,
                };
            }
            CheckpointRow::Reservation { stored } => {
                stored.value.state = ReservationState::Released { at: story.now() };
            }
        }
        assert_eq!(broken(&audited(&checkpoint)), [Invariant::JournalReplaysToRows], "{index}");
        checkpoint.rows.remove(index);
        if index > 0 {
            assert_eq!(broken(&audited(&checkpoint)), [Invariant::JournalReplaysToRows], "{index}");
        }
        forged += 1;
    }
    assert_eq!(forged, 1 + 4 + 5, "the queue, four reservations and five seats");
}

#[test]
fn a_ticket_that_was_revived_behind_a_checkpoint_is_found() {
    let story = sale();
    let checkpoint = checkpoint(&story);
    let mut rows = rows_without(&story, |_| true);
    let mut ticket = story.ticket(5).clone();
    ticket.state = frontrow_core::queue::TicketState::Active {
        admitted_at: story.now(),
        active_until: story.now(),
        hold: None,
    };
    let (version, changed_at) = (9, story.now());
    rows.load_ticket(ticket.id, Some(Stored { value: ticket, version, changed_at }));
    let report = audited(&checkpoint, &story, |_, event| is_pruned(event, &checkpoint), &rows);
    assert_eq!(broken(&report), [Invariant::JournalReplaysToRows]);
}

/// A test that fails here says that old checkpoints can't be read any more: add a field with a default, don't rename one.
#[test]
fn checkpoints_are_read_as_they_were_written_for_ever() {
    let id = "00000000-0000-0000-0000-0000000000c0";
    let queue = json!({ "concert_id": id, "next_number": 8, "next_tick_at": 7, "rest": null, "sold_out": true,
        "draw": null });
    let reservation = json!({ "id": id, "concert_id": id, "schedule_id": id, "user_id": id, "ticket_id": id,
        "seats": [1, 2], "amount": 2000, "held_at": 5, "expires_at": 6,
        "state": { "state": "cancelled", "payment_id": id, "refund_id": id, "at": 6 } });
    let stored = |value: Value| json!({ "value": value, "version": 2, "changed_at": 6 });
    let seat = |seat: Value| json!({ "row": "seat", "schedule_id": id, "number": 1, "stored": stored(seat) });
    for written in [
        json!({ "row": "queue", "stored": stored(queue) }),
        json!({ "row": "reservation", "stored": stored(reservation) }),
        seat(json!({ "seat": "free" })),
        seat(json!({ "seat": "held", "reservation_id": id, "held_until": 9 })),
        seat(json!({ "seat": "sold", "reservation_id": id })),
    ] {
        let read: CheckpointRow = serde_json::from_value(written.clone()).expect("it is a row");
        assert_eq!(serde_json::to_value(&read).expect("rows are JSON"), written);
    }
}
