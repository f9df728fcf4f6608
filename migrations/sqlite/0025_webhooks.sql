-- What other systems are told: each event once for each endpoint that was configured when it happened. The row is added in the
-- transaction of the change that it tells of, and sent later.
CREATE TABLE webhook_deliveries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id   TEXT    NOT NULL,  -- of the event: the same for every endpoint and attempt
    type         TEXT    NOT NULL,  -- 'member.created' and so on
    member_id    INTEGER NOT NULL REFERENCES members (id),
    inviter_id   INTEGER REFERENCES members (id),
    created_at   INTEGER NOT NULL,
    endpoint     TEXT    NOT NULL,  -- its URL
    state        TEXT    NOT NULL,  -- 'waiting', 'delivered' or 'failed'
    failures     INTEGER NOT NULL,  -- failed attempts since it was added or last replayed
    next_at      INTEGER NOT NULL,  -- when it may be attempted, while it waits
    leased_until INTEGER            -- until then one server attempts it
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (id) WHERE state = 'failed';
CREATE INDEX webhook_deliveries_created ON webhook_deliveries (created_at);

CREATE TABLE webhook_attempts (
    id          INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    begun_at    INTEGER NOT NULL,
    took        INTEGER NOT NULL,  -- in milliseconds
    status      INTEGER,           -- of the answer
    trouble     TEXT               -- why there was no answer
) STRICT;
CREATE INDEX webhook_attempts_delivery ON webhook_attempts (delivery_id);

-- Endpoints that have failed; of the others there is no row, or one without values.
CREATE TABLE webhook_endpoints (
    url           TEXT    NOT NULL PRIMARY KEY,
    failing_since INTEGER,  -- when the first attempt after the last delivery failed
    off_at        INTEGER,  -- since then nothing is sent
    off_because   TEXT      -- 'gone' or 'failing'
) STRICT, WITHOUT ROWID;
