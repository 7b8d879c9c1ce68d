-- What operators can do besides: drain a queue, and tell the people in line something.
--
-- The default is for concerts that are there already, and for replicas of the version before that still write.

ALTER TABLE concerts
    ADD COLUMN draining  boolean NOT NULL DEFAULT false,
    ADD COLUMN notice_ko text,
    ADD COLUMN notice_en text,
    ADD CONSTRAINT concerts_notice_has_both_languages CHECK (
        (notice_ko IS NULL) = (notice_en IS NULL)
    );
