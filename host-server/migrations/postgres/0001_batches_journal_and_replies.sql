-- What every transaction leaves behind: its batch's id, what happened, and the answers that are kept.
--
-- Throughout: times are milliseconds since 1970, money is integer minor units. Each constraint has a
-- name, the same as in SQLite, since programs are told it. Rows that every batch writes refer to nothing
-- by a foreign key: a reference would lock and look up its target once for each row.

-- The batches that were committed. Storing an id twice fails, which tells how an unclear commit ended.
CREATE TABLE batches (
    id       uuid   NOT NULL,
    begun_at bigint NOT NULL,
    CONSTRAINT batches_pk PRIMARY KEY (id)
);

-- Every event, each with the version of its subject's row that it left behind. Positions are given while
-- the rows are locked, so the events of one row are in order; but a transaction may commit after another
-- one with higher positions, so who follows the journal goes by the transaction.
CREATE TABLE journal (
    position    bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    batch_id    uuid   NOT NULL,
    transaction xid8   NOT NULL DEFAULT pg_current_xact_id(),
    at          bigint NOT NULL,
    kind        text   NOT NULL,
    subject     text   NOT NULL,
    version     bigint NOT NULL,
    -- As it was written: not jsonb, which would reorder it.
    event       json   NOT NULL,
    CONSTRAINT journal_pk PRIMARY KEY (position),
    CONSTRAINT journal_version_is_positive CHECK (version > 0)
);

-- The tail: transaction >= the oldest one that was under way at the last look, ORDER BY position.
CREATE INDEX journal_by_transaction ON journal (transaction, position);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', tg_argv[0] USING ERRCODE = 'restrict_violation', CONSTRAINT = tg_argv[0];
END
$$;

CREATE TRIGGER journal_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('journal_is_append_only');

-- The answer that was given for an idempotency key.
CREATE TABLE replies (
    caller       uuid   NOT NULL,
    -- Compared byte by byte, whatever the language of the database.
    key          text   COLLATE "C" NOT NULL,
    fingerprint  bytea  NOT NULL,
    status       bigint NOT NULL,
    content_type text   NOT NULL,
    body         bytea  NOT NULL,
    created_at   bigint NOT NULL,
    CONSTRAINT replies_pk PRIMARY KEY (caller, key),
    CONSTRAINT replies_key_has_a_length CHECK (length(key) BETWEEN 1 AND 255),
    CONSTRAINT replies_fingerprint_is_sha256 CHECK (length(fingerprint) = 32),
    CONSTRAINT replies_status_is_http CHECK (status BETWEEN 100 AND 599)
);
