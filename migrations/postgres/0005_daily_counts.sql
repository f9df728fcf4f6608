-- What happened on each day, counted as it happens: members and codes are too many to be counted for every look.

-- A transaction keeps the row that it has counted in locked until it ends. With one row for each kind, all logins would wait for
-- each other; so each kind has 32 rows, and a connection counts in one of them. What counts is their sum.
CREATE TABLE daily_counts (
    day   BIGINT NOT NULL,  -- since 1970, UTC
    what  TEXT COLLATE "C" NOT NULL,
    slot  BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, what, slot)
);

-- Whether a code begins a login: it is the first that its phone asked for in a while.
ALTER TABLE login_codes ADD COLUMN begins_login BOOLEAN NOT NULL DEFAULT true;

CREATE FUNCTION count_on_day(happened_at BIGINT, kind TEXT, change BIGINT) RETURNS void LANGUAGE sql AS $$
    INSERT INTO daily_counts AS counts (day, what, slot, count)
    VALUES (happened_at / 86400000, kind, pg_backend_pid() % 32, change)
    ON CONFLICT (day, what, slot) DO UPDATE SET count = counts.count + excluded.count
$$;

CREATE FUNCTION count_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_on_day(NEW.created_at, 'members', 1);
    RETURN NULL;
END $$;
CREATE TRIGGER members_counted AFTER INSERT ON members FOR EACH ROW EXECUTE FUNCTION count_member();

CREATE FUNCTION count_redemption() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM count_on_day(NEW.redeemed_at, 'redemptions', 1);
    ELSE
        PERFORM count_on_day(OLD.redeemed_at, 'redemptions', -1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER redemptions_counted AFTER INSERT OR DELETE ON redemptions
    FOR EACH ROW EXECUTE FUNCTION count_redemption();

CREATE FUNCTION count_login_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_on_day(NEW.created_at, 'messages-sent', 1);
    IF NEW.begins_login THEN
        PERFORM count_on_day(NEW.created_at, 'logins-begun', 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER login_codes_counted AFTER INSERT ON login_codes FOR EACH ROW EXECUTE FUNCTION count_login_code();

CREATE FUNCTION count_login() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_on_day(NEW.used_at, 'logins-finished', 1);
    RETURN NULL;
END $$;
CREATE TRIGGER login_codes_used_counted AFTER UPDATE OF used_at ON login_codes
    FOR EACH ROW WHEN (OLD.used_at IS NULL AND NEW.used_at IS NOT NULL) EXECUTE FUNCTION count_login();
