-- Rows for the scripts: person N has ticket N, seat N, reservation N and wallet N. Those up to :people / 2 are yet to hold their
-- seat; the others hold theirs, and are yet to pay.

CREATE SEQUENCE holds;
CREATE SEQUENCE payments;

CREATE FUNCTION nth(number bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
    AS $$ SELECT lpad(to_hex(number), 32, '0')::uuid $$;

INSERT INTO tickets (
    id, concert_id, user_id, number, issued_at, state, admitted_at, active_until,
    hold_reservation_id, hold_expires_at, hold_seats, expires_at, version, changed_at
)
SELECT
    nth(number), nth(1), nth(number), number, 1, 'active', 1, 9000000000000,
    CASE WHEN number > :people / 2 THEN nth(number) END,
    CASE WHEN number > :people / 2 THEN 8000000000000 END,
    CASE WHEN number > :people / 2 THEN 1 END,
    9000000000000, 2, 1
FROM generate_series(1, :people) AS number;

INSERT INTO seats (schedule_id, number, concert_id, reservation_id, held_until, sold, version, changed_at)
SELECT
    nth(1), number, nth(1),
    CASE WHEN number > :people / 2 THEN nth(number) END,
    CASE WHEN number > :people / 2 THEN 8000000000000 END,
    false, 1, 1
FROM generate_series(1, :people) AS number;

-- A hall for the naive server.
INSERT INTO seats (schedule_id, number, concert_id, sold, version, changed_at)
SELECT nth(2), number, nth(1), false, 1, 1
FROM generate_series(1, 100000) AS number;

INSERT INTO reservations (
    id, concert_id, schedule_id, user_id, ticket_id, seats, seat_count, amount, held_at,
    expires_at, state, version, changed_at
)
SELECT
    nth(number), nth(1), nth(1), nth(number), nth(number), ARRAY[number], 1, 1000, 1,
    8000000000000, 'held', 1, 1
FROM generate_series(:people / 2 + 1, :people) AS number;

INSERT INTO wallets (user_id, balance, updated_at, version, changed_at)
SELECT nth(number), 1000, 1, 1, 1
FROM generate_series(:people / 2 + 1, :people) AS number;

ALTER SEQUENCE payments START :first_payment RESTART;

VACUUM ANALYZE;
CHECKPOINT;
