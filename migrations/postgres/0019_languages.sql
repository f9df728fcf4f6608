-- The tag of a language (BCP 47): the one that a member has chosen. NULL where nobody has told.
ALTER TABLE members ADD COLUMN language TEXT COLLATE "C";
