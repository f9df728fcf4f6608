-- What belongs to the host: the link that makes the first admin, and the secret that the database is used with.

-- A link lives for half an hour. All of them are deleted when somebody becomes an admin.
CREATE TABLE first_admin_links (
    token_hash BYTEA  NOT NULL PRIMARY KEY CHECK (octet_length(token_hash) = 32),  -- SHA-256 of the token
    expires_at BIGINT NOT NULL
);

-- One value derived from the secret, by which another secret is recognised. The secret cannot be found from it.
CREATE TABLE secret_check (
    id    BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),  -- there is one row at most
    value BYTEA  NOT NULL CHECK (octet_length(value) = 32)
);
