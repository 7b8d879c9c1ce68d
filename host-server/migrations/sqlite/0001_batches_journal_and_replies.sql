-- What every transaction leaves behind: its batch's id, what happened, and the answers that are kept.
--
-- Throughout: ids are hyphenated lower-case UUIDs, times are milliseconds since 1970, money is integer
-- minor units, flags are 0 or 1. Each constraint has a name, since programs are told it.

-- The batches that were committed. Storing an id twice fails, which tells how an unclear commit ended.
CREATE TABLE batches (
    id       TEXT    NOT NULL,
    begun_at INTEGER NOT NULL,
    CONSTRAINT batches_pk PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- Every event, in the order in which they were committed, each with the version of its subject's row
-- that it left behind.
CREATE TABLE journal (
    position INTEGER NOT NULL CONSTRAINT journal_pk PRIMARY KEY AUTOINCREMENT,
    batch_id TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    event    TEXT    NOT NULL,
    CONSTRAINT journal_version_is_positive CHECK (version > 0),
    CONSTRAINT journal_event_is_json CHECK (json_valid(event)),
    CONSTRAINT journal_batch_exists FOREIGN KEY (batch_id) REFERENCES batches (id)
) STRICT;

CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
BEGIN
    SELECT raise(ABORT, 'journal_is_append_only');
END;

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
BEGIN
    SELECT raise(ABORT, 'journal_is_append_only');
END;

-- The answer that was given for an idempotency key.
CREATE TABLE replies (
    caller       TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    fingerprint  BLOB    NOT NULL,
    status       INTEGER NOT NULL,
    content_type TEXT    NOT NULL,
    body         BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    CONSTRAINT replies_pk PRIMARY KEY (caller, key),
    CONSTRAINT replies_key_has_a_length CHECK (length(key) BETWEEN 1 AND 255),
    CONSTRAINT replies_fingerprint_is_sha256 CHECK (length(fingerprint) = 32),
    CONSTRAINT replies_status_is_http CHECK (status BETWEEN 100 AND 599)
) STRICT, WITHOUT ROWID;
