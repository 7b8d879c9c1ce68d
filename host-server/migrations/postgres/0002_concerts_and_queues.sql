-- Concerts, their queues, and the people who stand in them.
--
-- A fillfactor leaves room in each page, so that a row that changes no indexed column is written anew
-- beside its old version and no index is touched.

CREATE TABLE concerts (
    id                 uuid    NOT NULL,
    title              text    NOT NULL,
    sale_opens_at      bigint  NOT NULL,
    interval_seconds   bigint  NOT NULL,
    batch_size         bigint  NOT NULL,
    active_seconds     bigint  NOT NULL,
    max_active         bigint,
    lapse_seconds      bigint  NOT NULL,
    inventory_aware    boolean NOT NULL,
    hold_seconds       bigint  NOT NULL,
    max_seats_per_user bigint  NOT NULL,
    paused             boolean NOT NULL,
    closed             boolean NOT NULL,
    created_at         bigint  NOT NULL,
    version            bigint  NOT NULL,
    changed_at         bigint  NOT NULL,
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
    CONSTRAINT concerts_version_is_positive CHECK (version > 0)
);

-- Concerts, newest first: ORDER BY created_at DESC, id DESC.
CREATE INDEX concerts_by_age ON concerts (created_at, id);

-- Few rows, each written by every join and tick of its concert: nearly empty pages.
CREATE TABLE queues (
    concert_id     uuid    NOT NULL,
    next_number    bigint  NOT NULL,
    next_tick_at   bigint  NOT NULL,
    rest_tick_at   bigint,
    rest_remaining bigint,
    sold_out       boolean NOT NULL,
    version        bigint  NOT NULL,
    changed_at     bigint  NOT NULL,
    CONSTRAINT queues_pk PRIMARY KEY (concert_id),
    CONSTRAINT queues_concert_exists FOREIGN KEY (concert_id) REFERENCES concerts (id),
    CONSTRAINT queues_next_number_is_positive CHECK (next_number > 0),
    CONSTRAINT queues_rest_is_whole CHECK (
        (rest_tick_at IS NULL) = (rest_remaining IS NULL)
        AND (rest_remaining IS NULL OR rest_remaining > 0)
    ),
    CONSTRAINT queues_version_is_positive CHECK (version > 0)
) WITH (fillfactor = 10);

CREATE TABLE tickets (
    id                  uuid   NOT NULL,
    concert_id          uuid   NOT NULL,
    user_id             uuid   NOT NULL,
    number              bigint NOT NULL,
    issued_at           bigint NOT NULL,
    state               text   NOT NULL,
    admitted_at         bigint,
    active_until        bigint,
    hold_reservation_id uuid,
    hold_expires_at     bigint,
    hold_seats          bigint,
    -- The later of active_until and hold_expires_at. A hold that ends within the active time does not
    -- move it, and so touches no index.
    expires_at          bigint,
    ended_at            bigint,
    version             bigint NOT NULL,
    changed_at          bigint NOT NULL,
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
        expires_at IS NULL OR expires_at = greatest(active_until, hold_expires_at)
    ),
    CONSTRAINT tickets_ended_has_time CHECK (
        (state IN ('expired', 'consumed', 'left')) = (ended_at IS NOT NULL)
    ),
    CONSTRAINT tickets_version_is_positive CHECK (version > 0)
) WITH (fillfactor = 80);

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

-- When the holders of waiting tickets were last seen. Not journalled, and written in bulk. A crash of the
-- database empties it, which passes over nobody: after an outage absence is counted anew.
CREATE UNLOGGED TABLE presence (
    ticket_id uuid   NOT NULL,
    seen_at   bigint NOT NULL,
    CONSTRAINT presence_pk PRIMARY KEY (ticket_id)
) WITH (fillfactor = 70);
