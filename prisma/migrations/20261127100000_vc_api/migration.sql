-- Credentials that other software had signed here over VC-API: docs/vc-api.md.
--
-- Locks nothing that is there.

CREATE TABLE vc_api_credential (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  issuer_id       uuid NOT NULL,
  key_id          uuid NOT NULL,
  -- The id that the document bears, where it bears one. The same may have been signed more than once.
  credential_id   text,
  -- Its entry in a status list of the issuer, where one was asked for.
  status_list_id  uuid,
  status_index    integer CHECK (status_index >= 0),
  -- Who had it signed: key:ID or account:ID.
  actor           text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  -- The secured document byte for byte: JSON, or a compact JWS. Null where signing did not come to its end.
  signed          bytea,
  digest          bytea CHECK (length(digest) = 32),
  -- Since when its bit is set.
  revoked_at      timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (status_list_id, status_index),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id),
  FOREIGN KEY (organisation_id, key_id) REFERENCES issuer_key (organisation_id, id),
  FOREIGN KEY (organisation_id, status_list_id) REFERENCES status_list (organisation_id, id),
  CHECK ((status_list_id IS NULL) = (status_index IS NULL)),
  CHECK ((signed IS NULL) = (digest IS NULL)),
  CHECK (revoked_at IS NULL OR status_list_id IS NOT NULL)
);
CREATE INDEX vc_api_credential_named ON vc_api_credential (organisation_id, credential_id);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['vc_api_credential'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
