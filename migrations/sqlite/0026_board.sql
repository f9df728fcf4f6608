-- Whether a member wants to be on the board of those with the most invitees.
ALTER TABLE members ADD COLUMN on_board INTEGER NOT NULL DEFAULT 0;

CREATE INDEX members_on_board ON members (invitees DESC, id) WHERE on_board = 1;
