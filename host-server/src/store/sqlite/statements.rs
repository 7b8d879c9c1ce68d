//! The statements that write. Each takes a JSON array of rows: `row` is the thing as core serializes
//! it; `version`, `loaded_version` and `changed_at` stand beside it.

pub(super) const INSERT_CONCERTS: &str = "
    INSERT INTO concerts (
        id, title, sale_opens_at, interval_seconds, batch_size, active_seconds, max_active,
        lapse_seconds, inventory_aware, hold_seconds, max_seats_per_user, paused, closed, draining,
        notice_ko, notice_en, prequeue_opens_at, prequeue_draw, prequeue_beacon, prequeue_seed,
        created_at, version, changed_at
    )
    SELECT
        change.value ->> '$.row.id',
        change.value ->> '$.row.title',
        change.value ->> '$.row.sale_opens_at',
        change.value ->> '$.row.admission.interval_seconds',
        change.value ->> '$.row.admission.batch_size',
        change.value ->> '$.row.admission.active_seconds',
        change.value ->> '$.row.admission.max_active',
        change.value ->> '$.row.admission.lapse_seconds',
        change.value ->> '$.row.admission.inventory_aware',
        change.value ->> '$.row.holds.hold_seconds',
        change.value ->> '$.row.holds.max_seats_per_user',
        change.value ->> '$.row.paused',
        change.value ->> '$.row.closed',
        change.value ->> '$.row.draining',
        change.value ->> '$.row.notice.ko',
        change.value ->> '$.row.notice.en',
        change.value ->> '$.row.prequeue.opens_at',
        change.value ->> '$.row.prequeue.draw',
        change.value ->> '$.row.prequeue.beacon',
        change.value ->> '$.row.prequeue.seed',
        change.value ->> '$.row.created_at',
        change.value ->> '$.version',
        change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE true
    ON CONFLICT (id) DO NOTHING";

pub(super) const UPDATE_CONCERTS: &str = "
    UPDATE concerts
    SET
        title = change.value ->> '$.row.title',
        sale_opens_at = change.value ->> '$.row.sale_opens_at',
        interval_seconds = change.value ->> '$.row.admission.interval_seconds',
        batch_size = change.value ->> '$.row.admission.batch_size',
        active_seconds = change.value ->> '$.row.admission.active_seconds',
        max_active = change.value ->> '$.row.admission.max_active',
        lapse_seconds = change.value ->> '$.row.admission.lapse_seconds',
        inventory_aware = change.value ->> '$.row.admission.inventory_aware',
        hold_seconds = change.value ->> '$.row.holds.hold_seconds',
        max_seats_per_user = change.value ->> '$.row.holds.max_seats_per_user',
        paused = change.value ->> '$.row.paused',
        closed = change.value ->> '$.row.closed',
        draining = change.value ->> '$.row.draining',
        notice_ko = change.value ->> '$.row.notice.ko',
        notice_en = change.value ->> '$.row.notice.en',
        prequeue_opens_at = change.value ->> '$.row.prequeue.opens_at',
        prequeue_draw = change.value ->> '$.row.prequeue.draw',
        prequeue_beacon = change.value ->> '$.row.prequeue.beacon',
        prequeue_seed = change.value ->> '$.row.prequeue.seed',
        version = change.value ->> '$.version',
        changed_at = change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE
        concerts.id = change.value ->> '$.row.id'
        AND concerts.version = change.value ->> '$.loaded_version'";

pub(super) const INSERT_QUEUES: &str = "
    INSERT INTO queues (
        concert_id, next_number, next_tick_at, rest_tick_at, rest_remaining, sold_out,
        draw_arrivals, draw_seed, draw_beacon_value, draw_passed_through, version, changed_at
    )
    SELECT
        change.value ->> '$.row.concert_id',
        change.value ->> '$.row.next_number',
        change.value ->> '$.row.next_tick_at',
        change.value ->> '$.row.rest.tick_at',
        change.value ->> '$.row.rest.remaining',
        change.value ->> '$.row.sold_out',
        change.value ->> '$.row.draw.arrivals',
        change.value ->> '$.row.draw.reveal.seed',
        change.value ->> '$.row.draw.reveal.beacon_value',
        change.value ->> '$.row.draw.passed_through',
        change.value ->> '$.version',
        change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE true
    ON CONFLICT (concert_id) DO NOTHING";

