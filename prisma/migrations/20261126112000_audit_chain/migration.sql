-- The audit trail of an organisation as a chain of hashes, whose head is anchored now and then.
-- Locks: audit for the time of building one index (none of its rows is chained yet, so it is as large as the table).

CREATE INDEX audit_unchained ON audit (organisation_id, received_at, id) WHERE sequence IS NULL;
CREATE INDEX audit_chained ON audit (organisation_id, sequence) WHERE sequence IS NOT NULL;

-- Where the chain of an organisation ends. Whoever makes it longer locks this row, so that a chain has one end.
CREATE TABLE audit_chain (
  organisation_id uuid PRIMARY KEY REFERENCES organisation,
  sequence        bigint NOT NULL CHECK (sequence > 0),
  hash            bytea NOT NULL CHECK (length(hash) = 32)
);

-- Ends of a chain that were put among the leaves of an issuer of the organisation.
CREATE TABLE audit_head (
  organisation_id uuid NOT NULL REFERENCES organisation,
  sequence        bigint NOT NULL,
  hash            bytea NOT NULL CHECK (length(hash) = 32),
  leaf_id         uuid NOT NULL,
  made_at         timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, sequence),
  FOREIGN KEY (organisation_id, leaf_id) REFERENCES leaf (organisation_id, id)
);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['audit_chain', 'audit_head'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT ON %I TO waarmerk_tenant', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO waarmerk_worker', tenant_table);
  END LOOP;
END $$;
GRANT UPDATE ON audit_chain TO waarmerk_worker;

-- Of a row of the trail nothing changes but that it gets its place in the chain, once.
CREATE FUNCTION audit_is_written_once() RETURNS trigger AS $$
BEGIN
  IF OLD.sequence IS NOT NULL OR OLD.hash IS NOT NULL
     OR (OLD.organisation_id, OLD.received_at, OLD.id, OLD.actor, OLD.action, OLD.target_type)
        <> (NEW.organisation_id, NEW.received_at, NEW.id, NEW.actor, NEW.action, NEW.target_type)
     OR OLD.target_id IS DISTINCT FROM NEW.target_id OR OLD.detail_digest IS DISTINCT FROM NEW.detail_digest THEN
    RAISE EXCEPTION 'A row of the audit trail is written once.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER audit_is_written_once BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_written_once();
