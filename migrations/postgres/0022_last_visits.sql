-- When a member last logged in or visited, within a day: after a long silence the number may have been given to somebody else.
-- Members of before are counted from now on. NULL in rows of an older server: since the member joined.
ALTER TABLE members ADD COLUMN visited_at BIGINT;
UPDATE members SET visited_at = (extract(epoch FROM now()) * 1000)::bigint WHERE phone IS NOT NULL;
