-- People whom an event names: found by event, noted by a dry run, and what is left out of them counted.
-- See docs/adr/0029-dry-run-in-two-rounds.md.
-- Locks: `event_recipient` while its index is built (reads go on); `job` and `rule_health_day` for a moment, as columns are
-- added without a rewrite.

-- Whom one event names: what takes it back is taken back for them, and the event itself says whom it reached.
CREATE INDEX event_recipient_event ON event_recipient (organisation_id, event_id);

-- A job may go through everybody more than once.
ALTER TABLE job
  ADD COLUMN rounds smallint NOT NULL DEFAULT 1 CHECK (rounds >= 1),
  ADD COLUMN round  smallint NOT NULL DEFAULT 1,
  ADD CONSTRAINT job_round_within CHECK (round BETWEEN 1 AND rounds);

-- What a job notes in one round for the next: whom events name. Rows go with the end of the job.
CREATE TABLE job_recipient (
  organisation_id uuid NOT NULL,
  job_id          uuid NOT NULL,
  -- A subject; or, of somebody whom nobody knows, an id that only this job makes up: no foreign key.
  subject_id      uuid NOT NULL,
  event_id        uuid NOT NULL,
  path            text NOT NULL,
  is_known        boolean NOT NULL,
  -- Whether the event meets a part of a rule. One that nearly does is told to people, and makes nobody known.
  is_met          boolean NOT NULL,
  PRIMARY KEY (organisation_id, job_id, subject_id, event_id, path),
  FOREIGN KEY (organisation_id, job_id) REFERENCES job (organisation_id, id)
);
CREATE INDEX job_recipient_stranger ON job_recipient (organisation_id, job_id, subject_id) WHERE NOT is_known AND is_met;

ALTER TABLE job_recipient ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_recipient FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON job_recipient TO waarmerk_tenant USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON job_recipient TO waarmerk_worker USING (true);
GRANT SELECT, INSERT, DELETE ON job_recipient TO waarmerk_tenant, waarmerk_worker;

-- Entries of events where a rule looks for people, and by which nobody is judged.
ALTER TABLE rule_health_day ADD COLUMN left_out integer NOT NULL DEFAULT 0;