pub(super) const UPDATE_QUEUES: &str = "
    UPDATE queues
    SET
        next_number = change.value ->> '$.row.next_number',
        next_tick_at = change.value ->> '$.row.next_tick_at',
        rest_tick_at = change.value ->> '$.row.rest.tick_at',
        rest_remaining = change.value ->> '$.row.rest.remaining',
        sold_out = change.value ->> '$.row.sold_out',
        draw_arrivals = change.value ->> '$.row.draw.arrivals',
        draw_seed = change.value ->> '$.row.draw.reveal.seed',
        draw_beacon_value = change.value ->> '$.row.draw.reveal.beacon_value',
        draw_passed_through = change.value ->> '$.row.draw.passed_through',
        version = change.value ->> '$.version',
        changed_at = change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE
        queues.concert_id = change.value ->> '$.row.concert_id'
        AND queues.version = change.value ->> '$.loaded_version'";

pub(super) const INSERT_SCHEDULES: &str = "
    INSERT INTO schedules (
        id, concert_id, starts_at, venue, sections, seats_total, version, changed_at
    )
    SELECT
        change.value ->> '$.row.id',
        change.value ->> '$.row.concert_id',
        change.value ->> '$.row.starts_at',
        change.value ->> '$.row.venue',
        change.value -> '$.row.sections',
        change.value ->> '$.row.seats_total',
        change.value ->> '$.version',
        change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE true
    ON CONFLICT (id) DO NOTHING";

/// Every seat of new schedules; takes what [`INSERT_SCHEDULES`] takes.
pub(super) const INSERT_SEATS: &str = "
    WITH RECURSIVE numbered (schedule_id, concert_id, number, seats_total, changed_at) AS (
        SELECT
            change.value ->> '$.row.id',
            change.value ->> '$.row.concert_id',
            1,
            change.value ->> '$.row.seats_total',
            change.value ->> '$.changed_at'
        FROM json_each(?1) AS change
        UNION ALL
        SELECT schedule_id, concert_id, number + 1, seats_total, changed_at
        FROM numbered
        WHERE number < seats_total
    )
    INSERT INTO seats (schedule_id, number, concert_id, sold, version, changed_at)
    SELECT schedule_id, number, concert_id, 0, 0, changed_at
    FROM numbered";

/// Seats always have a row.
pub(super) const UPDATE_SEATS: &str = "
    UPDATE seats
    SET
        reservation_id = change.value ->> '$.row.reservation_id',
        held_until = change.value ->> '$.row.held_until',
        sold = change.value ->> '$.row.seat' = 'sold',
        version = change.value ->> '$.version',
        changed_at = change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE
        seats.schedule_id = change.value ->> '$.key[0]'
        AND seats.number = change.value ->> '$.key[1]'
        AND seats.version = change.value ->> '$.loaded_version'";

pub(super) const INSERT_TICKETS: &str = "
    INSERT INTO tickets (
        id, concert_id, user_id, number, issued_at, state, admitted_at, active_until,
        hold_reservation_id, hold_expires_at, hold_seats, expires_at, ended_at, version, changed_at
    )
    SELECT
        change.value ->> '$.row.id',
        change.value ->> '$.row.concert_id',
        change.value ->> '$.row.user_id',
        change.value ->> '$.row.number',
        change.value ->> '$.row.issued_at',
        change.value ->> '$.row.state.state',
        change.value ->> '$.row.state.admitted_at',
        change.value ->> '$.row.state.active_until',
        change.value ->> '$.row.state.hold.reservation_id',
        change.value ->> '$.row.state.hold.expires_at',
        change.value ->> '$.row.state.hold.seats',
        max(
            change.value ->> '$.row.state.active_until',
            coalesce(
                change.value ->> '$.row.state.hold.expires_at',
                change.value ->> '$.row.state.active_until'
            )
        ),
        change.value ->> '$.row.state.at',
        change.value ->> '$.version',
        change.value ->> '$.changed_at'
    FROM json_each(?1) AS change";

pub(super) const UPDATE_TICKETS: &str = "
    UPDATE tickets
    SET
        state = change.value ->> '$.row.state.state',
        admitted_at = change.value ->> '$.row.state.admitted_at',
        active_until = change.value ->> '$.row.state.active_until',
        hold_reservation_id = change.value ->> '$.row.state.hold.reservation_id',
        hold_expires_at = change.value ->> '$.row.state.hold.expires_at',
        hold_seats = change.value ->> '$.row.state.hold.seats',
        expires_at = max(
            change.value ->> '$.row.state.active_until',
            coalesce(
                change.value ->> '$.row.state.hold.expires_at',
                change.value ->> '$.row.state.active_until'
            )
        ),
        ended_at = change.value ->> '$.row.state.at',
        version = change.value ->> '$.version',
        changed_at = change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE
        tickets.id = change.value ->> '$.row.id'
        AND tickets.version = change.value ->> '$.loaded_version'";

