//! Audits that are handed rows one by one, in one pass or in several.

use frontrow_core::audit::{Audit, Report, Row};
use frontrow_core::state::{Change, Stored};
use frontrow_core::{Event, State, Timestamp};

fn stored<K, T: Clone>(row: &Change<'_, K, T>) -> Stored<T> {
    Stored { value: row.value.clone(), version: row.version, changed_at: row.changed_at }
}

/// The rows of a world, as a store hands them to an audit.
pub fn rows_of(state: &State) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    rows.extend(state.concerts().changes().map(|row| Row::Concert(stored(&row))));
    rows.extend(state.queues().changes().map(|row| Row::Queue(stored(&row))));
    rows.extend(state.schedules().changes().map(|row| Row::Schedule(stored(&row))));
    rows.extend(state.wallets().changes().map(|row| Row::Wallet(stored(&row))));
    rows.extend(state.transfers().iter().map(|transfer| Row::Transfer(*transfer)));
    rows.extend(state.reservations().changes().map(|row| Row::Reservation(stored(&row))));
    rows.extend(state.tickets().changes().map(|row| Row::Ticket(stored(&row))));
    rows.extend(state.seats().changes().map(|row| {
        let (schedule_id, number) = row.key;
        Row::Seat { schedule_id, number, stored: stored(&row) }
    }));
    rows
}

/// What an audit in so many passes finds.
pub fn audited(journal: &[Event], rows: &[Row], now: Timestamp, passes: u32) -> Report {
    let mut audit = Audit::in_passes(passes);
    loop {
        for event in journal {
            audit.read(event);
        }
        for row in rows {
            audit.compare(row.clone(), now);
        }
        if !audit.next_pass() {
            return in_order(audit.report());
        }
    }
}

/// The same report, whatever the order in which rows were looked at.
pub fn in_order(mut report: Report) -> Report {
    report.checks.iter_mut().for_each(|check| check.violations.sort_unstable());
    report
}

/// What an audit finds, which must not depend on in how many passes, and in which way, it gets these rows.
pub fn audited_in_every_way(journal: &[Event], state: &State, now: Timestamp) -> Report {
    let mut audit = Audit::new();
    for event in journal {
        audit.read(event);
    }
    let report = in_order(audit.finish(state, now));
    let rows = rows_of(state);
    for passes in [1, 2, 5] {
        assert_eq!(audited(journal, &rows, now, passes), report, "in {passes} passes");
    }
    report
}
