-- A code is derived from its row and is sent again as it is. `mac` is what the version before needs; nothing reads it.
ALTER TABLE login_codes ADD COLUMN sends INTEGER NOT NULL DEFAULT 1;
ALTER TABLE login_codes ADD COLUMN resent_at INTEGER;

CREATE TRIGGER login_codes_resent_counted AFTER UPDATE OF sends ON login_codes
WHEN new.sends > old.sends BEGIN
    INSERT INTO daily_counts VALUES (new.resent_at / 86400000, 'messages-sent', 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER login_codes_resent_uncounted AFTER UPDATE OF sends ON login_codes
WHEN new.sends < old.sends BEGIN
    UPDATE daily_counts SET count = count - 1 WHERE day = old.resent_at / 86400000 AND what = 'messages-sent';
END;

-- Guesses over the API are counted for each answer of /get_code/.
CREATE TABLE api_logins (
    id      BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    code_id INTEGER NOT NULL REFERENCES login_codes (id) ON DELETE CASCADE,
    tries   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX api_logins_code ON api_logins (code_id);
