-- What is kept for a while only is found by its age: ORDER BY created_at, or begun_at.

CREATE INDEX replies_by_age ON replies (created_at);

CREATE INDEX batches_by_age ON batches (begun_at);

-- The journal is kept longer than the ids of its batches, so that it no longer refers to them. SQLite takes a
-- reference away only by making the table anew; positions stay, and go on from the last one.
CREATE TABLE journal_without_reference (
    position INTEGER NOT NULL CONSTRAINT journal_pk PRIMARY KEY AUTOINCREMENT,
    batch_id TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    event    TEXT    NOT NULL,
    CONSTRAINT journal_version_is_positive CHECK (version > 0),
    CONSTRAINT journal_event_is_json CHECK (json_valid(event))
) STRICT;

INSERT INTO journal_without_reference (position, batch_id, at, kind, subject, version, event)
SELECT position, batch_id, at, kind, subject, version, event
FROM journal
ORDER BY position;

DROP TABLE journal;

ALTER TABLE journal_without_reference RENAME TO journal;

CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
BEGIN
    SELECT raise(ABORT, 'journal_is_append_only');
END;

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
BEGIN
    SELECT raise(ABORT, 'journal_is_append_only');
END;
