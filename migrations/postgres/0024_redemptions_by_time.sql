-- For lists of members by when they activated a code, and for how long that took them in a period.
CREATE INDEX redemptions_redeemed_at ON redemptions (redeemed_at, invitee_id);
