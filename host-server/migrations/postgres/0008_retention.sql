-- What is kept for a while only is found by its age: ORDER BY created_at, or begun_at.

CREATE INDEX replies_by_age ON replies (created_at);

CREATE INDEX batches_by_age ON batches (begun_at);
