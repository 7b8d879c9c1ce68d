-- The rows of one payment, in one statement.

WITH booking AS (
    SELECT nth(nextval('payments')) AS id, currval('payments') AS number
),
batch AS (
    INSERT INTO batches (id, begun_at) SELECT id, 1 FROM booking
),
ticket AS (
    UPDATE tickets
    SET state = 'consumed', admitted_at = NULL, active_until = NULL, hold_reservation_id = NULL,
        hold_expires_at = NULL, hold_seats = NULL, expires_at = NULL, ended_at = 2,
        version = tickets.version + 1, changed_at = 2
    FROM booking
    WHERE tickets.id = booking.id AND tickets.state = 'active'
    RETURNING booking.id, booking.number
),
reservation AS (
    UPDATE reservations
    SET state = 'confirmed', state_at = 2, payment_id = ticket.id, version = reservations.version + 1, changed_at = 2
    FROM ticket
    WHERE reservations.id = ticket.id AND reservations.state = 'held'
    RETURNING ticket.id, ticket.number
),
seat AS (
    UPDATE seats
    SET sold = true, held_until = NULL, version = seats.version + 1, changed_at = 2
    FROM reservation
    WHERE seats.schedule_id = nth(1) AND seats.number = reservation.number AND NOT seats.sold
    RETURNING reservation.id
),
wallet AS (
    UPDATE wallets
    SET balance = wallets.balance - 1000, updated_at = 2, version = wallets.version + 1, changed_at = 2
    FROM seat
    WHERE wallets.user_id = seat.id
    RETURNING seat.id
),
transfer AS (
    INSERT INTO transfers (
        id, user_id, kind, reservation_id, concert_id, debit, credit, amount, balance_after, at
    )
    SELECT id, id, 'payment', id, nth(1), 'wallet:' || id, 'revenue:' || nth(1), 1000, 0, 2
    FROM wallet
),
entries AS (
    INSERT INTO journal (batch_id, at, kind, subject, version, event)
    SELECT wallet.id, 1, entry.kind, entry.subject || wallet.id, 1, entry.event
    FROM wallet
    CROSS JOIN (
        VALUES
            (
                'transferred', 'wallet:',
                '{"at":"2999-12-24T10:00:00.000Z","kind":"transferred","transfer":{"id":"01a20b06-9bed-7090-be36-2c485e8d531d","user_id":"01a20b06-9bed-7090-be36-2c485e8d531d","kind":"payment","reservation_id":"01a20b06-9bed-7090-be36-2c485e8d531d","concert_id":"01a20b06-9bed-7090-be36-2c485e8d531d","amount":1000,"balance_after":0,"at":"2999-12-24T10:00:00.000Z"}}'::json
            ),
            (
                'reservation_confirmed', 'reservation:',
                '{"at":"2999-12-24T10:00:00.000Z","kind":"reservation_confirmed","reservation_id":"01a20b06-9bed-7090-be36-2c485e8d531d","concert_id":"01a20b06-9bed-7090-be36-2c485e8d531d","user_id":"01a20b06-9bed-7090-be36-2c485e8d531d","schedule_id":"01a20b06-9bed-7090-be36-2c485e8d531d","seats":[12345],"payment_id":"01a20b06-9bed-7090-be36-2c485e8d531d"}'
            ),
            (
                'ticket_consumed', 'ticket:',
                '{"at":"2999-12-24T10:00:00.000Z","kind":"ticket_consumed","ticket_id":"01a20b06-9bed-7090-be36-2c485e8d531d","concert_id":"01a20b06-9bed-7090-be36-2c485e8d531d"}'
            )
    ) AS entry (kind, subject, event)
)
INSERT INTO replies (caller, key, fingerprint, status, content_type, body, created_at)
SELECT
    id, 'pay-' || id, decode(repeat('5f', 32), 'hex'), 201, 'application/json',
    '{"id":"01a20b06-9bed-7090-be36-2c485e8d531d","user_id":"01a20b06-9bed-7090-be36-2c485e8d531d","reservation":{"id":"01a20b06-9bed-7090-be36-2c485e8d531d","concert_id":"01a20b06-9bed-7090-be36-2c485e8d531d","schedule_id":"01a20b06-9bed-7090-be36-2c485e8d531d","user_id":"01a20b06-9bed-7090-be36-2c485e8d531d","status":"confirmed","seats":[{"number":12345,"section":"R","row":"31","seat":"345","price":1000}],"amount":1000},"amount":1000,"balance_after":0,"paid_at":"2999-12-24T10:00:00.000Z"}'::bytea,
    1
FROM wallet;
