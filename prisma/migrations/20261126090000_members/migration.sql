-- People of an organisation: roles, invitations, what changes in units and memberships, and requests to change a key.
-- See docs/adr/0032-roles-and-invitations.md.
-- Locks: `unit`, `membership`, `api_key` and `organisation_setting` for a moment, as columns are added without a rewrite;
-- the checks read `membership` and `api_key` once.

-- A named set of rights. Memberships, invitations and API keys name it, so that it changes for all of them at once.
CREATE TABLE role (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  name            text NOT NULL,
  description     text NOT NULL DEFAULT '',
  rights          text[] NOT NULL CHECK (cardinality(rights) > 0),
  -- One of those that every organisation has, and that never change.
  built_in        text CHECK (built_in IN ('administrator', 'designer', 'awarder', 'viewer')),
  revision        integer NOT NULL DEFAULT 1,
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX role_name ON role (organisation_id, lower(name));
CREATE UNIQUE INDEX role_built_in ON role (organisation_id, built_in) WHERE built_in IS NOT NULL;

INSERT INTO role (organisation_id, id, name, rights, built_in, created_at)
SELECT organisation.id, gen_random_uuid(), made.name, made.rights, made.built_in, now()
FROM organisation, (VALUES
  ('Administrator', ARRAY['create', 'read', 'update', 'delete', 'award', 'sign', 'administer'], 'administrator'),
  ('Designer', ARRAY['create', 'read', 'update', 'delete'], 'designer'),
  ('Awarder', ARRAY['read', 'award'], 'awarder'),
  ('Viewer', ARRAY['read'], 'viewer')) AS made (name, rights, built_in);

-- Rights of its own, or a role: never both, and never neither.
ALTER TABLE membership
  ADD COLUMN role_id  uuid,
  ADD COLUMN revision integer NOT NULL DEFAULT 1,
  ADD FOREIGN KEY (organisation_id, role_id) REFERENCES role (organisation_id, id),
  ADD CONSTRAINT membership_role_or_rights CHECK ((role_id IS NULL) = (cardinality(rights) > 0));
CREATE INDEX membership_role ON membership (organisation_id, role_id) WHERE role_id IS NOT NULL;

ALTER TABLE api_key
  ADD COLUMN role_id      uuid,
  -- To the minute: written at most once in one.
  ADD COLUMN last_used_at timestamptz(3),
  ADD FOREIGN KEY (organisation_id, role_id) REFERENCES role (organisation_id, id),
  ADD CONSTRAINT api_key_role_or_rights CHECK ((role_id IS NULL) = (cardinality(rights) > 0));
CREATE INDEX api_key_role ON api_key (organisation_id, role_id) WHERE role_id IS NOT NULL;

ALTER TABLE unit ADD COLUMN revision integer NOT NULL DEFAULT 1;
CREATE INDEX unit_parent ON unit (organisation_id, parent_id);

CREATE TABLE invitation (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  unit_id         uuid NOT NULL,
  -- An e-mail address in lower case.
  address         text NOT NULL,
  role_id         uuid,
  rights          text[] NOT NULL,
  language        text NOT NULL,
  state           text NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'withdrawn', 'expired')),
  -- Of the last mail; those before it open nothing any more.
  token_hash      bytea NOT NULL UNIQUE,
  invited_by      text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  sent_at         timestamptz(3) NOT NULL,
  times_sent      integer NOT NULL DEFAULT 1,
  expires_at      timestamptz(3) NOT NULL,
  closed_at       timestamptz(3),
  membership_id   uuid,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, unit_id) REFERENCES unit (organisation_id, id),
  FOREIGN KEY (organisation_id, role_id) REFERENCES role (organisation_id, id),
  CHECK ((role_id IS NULL) = (cardinality(rights) > 0)),
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK (membership_id IS NULL OR state = 'accepted')
);
CREATE UNIQUE INDEX invitation_open ON invitation (organisation_id, unit_id, address) WHERE state = 'open';
CREATE INDEX invitation_newest ON invitation (organisation_id, created_at DESC, id DESC);
CREATE INDEX invitation_unit ON invitation (organisation_id, unit_id);
CREATE INDEX invitation_role ON invitation (organisation_id, role_id) WHERE role_id IS NOT NULL;

-- Four eyes: one person asks for a new issuing key, another one makes it.
CREATE TABLE key_change_request (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  issuer_id       uuid NOT NULL,
  requested_by    text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  used_at         timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id)
);
CREATE UNIQUE INDEX key_change_request_open ON key_change_request (organisation_id, issuer_id) WHERE used_at IS NULL;

ALTER TABLE organisation_setting
  ADD COLUMN second_person_publish_achievement boolean NOT NULL DEFAULT false,
  ADD COLUMN second_person_change_key          boolean NOT NULL DEFAULT false;

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['role', 'invitation', 'key_change_request'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
GRANT DELETE ON unit, membership, role TO waarmerk_tenant;
-- The name of an organisation is that of its root unit; its slug stays.
GRANT UPDATE (name) ON organisation TO waarmerk_tenant;
