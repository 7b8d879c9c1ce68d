//! What is written, table by table. Each part takes its rows as arrays, one for each column, and becomes a part of
//! one statement (see [`Writing`](super::writing::Writing)): `{after}` is where it waits for the part before it.

pub(super) const INSERT_CONCERTS: &str = "
    INSERT INTO concerts (
        id, title, sale_opens_at, interval_seconds, batch_size, active_seconds, max_active,
        lapse_seconds, inventory_aware, hold_seconds, max_seats_per_user, paused, closed, draining,
        notice_ko, notice_en, prequeue_opens_at, prequeue_draw, prequeue_beacon, prequeue_seed,
        created_at, version, changed_at
    )
    SELECT *
    FROM unnest(
        $1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
        $7::bigint[], $8::bigint[], $9::boolean[], $10::bigint[], $11::bigint[], $12::boolean[],
        $13::boolean[], $14::boolean[], $15::text[], $16::text[], $17::bigint[], $18::text[],
        $19::text[], $20::text[], $21::bigint[], $22::bigint[], $23::bigint[]
    )
    WHERE {after}
    ON CONFLICT (id) DO NOTHING
    RETURNING 1";

/// Takes what [`INSERT_CONCERTS`] takes, and the versions that were loaded.
pub(super) const UPDATE_CONCERTS: &str = "
    UPDATE concerts
    SET
        title = change.title,
        sale_opens_at = change.sale_opens_at,
        interval_seconds = change.interval_seconds,
        batch_size = change.batch_size,
        active_seconds = change.active_seconds,
        max_active = change.max_active,
        lapse_seconds = change.lapse_seconds,
        inventory_aware = change.inventory_aware,
        hold_seconds = change.hold_seconds,
        max_seats_per_user = change.max_seats_per_user,
        paused = change.paused,
        closed = change.closed,
        draining = change.draining,
        notice_ko = change.notice_ko,
        notice_en = change.notice_en,
        prequeue_opens_at = change.prequeue_opens_at,
        prequeue_draw = change.prequeue_draw,
        prequeue_beacon = change.prequeue_beacon,
        prequeue_seed = change.prequeue_seed,
        version = change.version,
        changed_at = change.changed_at
    FROM unnest(
        $1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
        $7::bigint[], $8::bigint[], $9::boolean[], $10::bigint[], $11::bigint[], $12::boolean[],
        $13::boolean[], $14::boolean[], $15::text[], $16::text[], $17::bigint[], $18::text[],
        $19::text[], $20::text[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[]
    ) AS change (
        id, title, sale_opens_at, interval_seconds, batch_size, active_seconds, max_active,
        lapse_seconds, inventory_aware, hold_seconds, max_seats_per_user, paused, closed, draining,
        notice_ko, notice_en, prequeue_opens_at, prequeue_draw, prequeue_beacon, prequeue_seed,
        created_at, version, changed_at, loaded_version
    )
    WHERE
        concerts.id = change.id
        AND concerts.version = change.loaded_version
        AND {after}
    RETURNING 1";

pub(super) const INSERT_QUEUES: &str = "
    INSERT INTO queues (
        concert_id, next_number, next_tick_at, rest_tick_at, rest_remaining, sold_out,
        draw_arrivals, draw_seed, draw_beacon_value, draw_passed_through, version, changed_at
    )
    SELECT *
    FROM unnest(
        $1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::boolean[],
        $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[]
    )
    WHERE {after}
    ON CONFLICT (concert_id) DO NOTHING
    RETURNING 1";

/// Takes what [`INSERT_QUEUES`] takes, and the versions that were loaded.
pub(super) const UPDATE_QUEUES: &str = "
    UPDATE queues
    SET
        next_number = change.next_number,
        next_tick_at = change.next_tick_at,
        rest_tick_at = change.rest_tick_at,
        rest_remaining = change.rest_remaining,
        sold_out = change.sold_out,
        draw_arrivals = change.draw_arrivals,
        draw_seed = change.draw_seed,
        draw_beacon_value = change.draw_beacon_value,
        draw_passed_through = change.draw_passed_through,
        version = change.version,
        changed_at = change.changed_at
    FROM unnest(
        $1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::boolean[],
        $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[],
        $13::bigint[]
    ) AS change (
        concert_id, next_number, next_tick_at, rest_tick_at, rest_remaining, sold_out,
        draw_arrivals, draw_seed, draw_beacon_value, draw_passed_through, version, changed_at,
        loaded_version
    )
    WHERE
        queues.concert_id = change.concert_id
        AND queues.version = change.loaded_version
        AND {after}
    RETURNING 1";

pub(super) const INSERT_SCHEDULES: &str = "
    INSERT INTO schedules (
        id, concert_id, starts_at, venue, sections, seats_total, version, changed_at
    )
    SELECT id, concert_id, starts_at, venue, sections::json, seats_total, version, changed_at
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
        $8::bigint[]
    ) AS new (id, concert_id, starts_at, venue, sections, seats_total, version, changed_at)
    WHERE {after}
    ON CONFLICT (id) DO NOTHING
    RETURNING 1";

