-- What waits to be signed is claimed organisation by organisation, in turns.
-- Locks: `award` and `credential_edition` against writing while their indexes are built.
CREATE INDEX award_due_of_organisation ON award (organisation_id, granted_at) WHERE state = 'due' AND parked_at IS NULL;
DROP INDEX award_due;
CREATE INDEX credential_edition_prepared_of_organisation ON credential_edition (organisation_id, prepared_at)
  WHERE state = 'prepared' AND edition > 1 AND parked_at IS NULL;
DROP INDEX credential_edition_prepared;
