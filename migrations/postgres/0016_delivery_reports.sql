-- What providers report later about a message: 'delivered' or 'undelivered'.
ALTER TABLE messages ADD COLUMN report TEXT COLLATE "C";
ALTER TABLE messages ADD COLUMN reported_at BIGINT;
CREATE INDEX messages_message_id ON messages (gateway, message_id) WHERE message_id IS NOT NULL;
