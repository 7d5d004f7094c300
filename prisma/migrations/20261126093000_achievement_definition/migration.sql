-- The life of an achievement version: who wrote it, who reviewed it, and how it ended.
-- Locks: achievement_version and organisation_setting, for the time of adding columns.

ALTER TABLE achievement_version
  -- `key:ID` or `account:ID` of everybody who wrote on it while it was a draft.
  ADD COLUMN authors    text[] NOT NULL DEFAULT '{}',
  -- When a person ended it (retired or withdrawn). One that gave way to a newer version was not ended by a person.
  ADD COLUMN ended_at   timestamptz(3),
  ADD COLUMN end_reason text,
  ADD CONSTRAINT achievement_version_withdrawn CHECK (state <> 'withdrawn' OR (ended_at IS NOT NULL AND end_reason IS NOT NULL)),
  ADD CONSTRAINT achievement_version_end CHECK (ended_at IS NULL OR state IN ('retired', 'withdrawn'));

-- Who wrote drafts that are still open, the audit trail knows by achievement: all who wrote on any version of it.
SET ROLE waarmerk_worker;
UPDATE achievement_version version SET authors = wrote.actors
FROM (
  SELECT organisation_id, target_id, array_agg(DISTINCT actor) AS actors FROM audit
  WHERE action IN ('achievement.created', 'achievement.version_created', 'achievement.draft_changed')
  GROUP BY organisation_id, target_id
) AS wrote
WHERE version.state IN ('draft', 'in_review', 'approved')
  AND version.organisation_id = wrote.organisation_id AND version.achievement_id = wrote.target_id;
RESET ROLE;

-- What was done with a version, and what reviewers and authors said to each other.
CREATE TABLE achievement_step (
  organisation_id        uuid NOT NULL,
  id                     uuid NOT NULL,
  achievement_version_id uuid NOT NULL,
  kind                   text NOT NULL CHECK (kind IN ('submitted', 'commented', 'approved', 'returned', 'published', 'retired', 'withdrawn')),
  -- The edit of the draft that it is about.
  revision               integer NOT NULL,
  text                   text,
  actor                  text NOT NULL,
  at                     timestamptz(3) NOT NULL,
  -- Steps of one version, in the order in which they were taken; of one moment there may be several.
  number                 integer NOT NULL CHECK (number > 0),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, achievement_version_id, number),
  FOREIGN KEY (organisation_id, achievement_version_id) REFERENCES achievement_version (organisation_id, id)
);

ALTER TABLE achievement_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE achievement_step FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON achievement_step TO waarmerk_tenant
  USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON achievement_step TO waarmerk_worker USING (true);
-- Steps are written once.
GRANT SELECT, INSERT ON achievement_step TO waarmerk_tenant, waarmerk_worker;
