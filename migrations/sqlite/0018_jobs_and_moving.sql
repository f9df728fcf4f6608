-- When each job is due next. Of several servers, the one that moves the time on runs the job.
CREATE TABLE jobs (
    name   TEXT    NOT NULL PRIMARY KEY,
    due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row while the data of another database is being moved here; no server starts until it is gone.
CREATE TABLE moving (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    source TEXT    NOT NULL  -- the other database, without a password
) STRICT;
