-- An honest database in which :sold people, a multiple of ten thousand, each bought a seat: concerts with a hall of 100,000
-- seats each, and rows and journal that are as a server would have left them, so that every invariant holds.
--
-- Person N has ticket N, reservation N and seat K of concert C. Ten thousand at a time join, are let in by one tick, charge
-- their wallets, hold and pay; an event's position says so, as do its times.

CREATE FUNCTION nth(number bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
    AS $$ SELECT lpad(to_hex(number), 32, '0')::uuid $$;

SET jit = off;
SET work_mem = '256MB';

-- Who buys what, and when. Times are milliseconds since 1970.
CREATE TEMPORARY TABLE people AS
SELECT
    nth(number) AS id,
    -- The charge's id; the payment's is that of the person.
    nth(:sold + number) AS charge_id,
    nth((number - 1) / 100000 + 1) AS concert_id,
    (number - 1) % 100000 + 1 AS seat,
    -- Which tick of all, and which person of that tick, from 0.
    (number - 1) / 10000 AS tick,
    (number - 1) % 10000 AS place,
    1767225600000 + (number - 1) / 10000 * 10000 AS tick_at,
    1767225600000 + (number - 1) / 10000 * 10000 + (number - 1) % 10000 / 10 AS at
FROM generate_series(1, :sold) AS number;

CREATE INDEX people_by_tick ON people (tick);

CREATE TEMPORARY TABLE ticks AS
SELECT
    tick,
    nth(tick / 10 + 1) AS concert_id,
    tick % 10 = 0 AS is_first,
    1767225600000 + tick * 10000 AS tick_at,
    -- How many positions the ticks before have: two for the concert's own events, seven for each person's, and one.
    tick * 70003 AS position
FROM generate_series(0, :sold / 10000 - 1) AS tick;

INSERT INTO concerts (
    id, title, sale_opens_at, interval_seconds, batch_size, active_seconds, lapse_seconds, inventory_aware,
    hold_seconds, max_seats_per_user, paused, closed, created_at, version, changed_at
)
SELECT
    concert_id, 'Sold', tick_at, 10, 10000, 600, 0, false, 300, 4, false, false, tick_at - 20000, 1, tick_at - 20000
FROM ticks
WHERE is_first;

-- The queue's row was made, and changed by every ticket and every tick.
INSERT INTO queues (concert_id, next_number, next_tick_at, sold_out, version, changed_at)
SELECT
    concert_id, count(*) * 10000 + 1, max(tick_at) + 10000, false, 1 + count(*) * 10001, max(tick_at)
FROM ticks
GROUP BY concert_id;

INSERT INTO schedules (id, concert_id, starts_at, venue, sections, seats_total, version, changed_at)
SELECT
    concert_id, concert_id, 4102444800000, 'Olympic Hall',
    '[{"name":"R","rows":250,"seats_per_row":400,"price":1000}]', 100000, 1, tick_at - 20000
FROM ticks
WHERE is_first;

INSERT INTO tickets (id, concert_id, user_id, number, issued_at, state, ended_at, version, changed_at)
SELECT id, concert_id, id, seat, at - 10000, 'consumed', at + 3000, 4, at + 3000
FROM people;

INSERT INTO seats (schedule_id, number, concert_id, reservation_id, sold, version, changed_at)
SELECT concert_id, seat, concert_id, id, true, 2, at + 3000
FROM people;

INSERT INTO seats (schedule_id, number, concert_id, sold, version, changed_at)
SELECT nth(:sold / 100000 + 1), number, nth(:sold / 100000 + 1), false, 0, 1767225600000
FROM generate_series(:sold % 100000 + 1, 100000) AS number
WHERE :sold % 100000 > 0;

INSERT INTO reservations (
    id, concert_id, schedule_id, user_id, ticket_id, seats, seat_count, amount, held_at, expires_at, state,
    state_at, payment_id, version, changed_at
)
SELECT
    id, concert_id, concert_id, id, id, ARRAY[seat], 1, 1000, at + 2000, at + 302000, 'confirmed', at + 3000, id, 2,
    at + 3000
FROM people;

INSERT INTO wallets (user_id, balance, updated_at, version, changed_at)
SELECT id, 500, at + 3000, 2, at + 3000
FROM people;

INSERT INTO transfers (
    id, user_id, kind, reservation_id, concert_id, debit, credit, amount, balance_after, at
)
SELECT transfer.*
FROM people
CROSS JOIN LATERAL (
    VALUES
    (charge_id, id, 'charge', NULL::uuid, NULL::uuid, 'charges', 'wallet:' || id, 1500, 1500, at + 1000),
    (id, id, 'payment', id, concert_id, 'wallet:' || id, 'revenue:' || concert_id, 1000, 500, at + 3000)
) AS transfer;

-- What operators and ticks did.
INSERT INTO journal (position, batch_id, at, kind, subject, version, event) OVERRIDING SYSTEM VALUE
SELECT
    position + step, nth(tick), entry_at, kind, subject, version,
    format('{"at":%s,"kind":"%s",%s}', entry_at, kind, told)::json
FROM ticks
CROSS JOIN LATERAL (
    VALUES
    (1, tick_at - 20000, 'concert_created', 'concert:' || concert_id, 1::bigint, format(
        '"concert":{"id":"%s","title":"Sold","sale_opens_at":%s,"admission":{"interval_seconds":10,"batch_size":10000,'
        '"active_seconds":600,"max_active":null,"lapse_seconds":0,"inventory_aware":false},"holds":{"hold_seconds":300,'
        '"max_seats_per_user":4},"paused":false,"closed":false,"draining":false,"notice":null,"prequeue":null,'
        '"created_at":%s}',
        concert_id, tick_at, tick_at - 20000
    )),
    (2, tick_at - 20000, 'schedule_added', 'schedule:' || concert_id, 1, format(
        '"schedule":{"id":"%s","concert_id":"%s","starts_at":4102444800000,"venue":"Olympic Hall",'
        '"sections":[{"name":"R","rows":250,"seats_per_row":400,"price":1000}]}',
        concert_id, concert_id
    )),
    (20003, tick_at, 'tick_ran', 'queue:' || concert_id, 1 + (tick % 10 + 1) * 10001, format(
        '"concert_id":"%s","tick_at":%s,"admitted":10000,"batch_size":10000,"max_active":null,"next_tick_at":%s,'
        '"remaining":0,"passed_through":null',
        concert_id, tick_at, tick_at + 10000
    ))
) AS entry (step, entry_at, kind, subject, version, told)
WHERE is_first OR kind = 'tick_ran';

-- What people did: who joins and is let in, before the tick's own event; and then each buys a seat. It is stored in order.
INSERT INTO journal (position, batch_id, at, kind, subject, version, event) OVERRIDING SYSTEM VALUE
SELECT entries.*
FROM ticks
CROSS JOIN LATERAL (
    SELECT
        ticks.position + entry_position, id, entry_at, kind, subject, version,
        format('{"at":%s,"kind":"%s",%s}', entry_at, kind, told)::json
    FROM people
    CROSS JOIN LATERAL (
        VALUES
        (3 + place, at - 10000, 'ticket_issued', 'ticket:' || id, 1, format(
            '"ticket_id":"%s","concert_id":"%s","user_id":"%s","number":%s', id, concert_id, id, seat
        )),
        (10003 + place, tick_at, 'ticket_admitted', 'ticket:' || id, 2, format(
            '"ticket_id":"%s","concert_id":"%s","number":%s,"tick_at":%s,"active_until":%s',
            id, concert_id, seat, tick_at, tick_at + 600000
        )),
        (20004 + 5 * place, at + 1000, 'transferred', 'wallet:' || id, 1, format(
            '"transfer":{"id":"%s","user_id":"%s","transfer":"charge","amount":1500,"balance_after":1500,"at":%s}',
            charge_id, id, at + 1000
        )),
        (20005 + 5 * place, at + 2000, 'seats_held', 'reservation:' || id, 1, format(
            '"reservation_id":"%s","concert_id":"%s","schedule_id":"%s","user_id":"%s","ticket_id":"%s","seats":[%s],'
            '"amount":1000,"expires_at":%s',
            id, concert_id, concert_id, id, id, seat, at + 302000
        )),
        (20006 + 5 * place, at + 3000, 'transferred', 'wallet:' || id, 2, format(
            '"transfer":{"id":"%s","user_id":"%s","transfer":"payment","reservation_id":"%s","concert_id":"%s",'
            '"amount":1000,"balance_after":500,"at":%s}',
            id, id, id, concert_id, at + 3000
        )),
        (20007 + 5 * place, at + 3000, 'reservation_confirmed', 'reservation:' || id, 2, format(
            '"reservation_id":"%s","concert_id":"%s","user_id":"%s","schedule_id":"%s","seats":[%s],"payment_id":"%s"',
            id, concert_id, id, concert_id, seat, id
        )),
        (20008 + 5 * place, at + 3000, 'ticket_consumed', 'ticket:' || id, 4, format(
            '"ticket_id":"%s","concert_id":"%s"', id, concert_id
        ))
    ) AS entry (entry_position, entry_at, kind, subject, version, told)
    WHERE people.tick = ticks.tick
    ORDER BY entry_position
) AS entries;

-- A server goes on after these.
DO $$
BEGIN
    PERFORM setval(pg_get_serial_sequence('journal', 'position'), max(position)) FROM journal;
END
$$;

VACUUM ANALYZE;
CHECKPOINT;
