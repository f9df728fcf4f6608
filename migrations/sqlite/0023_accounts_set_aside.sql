-- Accounts whose number now belongs to somebody else. For an older server they are erased, and keep code and invitees as
-- those do. The row goes when the account gets a number again, or is erased.
CREATE TABLE set_aside (
    member_id    INTEGER NOT NULL PRIMARY KEY REFERENCES members (id),
    at           INTEGER NOT NULL,
    successor_id INTEGER REFERENCES members (id)  -- who has its number; NULL: the number has gone on from there
) STRICT;
CREATE INDEX set_aside_successor ON set_aside (successor_id) WHERE successor_id IS NOT NULL;
