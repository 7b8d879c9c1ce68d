//! What is read to decide on, as statements that each connection prepares once under their names, and then
//! [executes](super::asking) as often as it likes: a batch sends names and arguments.
//!
//! Where rows are locked, they are locked in the order of their keys, so that two batches never wait for each other in a
//! circle. A statement that waited for a lock finds the row as it is then, not as it was when the statement began: it is
//! enough to look for rows by what never changes of them. Figures are counted by statements that begin after the locks
//! were taken: one that locked and counted would count what was there before it waited.

use super::super::rows::{
    concert_columns, queue_columns, reply_columns, reservation_columns, schedule_columns,
    seat_columns, ticket_columns, wallet_columns,
};
use super::read::VERSIONED_BY_ID;

/// A statement that reads rows, which may be changed or not.
pub(super) struct Select {
    pub name: &'static str,
    /// The types of its arguments.
    takes: &'static str,
    sql: &'static str,
    /// What a transaction that locks what it reads puts at its end; nothing, where there is nothing to lock.
    lock: &'static str,
}

macro_rules! select {
    ($name:literal, $takes:literal, [$($sql:expr),+]) => {
        select!($name, $takes, [$($sql),+], "")
    };
    ($name:literal, $takes:literal, [$($sql:expr),+], $lock:literal) => {
        Select { name: $name, takes: $takes, sql: concat!($($sql),+), lock: $lock }
    };
}

/// Every one, to be prepared on each connection.
pub(super) const ALL: [&Select; 16] = [
    &CLOCK,
    &REPLIES,
    &SALES,
    &QUEUES,
    &CONCERTS,
    &SCHEDULES,
    &RESERVATIONS,
    &SEAT_MAPS,
    &TICKETS,
    &LIVE_TICKETS,
    &SEATS,
    &WALLETS,
    &ACTIVE_COUNTS,
    &ACTIVE_HOLDS,
    &INVENTORIES,
    &OWNED_SEATS,
];

pub(super) const CLOCK: Select = select!(
    "clock",
    "",
    ["SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now"]
);

/// The keys' characters go in as hexadecimal digits.
pub(super) const REPLIES: Select = select!(
    "replies",
    "uuid[], text[]",
    [
        "SELECT ",
        reply_columns!(),
        "
         FROM unnest($1, $2) AS wanted (caller, key)
         INNER JOIN replies
             ON replies.caller = wanted.caller
             AND replies.key = convert_from(decode(wanted.key, 'hex'), 'UTF8')"
    ]
);

/// Concerts and their queues.
pub(super) const SALES: Select =
    Select { name: "sales", takes: "uuid[]", sql: VERSIONED_BY_ID, lock: "" };

pub(super) const QUEUES: Select = select!(
    "queues",
    "uuid[]",
    [
        "SELECT ",
        queue_columns!(),
        ", queues.version, queues.changed_at FROM queues WHERE queues.concert_id = ANY($1)"
    ],
    " ORDER BY queues.concert_id FOR NO KEY UPDATE"
);

pub(super) const CONCERTS: Select = select!(
    "concerts",
    "uuid[]",
    [
        "SELECT ",
        concert_columns!(),
        ", concerts.version, concerts.changed_at FROM concerts WHERE concerts.id = ANY($1)"
    ],
    " ORDER BY concerts.id FOR NO KEY UPDATE"
);

pub(super) const SCHEDULES: Select = select!(
    "schedules",
    "uuid[]",
    ["SELECT ", schedule_columns!(), " FROM schedules WHERE schedules.id = ANY($1)"]
);

pub(super) const RESERVATIONS: Select = select!(
    "reservations",
    "uuid[]",
    ["SELECT ", reservation_columns!(), " FROM reservations WHERE reservations.id = ANY($1)"],
    " ORDER BY reservations.id FOR NO KEY UPDATE"
);

/// Every seat of some schedules.
pub(super) const SEAT_MAPS: Select = select!(
    "seat_maps",
    "uuid[]",
    [
        "SELECT ",
        seat_columns!(),
        ", seats.schedule_id FROM seats WHERE seats.schedule_id = ANY($1)"
    ]
);

pub(super) const TICKETS: Select = select!(
    "tickets",
    "uuid[]",
    ["SELECT ", ticket_columns!(), " FROM tickets WHERE tickets.id = ANY($1)"],
    " ORDER BY tickets.id FOR NO KEY UPDATE"
);

