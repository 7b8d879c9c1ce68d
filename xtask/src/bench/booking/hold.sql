-- The rows of one hold, in one statement: as much as a server could hope for that commits each booking by itself.

WITH booking AS (
    SELECT nth(nextval('holds')) AS id, currval('holds') AS number
),
batch AS (
    INSERT INTO batches (id, begun_at) SELECT id, 1 FROM booking
),
ticket AS (
    UPDATE tickets
    SET hold_reservation_id = booking.id, hold_expires_at = 8000000000000, hold_seats = 1,
        version = tickets.version + 1, changed_at = 2
    FROM booking
    WHERE tickets.id = booking.id AND tickets.hold_reservation_id IS NULL
    RETURNING booking.id, booking.number
),
reservation AS (
    INSERT INTO reservations (
        id, concert_id, schedule_id, user_id, ticket_id, seats, seat_count, amount, held_at,
        expires_at, state, version, changed_at
    )
    SELECT id, nth(1), nth(1), id, id, ARRAY[number], 1, 1000, 1, 8000000000000, 'held', 1, 2
    FROM ticket
),
seat AS (
    UPDATE seats
    SET reservation_id = ticket.id, held_until = 8000000000000, version = seats.version + 1, changed_at = 2
    FROM ticket
    WHERE seats.schedule_id = nth(1) AND seats.number = ticket.number AND seats.reservation_id IS NULL
    RETURNING ticket.id
),
entry AS (
    INSERT INTO journal (batch_id, at, kind, subject, version, event)
    SELECT
        id, 1, 'seats_held', 'reservation:' || id, 1,
        '{"at":"2999-12-24T10:00:00.000Z","kind":"seats_held","reservation_id":"01a20b06-9bed-7090-be36-2c485e8d531d","concert_id":"01a20b06-9bed-7090-be36-2c485e8d531d","schedule_id":"01a20b06-9bed-7090-be36-2c485e8d531d","user_id":"01a20b06-9bed-7090-be36-2c485e8d531d","ticket_id":"01a20b06-9bed-7090-be36-2c485e8d531d","seats":[12345],"amount":1000,"expires_at":"2999-12-24T10:05:00.000Z"}'
    FROM seat
)
INSERT INTO replies (caller, key, fingerprint, status, content_type, body, created_at)
SELECT
    id, 'hold-' || id, decode(repeat('5f', 32), 'hex'), 201, 'application/json',
    '{"id":"01a20b06-9bed-7090-be36-2c485e8d531d","concert_id":"01a20b06-9bed-7090-be36-2c485e8d531d","schedule_id":"01a20b06-9bed-7090-be36-2c485e8d531d","user_id":"01a20b06-9bed-7090-be36-2c485e8d531d","status":"held","seats":[{"number":12345,"section":"R","row":"31","seat":"345","price":1000}],"amount":1000,"held_at":"2999-12-24T10:00:00.000Z","expires_at":"2999-12-24T10:05:00.000Z"}'::bytea,
    1
FROM seat;