/// Every seat of new schedules.
pub(super) const INSERT_SEATS: &str = "
    INSERT INTO seats (schedule_id, number, concert_id, sold, version, changed_at)
    SELECT new.id, seat.number, new.concert_id, false, 0, new.changed_at
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[])
        AS new (id, concert_id, seats_total, changed_at)
    CROSS JOIN LATERAL generate_series(1, new.seats_total) AS seat (number)
    WHERE {after}
    RETURNING 1";

/// Seats always have a row.
pub(super) const UPDATE_SEATS: &str = "
    UPDATE seats
    SET
        reservation_id = change.reservation_id,
        held_until = change.held_until,
        sold = change.sold,
        version = change.version,
        changed_at = change.changed_at
    FROM unnest(
        $1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::boolean[], $6::bigint[],
        $7::bigint[], $8::bigint[]
    ) AS change (
        schedule_id, number, reservation_id, held_until, sold, version, changed_at, loaded_version
    )
    WHERE
        seats.schedule_id = change.schedule_id
        AND seats.number = change.number
        AND seats.version = change.loaded_version
        AND {after}
    RETURNING 1";

pub(super) const INSERT_TICKETS: &str = "
    INSERT INTO tickets (
        id, concert_id, user_id, number, issued_at, state, admitted_at, active_until,
        hold_reservation_id, hold_expires_at, hold_seats, expires_at, ended_at, version, changed_at
    )
    SELECT *
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[],
        $8::bigint[], $9::uuid[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
        $14::bigint[], $15::bigint[]
    )
    WHERE {after}
    RETURNING 1";

/// All but the state of a ticket never changes.
pub(super) const UPDATE_TICKETS: &str = "
    UPDATE tickets
    SET
        state = change.state,
        admitted_at = change.admitted_at,
        active_until = change.active_until,
        hold_reservation_id = change.hold_reservation_id,
        hold_expires_at = change.hold_expires_at,
        hold_seats = change.hold_seats,
        expires_at = change.expires_at,
        ended_at = change.ended_at,
        version = change.version,
        changed_at = change.changed_at
    FROM unnest(
        $1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::uuid[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[]
    ) AS change (
        id, state, admitted_at, active_until, hold_reservation_id, hold_expires_at, hold_seats,
        expires_at, ended_at, version, changed_at, loaded_version
    )
    WHERE
        tickets.id = change.id
        AND tickets.version = change.loaded_version
        AND {after}
    RETURNING 1";

/// Who waits no more need not be seen. In order, since marks are written in order too.
pub(super) const DELETE_PRESENCE: &str = "
    DELETE FROM presence
    WHERE ticket_id IN (
        SELECT seen.ticket_id
        FROM presence AS seen
        WHERE seen.ticket_id = ANY($1)
        ORDER BY seen.ticket_id
        FOR UPDATE
    )";

pub(super) const INSERT_RESERVATIONS: &str = "
    INSERT INTO reservations (
        id, concert_id, schedule_id, user_id, ticket_id, seats, seat_count, amount, held_at,
        expires_at, state, state_at, payment_id, refund_id, version, changed_at
    )
    SELECT
        id, concert_id, schedule_id, user_id, ticket_id, seats::bigint[], seat_count, amount, held_at,
        expires_at, state, state_at, payment_id, refund_id, version, changed_at
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::bigint[], $13::uuid[],
        $14::uuid[], $15::bigint[], $16::bigint[]
    ) AS new (
        id, concert_id, schedule_id, user_id, ticket_id, seats, seat_count, amount, held_at,
        expires_at, state, state_at, payment_id, refund_id, version, changed_at
    )
    WHERE {after}
    RETURNING 1";

