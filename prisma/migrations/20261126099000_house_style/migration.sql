-- How the badge pictures of an organisation look. A new table only: nothing is locked.

CREATE TABLE house_style (
  organisation_id uuid NOT NULL REFERENCES organisation,
  style           jsonb NOT NULL,
  revision        integer NOT NULL,
  PRIMARY KEY (organisation_id)
);

ALTER TABLE house_style ENABLE ROW LEVEL SECURITY;
ALTER TABLE house_style FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON house_style TO waarmerk_tenant USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON house_style TO waarmerk_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON house_style TO waarmerk_tenant, waarmerk_worker;
