-- What became of each message, for admins who help a member that waits for one.
CREATE TABLE messages (
    id         INTEGER PRIMARY KEY,
    code_id    INTEGER NOT NULL REFERENCES login_codes (id) ON DELETE CASCADE,
    gateway    TEXT    NOT NULL,
    message_id TEXT,              -- the gateway's id of the message
    state      TEXT    NOT NULL,  -- 'sent' or 'unknown'
    sent_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_code ON messages (code_id);
