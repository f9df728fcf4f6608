-- On which device a login is, since when and until when it was used, for members who look where they are logged in.
-- NULL where the device is no longer known.
ALTER TABLE sessions ADD COLUMN device_id BIGINT REFERENCES devices (id) ON DELETE SET NULL;
ALTER TABLE sessions ADD COLUMN logged_in_at BIGINT;  -- created_at changes with the rights of the session
ALTER TABLE sessions ADD COLUMN seen_at BIGINT;
CREATE INDEX sessions_device ON sessions (device_id) WHERE device_id IS NOT NULL;

ALTER TABLE token_families ADD COLUMN device_id BIGINT REFERENCES devices (id) ON DELETE SET NULL;
ALTER TABLE token_families ADD COLUMN seen_at BIGINT;
CREATE INDEX token_families_device ON token_families (device_id) WHERE device_id IS NOT NULL;
