-- Status lists for more than revocation, and one JWT form of an edition that counts: docs/adr/0067-status-purposes.md.
--
-- Locks: status_list, edition_jwt and vc_api_credential against everything while it runs. status_list is read once, for an index;
-- of the other two every row is read, and those of edition_jwt are written.
--
-- Rows are read and written as the worker: row-level security is forced, so the owner would find none and lose them
-- (docs/adr/0011-two-database-roles.md).

-- A list is for one purpose. Only bits of revocation stay set for ever.
ALTER TABLE status_list
  ADD COLUMN purpose text NOT NULL DEFAULT 'revocation'
    CHECK (purpose IN ('revocation', 'suspension', 'refresh', 'message')),
  ADD UNIQUE (organisation_id, id, purpose);

-- The entries of what was signed over VC-API, one for each purpose that was asked for.
CREATE TABLE vc_api_status (
  organisation_id uuid NOT NULL,
  credential_id   uuid NOT NULL,
  purpose         text NOT NULL,
  status_list_id  uuid NOT NULL,
  status_index    integer NOT NULL CHECK (status_index >= 0),
  -- Since when its bit is set; null while it is not.
  set_at          timestamptz(3),
  PRIMARY KEY (organisation_id, credential_id, purpose),
  UNIQUE (status_list_id, status_index),
  FOREIGN KEY (organisation_id, credential_id) REFERENCES vc_api_credential (organisation_id, id),
  FOREIGN KEY (organisation_id, status_list_id, purpose) REFERENCES status_list (organisation_id, id, purpose)
);

ALTER TABLE vc_api_status ENABLE ROW LEVEL SECURITY;
ALTER TABLE vc_api_status FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vc_api_status TO waarmerk_tenant USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON vc_api_status TO waarmerk_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON vc_api_status TO waarmerk_tenant, waarmerk_worker;

SET ROLE waarmerk_worker;
INSERT INTO vc_api_status (organisation_id, credential_id, purpose, status_list_id, status_index, set_at)
SELECT organisation_id, id, 'revocation', status_list_id, status_index, revoked_at
FROM vc_api_credential WHERE status_list_id IS NOT NULL;
RESET ROLE;

ALTER TABLE vc_api_credential
  DROP COLUMN revoked_at,
  DROP COLUMN status_list_id,
  DROP COLUMN status_index;

-- What a stolen key signed is listed by the key.
CREATE INDEX vc_api_credential_key ON vc_api_credential (organisation_id, key_id, created_at, id) WHERE signed IS NOT NULL;

-- The JWT forms of an edition have numbers, and of two that are signed at once one is kept: the next number is taken only when the
-- keys of all before it are compromised. Until now each key could sign one of its own.
ALTER TABLE edition_jwt ADD COLUMN number integer;
-- Nobody may change such a row, and the worker only here.
GRANT UPDATE (number) ON edition_jwt TO waarmerk_worker;
SET ROLE waarmerk_worker;
UPDATE edition_jwt SET number = ranked.number
FROM (
  SELECT organisation_id, credential_id, edition, key_id,
    row_number() OVER (PARTITION BY organisation_id, credential_id, edition ORDER BY signed_at, key_id) AS number
  FROM edition_jwt
) AS ranked
WHERE edition_jwt.organisation_id = ranked.organisation_id AND edition_jwt.credential_id = ranked.credential_id
  AND edition_jwt.edition = ranked.edition AND edition_jwt.key_id = ranked.key_id;
RESET ROLE;
REVOKE UPDATE (number) ON edition_jwt FROM waarmerk_worker;
ALTER TABLE edition_jwt
  ALTER COLUMN number SET NOT NULL,
  ADD CHECK (number > 0),
  DROP CONSTRAINT edition_jwt_pkey,
  ADD PRIMARY KEY (organisation_id, credential_id, edition, number),
  ADD UNIQUE (organisation_id, credential_id, edition, key_id);
