-- A learner asks the awarder for a direct award as well, which has no claim until it is claimed.
-- A whole list of direct awards is undone.
-- Locks: claim_confirmation, direct_award_bundle and direct_award_bundle_row for a moment.

ALTER TABLE claim_confirmation
  ALTER COLUMN claim_id DROP NOT NULL,
  ADD COLUMN direct_award_id uuid,
  ADD CONSTRAINT claim_confirmation_direct_award FOREIGN KEY (organisation_id, direct_award_id) REFERENCES direct_award (organisation_id, id),
  ADD CONSTRAINT claim_confirmation_of_one CHECK (num_nonnulls(claim_id, direct_award_id) = 1);
CREATE UNIQUE INDEX claim_confirmation_direct_open ON claim_confirmation (organisation_id, direct_award_id, account_id) WHERE state = 'asked';
CREATE UNIQUE INDEX claim_confirmation_direct_confirmed ON claim_confirmation (organisation_id, direct_award_id) WHERE state = 'confirmed';

-- The question to whoever may award; where nobody may, to whoever administers the organisation. The answer to whoever asked.
CREATE OR REPLACE FUNCTION notify_confirmation() RETURNS trigger AS $$
DECLARE
  about record;
  told jsonb;
BEGIN
  IF NEW.direct_award_id IS NULL THEN
    SELECT claim.identifier AS sent_to, notify_name(award.organisation_id, award.achievement_version_id) AS name,
           issuer.name AS issuer, webhook_achievement_unit(award.organisation_id, award.achievement_id) AS unit_id
    INTO about
    FROM claim JOIN award ON award.organisation_id = claim.organisation_id AND award.id = claim.award_id
    JOIN issuer ON issuer.organisation_id = award.organisation_id AND issuer.id = award.issuer_id
    WHERE claim.organisation_id = NEW.organisation_id AND claim.id = NEW.claim_id;
  ELSE
    SELECT offer.identifier AS sent_to, notify_name(offer.organisation_id, offer.achievement_version_id) AS name,
           issuer.name AS issuer, webhook_achievement_unit(offer.organisation_id, offer.achievement_id) AS unit_id
    INTO about
    FROM direct_award offer JOIN issuer ON issuer.organisation_id = offer.organisation_id AND issuer.id = offer.issuer_id
    WHERE offer.organisation_id = NEW.organisation_id AND offer.id = NEW.direct_award_id;
  END IF;
  told := jsonb_build_object('confirmationId', NEW.id, 'achievement', about.name, 'issuer', about.issuer);
  IF TG_OP = 'UPDATE' THEN
    PERFORM notify_account(NEW.organisation_id, NEW.account_id, 'confirmation-decided',
      told || jsonb_build_object('confirmed', NEW.state = 'confirmed', 'reason', NEW.reason));
    RETURN NULL;
  END IF;
  told := told || jsonb_build_object('shown', NEW.identifier, 'sentTo', about.sent_to);
  IF notify_holders(NEW.organisation_id, about.unit_id, 'award', 'confirmation-asked', told, NULL) = 0 THEN
    PERFORM notify_holders(NEW.organisation_id, NULL, 'administer', 'confirmation-asked', told, NULL);
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;

-- A list is undone: whoever asked and when, and what became of each row that was awarded.
ALTER TABLE direct_award_bundle
  ADD COLUMN undo_asked_at timestamptz(3),
  ADD COLUMN undo_asked_by text,
  ADD COLUMN undone_at timestamptz(3),
  ADD CONSTRAINT direct_award_bundle_undo_asked CHECK ((undo_asked_at IS NULL) = (undo_asked_by IS NULL)),
  ADD CONSTRAINT direct_award_bundle_undone CHECK (undone_at IS NULL OR undo_asked_at IS NOT NULL);
ALTER TABLE direct_award_bundle_row
  ADD COLUMN undo text CHECK (undo IN ('undone', 'too_late', 'claimed', 'over')),
  ADD CONSTRAINT direct_award_bundle_row_undo CHECK (undo IS NULL OR state = 'awarded');
CREATE INDEX direct_award_bundle_undoing ON direct_award_bundle (undo_asked_at) WHERE undo_asked_at IS NOT NULL AND undone_at IS NULL;
CREATE INDEX direct_award_bundle_row_awarded ON direct_award_bundle_row (bundle_id, number) WHERE state = 'awarded';

CREATE FUNCTION webhook_direct_award_bundle_undone() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id),
    'direct_award_bundle.undone', NEW.undone_at, jsonb_build_object(
      'directAwardBundleId', NEW.id, 'state', NEW.state, 'issuerId', NEW.issuer_id, 'achievementId', NEW.achievement_id,
      'awarded', NEW.awarded, 'undone', (SELECT count(*) FROM direct_award_bundle_row
        WHERE organisation_id = NEW.organisation_id AND bundle_id = NEW.id AND undo = 'undone')));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_direct_award_bundle_undone AFTER UPDATE ON direct_award_bundle FOR EACH ROW
  WHEN (OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_direct_award_bundle_undone();
