-- What waits to be signed is claimed organisation by organisation, in turns.
-- Locks: `award` and `credential_edition` against writing while the two indexes are built, and at the end for a moment against everything.
-- Where a lock is not to be had at once it gives way, leaves nothing behind, and is tried again (ADR 0076): nobody stands in line behind it
-- for longer, and it is gone before PostgreSQL would end somebody's request for a deadlock with it.
SET LOCAL lock_timeout = '500ms';
CREATE INDEX award_due_of_organisation ON award (organisation_id, granted_at) WHERE state = 'due' AND parked_at IS NULL;
CREATE INDEX credential_edition_prepared_of_organisation ON credential_edition (organisation_id, prepared_at)
  WHERE state = 'prepared' AND edition > 1 AND parked_at IS NULL;
DROP INDEX award_due;
DROP INDEX credential_edition_prepared;
