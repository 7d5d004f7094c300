-- Notifications: how mails are worded, what people are told, how they want to be told, and mail that comes back.
-- See docs/adr/0038-notifications.md.

-- How an organisation words a kind of mail. Without a row, or with one that was reset, our own words count.
CREATE TABLE mail_template (
  organisation_id uuid NOT NULL REFERENCES organisation,
  kind            text NOT NULL,
  language        text NOT NULL CHECK (language IN ('nl', 'en')),
  -- Null: reset. The row stays, so that no revision comes twice.
  subject         text,
  text            text,
  revision        integer NOT NULL,
  changed_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, kind, language),
  CHECK ((subject IS NULL) = (text IS NULL))
);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['mail_template'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
