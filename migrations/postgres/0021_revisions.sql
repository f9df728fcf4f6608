-- How often the invitees of a member have changed. Whoever has seen a revision knows by it whether they have missed a change.
ALTER TABLE members ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION count_invitee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE members SET invitees = invitees + 1, revision = revision + 1 WHERE id = NEW.inviter_id;
    ELSE
        UPDATE members SET invitees = invitees - 1, revision = revision + 1 WHERE id = OLD.inviter_id;
    END IF;
    RETURN NULL;
END $$;
