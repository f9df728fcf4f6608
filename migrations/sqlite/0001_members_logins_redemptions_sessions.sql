-- Times are milliseconds since 1970, UTC. Tables are STRICT: a value of another type is an error, not a surprise.

CREATE TABLE members (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice
    phone       TEXT    NOT NULL CONSTRAINT members_phone_unique UNIQUE CHECK (phone GLOB '+[1-9]*'),
    invite_code TEXT    NOT NULL CONSTRAINT members_invite_code_unique UNIQUE CHECK (length(invite_code) = 6),
    created_at  INTEGER NOT NULL
) STRICT;

-- One row for each code sent. The code itself is not here: mac is HMAC-SHA256 over code, phone and flow.
CREATE TABLE login_codes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    flow       BLOB    NOT NULL CHECK (length(flow) = 16),
    phone      TEXT    NOT NULL,
    mac        BLOB    NOT NULL CHECK (length(mac) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    used_at    INTEGER,  -- the one successful login
    ended_at   INTEGER   -- a login of the same phone made it void
) STRICT;
CREATE INDEX login_codes_flow ON login_codes (flow, id);
CREATE INDEX login_codes_phone ON login_codes (phone, created_at);
CREATE INDEX login_codes_created_at ON login_codes (created_at);

-- Who brought in whom. The primary key holds "at most one code per member", the check "never one's own".
CREATE TABLE redemptions (
    invitee_id  INTEGER NOT NULL PRIMARY KEY REFERENCES members (id),
    inviter_id  INTEGER NOT NULL REFERENCES members (id),
    invite_code TEXT    NOT NULL,  -- as it was redeemed, whatever the inviter's code becomes
    redeemed_at INTEGER NOT NULL,
    CONSTRAINT redemptions_not_own CHECK (invitee_id <> inviter_id)
) STRICT;
CREATE INDEX redemptions_inviter ON redemptions (inviter_id, redeemed_at DESC, invitee_id DESC);

CREATE TABLE sessions (
    id_hash    BLOB    NOT NULL PRIMARY KEY CHECK (length(id_hash) = 32),  -- SHA-256 of the cookie's id
    member_id  INTEGER REFERENCES members (id) ON DELETE CASCADE,          -- NULL before the login
    data       TEXT    NOT NULL,                                           -- JSON
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_member ON sessions (member_id) WHERE member_id IS NOT NULL;
CREATE INDEX sessions_expires_at ON sessions (expires_at);
