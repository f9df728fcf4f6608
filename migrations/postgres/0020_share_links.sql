-- How many people have opened the share link of a member on a day, and how many of them have since logged in, and redeemed
-- the code. Nothing is kept about them.
CREATE TABLE link_counts (
    member_id BIGINT NOT NULL REFERENCES members (id),
    day       BIGINT NOT NULL,  -- since 1970, UTC: of the opening
    opened    BIGINT NOT NULL,
    logged_in BIGINT NOT NULL,
    redeemed  BIGINT NOT NULL,
    PRIMARY KEY (member_id, day)
);

-- For the sums over all members.
CREATE INDEX link_counts_day ON link_counts (day, opened, logged_in, redeemed);
