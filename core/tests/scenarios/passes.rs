//! What an audit finds does not depend on how many passes it makes, or how it is handed the rows: of honest ones, which
//! every story ends with, and of those that were tampered with, each invariant by itself.

use crate::in_passes::{audited, audited_in_every_way, in_order, rows_of};
use crate::story::{HALL, Story, second};
use frontrow_core::audit::{Audit, Invariant, Report, Row};
use frontrow_core::queue::TicketState;
use frontrow_core::seating::{ReservationState, Seat};
use frontrow_core::{Amount, Event, EventKind, State};

/// A sale in which eight buy, one of them gives theirs back, and two hold.
fn sale() -> Story {
    let people: Vec<u32> = (1..=10).collect();
    let mut story = Story::inside(&people);
    for person in 1..=8 {
        story.buy(person, &[person]);
    }
    story.withdraw(8).expect("the performance has not begun");
    story.hold(9, &[9]).expect("the seat is free");
    story.hold(10, &[10]).expect("the seat is free");
    story
}

/// The rows as a state, in which every one was loaded.
fn state_of(rows: &[Row]) -> State {
    let mut state = State::partial();
    rows.iter().cloned().for_each(|row| state.load_row(row));
    state
}

/// What is found of a journal and rows, the same in all ways.
#[track_caller]
fn found(story: &Story, journal: &[Event], rows: &[Row]) -> Report {
    let mut audit = Audit::new();
    for event in journal {
        audit.read(event);
    }
    let report = in_order(audit.finish(&state_of(rows), story.now()));
    for passes in [1, 2, 3, 7] {
        let in_passes = audited(journal, rows, story.now(), passes);
        assert_eq!(in_passes, report, "in {passes} passes");
    }
    report
}

/// What is broken by what `forge` does to the rows of a sale.
#[track_caller]
fn broken_rows(forge: impl Fn(&Story, &mut Vec<Row>)) -> Vec<Invariant> {
    let story = sale();
    let mut rows = rows_of(story.world.state());
    forge(&story, &mut rows);
    broken(&found(&story, story.journal(), &rows))
}

/// What is broken by what `forge` does to the journal of a sale.
#[track_caller]
fn broken_journal(forge: impl Fn(&Story, &mut Vec<Event>)) -> Vec<Invariant> {
    let story = sale();
    let mut journal = story.journal().to_vec();
    forge(&story, &mut journal);
    broken(&found(&story, &journal, &rows_of(story.world.state())))
}

fn broken(report: &Report) -> Vec<Invariant> {
    report.checks.iter().filter(|check| !check.ok).map(|check| check.invariant).collect()
}

fn the_seat(rows: &mut [Row], wanted: u32) -> &mut Seat {
    let seat = rows.iter_mut().find_map(|row| match row {
        Row::Seat { number, stored, .. } if *number == wanted => Some(&mut stored.value),
        _ => None,
    });
    seat.expect("somebody had the seat")
}

#[test]
fn an_honest_sale_is_found_sound_in_any_number_of_passes() {
    let story = sale();
    assert!(found(&story, story.journal(), &rows_of(story.world.state())).ok);
    let later = second(1_000_000);
    assert!(audited_in_every_way(story.journal(), story.world.state(), later).ok);
}

#[test]
fn a_seat_that_is_sold_to_somebody_else_is_found() {
    for other in [2, 8, 9] {
        let broken = broken_rows(|story, rows| {
            let reservation_id = story.reservation_id(other);
            *the_seat(rows, 1) = Seat::Sold { reservation_id };
        });
        let expected = [Invariant::SeatHasOneOwner, Invariant::JournalReplaysToRows];
        assert_eq!(broken, expected, "sold to {other}");
    }
}

#[test]
fn a_seat_that_is_sold_to_nobody_there_is_found() {
    let broken = broken_rows(|_, rows| {
        let reservation_id = uuid::Uuid::from_u128(77).into();
        *the_seat(rows, 3) = Seat::Sold { reservation_id };
    });
    assert_eq!(broken, [Invariant::SeatHasOneOwner, Invariant::JournalReplaysToRows]);
}

#[test]
fn a_seat_that_was_freed_and_one_that_is_in_no_hall_are_found() {
    let all = [
        Invariant::SeatHasOneOwner,
        Invariant::FreeHeldSoldSumToTotal,
        Invariant::JournalReplaysToRows,
    ];
    assert_eq!(broken_rows(|_, rows| *the_seat(rows, 5) = Seat::Free), all);
    let broken = broken_rows(|_, rows| {
        let row = rows.iter().find(|row| matches!(row, Row::Seat { .. })).expect("there are seats");
        let Row::Seat { stored, .. } = row.clone() else { unreachable!("it is a seat") };
        rows.push(Row::Seat { schedule_id: HALL, number: 4_000_000, stored });
    });
    assert_eq!(broken, all);
}

