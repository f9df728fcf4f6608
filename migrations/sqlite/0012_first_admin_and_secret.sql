-- What belongs to the host: the link that makes the first admin, and the secret that the database is used with.

-- A link lives for half an hour. All of them are deleted when somebody becomes an admin.
CREATE TABLE first_admin_links (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),  -- SHA-256 of the token
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One value derived from the secret, by which another secret is recognised. The secret cannot be found from it.
CREATE TABLE secret_check (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),  -- there is one row at most
    value BLOB    NOT NULL CHECK (length(value) = 32)
) STRICT;
