-- When each job is due next. Of several servers, the one that moves the time on runs the job.
CREATE TABLE jobs (
    name   TEXT    NOT NULL PRIMARY KEY,
    due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
