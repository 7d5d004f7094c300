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
