-- When a member last logged in or visited, within a day: after a long silence the number may have been given to somebody else.
-- Members of before are counted from now on. NULL in rows of an older server: since the member joined.
ALTER TABLE members ADD COLUMN visited_at INTEGER;
UPDATE members SET visited_at = unixepoch() * 1000 WHERE phone IS NOT NULL;
