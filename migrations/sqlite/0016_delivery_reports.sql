-- What providers report later about a message: 'delivered' or 'undelivered'. In columns of their own, which an older server
-- does not read.
ALTER TABLE messages ADD COLUMN report TEXT;
ALTER TABLE messages ADD COLUMN reported_at INTEGER;
CREATE INDEX messages_message_id ON messages (gateway, message_id) WHERE message_id IS NOT NULL;
