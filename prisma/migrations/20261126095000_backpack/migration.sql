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

-- Collections of an earner. Accounts belong to no organisation, so neither do these: the worker's role alone reaches them.
CREATE TABLE collection (
  id          uuid PRIMARY KEY,
  account_id  uuid NOT NULL REFERENCES account,
  -- By language.
  name        jsonb NOT NULL,
  description jsonb NOT NULL,
  visibility  text NOT NULL CHECK (visibility IN ('private', 'link', 'public')),
  token_hash  bytea UNIQUE,
  expires_at  timestamptz(3),
  revision    integer NOT NULL CHECK (revision > 0),
  created_at  timestamptz(3) NOT NULL,
  changed_at  timestamptz(3) NOT NULL,
  CHECK ((visibility = 'link') = (token_hash IS NOT NULL)),
  CHECK (visibility = 'link' OR expires_at IS NULL)
);
CREATE INDEX collection_account ON collection (account_id, created_at DESC);

CREATE TABLE collection_item (
  collection_id uuid NOT NULL REFERENCES collection ON DELETE CASCADE,
  credential_id uuid NOT NULL REFERENCES credential (id),
  position      integer NOT NULL CHECK (position >= 0),
  -- Its earner has said that this badge, which is private, may be seen in this collection.
  shown         boolean NOT NULL,
  PRIMARY KEY (collection_id, credential_id)
);
CREATE INDEX collection_item_credential ON collection_item (credential_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON collection, collection_item TO waarmerk_worker;

-- A private badge that is shown in a collection is told of like one that is shown by a link.
CREATE FUNCTION webhook_collection_item() RETURNS trigger AS $$
DECLARE
  item collection_item := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  shown_in uuid := (SELECT organisation_id FROM credential WHERE id = item.credential_id);
BEGIN
  IF webhook_is_heard(shown_in) THEN
    PERFORM webhook_share(shown_in, item.credential_id,
      CASE WHEN TG_OP <> 'DELETE' AND NEW.shown THEN 'credential.shared' ELSE 'credential.unshared' END, now(), 'collection');
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_collection_item_shown AFTER INSERT ON collection_item FOR EACH ROW
  WHEN (NEW.shown) EXECUTE FUNCTION webhook_collection_item();
CREATE TRIGGER webhook_collection_item_changed AFTER UPDATE ON collection_item FOR EACH ROW
  WHEN (OLD.shown IS DISTINCT FROM NEW.shown) EXECUTE FUNCTION webhook_collection_item();
CREATE TRIGGER webhook_collection_item_hidden AFTER DELETE ON collection_item FOR EACH ROW
  WHEN (OLD.shown) EXECUTE FUNCTION webhook_collection_item();

-- Badges from elsewhere that an earner keeps here. They count for nothing: what rules may ask for is foreign_badge.
CREATE TABLE imported_badge (
  id          uuid PRIMARY KEY,
  account_id  uuid NOT NULL REFERENCES account,
  digest      bytea NOT NULL CHECK (length(digest) = 32),
  -- As it came.
  document    bytea NOT NULL,
  media_type  text NOT NULL,
  -- What it says of itself, for lists.
  said        jsonb NOT NULL,
  verdict     text NOT NULL CHECK (verdict IN ('valid', 'invalid', 'undecided')),
  checked_at  timestamptz(3) NOT NULL,
  holder      text NOT NULL CHECK (holder IN ('yes', 'no', 'unknown')),
  imported_at timestamptz(3) NOT NULL,
  UNIQUE (account_id, digest)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON imported_badge TO waarmerk_worker;
