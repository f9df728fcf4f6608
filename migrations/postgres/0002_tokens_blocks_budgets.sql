-- What the JSON API needs, and what ends a member's sessions and tokens at once.

ALTER TABLE members ADD COLUMN blocked_at BIGINT;  -- NULL: not blocked
-- "Log out everywhere" counts it up; sessions and tokens of an earlier epoch are void.
ALTER TABLE members ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;

-- One row for each login over the API. All tokens that came from it end with it.
CREATE TABLE token_families (
    id         BYTEA  NOT NULL PRIMARY KEY CHECK (octet_length(id) = 16),
    member_id  BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    epoch      BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL  -- with the last of its refresh tokens
);
CREATE INDEX token_families_member ON token_families (member_id);
CREATE INDEX token_families_expires_at ON token_families (expires_at);

CREATE TABLE refresh_tokens (
    hash       BYTEA  NOT NULL PRIMARY KEY CHECK (octet_length(hash) = 32),  -- SHA-256 of the token
    family_id  BYTEA  NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);

-- How a redemption that came with an Idempotency-Key ended, to be told again to whoever repeats it.
CREATE TABLE idempotency_keys (
    member_id  BIGINT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    key_hash   BYTEA  NOT NULL CHECK (octet_length(key_hash) = 32),
    request    TEXT   NOT NULL,  -- the invite code, or a hash of what can be none
    outcome    TEXT   NOT NULL,  -- JSON
    created_at BIGINT NOT NULL,
    PRIMARY KEY (member_id, key_hash)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
