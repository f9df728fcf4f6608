-- A code is derived from its row and is sent again as it is.
ALTER TABLE login_codes ADD COLUMN sends BIGINT NOT NULL DEFAULT 1;
ALTER TABLE login_codes ADD COLUMN resent_at BIGINT;

CREATE FUNCTION count_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sends > OLD.sends THEN
        PERFORM count_on_day(NEW.resent_at, 'messages-sent', 1);
    ELSE
        PERFORM count_on_day(OLD.resent_at, 'messages-sent', -1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER login_codes_resent_counted AFTER UPDATE OF sends ON login_codes
    FOR EACH ROW WHEN (NEW.sends <> OLD.sends) EXECUTE FUNCTION count_message();

-- Guesses over the API are counted for each answer of /get_code/.
CREATE TABLE api_logins (
    id      BYTEA  NOT NULL PRIMARY KEY CHECK (octet_length(id) = 16),
    code_id BIGINT NOT NULL REFERENCES login_codes (id) ON DELETE CASCADE,
    tries   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX api_logins_code ON api_logins (code_id);
