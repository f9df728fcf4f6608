-- What happened on each day, counted as it happens: members and codes are too many to be counted for every look.

CREATE TABLE daily_counts (
    day   INTEGER NOT NULL,  -- since 1970, UTC
    what  TEXT    NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, what)
) STRICT, WITHOUT ROWID;

-- Whether a code begins a login: it is the first that its phone asked for in a while.
ALTER TABLE login_codes ADD COLUMN begins_login INTEGER NOT NULL DEFAULT 1;

INSERT INTO daily_counts
SELECT created_at / 86400000, 'members', count(*) FROM members GROUP BY 1
UNION ALL SELECT redeemed_at / 86400000, 'redemptions', count(*) FROM redemptions GROUP BY 1
UNION ALL SELECT created_at / 86400000, 'logins-begun', count(*) FROM login_codes GROUP BY 1
UNION ALL SELECT created_at / 86400000, 'messages-sent', count(*) FROM login_codes GROUP BY 1
UNION ALL SELECT used_at / 86400000, 'logins-finished', count(*) FROM login_codes WHERE used_at IS NOT NULL GROUP BY 1;

CREATE TRIGGER members_counted AFTER INSERT ON members BEGIN
    INSERT INTO daily_counts VALUES (new.created_at / 86400000, 'members', 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER redemptions_counted AFTER INSERT ON redemptions BEGIN
    INSERT INTO daily_counts VALUES (new.redeemed_at / 86400000, 'redemptions', 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER redemptions_uncounted AFTER DELETE ON redemptions BEGIN
    UPDATE daily_counts SET count = count - 1 WHERE day = old.redeemed_at / 86400000 AND what = 'redemptions';
END;
CREATE TRIGGER login_codes_counted AFTER INSERT ON login_codes BEGIN
    INSERT INTO daily_counts VALUES (new.created_at / 86400000, 'messages-sent', 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
    INSERT INTO daily_counts SELECT new.created_at / 86400000, 'logins-begun', 1 WHERE new.begins_login
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER login_codes_used_counted AFTER UPDATE OF used_at ON login_codes
WHEN old.used_at IS NULL AND new.used_at IS NOT NULL BEGIN
    INSERT INTO daily_counts VALUES (new.used_at / 86400000, 'logins-finished', 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
