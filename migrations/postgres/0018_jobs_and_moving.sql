-- When each job is due next. Of several servers, the one that moves the time on runs the job.
CREATE TABLE jobs (
    name   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    due_at BIGINT NOT NULL
);

-- One row while the data of another database is being moved here; no server starts until it is gone.
CREATE TABLE moving (
    id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    source TEXT   NOT NULL  -- the other database, without a password
);
