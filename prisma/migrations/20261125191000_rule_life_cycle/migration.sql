-- The life cycle of rules: jobs, settings, health, events that failed. See docs/adr/0023-jobs-and-backfill.md.
-- Locks: `event`, `rule`, `rule_version` and `evaluation_timer` for a moment, as columns without a rewrite are added;
-- the index on parked events is built on rows that are few, but reads the table once.

-- What takes long, person by person: where it has come to stands in the row, so that any worker goes on from there.
CREATE TABLE job (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  kind            text NOT NULL CHECK (kind IN ('dry_run', 'backfill')),
  rule_id         uuid,
  rule_version_id uuid,
  state           text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  input           jsonb NOT NULL,
  -- The last subject that is done.
  cursor          uuid,
  done            integer NOT NULL DEFAULT 0,
  total           integer NOT NULL DEFAULT 0,
  result          jsonb NOT NULL DEFAULT '{}',
  error           text,
  created_by      text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  started_at      timestamptz(3),
  finished_at     timestamptz(3),
  -- Failures in a row of the subject behind the cursor, and how many subjects go one by one for fear of another one.
  attempts        integer NOT NULL DEFAULT 0,
  careful         integer NOT NULL DEFAULT 0,
  -- Not before: the rate limit, and the wait after a failure.
  next_at         timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, rule_id) REFERENCES rule (organisation_id, id),
  FOREIGN KEY (organisation_id, rule_version_id) REFERENCES rule_version (organisation_id, id),
  CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL))
);
CREATE INDEX job_open ON job (next_at) WHERE state IN ('queued', 'running');
CREATE INDEX job_newest ON job (organisation_id, created_at DESC, id DESC);

-- What an organisation has decided about itself. No row: the defaults.
CREATE TABLE organisation_setting (
  organisation_id             uuid PRIMARY KEY REFERENCES organisation,
  second_person_activate_rule boolean NOT NULL DEFAULT false,
  dead_rule_days              integer NOT NULL DEFAULT 30 CHECK (dead_rule_days BETWEEN 1 AND 3650),
  revision                    integer NOT NULL DEFAULT 1
);

ALTER TABLE rule_version
  ADD COLUMN shadow_since timestamptz(3),
  ADD COLUMN resumed_at   timestamptz(3);

-- When a mail last said that no event matches this rule: once per silence.
ALTER TABLE rule ADD COLUMN silence_told_at timestamptz(3);

-- Counters by day. A row a worker loop (slot), so that loops that run side by side never wait for one row.
CREATE TABLE rule_health_day (
  organisation_id uuid NOT NULL,
  rule_version_id uuid NOT NULL,
  day             date NOT NULL,
  slot            smallint NOT NULL,
  rule_id         uuid NOT NULL,
  matched         integer NOT NULL DEFAULT 0,
  near_misses     integer NOT NULL DEFAULT 0,
  awarded         integer NOT NULL DEFAULT 0,
  needs_review    integer NOT NULL DEFAULT 0,
  blocked         integer NOT NULL DEFAULT 0,
  retracted       integer NOT NULL DEFAULT 0,
  would_award     integer NOT NULL DEFAULT 0,
  errors          integer NOT NULL DEFAULT 0,
  -- How many events took how long from their receipt to the decision: engine/shared/latency.ts names the buckets.
  latency         integer[] NOT NULL,
  last_match_at   timestamptz(3),
  last_award_at   timestamptz(3),
  PRIMARY KEY (organisation_id, rule_version_id, day, slot),
  FOREIGN KEY (organisation_id, rule_version_id) REFERENCES rule_version (organisation_id, id)
);

-- The same of all events of an organisation, whichever rules they meet.
CREATE TABLE event_health_day (
  organisation_id uuid NOT NULL REFERENCES organisation,
  day             date NOT NULL,
  slot            smallint NOT NULL,
  seen            integer NOT NULL DEFAULT 0,
  errors          integer NOT NULL DEFAULT 0,
  latency         integer[] NOT NULL,
  PRIMARY KEY (organisation_id, day, slot)
);

-- Element by element; a missing element counts as 0.
CREATE FUNCTION add_counts(a integer[], b integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY place)
  FROM unnest(a, b) WITH ORDINALITY AS pair (x, y, place)
$$;

-- Why the last attempt failed, as a code; `last_error` is for whoever reads the database.
ALTER TABLE event ADD COLUMN error_code text;
CREATE INDEX event_parked ON event (organisation_id, received_at DESC, id DESC) WHERE parked_at IS NOT NULL;

-- A timer that fails waits like an event does.
ALTER TABLE evaluation_timer
  ADD COLUMN attempts   integer NOT NULL DEFAULT 0,
  ADD COLUMN last_error text;

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['job', 'organisation_setting', 'rule_health_day', 'event_health_day'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
