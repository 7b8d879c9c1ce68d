//! A board is told of rows twice, late and out of order, and in the end agrees with a world in memory.

use super::places::Known;
use super::queue_board::{Admitted, QueueBoard};
use crate::auth::QueueToken;
use frontrow_core::concert::{Concert, DrawKind, Prequeue};
use frontrow_core::policy::{AdmissionPolicy, HoldPolicy};
use frontrow_core::queue::{DrawSeed, Phase, Ticket, TicketState};
use frontrow_core::state::Stored;
use frontrow_core::{Command, ConcertId, EventKind, TicketId, Timestamp, UserId, World};
use uuid::Uuid;

const CONCERT: ConcertId = ConcertId(Uuid::from_u128(1));
const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const INTERVAL_SECONDS: u32 = 10;

fn concert(lapse_seconds: u32) -> Concert {
    Concert {
        id: CONCERT,
        title: "A concert".to_owned(),
        sale_opens_at: START,
        admission: AdmissionPolicy {
            interval_seconds: INTERVAL_SECONDS,
            batch_size: 3,
            active_seconds: 60,
            max_active: Some(10),
            lapse_seconds,
            inventory_aware: false,
        },
        holds: HoldPolicy::default(),
        paused: false,
        closed: false,
        draining: false,
        notice: None,
        prequeue: None,
        created_at: START,
    }
}

/// A world with a concert, and a board that knows it.
fn sale(lapse_seconds: u32) -> (World, QueueBoard) {
    sale_of(concert(lapse_seconds))
}

fn sale_of(concert: Concert) -> (World, QueueBoard) {
    let mut world = World::new();
    let create = Command::CreateConcert { concert };
    world.execute(&create, START).expect("it is a concert");
    let board = QueueBoard::new(concert_row(&world), queue_row(&world));
    (world, board)
}

fn concert_row(world: &World) -> Stored<Concert> {
    let concerts = world.state().concerts();
    let value = concerts.get(CONCERT).expect("it was created").clone();
    Stored { value, version: concerts.version(CONCERT), changed_at: START }
}

fn queue_row(world: &World) -> Stored<frontrow_core::queue::Queue> {
    let queues = world.state().queues();
    let value = queues.get(CONCERT).expect("a concert has a queue").clone();
    Stored { value, version: queues.version(CONCERT), changed_at: START }
}

fn ticket_row(world: &World, id: TicketId) -> Stored<Ticket> {
    let tickets = world.state().tickets();
    let value = tickets.get(id).expect("it was issued").clone();
    Stored { value, version: tickets.version(id), changed_at: START }
}

fn token(ticket: &Ticket) -> QueueToken {
    let Ticket { id: ticket_id, concert_id, user_id, number, .. } = *ticket;
    QueueToken { ticket_id, user_id, concert_id, number }
}

fn join(world: &mut World, number: u128, now: Timestamp) -> TicketId {
    let ticket_id = TicketId(Uuid::from_u128(1_000 + number));
    let user_id = UserId(Uuid::from_u128(2_000_000 + number));
    let join = Command::Join { ticket_id, concert_id: CONCERT, user_id };
    world.execute(&join, now).expect("everybody may join");
    ticket_id
}

/// The tickets that changed, as they are now.
fn changed(world: &mut World) -> Vec<Stored<Ticket>> {
    let mut ids = Vec::new();
    while let Some(event) = world.poll_event() {
        if let EventKind::TicketIssued { ticket_id, .. }
        | EventKind::TicketAdmitted { ticket_id, .. }
        | EventKind::TicketExpired { ticket_id, .. }
        | EventKind::TicketLeft { ticket_id, .. } = event.kind
        {
            ids.push(ticket_id);
        }
    }
    ids.into_iter().map(|id| ticket_row(world, id)).collect()
}

/// A walk that visits every remainder: which of `count` things, at some step.
fn pick(step: u64, count: usize) -> usize {
    usize::try_from(step.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33).unwrap() % count.max(1)
}

#[test]
fn told_twice_late_and_out_of_order_a_board_agrees_with_the_world() {
    agrees(concert(0));
}

#[test]
fn so_does_the_board_of_a_line_that_is_drawn() {
    let sale_opens_at = START.plus_seconds(200);
    let seed = Some(DrawSeed::new([7; 32]));
    let prequeue = Prequeue { opens_at: START, draw: DrawKind::Random, beacon: None, seed };
    agrees(Concert { sale_opens_at, prequeue: Some(prequeue), ..concert(0) });
}

fn agrees(concert: Concert) {
    let (mut world, mut board) = sale_of(concert);
    let (mut ids, mut late) = (Vec::new(), Vec::new());
    let mut now = START;
    for step in 0..600_u64 {
        now = now.plus_millis(700);
        world.handle_timeout(now);
        if step % 4 == 3 {
            let ticket_id = ids[pick(step, ids.len())];
            // Who has left already can't again.
            let _ = world.execute(&Command::Leave { ticket_id }, now);
        } else {
            ids.push(join(&mut world, u128::from(step), now));
        }
        late.extend(changed(&mut world));
        // Some are told now, some of them again later.
        for turn in 0..3 {
            let row = &late[pick(step * 3 + turn, late.len())];
            board.put_ticket(&Known::of(row));
        }
        if step % 50 == 49 {
            board.put_queue(queue_row(&world));
        }
    }
    for row in late.iter().rev().chain(&late) {
        board.put_ticket(&Known::of(row));
    }
    board.put_queue(queue_row(&world));
    let mut phases = [0; 4];
    for id in ids {
        let ticket = ticket_row(&world, id).value;
        let seen = board.look(&token(&ticket), now).expect("it was told of");
        assert_eq!(Some(seen.standing), world.standing(id, now), "{ticket:?}");
        phases[match seen.standing.state {
            Phase::Waiting => 0,
            Phase::Active => 1,
            Phase::Expired => 2,
            Phase::Consumed | Phase::Left => 3,
        }] += 1;
    }
    assert!(phases.iter().all(|count| *count > 5), "{phases:?}");
}

