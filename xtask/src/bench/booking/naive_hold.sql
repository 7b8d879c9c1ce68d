-- The rows of one hold as most servers write them: statement by statement, with a round trip for each.

\set number random(1, 100000)
BEGIN;
SELECT reservation_id FROM seats WHERE schedule_id = nth(2) AND number = :number FOR UPDATE;
UPDATE seats
SET reservation_id = nth(:number), held_until = 8000000000000, version = version + 1, changed_at = 2
WHERE schedule_id = nth(2) AND number = :number;
INSERT INTO reservations (
    id, concert_id, schedule_id, user_id, ticket_id, seats, seat_count, amount, held_at,
    expires_at, state, version, changed_at
)
VALUES (
    gen_random_uuid(), nth(1), nth(2), nth(:number), nth(:number), ARRAY[:number::bigint], 1, 1000, 1,
    8000000000000, 'held', 1, 2
);
COMMIT;
