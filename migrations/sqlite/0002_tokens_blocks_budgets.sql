-- What the JSON API needs, and what ends a member's sessions and tokens at once.

ALTER TABLE members ADD COLUMN blocked_at INTEGER;                 -- NULL: not blocked
-- "Log out everywhere" counts it up; sessions and tokens of an earlier epoch are void.
ALTER TABLE members ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;

-- One row for each login over the API. All tokens that came from it end with it.
CREATE TABLE token_families (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    member_id  INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    epoch      INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL  -- with the last of its refresh tokens
) STRICT, WITHOUT ROWID;
CREATE INDEX token_families_member ON token_families (member_id);
CREATE INDEX token_families_expires_at ON token_families (expires_at);

CREATE TABLE refresh_tokens (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),  -- SHA-256 of the token
    family_id  BLOB    NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);

-- How a redemption that came with an Idempotency-Key ended, to be told again to whoever repeats it.
CREATE TABLE idempotency_keys (
    member_id  INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    key_hash   BLOB    NOT NULL CHECK (length(key_hash) = 32),
    request    TEXT    NOT NULL,  -- the invite code, or a hash of what can be none
    outcome    TEXT    NOT NULL,  -- JSON
    created_at INTEGER NOT NULL,
    PRIMARY KEY (member_id, key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- What was used of the budgets that are counted over time.
CREATE TABLE budget_uses (
    id      INTEGER PRIMARY KEY,
    budget  TEXT    NOT NULL,
    subject TEXT    NOT NULL,  -- whose budget it is
    used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX budget_uses_subject ON budget_uses (budget, subject, used_at);
CREATE INDEX budget_uses_used_at ON budget_uses (used_at);
