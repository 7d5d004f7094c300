-- What rules may ask about a person that is no event of a learning system: docs/adr/0022-a-fact-is-an-event.md.
--
-- The facts themselves are events. Here stand what they speak of (cohorts, names of attributes, codes) and what an
-- event must not hold: the reason of a nomination, the bytes of a badge. Makes tables and two indexes; these lock `event`
-- and `subject_identifier` against writing for as long as it takes to read each of them once.

CREATE TABLE cohort (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  slug            text NOT NULL CHECK (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$'),
  name            jsonb NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, slug)
);
CREATE INDEX cohort_newest ON cohort (organisation_id, created_at DESC, id DESC);

-- Where the events about a person and a cohort have led, so that members can be listed. The events are the truth.
CREATE TABLE cohort_member (
  organisation_id uuid NOT NULL,
  cohort_id       uuid NOT NULL,
  subject_id      uuid NOT NULL,
  is_member       boolean NOT NULL,
  since           timestamptz(3) NOT NULL,
  changed_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, cohort_id, subject_id),
  FOREIGN KEY (organisation_id, cohort_id) REFERENCES cohort (organisation_id, id),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id)
);
CREATE INDEX cohort_member_newest ON cohort_member (organisation_id, cohort_id, changed_at DESC, subject_id DESC) WHERE is_member;

CREATE TABLE attribute_definition (
  organisation_id uuid NOT NULL REFERENCES organisation,
  name            text NOT NULL CHECK (name ~ '^[a-z][A-Za-z0-9_.-]{0,63}$'),
  -- For ever: rules were checked against it, and values of it stand in events.
  type            text NOT NULL CHECK (type IN ('string', 'number', 'boolean', 'strings')),
  description     text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, name)
);

CREATE TABLE claim_code (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  slug            text NOT NULL CHECK (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$'),
  name            jsonb NOT NULL,
  -- SHA-256 of the text, which is shown once. It has 100 bits of chance: no salt is needed.
  code_hash       bytea NOT NULL UNIQUE CHECK (length(code_hash) = 32),
  valid_from      timestamptz(3),
  valid_until     timestamptz(3),
  max_uses        integer CHECK (max_uses > 0),
  uses            integer NOT NULL DEFAULT 0 CHECK (uses >= 0),
  ended_at        timestamptz(3),
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, slug),
  CHECK (uses <= max_uses),
  CHECK (valid_from < valid_until)
);
CREATE INDEX claim_code_newest ON claim_code (organisation_id, created_at DESC, id DESC);

CREATE TABLE claim_code_use (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  code_id         uuid NOT NULL,
  subject_id      uuid NOT NULL,
  event_id        uuid NOT NULL UNIQUE,
  used_at         timestamptz(3) NOT NULL,
  taken_back_at   timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, code_id) REFERENCES claim_code (organisation_id, id),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id)
);
-- A code counts once for each person.
CREATE UNIQUE INDEX claim_code_use_once ON claim_code_use (code_id, subject_id) WHERE taken_back_at IS NULL;

CREATE TABLE nomination (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  achievement_id  uuid NOT NULL,
  subject_id      uuid NOT NULL,
  nominator_id    uuid NOT NULL,
  -- Counts how often the same nomination was made after it had been withdrawn: each time is an event of its own.
  round           integer NOT NULL CHECK (round > 0),
  -- What the nominator wrote. Here and nowhere else, so that it can be erased.
  reason          text,
  event_id        uuid NOT NULL UNIQUE,
  nominated_at    timestamptz(3) NOT NULL,
  withdrawn_at    timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, achievement_id, subject_id, nominator_id),
  FOREIGN KEY (organisation_id, achievement_id) REFERENCES achievement (organisation_id, id),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id),
  FOREIGN KEY (organisation_id, nominator_id) REFERENCES subject (organisation_id, id),
  CHECK (subject_id <> nominator_id)
);
CREATE INDEX nomination_newest ON nomination (organisation_id, nominated_at DESC, id DESC);

CREATE TABLE foreign_badge (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  subject_id      uuid NOT NULL,
  -- SHA-256 of issuer and id of the credential: what makes two documents the same badge.
  credential_key  bytea NOT NULL CHECK (length(credential_key) = 32),
  issuer          text NOT NULL,
  credential      text NOT NULL,
  achievement     text NOT NULL,
  digest          bytea NOT NULL CHECK (length(digest) = 32),
  -- As it came.
  document        bytea NOT NULL,
  media_type      text NOT NULL,
  valid_from      timestamptz(3) NOT NULL,
  valid_until     timestamptz(3),
  -- Counts how often it was recorded after it had been taken back.
  round           integer NOT NULL CHECK (round > 0),
  event_id        uuid NOT NULL UNIQUE,
  recorded_at     timestamptz(3) NOT NULL,
  checked_at      timestamptz(3) NOT NULL,
  taken_back_at   timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, credential_key),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id)
);
CREATE INDEX foreign_badge_subject ON foreign_badge (organisation_id, subject_id);

-- The facts of a person among their events.
CREATE INDEX event_fact ON event (organisation_id, subject_id, type, occurred_at) WHERE type LIKE 'waarmerk.%';

-- Which organisations know somebody who has signed in, by what they have proven.
CREATE INDEX subject_identifier_person ON subject_identifier (type, value);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY[
    'cohort', 'cohort_member', 'attribute_definition', 'claim_code', 'claim_code_use', 'nomination', 'foreign_badge'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
