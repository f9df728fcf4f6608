-- Files of members: looked through line by line, then taken over as a whole or not at all. Each is forgotten after a day.

CREATE TABLE imports (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    actor       INTEGER NOT NULL REFERENCES members (id),
    file_name   TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    begun_at    INTEGER NOT NULL,
    touched_at  INTEGER NOT NULL,            -- when it came forward last
    lines       INTEGER NOT NULL,            -- in the file
    checked     INTEGER NOT NULL DEFAULT 0,  -- of them
    unread      TEXT    NOT NULL             -- columns that mean nothing to an import, as a JSON array
) STRICT;
CREATE INDEX imports_begun_at ON imports (begun_at);

CREATE TABLE import_lines (
    import_id     INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    line          INTEGER NOT NULL,  -- as editors count
    phone         TEXT,              -- NULL: erased, or not to be read
    invite_code   TEXT,              -- NULL: not to be read
    former_codes  TEXT    NOT NULL,  -- as a JSON array
    joined_at     INTEGER NOT NULL,
    blocked_at    INTEGER,
    erased_at     INTEGER,
    redeemed_code TEXT,
    inviter_line  INTEGER,           -- where the owner of the redeemed code stands; NULL: among the members
    redeemed_at   INTEGER NOT NULL,
    problems      TEXT,              -- each on a line of its own; NULL: none
    PRIMARY KEY (import_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_lines_bad ON import_lines (import_id, line) WHERE problems IS NOT NULL;
