-- Performances, their seats, and who has them.

-- Nothing of a schedule ever changes.
CREATE TABLE schedules (
    id          TEXT    NOT NULL,
    concert_id  TEXT    NOT NULL,
    starts_at   INTEGER NOT NULL,
    venue       TEXT    NOT NULL,
    -- The hall's sections, in the order in which seats are numbered.
    sections    TEXT    NOT NULL,
    seats_total INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    CONSTRAINT schedules_pk PRIMARY KEY (id),
    CONSTRAINT schedules_concert_exists FOREIGN KEY (concert_id) REFERENCES concerts (id),
    CONSTRAINT schedules_sections_are_json CHECK (json_valid(sections)),
    CONSTRAINT schedules_seats_are_positive CHECK (seats_total > 0),
    CONSTRAINT schedules_version_is_positive CHECK (version > 0)
) STRICT, WITHOUT ROWID;

-- A concert's schedules, soonest first, and how many seats they have together.
CREATE INDEX schedules_by_concert ON schedules (concert_id, starts_at, id, seats_total);

-- Every seat of every schedule has a row from the start, with version 0 until somebody holds it. The
-- row tells all: a seat that is held is free again at held_until, whether or not anything sweeps it.
CREATE TABLE seats (
    schedule_id    TEXT    NOT NULL,
    number         INTEGER NOT NULL,
    concert_id     TEXT    NOT NULL,
    reservation_id TEXT,
    held_until     INTEGER,
    sold           INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL,
    CONSTRAINT seats_pk PRIMARY KEY (schedule_id, number),
    CONSTRAINT seats_number_is_positive CHECK (number > 0),
    CONSTRAINT seats_sold_is_a_flag CHECK (sold IN (0, 1)),
    CONSTRAINT seats_free_held_or_sold CHECK (
        (reservation_id IS NULL AND held_until IS NULL AND sold = 0)
        OR (reservation_id IS NOT NULL AND held_until IS NOT NULL AND sold = 0)
        OR (reservation_id IS NOT NULL AND held_until IS NULL AND sold = 1)
    ),
    CONSTRAINT seats_version_is_not_negative CHECK (version >= 0)
) STRICT, WITHOUT ROWID;

-- How many seats of a concert are sold.
CREATE INDEX seats_sold ON seats (concert_id)
    WHERE sold = 1;

CREATE TABLE reservations (
    id          TEXT    NOT NULL,
    concert_id  TEXT    NOT NULL,
    schedule_id TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    ticket_id   TEXT    NOT NULL,
    -- The seats' numbers, ascending.
    seats       TEXT    NOT NULL,
    seat_count  INTEGER NOT NULL,
    amount      INTEGER NOT NULL,
    held_at     INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    state_at    INTEGER,
    payment_id  TEXT,
    refund_id   TEXT,
    version     INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    CONSTRAINT reservations_pk PRIMARY KEY (id),
    CONSTRAINT reservations_seats_are_counted CHECK (
        seat_count > 0 AND json_array_length(seats) = seat_count
    ),
    CONSTRAINT reservations_amount_is_money CHECK (amount BETWEEN 1 AND 9007199254740991),
    CONSTRAINT reservations_state_is_known CHECK (
        state IN ('held', 'confirmed', 'expired', 'released', 'cancelled')
    ),
    CONSTRAINT reservations_state_has_its_parts CHECK (
        (state = 'held') = (state_at IS NULL)
        AND (state IN ('confirmed', 'cancelled')) = (payment_id IS NOT NULL)
        AND (state = 'cancelled') = (refund_id IS NOT NULL)
    ),
    CONSTRAINT reservations_version_is_positive CHECK (version > 0)
) STRICT, WITHOUT ROWID;

-- A person's reservations, newest first: ORDER BY held_at DESC, id DESC.
CREATE INDEX reservations_by_user ON reservations (user_id, held_at, id);

-- How many seats a person owns in a concert.
CREATE INDEX reservations_owned ON reservations (concert_id, user_id, seat_count)
    WHERE state = 'confirmed';

-- The holds that have run out: expires_at <= now.
CREATE INDEX reservations_due ON reservations (expires_at, id)
    WHERE state = 'held';
