-- On which device a login is, since when and until when it was used, for members who look where they are logged in.
-- NULL in rows of an older server, and where the device is no longer known.
ALTER TABLE sessions ADD COLUMN device_id INTEGER REFERENCES devices (id) ON DELETE SET NULL;
ALTER TABLE sessions ADD COLUMN logged_in_at INTEGER;  -- created_at changes with the rights of the session
ALTER TABLE sessions ADD COLUMN seen_at INTEGER;
UPDATE sessions SET logged_in_at = json_extract(data, '$.session.login.logged_in_at'),
    seen_at = json_extract(data, '$.session.login.seen_at') WHERE member_id IS NOT NULL;
CREATE INDEX sessions_device ON sessions (device_id) WHERE device_id IS NOT NULL;

ALTER TABLE token_families ADD COLUMN device_id INTEGER REFERENCES devices (id) ON DELETE SET NULL;
ALTER TABLE token_families ADD COLUMN seen_at INTEGER;
UPDATE token_families SET seen_at = (SELECT max(used_at) FROM refresh_tokens WHERE family_id = token_families.id);
CREATE INDEX token_families_device ON token_families (device_id) WHERE device_id IS NOT NULL;
