-- A fair start: who joins before the sale opens can be drawn.
--
-- The seed of a draw is secret until it is copied to the queue, where it is public. The defaults are for concerts
-- that are there already.

ALTER TABLE concerts
    ADD COLUMN prequeue_opens_at bigint,
    ADD COLUMN prequeue_draw     text,
    ADD COLUMN prequeue_beacon   text,
    ADD COLUMN prequeue_seed     text,
    ADD CONSTRAINT concerts_prequeue_is_whole CHECK (
        (prequeue_opens_at IS NULL) = (prequeue_draw IS NULL)
        AND (prequeue_opens_at IS NULL OR prequeue_opens_at < sale_opens_at)
        AND (prequeue_seed IS NOT NULL) = (prequeue_draw IS NOT DISTINCT FROM 'random')
        AND (prequeue_beacon IS NULL OR prequeue_seed IS NOT NULL)
    ),
    ADD CONSTRAINT concerts_prequeue_draw_is_known CHECK (prequeue_draw IN ('random', 'arrival')),
    ADD CONSTRAINT concerts_prequeue_seed_is_hex CHECK (prequeue_seed ~ '^[0-9a-f]{64}$');

ALTER TABLE queues
    ADD COLUMN draw_arrivals       bigint,
    ADD COLUMN draw_seed           text,
    ADD COLUMN draw_beacon_value         text,
    ADD COLUMN draw_passed_through bigint,
    ADD CONSTRAINT queues_draw_is_whole CHECK (
        (draw_arrivals IS NULL) = (draw_passed_through IS NULL)
        AND (draw_arrivals IS NULL OR draw_arrivals BETWEEN 0 AND next_number - 1)
        AND (draw_arrivals IS NULL OR draw_passed_through BETWEEN 0 AND draw_arrivals)
        AND (draw_seed IS NULL OR draw_arrivals IS NOT NULL)
        AND (draw_beacon_value IS NULL OR draw_seed IS NOT NULL)
        AND (draw_seed IS NOT NULL OR draw_passed_through IS NULL OR draw_passed_through = 0)
    ),
    ADD CONSTRAINT queues_draw_seed_is_hex CHECK (draw_seed ~ '^[0-9a-f]{64}$');
