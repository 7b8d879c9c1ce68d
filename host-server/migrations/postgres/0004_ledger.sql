-- Money, in double entry.

CREATE TABLE wallets (
    user_id    uuid   NOT NULL,
    balance    bigint NOT NULL,
    updated_at bigint NOT NULL,
    version    bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT wallets_pk PRIMARY KEY (user_id),
    CONSTRAINT wallets_balance_is_money CHECK (balance BETWEEN 0 AND 9007199254740991),
    CONSTRAINT wallets_version_is_positive CHECK (version > 0)
) WITH (fillfactor = 80);

-- Every movement of money, from one account to another: 'charges', 'wallet:USER' or 'revenue:CONCERT'.
CREATE TABLE transfers (
    position       bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    id             uuid   NOT NULL,
    user_id        uuid   NOT NULL,
    kind           text   NOT NULL,
    reservation_id uuid,
    concert_id     uuid,
    debit          text   NOT NULL,
    credit         text   NOT NULL,
    amount         bigint NOT NULL,
    balance_after  bigint NOT NULL,
    at             bigint NOT NULL,
    CONSTRAINT transfers_pk PRIMARY KEY (position),
    CONSTRAINT transfers_kind_is_known CHECK (kind IN ('charge', 'payment', 'refund')),
    CONSTRAINT transfers_kind_has_its_parts CHECK (
        (kind = 'charge') = (reservation_id IS NULL)
        AND (kind = 'charge') = (concert_id IS NULL)
    ),
    CONSTRAINT transfers_between_two_accounts CHECK (debit <> credit),
    CONSTRAINT transfers_accounts_fit_kind CHECK (
        (debit = 'charges' AND credit = 'wallet:' || user_id AND kind = 'charge')
        OR (debit = 'wallet:' || user_id AND credit = 'revenue:' || concert_id AND kind = 'payment')
        OR (debit = 'revenue:' || concert_id AND credit = 'wallet:' || user_id AND kind = 'refund')
    ),
    CONSTRAINT transfers_amount_is_money CHECK (amount BETWEEN 1 AND 9007199254740991),
    CONSTRAINT transfers_balance_is_money CHECK (balance_after BETWEEN 0 AND 9007199254740991)
);

-- No transfer is made twice.
CREATE UNIQUE INDEX transfers_one_per_id ON transfers (id);

-- A reservation is paid at most once, and refunded at most once.
CREATE UNIQUE INDEX transfers_once_per_reservation ON transfers (reservation_id, kind)
    WHERE reservation_id IS NOT NULL;

-- A person's transfers, newest first: ORDER BY position DESC.
CREATE INDEX transfers_by_user ON transfers (user_id, position);

CREATE TRIGGER transfers_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON transfers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('transfers_are_append_only');
