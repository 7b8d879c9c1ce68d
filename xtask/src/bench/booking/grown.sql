-- What a server has after a million bookings: each a ticket that was used, a seat that is sold, a reservation that was
-- paid, a wallet and the ledger's two entries, and the journal and replies of all that.

CREATE FUNCTION nth(number bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
    AS $$ SELECT lpad(to_hex(number), 32, '0')::uuid $$;

INSERT INTO tickets (
    id, concert_id, user_id, number, issued_at, state, ended_at, version, changed_at
)
SELECT nth(number), nth(1), nth(number), number, 1, 'consumed', 2, 4, 2
FROM generate_series(1, :sold) AS number;

INSERT INTO seats (schedule_id, number, concert_id, reservation_id, sold, version, changed_at)
SELECT nth(1), number, nth(1), nth(number), true, 2, 2
FROM generate_series(1, :sold) AS number;

INSERT INTO reservations (
    id, concert_id, schedule_id, user_id, ticket_id, seats, seat_count, amount, held_at,
    expires_at, state, state_at, payment_id, version, changed_at
)
SELECT
    nth(number), nth(1), nth(1), nth(number), nth(number), ARRAY[number], 1, 1000, 1, 300001,
    'confirmed', 2, nth(number), 2, 2
FROM generate_series(1, :sold) AS number;

INSERT INTO wallets (user_id, balance, updated_at, version, changed_at)
SELECT nth(number), 0, 2, 2, 2
FROM generate_series(1, :sold) AS number;

INSERT INTO transfers (
    id, user_id, kind, reservation_id, concert_id, debit, credit, amount, balance_after, at
)
SELECT
    nth(:sold + number), nth(number), 'charge', NULL, NULL, 'charges', 'wallet:' || nth(number),
    1000, 1000, 1
FROM generate_series(1, :sold) AS number
UNION ALL
SELECT
    nth(number), nth(number), 'payment', nth(number), nth(1), 'wallet:' || nth(number),
    'revenue:' || nth(1), 1000, 0, 2
FROM generate_series(1, :sold) AS number;

INSERT INTO batches (id, begun_at) SELECT nth(number), 1 FROM generate_series(1, :sold) AS number;

INSERT INTO journal (batch_id, at, kind, subject, version, event)
SELECT
    nth(number), 1, kind, 'reservation:' || nth(number), 1,
    json_build_object('at', '2026-12-24T10:00:00.000Z', 'kind', kind, 'reservation_id', nth(number))
FROM generate_series(1, :sold) AS number
CROSS JOIN (VALUES ('seats_held'), ('reservation_confirmed')) AS event (kind);

INSERT INTO replies (caller, key, fingerprint, status, content_type, body, created_at)
SELECT
    nth(number), 'hold-' || number, decode(repeat('5f', 32), 'hex'), 201, 'application/json',
    decode(repeat('5f', 300), 'hex'), 1
FROM generate_series(1, :sold) AS number;

VACUUM ANALYZE;
CHECKPOINT;
