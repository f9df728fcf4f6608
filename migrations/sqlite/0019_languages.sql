-- The tag of a language (BCP 47): the one that a member has chosen, and that of a message. NULL where nobody has told.
ALTER TABLE members ADD COLUMN language TEXT;
ALTER TABLE login_codes ADD COLUMN language TEXT;
