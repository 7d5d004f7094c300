-- Whoever can act is told: assessors of an award that waits for them, and a second person of awards that are to be changed.

-- Where an achievement has assessors, nobody else can approve: they are told, and who holds the right is not.
CREATE OR REPLACE FUNCTION notify_award() RETURNS trigger AS $$
DECLARE
  about jsonb := jsonb_build_object('awardId', NEW.id, 'achievement', notify_name(NEW.organisation_id, NEW.achievement_version_id));
  holder uuid;
BEGIN
  IF NEW.state = 'awaiting_approval' THEN
    IF EXISTS (SELECT 1 FROM assessor_mandate
               WHERE organisation_id = NEW.organisation_id AND achievement_id = NEW.achievement_id AND ended_at IS NULL) THEN
      FOR holder IN
        SELECT DISTINCT coalesce(mandate.account_id, membership.account_id)
        FROM assessor_mandate mandate
        LEFT JOIN invitation ON invitation.organisation_id = mandate.organisation_id AND invitation.id = mandate.invitation_id
        LEFT JOIN membership ON membership.organisation_id = invitation.organisation_id AND membership.id = invitation.membership_id
        WHERE mandate.organisation_id = NEW.organisation_id AND mandate.achievement_id = NEW.achievement_id
          AND mandate.ended_at IS NULL AND mandate.valid_from <= now()
          AND (mandate.valid_until IS NULL OR mandate.valid_until > now())
          AND coalesce(mandate.account_id, membership.account_id) IS NOT NULL
      LOOP
        PERFORM notify_account(NEW.organisation_id, holder, 'award-waiting', about);
      END LOOP;
    ELSE
      PERFORM notify_holders(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id), 'award',
                             'award-waiting', about, NULL);
    END IF;
    RETURN NULL;
  END IF;
  SELECT account_id INTO holder FROM claim
  WHERE organisation_id = NEW.organisation_id AND award_id = NEW.id AND state = 'claimed';
  IF holder IS NOT NULL THEN
    PERFORM notify_account(NEW.organisation_id, holder, 'badge-' || NEW.state, about || jsonb_build_object('reason', NEW.reason));
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;

-- Its awards may be of several units: whoever may award in the whole organisation is a second person for all of them.
CREATE FUNCTION notify_award_change() RETURNS trigger AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM organisation_setting
             WHERE organisation_id = NEW.organisation_id AND second_person_bulk_revoke) THEN
    PERFORM notify_holders(NEW.organisation_id, NULL, 'award', 'award-change-prepared',
      jsonb_build_object('awardChangeId', NEW.id, 'reason', NEW.reason), NEW.prepared_by);
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_award_change_prepared AFTER INSERT ON award_change FOR EACH ROW
  EXECUTE FUNCTION notify_award_change();