#[test]
fn money_from_nowhere_and_money_that_is_gone_are_found() {
    let wallets = [Invariant::MoneySumsToZero, Invariant::JournalReplaysToRows];
    let raise = |amount: u64| {
        broken_rows(move |_, rows| {
            for row in rows {
                if let Row::Wallet(stored) = row {
                    stored.value.balance = Amount::new(amount).expect("a small amount");
                    return;
                }
            }
        })
    };
    assert_eq!(raise(7), wallets);
    let drop_first = |is_wanted: fn(&Row) -> bool| {
        broken_rows(move |_, rows| {
            let first = rows.iter().position(is_wanted).expect("there is one");
            rows.remove(first);
        })
    };
    assert_eq!(drop_first(|row| matches!(row, Row::Wallet(_))), wallets);
    let ledger = drop_first(|row| matches!(row, Row::Transfer(_)));
    assert_eq!(ledger, [Invariant::MoneySumsToZero]);
}

#[test]
fn a_transfer_that_was_never_told_breaks_what_rests_on_it() {
    for refund in [false, true] {
        let broken = broken_journal(|_, journal| {
            let payment = journal.iter().position(|event| match &event.kind {
                EventKind::Transferred { transfer } => {
                    transfer.balance_after == Amount::ZERO && !refund
                        || transfer.balance_after != Amount::ZERO && refund
                }
                _ => false,
            });
            journal.remove(payment.expect("there is one"));
        });
        assert!(broken.contains(&Invariant::MoneySumsToZero), "{broken:?}");
        assert!(broken.contains(&Invariant::JournalReplaysToRows), "{broken:?}");
        assert!(broken.contains(&Invariant::WalletNeverNegative) || !refund, "{broken:?}");
        assert!(broken.contains(&Invariant::SoldSeatHasOnePayment) || refund, "{broken:?}");
    }
}

#[test]
fn a_reservation_that_was_never_paid_is_found() {
    let broken = broken_rows(|story, rows| {
        let id = story.reservation_id(9);
        for row in rows {
            if let Row::Reservation(stored) = row
                && stored.value.id == id
            {
                let payment_id = uuid::Uuid::from_u128(77).into();
                stored.value.state = ReservationState::Confirmed { payment_id, at: story.now() };
            }
        }
    });
    let expected = [
        Invariant::SeatHasOneOwner,
        Invariant::FreeHeldSoldSumToTotal,
        Invariant::SoldSeatHasOnePayment,
        Invariant::JournalReplaysToRows,
    ];
    assert_eq!(broken, expected);
}

#[test]
fn a_ticket_that_was_used_without_a_payment_and_one_that_was_not_used_up_are_found() {
    for (person, state) in
        [(9, TicketState::Consumed { at: second(0) }), (4, TicketState::Left { at: second(0) })]
    {
        let broken = broken_rows(|story, rows| {
            let id = story.ticket_id(person);
            for row in rows {
                if let Row::Ticket(stored) = row
                    && stored.value.id == id
                {
                    stored.value.state = state;
                }
            }
        });
        let expected = [Invariant::PaymentConsumedOneTicket, Invariant::JournalReplaysToRows];
        assert_eq!(broken, expected);
    }
}

#[test]
fn rows_that_were_never_told_and_rows_that_are_gone_are_found_once() {
    for index in 0..rows_of(sale().world.state()).len() {
        let story = sale();
        let mut rows = rows_of(story.world.state());
        let gone = rows.remove(index);
        let report = found(&story, story.journal(), &rows);
        let replay = report.checks.last().expect("there are checks");
        let is_row = u64::from(!matches!(gone, Row::Transfer(_)));
        assert_eq!(replay.violated, is_row, "{gone:?}");
        let mut rows = rows_of(story.world.state());
        if let Row::Ticket(stored) = &mut rows[index] {
            let mut other = stored.clone();
            other.value.id = uuid::Uuid::from_u128(77).into();
            rows.push(Row::Ticket(other));
            let report = found(&story, story.journal(), &rows);
            assert_eq!(report.checks.last().map(|replay| replay.violated), Some(1));
        }
    }
}

/// It belongs to a slice of its own then, so that more may be broken; but it is told as different once.
#[test]
fn a_row_that_names_another_person_is_told_once() {
    let story = sale();
    let honest = rows_of(story.world.state());
    for index in 0..honest.len() {
        let mut rows = honest.clone();
        match &mut rows[index] {
            Row::Reservation(stored) => stored.value.user_id = uuid::Uuid::from_u128(77).into(),
            Row::Ticket(stored) => stored.value.user_id = uuid::Uuid::from_u128(77).into(),
            _ => continue,
        }
        for passes in 1..9 {
            let report = audited(story.journal(), &rows, story.now(), passes);
            assert_eq!(report.checks.last().map(|replay| replay.violated), Some(1));
        }
    }
}

#[test]
fn the_journals_order_is_looked_at_once() {
    let overtaken = broken_journal(|_, journal| {
        let admitted =
            journal.iter().position(|event| matches!(event.kind, EventKind::TicketAdmitted { .. }));
        let admitted = admitted.expect("somebody was let in");
        journal.swap(admitted, admitted + 1);
    });
    assert_eq!(overtaken, [Invariant::NoOvertaking]);
    let crowded = broken_journal(|_, journal| {
        for event in journal {
            if let EventKind::TickRan { batch_size, max_active, .. } = &mut event.kind {
                (*batch_size, *max_active) = (3, Some(3));
            }
        }
    });
    assert_eq!(crowded, [Invariant::ActiveAtMostCap, Invariant::AdmittedPerTickAtMostBatch]);
}
