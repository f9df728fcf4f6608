-- What the people who run the programme need: who they are, what they did, and why a redemption did not count.

-- The same table, but that a member can be erased: the phone goes, the row stays for those who came through it.
-- Foreign keys are off while migrations run, so that nothing follows the old table into its end.
CREATE TABLE members_anew (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice
    phone       TEXT    CONSTRAINT members_phone_unique UNIQUE CHECK (phone GLOB '+[1-9]*'),  -- NULL: erased
    invite_code TEXT    NOT NULL CONSTRAINT members_invite_code_unique UNIQUE CHECK (length(invite_code) = 6),
    created_at  INTEGER NOT NULL,
    blocked_at  INTEGER,
    erased_at   INTEGER,
    epoch       INTEGER NOT NULL DEFAULT 0,
    invitees    INTEGER NOT NULL DEFAULT 0,  -- how many redeemed the code; the triggers below count
    CONSTRAINT members_erased_without_phone CHECK ((phone IS NULL) = (erased_at IS NOT NULL))
) STRICT;
INSERT INTO members_anew (id, phone, invite_code, created_at, blocked_at, epoch, invitees)
SELECT id, phone, invite_code, created_at, blocked_at, epoch,
       (SELECT count(*) FROM redemptions WHERE inviter_id = members.id)
FROM members;
DROP TABLE members;
ALTER TABLE members_anew RENAME TO members;
CREATE INDEX members_created_at ON members (created_at, id);
CREATE INDEX members_invitees ON members (invitees, id);
CREATE INDEX members_blocked ON members (blocked_at) WHERE blocked_at IS NOT NULL;
CREATE INDEX members_erased ON members (erased_at) WHERE erased_at IS NOT NULL;

CREATE TRIGGER redemptions_added AFTER INSERT ON redemptions BEGIN
    UPDATE members SET invitees = invitees + 1 WHERE id = new.inviter_id;
END;
CREATE TRIGGER redemptions_removed AFTER DELETE ON redemptions BEGIN
    UPDATE members SET invitees = invitees - 1 WHERE id = old.inviter_id;
END;

-- Finds any three digits in a row among a million phones within a millisecond.
CREATE VIRTUAL TABLE member_phones USING fts5 (phone, content = 'members', content_rowid = 'id', tokenize = 'trigram', detail = 'none');
INSERT INTO member_phones (member_phones, rank) VALUES ('secure-delete', 1);
INSERT INTO member_phones (member_phones) VALUES ('rebuild');
CREATE TRIGGER members_phone_added AFTER INSERT ON members WHEN new.phone IS NOT NULL BEGIN
    INSERT INTO member_phones (rowid, phone) VALUES (new.id, new.phone);
END;
CREATE TRIGGER members_phone_changed AFTER UPDATE OF phone ON members WHEN old.phone IS NOT NULL BEGIN
    INSERT INTO member_phones (member_phones, rowid, phone) VALUES ('delete', old.id, old.phone);
    INSERT INTO member_phones (rowid, phone) SELECT new.id, new.phone WHERE new.phone IS NOT NULL;
END;

-- Codes that members had before they were given another. Nobody gets them again.
CREATE TABLE former_invite_codes (
    invite_code TEXT    NOT NULL PRIMARY KEY,
    member_id   INTEGER NOT NULL REFERENCES members (id),
    replaced_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX former_invite_codes_member ON former_invite_codes (member_id);

-- Every try to redeem a code, and how it ended. The same try over and over is one row with a count.
CREATE TABLE redeem_tries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id  INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    typed      TEXT    NOT NULL,  -- the code, or the beginning of what can be none
    inviter_id INTEGER REFERENCES members (id),  -- whose code it was then
    outcome    TEXT    NOT NULL,
    tried_at   INTEGER NOT NULL,  -- the first time
    last_at    INTEGER NOT NULL,
    times      INTEGER NOT NULL DEFAULT 1,
    network    TEXT,     -- NULL: forgotten
    browser    INTEGER   -- NULL: not known
) STRICT;
CREATE INDEX redeem_tries_member ON redeem_tries (member_id, last_at);
CREATE INDEX redeem_tries_inviter ON redeem_tries (inviter_id, last_at) WHERE inviter_id IS NOT NULL;
CREATE INDEX redeem_tries_network ON redeem_tries (network, last_at) WHERE network IS NOT NULL;
-- What was redeemed before tries were kept.
INSERT INTO redeem_tries (member_id, typed, inviter_id, outcome, tried_at, last_at)
SELECT invitee_id, invite_code, inviter_id, 'redeemed', redeemed_at, redeemed_at FROM redemptions ORDER BY redeemed_at;

-- One browser keeps one token for all members who logged in on it, and a new one after each login; this number stays.
ALTER TABLE devices ADD COLUMN browser INTEGER;
UPDATE devices SET browser = (SELECT min(id) FROM devices AS same WHERE same.token_hash = devices.token_hash);
ALTER TABLE devices ADD COLUMN agent TEXT NOT NULL DEFAULT '';    -- what it calls itself
ALTER TABLE devices ADD COLUMN network TEXT NOT NULL DEFAULT '';  -- of the last login

-- Who may run the programme. A grant is for a phone: its owner need not be a member yet.
CREATE TABLE admins (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: revoking and granting again is another grant
    phone       TEXT    NOT NULL UNIQUE,
    granted_at  INTEGER NOT NULL,
    secret      BLOB,     -- the second factor's, sealed with a key of the server's; NULL: not set up
    enrolled_at INTEGER,  -- NULL: set up, but never used
    last_step   INTEGER NOT NULL DEFAULT 0,         -- of the last code taken: each works once (RFC 6238 section 5.2)
    recovery_used INTEGER NOT NULL DEFAULT 0        -- one bit for each recovery code
) STRICT;

-- What was done and by whom. Lines are added, never changed and never removed. No line holds a phone: members can be erased.
CREATE TABLE audit_log (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    actor   INTEGER REFERENCES members (id),  -- NULL: whoever has the command line
    act     TEXT    NOT NULL,
    subject INTEGER REFERENCES members (id),  -- NULL: nobody in particular
    reason  TEXT    NOT NULL,
    details TEXT    NOT NULL,  -- what was before, and what is now
    address TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_log_subject ON audit_log (subject, id);
CREATE INDEX audit_log_actor ON audit_log (actor, id);
CREATE INDEX audit_log_act ON audit_log (act, id);
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_is_not_shortened BEFORE DELETE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
