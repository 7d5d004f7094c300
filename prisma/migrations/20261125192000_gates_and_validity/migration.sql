-- Gates between a decision and its award (approval by several people, endorsers), results and evidence, validity,
-- and slots of rules with a cap.
-- Locks: award and decision for the time of adding columns without a default; award_ending and audit_of_target are built
-- under a lock that stops writing, so plan for it where there are millions of rows.

-- ---------------------------------------------------------------------------------------------------------------
-- Awards

ALTER TABLE award DROP CONSTRAINT award_state_check;
ALTER TABLE award ADD CONSTRAINT award_state_check CHECK (state IN
  ('granted', 'awaiting_approval', 'due', 'awaiting_endorsement', 'issued', 'revoked', 'expired', 'superseded', 'refused'));
ALTER TABLE award
  -- What stands between the award and its credential, as the rule version said: {approval, endorsement}.
  ADD COLUMN gate        jsonb,
  -- What the credential will say beside the achievement. Derived from events when it was granted; issuing reads no event.
  ADD COLUMN results     jsonb,
  ADD COLUMN evidence    jsonb,
  ADD COLUMN valid_until timestamptz(3);
CREATE INDEX award_ending ON award (valid_until) WHERE state = 'issued';

-- Until now the end of a badge stood in its document only. Row-level security lets the owner see no row (ADR 0011).
-- Found as text and not as JSON: PostgreSQL refuses some JSON that was signed (an escaped U+0000). Inside a string the
-- quotes are escaped, so this is a member.
SET ROLE waarmerk_worker;
UPDATE award SET valid_until = substring(convert_from(edition.prepared, 'UTF8') FROM '"validUntil":"([^"]+)"')::timestamptz
FROM credential JOIN credential_edition edition ON edition.credential_id = credential.id AND edition.edition = 1
WHERE credential.award_id = award.id AND convert_from(edition.prepared, 'UTF8') ~ '"validUntil":"[^"]+"';
RESET ROLE;

-- One row for each person who said something about an award that waits for people.
CREATE TABLE award_approval (
  organisation_id uuid NOT NULL,
  award_id        uuid NOT NULL,
  -- `account:ID`, `operator`, or `key:ID` of a key that no account made: a key speaks for whoever made it.
  person          text NOT NULL,
  decision        text NOT NULL CHECK (decision IN ('approved', 'refused')),
  reason          text,
  -- Whether this person had a hand in what led to the award: for four eyes.
  had_a_hand      boolean NOT NULL,
  decided_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, award_id, person),
  FOREIGN KEY (organisation_id, award_id) REFERENCES award (organisation_id, id),
  CHECK ((decision = 'refused') = (reason IS NOT NULL))
);

-- Places of a rule with a cap. The key forbids that two awards take one place, the check that there are more than the cap.
CREATE TABLE award_slot (
  organisation_id uuid NOT NULL,
  rule_id         uuid NOT NULL,
  slot            integer NOT NULL CHECK (slot > 0),
  -- No foreign key: a place is taken before the award is written.
  award_id        uuid NOT NULL UNIQUE,
  PRIMARY KEY (organisation_id, rule_id, slot),
  FOREIGN KEY (organisation_id, rule_id) REFERENCES rule (organisation_id, id)
);

-- Who was asked before.
CREATE INDEX endorsement_endorser ON endorsement (organisation_id, endorser_did);

-- ---------------------------------------------------------------------------------------------------------------
-- Decisions

-- What the rule filled in, the events that it names as evidence, and of `blocked` the limit that forbade an award.
ALTER TABLE decision
  ADD COLUMN IF NOT EXISTS results  jsonb,
  ADD COLUMN IF NOT EXISTS evidence jsonb,
  ADD COLUMN IF NOT EXISTS reason   text;

-- Who had a hand in something.
CREATE INDEX audit_of_target ON audit (organisation_id, target_id);

-- ---------------------------------------------------------------------------------------------------------------
-- Row-level security, as in the first migration

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['award_approval', 'award_slot'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
-- Whoever is refused gives the place back.
GRANT DELETE ON award_slot TO waarmerk_tenant, waarmerk_worker;
