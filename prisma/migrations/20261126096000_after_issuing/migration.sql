-- What comes after issuing: further editions, suspending, reinstating.
-- See docs/adr/0037-after-issuing.md.
-- Locks: `award` and `credential_edition` for a moment, as columns are added without a rewrite; `credential_edition` is
-- read once, to say of what ended before why it did.

ALTER TABLE award
  -- Counts the changes of an award that people make or see; 1 for every one from before they were counted.
  ADD COLUMN revision     integer NOT NULL DEFAULT 1,
  -- Since when the bit of its current edition is set for the time being.
  ADD COLUMN suspended_at timestamptz(3),
  -- What later editions say in place of what it was granted with.
  ADD COLUMN correction   jsonb,
  ADD CONSTRAINT award_suspended_is_issued CHECK (suspended_at IS NULL OR state IN ('issued', 'expired', 'superseded'));

ALTER TABLE credential_edition
  ADD COLUMN cause           text NOT NULL DEFAULT 'issued' CHECK (cause IN ('issued', 'corrected', 'reinstated', 'reissued')),
  -- Why it was made, for the organisation and the earner.
  ADD COLUMN reason          text,
  -- Why its bit is set.
  ADD COLUMN ended_by        text CHECK (ended_by IN ('revoked', 'suspended', 'superseded')),
  ADD COLUMN attempts        integer NOT NULL DEFAULT 0,
  ADD COLUMN next_attempt_at timestamptz(3),
  ADD COLUMN parked_at       timestamptz(3),
  ADD COLUMN last_error      text,
  ADD CONSTRAINT credential_edition_first_is_issued CHECK ((edition = 1) = (cause = 'issued'));
UPDATE credential_edition SET ended_by = 'revoked' WHERE revoked_at IS NOT NULL;
ALTER TABLE credential_edition ADD CONSTRAINT credential_edition_end CHECK ((ended_by IS NULL) = (revoked_at IS NULL));
CREATE INDEX credential_edition_prepared ON credential_edition (prepared_at)
  WHERE state = 'prepared' AND edition > 1 AND parked_at IS NULL;
-- What was prepared and will never be signed leaves its number to the next edition.
CREATE FUNCTION keep_edition() RETURNS trigger AS $$
BEGIN
  IF OLD.state = 'signed' OR OLD.edition = 1 THEN
    RAISE EXCEPTION 'edition % of credential % stays', OLD.edition, OLD.credential_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER credential_edition_kept BEFORE DELETE ON credential_edition FOR EACH ROW EXECUTE FUNCTION keep_edition();
GRANT DELETE ON credential_edition TO waarmerk_tenant, waarmerk_worker;

-- A revoked award that is reinstated is told as that, and not as issued once more.
DROP TRIGGER webhook_award_moved ON award;
CREATE TRIGGER webhook_award_moved AFTER UPDATE ON award FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NOT (OLD.state = 'revoked' AND NEW.state = 'issued')
        AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_award();

CREATE FUNCTION webhook_edition() RETURNS trigger AS $$
DECLARE
  badge record;
  told text := CASE WHEN NEW.ended_by = 'suspended' THEN 'suspended' ELSE NEW.cause END;
