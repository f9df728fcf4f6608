-- What looks odd and waits for an admin to look at it. Nothing follows from it by itself.

CREATE TABLE flags (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,
    member_id   INTEGER NOT NULL REFERENCES members (id),  -- whom it is about
    source      TEXT    NOT NULL,  -- from where it came, as far as that is what is odd
    count       INTEGER NOT NULL,  -- how much there is of it
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    reviewed_at INTEGER,  -- NULL: it waits
    verdict     TEXT
) STRICT;
CREATE UNIQUE INDEX flags_waiting ON flags (kind, member_id, source) WHERE reviewed_at IS NULL;
CREATE INDEX flags_reviewed ON flags (kind, member_id, source, reviewed_at) WHERE reviewed_at IS NOT NULL;
CREATE INDEX flags_member ON flags (member_id);
CREATE INDEX redeem_tries_browser ON redeem_tries (browser, last_at) WHERE browser IS NOT NULL;
CREATE INDEX devices_browser ON devices (browser);