/// Who waits no more need not be seen; takes what [`UPDATE_TICKETS`] takes.
pub(super) const DELETE_PRESENCE: &str = "
    DELETE FROM presence
    WHERE ticket_id IN (
        SELECT change.value ->> '$.row.id'
        FROM json_each(?1) AS change
        WHERE change.value ->> '$.row.state.state' <> 'waiting'
    )";

pub(super) const INSERT_RESERVATIONS: &str = "
    INSERT INTO reservations (
        id, concert_id, schedule_id, user_id, ticket_id, seats, seat_count, amount, held_at,
        expires_at, state, state_at, payment_id, refund_id, version, changed_at
    )
    SELECT
        change.value ->> '$.row.id',
        change.value ->> '$.row.concert_id',
        change.value ->> '$.row.schedule_id',
        change.value ->> '$.row.user_id',
        change.value ->> '$.row.ticket_id',
        change.value -> '$.row.seats',
        json_array_length(change.value, '$.row.seats'),
        change.value ->> '$.row.amount',
        change.value ->> '$.row.held_at',
        change.value ->> '$.row.expires_at',
        change.value ->> '$.row.state.state',
        change.value ->> '$.row.state.at',
        change.value ->> '$.row.state.payment_id',
        change.value ->> '$.row.state.refund_id',
        change.value ->> '$.version',
        change.value ->> '$.changed_at'
    FROM json_each(?1) AS change";

/// All but the state of a reservation never changes.
pub(super) const UPDATE_RESERVATIONS: &str = "
    UPDATE reservations
    SET
        state = change.value ->> '$.row.state.state',
        state_at = change.value ->> '$.row.state.at',
        payment_id = change.value ->> '$.row.state.payment_id',
        refund_id = change.value ->> '$.row.state.refund_id',
        version = change.value ->> '$.version',
        changed_at = change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE
        reservations.id = change.value ->> '$.row.id'
        AND reservations.version = change.value ->> '$.loaded_version'";

pub(super) const INSERT_WALLETS: &str = "
    INSERT INTO wallets (user_id, balance, updated_at, version, changed_at)
    SELECT
        change.value ->> '$.row.user_id',
        change.value ->> '$.row.balance',
        change.value ->> '$.row.updated_at',
        change.value ->> '$.version',
        change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE true
    ON CONFLICT (user_id) DO NOTHING";

pub(super) const UPDATE_WALLETS: &str = "
    UPDATE wallets
    SET
        balance = change.value ->> '$.row.balance',
        updated_at = change.value ->> '$.row.updated_at',
        version = change.value ->> '$.version',
        changed_at = change.value ->> '$.changed_at'
    FROM json_each(?1) AS change
    WHERE
        wallets.user_id = change.value ->> '$.row.user_id'
        AND wallets.version = change.value ->> '$.loaded_version'";

pub(super) const INSERT_TRANSFERS: &str = "
    INSERT INTO transfers (
        id, user_id, kind, reservation_id, concert_id, debit, credit, amount, balance_after, at
    )
    SELECT
        made.value ->> '$.id',
        made.value ->> '$.user_id',
        made.value ->> '$.transfer',
        made.value ->> '$.reservation_id',
        made.value ->> '$.concert_id',
        made.value ->> '$.debit',
        made.value ->> '$.credit',
        made.value ->> '$.amount',
        made.value ->> '$.balance_after',
        made.value ->> '$.at'
    FROM json_each(?1) AS made
    ORDER BY made.key";

pub(super) const INSERT_JOURNAL: &str = "
    INSERT INTO journal (batch_id, at, kind, subject, version, event)
    SELECT
        ?2,
        entry.value ->> '$.event.at',
        entry.value ->> '$.event.kind',
        entry.value ->> '$.subject',
        entry.value ->> '$.version',
        entry.value -> '$.event'
    FROM json_each(?1) AS entry
    ORDER BY entry.key";

pub(super) const INSERT_REPLIES: &str = "
    INSERT INTO replies (caller, key, fingerprint, status, content_type, body, created_at)
    SELECT
        reply.value ->> '$.caller',
        reply.value ->> '$.key',
        unhex(reply.value ->> '$.fingerprint'),
        reply.value ->> '$.status',
        reply.value ->> '$.content_type',
        unhex(reply.value ->> '$.body'),
        ?2
    FROM json_each(?1) AS reply";
