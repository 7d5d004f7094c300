-- A learner asks the awarder for a direct award as well, which has no claim until it is claimed.
-- Locks: claim_confirmation for a moment.

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
           issuer.name AS issuer, issuer.unit_id
    INTO about
    FROM claim JOIN award ON award.organisation_id = claim.organisation_id AND award.id = claim.award_id
    JOIN issuer ON issuer.organisation_id = award.organisation_id AND issuer.id = award.issuer_id
    WHERE claim.organisation_id = NEW.organisation_id AND claim.id = NEW.claim_id;
  ELSE
    SELECT offer.identifier AS sent_to, notify_name(offer.organisation_id, offer.achievement_version_id) AS name,
           issuer.name AS issuer, issuer.unit_id
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
