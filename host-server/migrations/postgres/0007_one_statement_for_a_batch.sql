-- What the one statement that writes a batch asks for.

-- Undoes a batch some of whose rows are no longer as they were loaded. It may be run again.
CREATE FUNCTION refuse_stale_rows() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows are not as they were loaded' USING ERRCODE = 'serialization_failure';
END
$$;

-- A concert's version as it is now, and not as it was when the statement that asks began: what such a
-- function reads, it reads in a view of its own.
CREATE FUNCTION concert_version_now(id uuid) RETURNS bigint VOLATILE LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT concerts.version FROM concerts WHERE concerts.id = concert_version_now.id);
END
$$;
