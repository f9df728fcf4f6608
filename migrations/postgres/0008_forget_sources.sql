-- Finds the attempts of which is to be forgotten where they came from, without reading all the others.

CREATE INDEX redeem_tries_sources ON redeem_tries (last_at) WHERE network IS NOT NULL OR browser IS NOT NULL;
