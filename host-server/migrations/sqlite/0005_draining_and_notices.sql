-- What operators can do besides: drain a queue, and tell the people in line something.
--
-- The default is for concerts that are there already.

ALTER TABLE concerts ADD COLUMN draining INTEGER NOT NULL DEFAULT 0
    CONSTRAINT concerts_draining_is_a_flag CHECK (draining IN (0, 1));
ALTER TABLE concerts ADD COLUMN notice_ko TEXT;
ALTER TABLE concerts ADD COLUMN notice_en TEXT
    CONSTRAINT concerts_notice_has_both_languages CHECK ((notice_ko IS NULL) = (notice_en IS NULL));
