-- One join, in one statement. A sequence gives numbers, which may leave gaps; a counter in a row would be slower still.

INSERT INTO tickets (id, concert_id, user_id, number, issued_at, state, version, changed_at)
VALUES (
    gen_random_uuid(), '00000000-0000-0000-0000-000000000001', gen_random_uuid(), nextval('numbers'),
    floor(extract(epoch FROM clock_timestamp()) * 1000), 'waiting', 1,
    floor(extract(epoch FROM clock_timestamp()) * 1000)
)
RETURNING number;
