-- How many people have opened the share link of a member on a day, and how many of them have since logged in, and redeemed
-- the code. Nothing is kept about them.
CREATE TABLE link_counts (
    member_id INTEGER NOT NULL REFERENCES members (id),
    day       INTEGER NOT NULL,  -- since 1970, UTC: of the opening
    opened    INTEGER NOT NULL,
    logged_in INTEGER NOT NULL,
    redeemed  INTEGER NOT NULL,
    PRIMARY KEY (member_id, day)
) STRICT, WITHOUT ROWID;

-- For the sums over all members.
CREATE INDEX link_counts_day ON link_counts (day, opened, logged_in, redeemed);
