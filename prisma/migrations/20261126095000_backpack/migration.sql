-- What earners do with their badges: what a shared page leaves out, and how often it was looked at. See docs/backpack.md.
-- Locks: share_link and credential for a moment, while columns with a constant default are added.

-- How the earner calls a link, and what its page leaves out. A page that leaves something out shows no document.
ALTER TABLE share_link
  ADD COLUMN label text NOT NULL DEFAULT '' CHECK (length(label) <= 100),
  ADD COLUMN omits text[] NOT NULL DEFAULT '{}' CHECK (omits <@ ARRAY['evidence', 'results', 'narrative']);
CREATE INDEX share_link_credential ON share_link (organisation_id, credential_id);
-- The same for the public page.
ALTER TABLE credential
  ADD COLUMN public_omits text[] NOT NULL DEFAULT '{}' CHECK (public_omits <@ ARRAY['evidence', 'results', 'narrative']);

-- Counts and nothing else: neither who looked nor from where, so that there is nothing to be asked for.
CREATE TABLE credential_view (
  organisation_id uuid NOT NULL,
  credential_id   uuid NOT NULL,
  -- UTC.
  day             date NOT NULL,
  channel         text NOT NULL CHECK (channel IN ('public', 'link', 'embed', 'collection')),
  views           integer NOT NULL CHECK (views > 0),
  PRIMARY KEY (organisation_id, credential_id, day, channel),
  FOREIGN KEY (organisation_id, credential_id) REFERENCES credential (organisation_id, id)
);
CREATE TABLE share_link_view (
  organisation_id uuid NOT NULL,
  share_link_id   uuid NOT NULL,
  day             date NOT NULL,
  views           integer NOT NULL CHECK (views > 0),
  PRIMARY KEY (organisation_id, share_link_id, day),
  FOREIGN KEY (organisation_id, share_link_id) REFERENCES share_link (organisation_id, id)
);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['credential_view', 'share_link_view'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
