-- Performances, their seats, and who has them.

-- Nothing of a schedule ever changes.
CREATE TABLE schedules (
    id          uuid   NOT NULL,
    concert_id  uuid   NOT NULL,
    starts_at   bigint NOT NULL,
    venue       text   NOT NULL,
    -- The hall's sections, in the order in which seats are numbered.
    sections    json   NOT NULL,
    seats_total bigint NOT NULL,
    version     bigint NOT NULL,
    changed_at  bigint NOT NULL,
    CONSTRAINT schedules_pk PRIMARY KEY (id),
    CONSTRAINT schedules_concert_exists FOREIGN KEY (concert_id) REFERENCES concerts (id),
    CONSTRAINT schedules_seats_are_positive CHECK (seats_total > 0),
    CONSTRAINT schedules_version_is_positive CHECK (version > 0)
);

-- A concert's schedules, soonest first, and how many seats they have together.
CREATE INDEX schedules_by_concert ON schedules (concert_id, starts_at, id) INCLUDE (seats_total);

-- Every seat of every schedule has a row from the start, with version 0 until somebody holds it. The
-- row tells all: a seat that is held is free again at held_until, whether or not anything sweeps it.
CREATE TABLE seats (
    schedule_id    uuid    NOT NULL,
    number         bigint  NOT NULL,
    concert_id     uuid    NOT NULL,
    reservation_id uuid,
    held_until     bigint,
    sold           boolean NOT NULL,
    version        bigint  NOT NULL,
    changed_at     bigint  NOT NULL,
    CONSTRAINT seats_pk PRIMARY KEY (schedule_id, number),
    CONSTRAINT seats_number_is_positive CHECK (number > 0),
    CONSTRAINT seats_free_held_or_sold CHECK (
        (reservation_id IS NULL AND held_until IS NULL AND NOT sold)
        OR (reservation_id IS NOT NULL AND held_until IS NOT NULL AND NOT sold)
        OR (reservation_id IS NOT NULL AND held_until IS NULL AND sold)
    ),
    CONSTRAINT seats_version_is_not_negative CHECK (version >= 0)
) WITH (fillfactor = 70);

-- How many seats of a concert are sold. Holding a seat does not touch it.
CREATE INDEX seats_sold ON seats (concert_id)
    WHERE sold;

CREATE TABLE reservations (
    id          uuid     NOT NULL,
    concert_id  uuid     NOT NULL,
    schedule_id uuid     NOT NULL,
    user_id     uuid     NOT NULL,
    ticket_id   uuid     NOT NULL,
    -- The seats' numbers, ascending.
    seats       bigint[] NOT NULL,
    seat_count  bigint   NOT NULL,
    amount      bigint   NOT NULL,
    held_at     bigint   NOT NULL,
    expires_at  bigint   NOT NULL,
    state       text     NOT NULL,
    state_at    bigint,
    payment_id  uuid,
    refund_id   uuid,
    version     bigint   NOT NULL,
    changed_at  bigint   NOT NULL,
    CONSTRAINT reservations_pk PRIMARY KEY (id),
    CONSTRAINT reservations_seats_are_counted CHECK (
        seat_count > 0 AND cardinality(seats) = seat_count
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
) WITH (fillfactor = 80);

-- A person's reservations, newest first: ORDER BY held_at DESC, id DESC.
CREATE INDEX reservations_by_user ON reservations (user_id, held_at, id);

-- How many seats a person owns in a concert.
CREATE INDEX reservations_owned ON reservations (concert_id, user_id) INCLUDE (seat_count)
    WHERE state = 'confirmed';

-- The holds that have run out: expires_at <= now.
CREATE INDEX reservations_due ON reservations (expires_at, id)
    WHERE state = 'held';
