-- Blocked and erased members are few among many: their lists are read in order, from indexes of their own.
CREATE INDEX members_blocked_created_at ON members (created_at, id) WHERE blocked_at IS NOT NULL;
CREATE INDEX members_blocked_invitees ON members (invitees, id) WHERE blocked_at IS NOT NULL;
CREATE INDEX members_erased_created_at ON members (created_at, id) WHERE erased_at IS NOT NULL;
CREATE INDEX members_erased_invitees ON members (invitees, id) WHERE erased_at IS NOT NULL;
