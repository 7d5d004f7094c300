-- Parts of badges that can be verified without the rest (docs/adr/0074-parts-of-badges.md).
-- Locks: issuer_key against everything while its rows are read for a check that every one of them passes. One new table.

-- A key on P-256 beside an issuing key that is not.
ALTER TABLE issuer_key
  DROP CONSTRAINT issuer_key_purpose_check,
  ADD CONSTRAINT issuer_key_purpose_check CHECK (purpose IN ('issuing', 'disclosing', 'anchoring'));

-- An edition with the base proof that its earner derives others from: signed when the earner first asks. They have numbers, as JWT
-- forms do: the first one counts whose key is not compromised.
CREATE TABLE edition_base (
  organisation_id uuid NOT NULL,
  credential_id   uuid NOT NULL,
  edition         integer NOT NULL,
  number          integer NOT NULL CHECK (number > 0),
  key_id          uuid NOT NULL,
  -- The JCS of the document with its base proof.
  document        bytea NOT NULL,
  signed_at       timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, credential_id, edition, number),
  UNIQUE (organisation_id, credential_id, edition, key_id),
  FOREIGN KEY (organisation_id, credential_id, edition) REFERENCES credential_edition (organisation_id, credential_id, edition),
  FOREIGN KEY (organisation_id, key_id) REFERENCES issuer_key (organisation_id, id)
);

ALTER TABLE edition_base ENABLE ROW LEVEL SECURITY;
ALTER TABLE edition_base FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON edition_base TO waarmerk_tenant USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON edition_base TO waarmerk_worker USING (true);
-- It is for its earner alone: whoever acts for an organisation reads none.
GRANT SELECT, INSERT ON edition_base TO waarmerk_worker;
