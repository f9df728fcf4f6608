-- Sentences that were stored become codes: which sentence is shown is decided when somebody reads it.

-- A file with bad lines lives for a day, and can be uploaded again.
DELETE FROM imports WHERE id IN (SELECT import_id FROM import_lines WHERE problems IS NOT NULL);
DELETE FROM import_lines WHERE import_id NOT IN (SELECT id FROM imports);

UPDATE flags SET source = 'forgotten:' || id WHERE source LIKE 'no longer kept, %';