/// All but the state of a reservation never changes.
pub(super) const UPDATE_RESERVATIONS: &str = "
    UPDATE reservations
    SET
        state = change.state,
        state_at = change.state_at,
        payment_id = change.payment_id,
        refund_id = change.refund_id,
        version = change.version,
        changed_at = change.changed_at
    FROM unnest(
        $1::uuid[], $2::text[], $3::bigint[], $4::uuid[], $5::uuid[], $6::bigint[], $7::bigint[],
        $8::bigint[]
    ) AS change (
        id, state, state_at, payment_id, refund_id, version, changed_at, loaded_version
    )
    WHERE
        reservations.id = change.id
        AND reservations.version = change.loaded_version
        AND {after}
    RETURNING 1";

pub(super) const INSERT_WALLETS: &str = "
    INSERT INTO wallets (user_id, balance, updated_at, version, changed_at)
    SELECT *
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
    WHERE {after}
    ON CONFLICT (user_id) DO NOTHING
    RETURNING 1";

/// Takes what [`INSERT_WALLETS`] takes, and the versions that were loaded.
pub(super) const UPDATE_WALLETS: &str = "
    UPDATE wallets
    SET
        balance = change.balance,
        updated_at = change.updated_at,
        version = change.version,
        changed_at = change.changed_at
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
        AS change (user_id, balance, updated_at, version, changed_at, loaded_version)
    WHERE
        wallets.user_id = change.user_id
        AND wallets.version = change.loaded_version
        AND {after}
    RETURNING 1";

pub(super) const INSERT_TRANSFERS: &str = "
    INSERT INTO transfers (
        id, user_id, kind, reservation_id, concert_id, debit, credit, amount, balance_after, at
    )
    SELECT
        id, user_id, kind, reservation_id, concert_id, debit, credit, amount, balance_after, at
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
        $8::bigint[], $9::bigint[], $10::bigint[]
    ) WITH ORDINALITY AS made (
        id, user_id, kind, reservation_id, concert_id, debit, credit, amount, balance_after, at, place
    )
    WHERE {after}
    ORDER BY place
    RETURNING 1";

pub(super) const INSERT_JOURNAL: &str = "
    INSERT INTO journal (batch_id, at, kind, subject, version, event)
    SELECT $1::uuid, at, kind, subject, version, event::json
    FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[])
        WITH ORDINALITY AS entry (at, kind, subject, version, event, place)
    WHERE {after}
    ORDER BY place
    RETURNING 1";

pub(super) const INSERT_REPLIES: &str = "
    INSERT INTO replies (caller, key, fingerprint, status, content_type, body, created_at)
    SELECT caller, key, fingerprint, status, content_type, body, $7::bigint
    FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bigint[], $5::text[], $6::bytea[])
        AS reply (caller, key, fingerprint, status, content_type, body)
    WHERE {after}
    RETURNING 1";

/// That the policies of these concerts are as they were loaded, now that their queues are written. Policies only change
/// under the queue's lock, so that they stay so.
pub(super) const KEEP_POLICIES: &str = "
    SELECT 1
    FROM unnest($1::uuid[], $2::bigint[]) AS fact (concert_id, version)
    WHERE
        {after}
        AND concert_version_now(fact.concert_id) = fact.version";

/// Of every batch, and last.
pub(super) const INSERT_BATCH: &str = "
    INSERT INTO batches (id, begun_at)
    SELECT $1::uuid, $2::bigint
    WHERE {after}
    RETURNING 1";
