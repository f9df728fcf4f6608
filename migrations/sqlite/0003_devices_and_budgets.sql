-- Devices that have logged a phone in, and what strangers may use up.

-- A browser keeps one token for all phones that were logged in on it.
CREATE TABLE devices (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: budgets are counted under it
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),  -- SHA-256 of the token in the cookie
    member_id  INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,  -- the last login
    UNIQUE (token_hash, member_id)
) STRICT;
CREATE INDEX devices_member ON devices (member_id);
CREATE INDEX devices_seen_at ON devices (seen_at);

-- NULL: the code was asked for by a device that had never logged this phone in.
ALTER TABLE login_codes ADD COLUMN device_id INTEGER;
ALTER TABLE login_codes ADD COLUMN length INTEGER NOT NULL DEFAULT 4;  -- digits

-- Each use says until when any limit counts it, and what it was for, so that it can be given back.
DROP TABLE budget_uses;
CREATE TABLE budget_uses (
    id         INTEGER PRIMARY KEY,
    budget     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,  -- whose budget it is
    purpose    TEXT    NOT NULL,  -- a login, a phone
    used_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX budget_uses_subject ON budget_uses (budget, subject, used_at);
CREATE INDEX budget_uses_purpose ON budget_uses (budget, subject, purpose);
CREATE INDEX budget_uses_expires_at ON budget_uses (expires_at);