/// The tickets by which people stand in a queue; transactions that lock look them up [as lists](super::tickets).
///
/// There is one at most. That it is limited to one keeps Postgres from reading every live ticket once for the whole batch,
/// which it takes to be less work while the table was never analysed.
pub(super) const LIVE_TICKETS: Select = select!(
    "live_tickets",
    "uuid[], uuid[]",
    [
        "SELECT ",
        ticket_columns!(),
        "
         FROM unnest($1, $2) AS wanted (concert_id, user_id)
         CROSS JOIN LATERAL (
             SELECT *
             FROM tickets
             WHERE
                 tickets.concert_id = wanted.concert_id
                 AND tickets.user_id = wanted.user_id
                 AND tickets.state IN ('waiting', 'active')
             LIMIT 1
         ) AS tickets"
    ]
);

pub(super) const SEATS: Select = select!(
    "seats",
    "uuid[], bigint[]",
    [
        "SELECT ",
        seat_columns!(),
        ", seats.schedule_id
         FROM unnest($1, $2) AS wanted (schedule_id, number)
         INNER JOIN seats
             ON seats.schedule_id = wanted.schedule_id
             AND seats.number = wanted.number"
    ],
    " ORDER BY seats.schedule_id, seats.number FOR NO KEY UPDATE OF seats"
);

pub(super) const WALLETS: Select = select!(
    "wallets",
    "uuid[]",
    ["SELECT ", wallet_columns!(), " FROM wallets WHERE wallets.user_id = ANY($1)"],
    " ORDER BY wallets.user_id FOR NO KEY UPDATE"
);

pub(super) const ACTIVE_COUNTS: Select = select!(
    "active_counts",
    "uuid[]",
    ["SELECT
             wanted.concert_id,
             (
                 SELECT count(*)
                 FROM tickets
                 WHERE tickets.concert_id = wanted.concert_id AND tickets.state = 'active'
             ) AS active
         FROM unnest($1) AS wanted (concert_id)"]
);

pub(super) const ACTIVE_HOLDS: Select = select!(
    "active_holds",
    "uuid[]",
    ["SELECT
             tickets.concert_id,
             tickets.id,
             tickets.hold_expires_at,
             tickets.hold_seats
         FROM tickets
         WHERE
             tickets.concert_id = ANY($1)
             AND tickets.state = 'active'
             AND tickets.hold_reservation_id IS NOT NULL"]
);

pub(super) const INVENTORIES: Select = select!(
    "inventories",
    "uuid[]",
    ["SELECT
             wanted.concert_id,
             (
                 SELECT coalesce(sum(schedules.seats_total), 0)::bigint
                 FROM schedules
                 WHERE schedules.concert_id = wanted.concert_id
             ) AS seats,
             (
                 SELECT count(*)
                 FROM seats
                 WHERE seats.concert_id = wanted.concert_id AND seats.sold
             ) AS sold
         FROM unnest($1) AS wanted (concert_id)"]
);

pub(super) const OWNED_SEATS: Select = select!(
    "owned_seats",
    "uuid[], uuid[]",
    ["SELECT
             wanted.concert_id,
             wanted.user_id,
             (
                 SELECT coalesce(sum(reservations.seat_count), 0)::bigint
                 FROM reservations
                 WHERE
                     reservations.concert_id = wanted.concert_id
                     AND reservations.user_id = wanted.user_id
                     AND reservations.state = 'confirmed'
             ) AS seats
         FROM unnest($1, $2) AS wanted (concert_id, user_id)"]
);

/// What the name of a select that locks ends with.
pub(super) const LOCKING: &str = "_locking";

impl Select {
    /// Whether it reads rows that a transaction may lock.
    pub(super) const fn can_lock(&self) -> bool {
        !self.lock.is_empty()
    }

    /// What prepares it, in each of its ways.
    fn preparations(&self) -> impl Iterator<Item = String> {
        let Self { name, takes, sql, lock } = self;
        let takes = if takes.is_empty() { String::new() } else { format!("({takes})") };
        let plain = format!("PREPARE {name} {takes} AS {sql}");
        let locking = format!("PREPARE {name}{LOCKING} {takes} AS {sql}{lock}");
        std::iter::once(plain).chain(self.can_lock().then_some(locking))
    }
}

/// What prepares all of them.
pub(super) fn preparation() -> String {
    ALL.iter().flat_map(|select| select.preparations()).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_select_is_prepared_once_and_once_more_where_it_can_lock() {
        let preparation = preparation();
        let count = |text: &str| preparation.matches(text).count();
        let locking = ALL.iter().filter(|select| select.can_lock()).count();
        assert_eq!(count("PREPARE "), ALL.len() + locking);
        assert_eq!(count("FOR NO KEY UPDATE"), locking);
        for select in ALL {
            assert_eq!(count(&format!("PREPARE {} ", select.name)), 1, "{}", select.name);
        }
    }
}
