-- Sentences that were stored become codes: which sentence is shown is decided when somebody reads it.

-- A file with bad lines lives for a day, and can be uploaded again.
DELETE FROM imports WHERE id IN (SELECT import_id FROM import_lines WHERE problems IS NOT NULL);
DELETE FROM import_lines WHERE import_id NOT IN (SELECT id FROM imports);

UPDATE flags SET source = 'forgotten:' || id WHERE source LIKE 'no longer kept, %';

-- A session is one value now, under one key. Members stay logged in; a login in progress begins again.
UPDATE sessions SET data = json_object('session', json_object('login', json_object(
    'member', member_id, 'epoch', epoch,
    'logged_in_at', coalesce(data ->> 'logged_in_at', created_at),
    'seen_at', coalesce(data ->> 'seen', created_at))))
WHERE member_id IS NOT NULL;