BEGIN
  SELECT award.* INTO badge
  FROM credential JOIN award ON award.organisation_id = credential.organisation_id AND award.id = credential.award_id
  WHERE credential.organisation_id = NEW.organisation_id AND credential.id = NEW.credential_id;
  PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, badge.issuer_id), 'award.' || told,
    CASE told WHEN 'suspended' THEN NEW.revoked_at ELSE NEW.signed_at END,
    jsonb_strip_nulls(jsonb_build_object(
      'awardId', badge.id, 'credentialId', NEW.credential_id, 'edition', NEW.edition, 'origin', badge.origin,
      'issuerId', badge.issuer_id, 'achievementId', badge.achievement_id,
      'achievementVersionId', badge.achievement_version_id, 'ruleId', badge.rule_id)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_edition_signed AFTER UPDATE ON credential_edition FOR EACH ROW
  WHEN (OLD.state = 'prepared' AND NEW.state = 'signed' AND NEW.edition > 1 AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_edition();
CREATE TRIGGER webhook_edition_suspended AFTER UPDATE ON credential_edition FOR EACH ROW
  WHEN (OLD.ended_by IS NULL AND NEW.ended_by = 'suspended' AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_edition();

-- What is to become of many awards: prepared by somebody, seen, confirmed, and then done by a job.
CREATE TABLE award_change (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  kind            text NOT NULL CHECK (kind IN ('revocation', 'repair')),
  -- By what the awards were chosen.
  selection       jsonb NOT NULL,
  reason          text NOT NULL,
  note            text,
  -- Of the awards, their revisions and what is to become of them: what is done is what was seen.
  digest          bytea NOT NULL CHECK (length(digest) = 32),
  state           text NOT NULL CHECK (state IN ('prepared', 'confirmed', 'withdrawn')),
  prepared_by     text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  expires_at      timestamptz(3) NOT NULL,
  decided_by      text,
  decided_at      timestamptz(3),
  job_id          uuid,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, job_id) REFERENCES job (organisation_id, id),
  CHECK ((state = 'prepared') = (decided_at IS NULL)),
  CHECK ((state = 'confirmed') = (job_id IS NOT NULL))
);
CREATE INDEX award_change_newest ON award_change (organisation_id, created_at DESC, id DESC);

CREATE TABLE award_change_item (
  organisation_id uuid NOT NULL,
  change_id       uuid NOT NULL,
  award_id        uuid NOT NULL,
  subject_id      uuid NOT NULL,
  action          text NOT NULL CHECK (action IN ('revoke', 'reissue')),
  -- Of the award when it was seen: one that has changed since is left as it is.
  revision        integer NOT NULL,
  outcome         text CHECK (outcome IN ('done', 'left')),
  PRIMARY KEY (organisation_id, change_id, award_id),
  FOREIGN KEY (organisation_id, change_id) REFERENCES award_change (organisation_id, id),
  FOREIGN KEY (organisation_id, award_id) REFERENCES award (organisation_id, id)
);
CREATE INDEX award_change_item_open ON award_change_item (organisation_id, change_id, subject_id) WHERE outcome IS NULL;

ALTER TABLE organisation_setting ADD COLUMN second_person_bulk_revoke boolean NOT NULL DEFAULT false;

-- Which kinds there are, the code says: each brings its own steps.
ALTER TABLE job DROP CONSTRAINT job_kind_check;
ALTER TABLE job ADD CONSTRAINT job_kind_check CHECK (kind ~ '^[a-z_]{1,40}$');

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['award_change', 'award_change_item'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;

-- Renewing by hand, and reminders before a badge is over.
ALTER TABLE award
  -- The award whose place this one takes once it is issued.
  ADD COLUMN renews uuid,
  ADD FOREIGN KEY (organisation_id, renews) REFERENCES award (organisation_id, id),
  ADD CONSTRAINT award_renews_another CHECK (renews <> id);
-- One award renews another: those that came to nothing take no place.
CREATE UNIQUE INDEX award_renewal ON award (organisation_id, renews) WHERE renews IS NOT NULL AND state NOT IN ('revoked', 'refused');

ALTER TABLE organisation_setting
  ADD COLUMN expiry_reminder_days integer[] NOT NULL DEFAULT '{30,7}'
    CHECK (cardinality(expiry_reminder_days) <= 5 AND 0 < ALL (expiry_reminder_days) AND 3650 >= ALL (expiry_reminder_days));

-- That somebody was reminded so many days before that end: once, however often it is looked at.
CREATE TABLE expiry_reminder (
  organisation_id uuid NOT NULL,
  award_id        uuid NOT NULL,
  valid_until     timestamptz(3) NOT NULL,
  days            integer NOT NULL,
  reminded_at     timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, award_id, valid_until, days),
  FOREIGN KEY (organisation_id, award_id) REFERENCES award (organisation_id, id)
);
ALTER TABLE expiry_reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE expiry_reminder FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON expiry_reminder TO waarmerk_tenant USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON expiry_reminder TO waarmerk_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON expiry_reminder TO waarmerk_tenant, waarmerk_worker;
