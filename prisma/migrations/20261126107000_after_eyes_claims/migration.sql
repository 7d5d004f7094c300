-- Claims that are found by signing in, mailed again, and remembered by the session that took them.
-- Locks: `claim` for an index over its open rows, which is short; the new columns are written to no row.

-- How often its mail was written. The one that went as it was opened is the first.
ALTER TABLE claim ADD COLUMN mails integer NOT NULL DEFAULT 1 CHECK (mails >= 1);

-- The session in which it was accepted: one that a claim link opened reaches what it took itself, and nothing else.
ALTER TABLE claim ADD COLUMN session_id uuid;
CREATE INDEX claim_session ON claim (session_id) WHERE session_id IS NOT NULL;

-- What is on offer to an identifier, whoever offers it.
CREATE INDEX claim_offered ON claim (identifier_type, identifier) WHERE state = 'open';

-- Of those that claim links opened before, nobody knows which badge was theirs: they end, and their people sign in.
UPDATE session SET revoked_at = now() WHERE scope = 'earner' AND revoked_at IS NULL;
