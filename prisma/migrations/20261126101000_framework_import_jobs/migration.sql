-- Frameworks are imported by a job. What it reads and has read lies here until it is over, and is seen by nobody else.
-- New tables, and rights on old ones: nothing is locked for long.

CREATE TABLE framework_import (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  slug            text NOT NULL,
  -- Null while the file comes in. One that never came whole is thrown away later.
  job_id          uuid,
  -- Where the job goes on: see FileCursor.
  cursor          jsonb NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, job_id) REFERENCES job (organisation_id, id)
);
-- One import of a framework at a time.
CREATE UNIQUE INDEX framework_import_running ON framework_import (organisation_id, slug) WHERE job_id IS NOT NULL;
CREATE UNIQUE INDEX framework_import_of_job ON framework_import (organisation_id, job_id) WHERE job_id IS NOT NULL;

-- The file, in pieces.
CREATE TABLE framework_import_part (
  organisation_id uuid NOT NULL,
  import_id       uuid NOT NULL,
  -- Of its first byte in the file.
  position        integer NOT NULL,
  bytes           bytea NOT NULL,
  PRIMARY KEY (organisation_id, import_id, position),
  FOREIGN KEY (organisation_id, import_id) REFERENCES framework_import (organisation_id, id) ON DELETE CASCADE
);

-- Targets that were read of it, until all are there.
CREATE TABLE framework_import_target (
  organisation_id uuid NOT NULL,
  import_id       uuid NOT NULL,
  code            text NOT NULL,
  name            jsonb NOT NULL,
  url             text,
  -- In the file.
  row             integer NOT NULL,
  PRIMARY KEY (organisation_id, import_id, code),
  FOREIGN KEY (organisation_id, import_id) REFERENCES framework_import (organisation_id, id) ON DELETE CASCADE
);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['framework_import', 'framework_import_part', 'framework_import_target'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
GRANT DELETE ON framework_target TO waarmerk_worker;
