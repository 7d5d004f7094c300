-- Frameworks that an organisation imports from a published file. New tables only: nothing is locked.

CREATE TABLE framework (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  slug            text NOT NULL,
  format          text NOT NULL CHECK (format IN ('case', 'esco', 'table')),
  name            text NOT NULL,
  target_type     text NOT NULL,
  publisher       text NOT NULL,
  source          text NOT NULL,
  licence         text NOT NULL,
  edition         text NOT NULL,
  imported_by     text NOT NULL,
  imported_at     timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, slug)
);

CREATE TABLE framework_target (
  organisation_id uuid NOT NULL,
  framework_id    uuid NOT NULL,
  code            text NOT NULL,
  -- By language: editions in other languages add to it.
  name            jsonb NOT NULL,
  url             text,
  -- The newest edition in which it stands. One of an earlier edition stays while an achievement is aligned to it.
  edition         text NOT NULL,
  PRIMARY KEY (organisation_id, framework_id, code),
  FOREIGN KEY (organisation_id, framework_id) REFERENCES framework (organisation_id, id)
);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['framework', 'framework_target'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
GRANT DELETE ON framework_target TO waarmerk_tenant;
