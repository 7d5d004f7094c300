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

-- A state is kept as a packed text (engine/state/packed-state.ts). What leaves are called has changed with the language, so
-- that no rule would find the states that there are: everybody's are folded anew, a few people at a time.
SET ROLE waarmerk_worker;
DELETE FROM leaf_state;
INSERT INTO evaluation_timer (organisation_id, rule_id, subject_id, due_at, rescan)
SELECT version.organisation_id, version.rule_id, subject.id, now(), true
FROM rule_version version JOIN subject ON subject.organisation_id = version.organisation_id AND subject.canonical_id = subject.id
WHERE version.state IN ('active', 'shadow')
ON CONFLICT (organisation_id, rule_id, subject_id) DO UPDATE SET due_at = excluded.due_at, rescan = true;
RESET ROLE;
ALTER TABLE leaf_state ALTER COLUMN state TYPE text;

-- An event that is taken back is taken back for everybody whom it names: few events are voids.
CREATE INDEX event_void ON event (organisation_id, subject_id) WHERE normal->>'voids' IS NOT NULL;

-- Whose award was revoked because its events were taken back earns it anew when the rule is met again: a new award.
-- What a person revoked stays the one award of its occasion.
ALTER TABLE award ADD COLUMN taken_back boolean NOT NULL DEFAULT false;
ALTER TABLE award ADD CONSTRAINT award_taken_back_is_revoked CHECK (NOT taken_back OR state = 'revoked');
ALTER TABLE award DROP CONSTRAINT award_organisation_id_rule_id_subject_id_occurrence_key;
CREATE UNIQUE INDEX award_of_occurrence ON award (organisation_id, rule_id, subject_id, occurrence) WHERE NOT taken_back;
