-- What a review of awards found: a mandate keeps its person, and a second person is told of what they can confirm.
-- Locks: `assessor_mandate` for a moment, as its checks read it once, and `award_change` for a moment.

-- A mandate that was given to an address is, from the acceptance on, that of the account which accepted: memberships come
-- and go, when accounts become one or somebody leaves.
ALTER TABLE assessor_mandate
  DROP CONSTRAINT assessor_mandate_check,
  ADD CONSTRAINT assessor_mandate_person CHECK (account_id IS NOT NULL OR invitation_id IS NOT NULL);
UPDATE assessor_mandate mandate SET account_id = membership.account_id
FROM invitation JOIN membership
  ON membership.organisation_id = invitation.organisation_id AND membership.id = invitation.membership_id
WHERE mandate.organisation_id = invitation.organisation_id AND mandate.invitation_id = invitation.id
  AND mandate.account_id IS NULL;
-- Where the membership is gone, the audit trail knows who accepted.
UPDATE assessor_mandate mandate SET account_id = substr(audit.actor, 9)::uuid
FROM audit
WHERE audit.organisation_id = mandate.organisation_id AND audit.target_id = mandate.invitation_id
  AND audit.action = 'invitation.accepted' AND audit.actor LIKE 'account:%' AND mandate.account_id IS NULL;
UPDATE assessor_mandate mandate SET account_id = account.merged_into
FROM account WHERE account.id = mandate.account_id AND account.merged_into IS NOT NULL;

-- At the end of the transaction, when its awards are known: who only reissues needs no second person.
CREATE OR REPLACE FUNCTION notify_award_change() RETURNS trigger AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM organisation_setting
             WHERE organisation_id = NEW.organisation_id AND second_person_bulk_revoke)
    AND EXISTS (SELECT 1 FROM award_change_item
                WHERE organisation_id = NEW.organisation_id AND change_id = NEW.id AND action = 'revoke') THEN
    PERFORM notify_holders(NEW.organisation_id, NULL, 'award', 'award-change-prepared',
      jsonb_build_object('awardChangeId', NEW.id, 'reason', NEW.reason), NEW.prepared_by);
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
DROP TRIGGER notify_award_change_prepared ON award_change;
CREATE CONSTRAINT TRIGGER notify_award_change_prepared AFTER INSERT ON award_change
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION notify_award_change();
