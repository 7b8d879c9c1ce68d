-- The journal of a concert that is history is pruned behind a checkpoint: its rows as the journal told them.

CREATE TABLE checkpoints (
    concert_id       uuid   NOT NULL,
    -- When the queue changed last. The checkpoint tells of ticks at or before this.
    queue_changed_at bigint NOT NULL,
    made_at          bigint NOT NULL,
    CONSTRAINT checkpoints_pk PRIMARY KEY (concert_id),
    CONSTRAINT checkpoints_concert_exists FOREIGN KEY (concert_id) REFERENCES concerts (id)
);

-- The rows of a checkpoint, in parts: an array of JSON each, as core writes it.
CREATE TABLE checkpoint_parts (
    concert_id uuid   NOT NULL,
    part       bigint NOT NULL,
    rows       json   NOT NULL,
    CONSTRAINT checkpoint_parts_pk PRIMARY KEY (concert_id, part),
    CONSTRAINT checkpoint_parts_checkpoint_exists FOREIGN KEY (concert_id) REFERENCES checkpoints (concert_id)
);

CREATE TRIGGER checkpoints_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('checkpoints_are_append_only');

CREATE TRIGGER checkpoint_parts_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint_parts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('checkpoints_are_append_only');

-- What a checkpoint tells, so that the journal need not: all that people did, and the ticks. What an operator did, the
-- draw, and every movement of money are not among it.
CREATE VIEW journal_behind_checkpoints AS
SELECT journal.position
FROM journal
WHERE
    journal.kind IN (
        'ticket_issued', 'ticket_admitted', 'ticket_expired', 'ticket_left', 'ticket_consumed',
        'seats_held', 'reservation_expired', 'reservation_released', 'reservation_confirmed',
        'reservation_cancelled', 'tick_ran', 'tick_rescheduled'
    )
    AND EXISTS (
        SELECT
        FROM checkpoints
        WHERE
            checkpoints.concert_id = coalesce(
                (journal.event ->> 'concert_id')::uuid,
                (
                    SELECT reservations.concert_id
                    FROM reservations
                    WHERE reservations.id = (journal.event ->> 'reservation_id')::uuid
                )
            )
            AND (
                journal.kind NOT IN ('tick_ran', 'tick_rescheduled')
                OR journal.at <= checkpoints.queue_changed_at
            )
    );

-- The one exception: of these, entries may be deleted.
CREATE FUNCTION refuse_pruning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM journal_behind_checkpoints AS behind WHERE behind.position = old.position
    ) THEN
        RAISE EXCEPTION '%', tg_argv[0] USING ERRCODE = 'restrict_violation', CONSTRAINT = tg_argv[0];
    END IF;
    RETURN old;
END
$$;

DROP TRIGGER journal_refuses_change ON journal;

CREATE TRIGGER journal_refuses_change BEFORE UPDATE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('journal_is_append_only');

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION refuse_pruning('journal_is_append_only');
