-- A fair start: who joins before the sale opens can be drawn.
--
-- The seed of a draw is secret until it is copied to the queue, where it is public.

ALTER TABLE concerts ADD COLUMN prequeue_opens_at INTEGER
    CONSTRAINT concerts_prequeue_opens_before_the_sale CHECK (prequeue_opens_at < sale_opens_at);
ALTER TABLE concerts ADD COLUMN prequeue_draw TEXT
    CONSTRAINT concerts_prequeue_draw_is_known CHECK (prequeue_draw IN ('random', 'arrival'));
ALTER TABLE concerts ADD COLUMN prequeue_beacon TEXT;
ALTER TABLE concerts ADD COLUMN prequeue_seed TEXT
    CONSTRAINT concerts_prequeue_is_whole CHECK (
        (prequeue_opens_at IS NULL) = (prequeue_draw IS NULL)
        AND (prequeue_seed IS NOT NULL) = (prequeue_draw IS 'random')
        AND (prequeue_beacon IS NULL OR prequeue_seed IS NOT NULL)
        AND (prequeue_seed IS NULL OR (length(prequeue_seed) = 64 AND prequeue_seed NOT GLOB '*[^0-9a-f]*'))
    );

ALTER TABLE queues ADD COLUMN draw_arrivals INTEGER
    CONSTRAINT queues_draw_arrivals_are_numbered CHECK (draw_arrivals BETWEEN 0 AND next_number - 1);
ALTER TABLE queues ADD COLUMN draw_seed TEXT
    CONSTRAINT queues_draw_seed_is_hex CHECK (length(draw_seed) = 64 AND draw_seed NOT GLOB '*[^0-9a-f]*');
ALTER TABLE queues ADD COLUMN draw_beacon_value TEXT;
ALTER TABLE queues ADD COLUMN draw_passed_through INTEGER
    CONSTRAINT queues_draw_is_whole CHECK (
        (draw_arrivals IS NULL) = (draw_passed_through IS NULL)
        AND (draw_arrivals IS NULL OR draw_passed_through BETWEEN 0 AND draw_arrivals)
        AND (draw_seed IS NULL OR draw_arrivals IS NOT NULL)
        AND (draw_beacon_value IS NULL OR draw_seed IS NOT NULL)
        AND (draw_seed IS NOT NULL OR draw_passed_through IS NULL OR draw_passed_through = 0)
    );
