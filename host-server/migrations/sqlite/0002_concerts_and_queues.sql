-- Concerts, their queues, and the people who stand in them.

CREATE TABLE concerts (
    id                 TEXT    NOT NULL,
    title              TEXT    NOT NULL,
    sale_opens_at      INTEGER NOT NULL,
    interval_seconds   INTEGER NOT NULL,
    batch_size         INTEGER NOT NULL,
    active_seconds     INTEGER NOT NULL,
    max_active         INTEGER,
    lapse_seconds      INTEGER NOT NULL,
    inventory_aware    INTEGER NOT NULL,
    hold_seconds       INTEGER NOT NULL,
    max_seats_per_user INTEGER NOT NULL,
    paused             INTEGER NOT NULL,
    closed             INTEGER NOT NULL,
    created_at         INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    changed_at         INTEGER NOT NULL,
    CONSTRAINT concerts_pk PRIMARY KEY (id),
    CONSTRAINT concerts_policy_is_positive CHECK (
        interval_seconds > 0
        AND batch_size > 0
        AND active_seconds > 0
        AND (max_active IS NULL OR max_active > 0)
        AND lapse_seconds >= 0
        AND hold_seconds > 0
        AND max_seats_per_user > 0
    ),
    CONSTRAINT concerts_flags_are_flags CHECK (
        inventory_aware IN (0, 1) AND paused IN (0, 1) AND closed IN (0, 1)
    ),
    CONSTRAINT concerts_version_is_positive CHECK (version > 0)
) STRICT, WITHOUT ROWID;

-- Concerts, newest first: ORDER BY created_at DESC, id DESC.
CREATE INDEX concerts_by_age ON concerts (created_at, id);

CREATE TABLE queues (
    concert_id     TEXT    NOT NULL,
    next_number    INTEGER NOT NULL,
    next_tick_at   INTEGER NOT NULL,
    rest_tick_at   INTEGER,
    rest_remaining INTEGER,
    sold_out       INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL,
    CONSTRAINT queues_pk PRIMARY KEY (concert_id),
    CONSTRAINT queues_concert_exists FOREIGN KEY (concert_id) REFERENCES concerts (id),
    CONSTRAINT queues_next_number_is_positive CHECK (next_number > 0),
    CONSTRAINT queues_rest_is_whole CHECK (
        (rest_tick_at IS NULL) = (rest_remaining IS NULL)
        AND (rest_remaining IS NULL OR rest_remaining > 0)
    ),
    CONSTRAINT queues_sold_out_is_a_flag CHECK (sold_out IN (0, 1)),
    CONSTRAINT queues_version_is_positive CHECK (version > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE tickets (
    id                  TEXT    NOT NULL,
    concert_id          TEXT    NOT NULL,
    user_id             TEXT    NOT NULL,
    number              INTEGER NOT NULL,
    issued_at           INTEGER NOT NULL,
    state               TEXT    NOT NULL,
    admitted_at         INTEGER,
    active_until        INTEGER,
    hold_reservation_id TEXT,
    hold_expires_at     INTEGER,
    hold_seats          INTEGER,
    -- The later of active_until and hold_expires_at.
    expires_at          INTEGER,
    ended_at            INTEGER,
    version             INTEGER NOT NULL,
    changed_at          INTEGER NOT NULL,
    CONSTRAINT tickets_pk PRIMARY KEY (id),
    CONSTRAINT tickets_number_is_positive CHECK (number > 0),
    CONSTRAINT tickets_state_is_known CHECK (
        state IN ('waiting', 'active', 'expired', 'consumed', 'left')
    ),
    CONSTRAINT tickets_active_has_times CHECK (
        (state = 'active') = (admitted_at IS NOT NULL)
        AND (state = 'active') = (active_until IS NOT NULL)
        AND (state = 'active') = (expires_at IS NOT NULL)
    ),
    CONSTRAINT tickets_hold_is_whole CHECK (
        (hold_reservation_id IS NULL) = (hold_expires_at IS NULL)
        AND (hold_reservation_id IS NULL) = (hold_seats IS NULL)
        AND (hold_reservation_id IS NULL OR (state = 'active' AND hold_seats > 0))
    ),
    CONSTRAINT tickets_expire_last_of_all CHECK (
        expires_at IS NULL OR expires_at = max(active_until, coalesce(hold_expires_at, active_until))
    ),
    CONSTRAINT tickets_ended_has_time CHECK (
        (state IN ('expired', 'consumed', 'left')) = (ended_at IS NOT NULL)
    ),
    CONSTRAINT tickets_version_is_positive CHECK (version > 0)
) STRICT, WITHOUT ROWID;

-- Nobody stands twice in one queue. Also finds the ticket by which somebody stands there.
CREATE UNIQUE INDEX tickets_one_live_per_user ON tickets (concert_id, user_id)
    WHERE state IN ('waiting', 'active');

-- No number is given twice.
CREATE UNIQUE INDEX tickets_one_per_number ON tickets (concert_id, number);

-- The head of the line, and how many wait ahead: state = 'waiting' ORDER BY number.
CREATE INDEX tickets_waiting ON tickets (concert_id, number)
    WHERE state = 'waiting';

-- One queue's active tickets, and those among them that run out first: ORDER BY expires_at, id.
CREATE INDEX tickets_active ON tickets (concert_id, expires_at, id)
    WHERE state = 'active';

-- The active tickets of every queue whose time has run out: expires_at <= now.
CREATE INDEX tickets_due ON tickets (expires_at, id)
    WHERE state = 'active';

-- When the holders of waiting tickets were last seen. Not journalled, and written in bulk.
CREATE TABLE presence (
    ticket_id TEXT    NOT NULL,
    seen_at   INTEGER NOT NULL,
    CONSTRAINT presence_pk PRIMARY KEY (ticket_id)
) STRICT, WITHOUT ROWID;
