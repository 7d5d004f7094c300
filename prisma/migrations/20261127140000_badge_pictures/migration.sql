-- What a drawn picture was made of, so that it can be changed later. Two new tables: nothing is locked.

CREATE TABLE badge_design (
  organisation_id uuid NOT NULL REFERENCES organisation,
  sha256          bytea NOT NULL CHECK (length(sha256) = 32),
  design          jsonb NOT NULL,
  PRIMARY KEY (organisation_id, sha256)
);

ALTER TABLE badge_design ENABLE ROW LEVEL SECURITY;
ALTER TABLE badge_design FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON badge_design TO waarmerk_tenant USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON badge_design TO waarmerk_worker USING (true);
GRANT SELECT, INSERT ON badge_design TO waarmerk_tenant, waarmerk_worker;

-- The JWT form of an edition: signed when somebody asks for it, once with a key
-- (docs/adr/0062-forms-of-a-badge.md).
CREATE TABLE edition_jwt (
  organisation_id uuid NOT NULL,
  credential_id   uuid NOT NULL,
  edition         integer NOT NULL,
  key_id          uuid NOT NULL,
  -- The compact JWS, as it was signed.
  jwt             bytea NOT NULL,
  signed_at       timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, credential_id, edition, key_id),
  FOREIGN KEY (organisation_id, credential_id, edition) REFERENCES credential_edition (organisation_id, credential_id, edition),
  FOREIGN KEY (organisation_id, key_id) REFERENCES issuer_key (organisation_id, id)
);

ALTER TABLE edition_jwt ENABLE ROW LEVEL SECURITY;
ALTER TABLE edition_jwt FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON edition_jwt TO waarmerk_tenant USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON edition_jwt TO waarmerk_worker USING (true);
GRANT SELECT, INSERT ON edition_jwt TO waarmerk_tenant, waarmerk_worker;
