-- What the whole rule language needs of the database.
-- Locks: occurrence_key for the time of adding a column without a default.

-- When an outcome was met in event time: for the time between two awards to one person.
ALTER TABLE occurrence_key ADD COLUMN met_at timestamptz(3);

-- Whom an event concerns beside its actor: people that a rule found in it. Their histories hold the event as well.
CREATE TABLE event_recipient (
  organisation_id uuid NOT NULL,
  subject_id      uuid NOT NULL,
  event_id        uuid NOT NULL,
  -- By which path of a rule: an event may name somebody by several.
  path            text NOT NULL,
  PRIMARY KEY (organisation_id, subject_id, event_id, path),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id)
);

ALTER TABLE event_recipient ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_recipient FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON event_recipient TO waarmerk_tenant USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON event_recipient TO waarmerk_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON event_recipient TO waarmerk_tenant, waarmerk_worker;
