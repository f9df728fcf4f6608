-- How often the invitees of a member have changed. Whoever has seen a revision knows by it whether they have missed a change.
ALTER TABLE members ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER redemptions_added;
CREATE TRIGGER redemptions_added AFTER INSERT ON redemptions BEGIN
    UPDATE members SET invitees = invitees + 1, revision = revision + 1 WHERE id = new.inviter_id;
END;
DROP TRIGGER redemptions_removed;
CREATE TRIGGER redemptions_removed AFTER DELETE ON redemptions BEGIN
    UPDATE members SET invitees = invitees - 1, revision = revision + 1 WHERE id = old.inviter_id;
END;
