-- The journal of a concert that is history is pruned behind a checkpoint: its rows as the journal told them.

CREATE TABLE checkpoints (
    concert_id       TEXT    NOT NULL,
    -- When the queue changed last. The checkpoint tells of ticks at or before this.
    queue_changed_at INTEGER NOT NULL,
    made_at          INTEGER NOT NULL,
    CONSTRAINT checkpoints_pk PRIMARY KEY (concert_id),
    CONSTRAINT checkpoints_concert_exists FOREIGN KEY (concert_id) REFERENCES concerts (id)
) STRICT, WITHOUT ROWID;

-- The rows of a checkpoint, in parts: an array of JSON each, as core writes it.
CREATE TABLE checkpoint_parts (
    concert_id TEXT    NOT NULL,
    part       INTEGER NOT NULL,
    rows       TEXT    NOT NULL,
    CONSTRAINT checkpoint_parts_pk PRIMARY KEY (concert_id, part),
    CONSTRAINT checkpoint_parts_rows_are_json CHECK (json_valid(rows)),
    CONSTRAINT checkpoint_parts_checkpoint_exists FOREIGN KEY (concert_id)
        REFERENCES checkpoints (concert_id)
) STRICT;

CREATE TRIGGER checkpoints_refuses_update BEFORE UPDATE ON checkpoints
BEGIN
    SELECT raise(ABORT, 'checkpoints_are_append_only');
END;

CREATE TRIGGER checkpoints_refuses_delete BEFORE DELETE ON checkpoints
BEGIN
    SELECT raise(ABORT, 'checkpoints_are_append_only');
END;

CREATE TRIGGER checkpoint_parts_refuses_update BEFORE UPDATE ON checkpoint_parts
BEGIN
    SELECT raise(ABORT, 'checkpoints_are_append_only');
END;

CREATE TRIGGER checkpoint_parts_refuses_delete BEFORE DELETE ON checkpoint_parts
BEGIN
    SELECT raise(ABORT, 'checkpoints_are_append_only');
END;

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
        SELECT 1
        FROM checkpoints
        WHERE
            checkpoints.concert_id = coalesce(
                journal.event ->> '$.concert_id',
                (
                    SELECT reservations.concert_id
                    FROM reservations
                    WHERE reservations.id = journal.event ->> '$.reservation_id'
                )
            )
            AND (
                journal.kind NOT IN ('tick_ran', 'tick_rescheduled')
                OR journal.at <= checkpoints.queue_changed_at
            )
    );

-- The one exception: of these, entries may be deleted.
DROP TRIGGER journal_refuses_delete;

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
WHEN NOT EXISTS (
    SELECT 1 FROM journal_behind_checkpoints AS behind WHERE behind.position = old.position
)
BEGIN
    SELECT raise(ABORT, 'journal_is_append_only');
END;