#[test]
fn who_has_a_lower_number_that_was_not_told_yet_is_ahead() {
    let (mut world, mut board) = sale(0);
    let ids: Vec<TicketId> = (0..5).map(|number| join(&mut world, number, START)).collect();
    let rows: Vec<Stored<Ticket>> = ids.iter().map(|id| ticket_row(&world, *id)).collect();
    board.load_ticket(&Known::of(&rows[1]));
    let position = |board: &QueueBoard, row: &Stored<Ticket>| {
        board.look(&token(&row.value), START).and_then(|seen| seen.standing.position)
    };
    assert_eq!(position(&board, &rows[1]), Some(1), "the first one's row was pruned");
    board.put_ticket(&Known::of(&rows[4]));
    assert_eq!(position(&board, &rows[4]), Some(4));
    assert_eq!(position(&board, &rows[3]), None, "whose number it is, is not known yet");
    let left = Stored {
        value: Ticket { state: TicketState::Left { at: START }, ..rows[2].value.clone() },
        version: 2,
        changed_at: START,
    };
    board.put_ticket(&Known::of(&left));
    board.put_ticket(&Known::of(&rows[3]));
    assert_eq!(position(&board, &rows[4]), Some(3));
}

#[test]
fn an_admission_is_known_from_the_journal_alone() {
    let (mut world, mut board) = sale(0);
    let id = join(&mut world, 1, START.plus_millis(1));
    let row = changed(&mut world).remove(0);
    let now = START.plus_seconds(INTERVAL_SECONDS);
    world.handle_timeout(now);
    let event = world.poll_event().expect("somebody is let in");
    let EventKind::TicketAdmitted { number, active_until, .. } = event.kind else {
        panic!("{event:?}")
    };
    let state = TicketState::Active { admitted_at: event.at, active_until, hold: None };
    let admitted =
        Admitted { ticket_id: id, concert_id: CONCERT, number, state, version: row.version + 1 };
    assert!(!board.put_admitted(&admitted), "nothing is known of the ticket");
    board.put_ticket(&Known::of(&row));
    assert!(board.put_admitted(&admitted));
    board.put_queue(queue_row(&world));
    let seen = board.look(&token(&row.value), now).expect("it is known");
    assert_eq!(Some(seen.standing), world.standing(id, now));
}

#[test]
fn a_token_of_another_ticket_with_that_number_finds_nothing() {
    let (mut world, mut board) = sale(0);
    let id = join(&mut world, 1, START);
    let row = ticket_row(&world, id);
    board.put_ticket(&Known::of(&row));
    let mine = token(&row.value);
    assert!(board.look(&mine, START).is_some());
    let of_a_restored_database = QueueToken { ticket_id: TicketId(Uuid::from_u128(9)), ..mine };
    assert!(board.look(&of_a_restored_database, START).is_none());
    assert!(board.look(&QueueToken { number: u64::MAX, ..mine }, START).is_none());
}

#[test]
fn marks_are_written_for_those_whose_turn_is_near() {
    let (mut world, mut board) = sale(30);
    let tokens: Vec<QueueToken> = (0..30_000)
        .map(|number| {
            let id = join(&mut world, number, START);
            let row = ticket_row(&world, id);
            board.put_ticket(&Known::of(&row));
            token(&row.value)
        })
        .collect();
    let seen = |board: &QueueBoard, seconds| {
        let now = START.plus_seconds(seconds);
        for token in &tokens {
            assert!(board.look(token, now).is_some());
        }
        board.marks_to_write(now)
    };
    let first = seen(&board, 5);
    assert_eq!(first.len(), 2_000, "behind the head, joining was seen recently enough");
    board.written(&first);
    assert!(board.marks_to_write(START.plus_seconds(5)).is_empty(), "once is enough");
    let next = seen(&board, 10);
    assert_eq!(next.len(), 20_000, "a third of the lapse has passed, for those in the window");
    board.written(&next);
    assert_eq!(seen(&board, 15).len(), 2_000);
    let (_, id, seen_at) = next[0];
    assert_eq!((id, seen_at), (tokens[0].ticket_id, START.plus_seconds(10)));
}

#[test]
fn who_was_seen_is_taken_over_by_the_next_board() {
    let (mut world, mut old) = sale(30);
    let id = join(&mut world, 1, START);
    let row = ticket_row(&world, id);
    old.put_ticket(&Known::of(&row));
    assert!(old.look(&token(&row.value), START.plus_seconds(3)).is_some());
    let mut fresh = QueueBoard::new(concert_row(&world), queue_row(&world));
    fresh.put_ticket(&Known::of(&row));
    fresh.take_marks(&old);
    let marks = fresh.marks_to_write(START.plus_seconds(4));
    assert_eq!(marks, [(row.value.number, id, START.plus_seconds(3))]);
}
