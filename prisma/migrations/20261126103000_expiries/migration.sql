-- What nobody answers in time is over by a sweep, and who asked is told; a request to an expert is sent again.
-- Locks: invitation, expert_review and assessor_mandate, for the time of adding columns, indexes and triggers.

-- The clock is asked for these again and again; few of them are open.
CREATE INDEX invitation_overdue ON invitation (expires_at) WHERE state = 'open';
CREATE INDEX expert_review_overdue ON expert_review (expires_at) WHERE state IN ('requested', 'viewed');

ALTER TABLE expert_review
  ADD COLUMN sent_at    timestamptz(3),
  ADD COLUMN times_sent integer NOT NULL DEFAULT 1 CHECK (times_sent > 0);
UPDATE expert_review SET sent_at = requested_at;
ALTER TABLE expert_review ALTER COLUMN sent_at SET NOT NULL;

ALTER TABLE assessor_mandate
  -- The invitation that it waited for came to nothing.
  ADD COLUMN expired_at timestamptz(3),
  ADD CONSTRAINT assessor_mandate_expired CHECK (expired_at IS NULL OR invitation_id IS NOT NULL);
CREATE INDEX assessor_mandate_waiting ON assessor_mandate (organisation_id, invitation_id)
  WHERE invitation_id IS NOT NULL AND expired_at IS NULL AND ended_at IS NULL;

-- Who invited somebody to assess is told of the mandate, and not of its invitation too.
CREATE OR REPLACE FUNCTION notify_invitation() RETURNS trigger AS $$
BEGIN
  IF NEW.invited_by NOT LIKE 'account:%' THEN
    RETURN NULL;
  END IF;
  IF NEW.state = 'expired' AND EXISTS (
    SELECT 1 FROM assessor_mandate
    WHERE organisation_id = NEW.organisation_id AND invitation_id = NEW.id AND given_by = NEW.invited_by
      AND ended_at IS NULL AND expired_at IS NULL
  ) THEN
    RETURN NULL;
  END IF;
  PERFORM notify_account(NEW.organisation_id, substring(NEW.invited_by FROM 9)::uuid, 'invitation-' || NEW.state,
    jsonb_build_object('invitationId', NEW.id, 'address', NEW.address));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_invitation_expired AFTER UPDATE ON invitation FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state = 'expired')
  EXECUTE FUNCTION notify_invitation();

CREATE FUNCTION notify_expert_review() RETURNS trigger AS $$
BEGIN
  PERFORM notify_account(NEW.organisation_id, substring(NEW.requested_by FROM 9)::uuid, 'expert-review-expired',
    jsonb_build_object('expertReviewId', NEW.id, 'address', NEW.address,
                       'achievement', notify_name(NEW.organisation_id, NEW.achievement_version_id)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_expert_review_expired AFTER UPDATE ON expert_review FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state = 'expired' AND NEW.requested_by LIKE 'account:%')
  EXECUTE FUNCTION notify_expert_review();

CREATE FUNCTION notify_assessor() RETURNS trigger AS $$
BEGIN
  -- Of an answer to their own invitation they were told.
  IF EXISTS (SELECT 1 FROM invitation WHERE organisation_id = NEW.organisation_id AND id = NEW.invitation_id
             AND state = 'declined' AND invited_by = NEW.given_by) THEN
    RETURN NULL;
  END IF;
  PERFORM notify_account(NEW.organisation_id, substring(NEW.given_by FROM 9)::uuid, 'assessor-expired',
    jsonb_build_object('mandateId', NEW.id, 'address', NEW.address, 'achievement', (
      SELECT definition -> 'name' FROM achievement_version
      WHERE organisation_id = NEW.organisation_id AND achievement_id = NEW.achievement_id
      ORDER BY version DESC LIMIT 1)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_assessor_expired AFTER UPDATE ON assessor_mandate FOR EACH ROW
  WHEN (OLD.expired_at IS NULL AND NEW.expired_at IS NOT NULL AND NEW.given_by LIKE 'account:%')
  EXECUTE FUNCTION notify_assessor();

CREATE OR REPLACE FUNCTION webhook_assessor() RETURNS trigger AS $$
DECLARE
  told text := CASE
    WHEN TG_OP = 'INSERT' THEN 'assessor.mandated'
    WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL THEN 'assessor.mandate_ended'
    ELSE 'assessor.mandate_expired' END;
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id), told,
    CASE told WHEN 'assessor.mandated' THEN NEW.given_at WHEN 'assessor.mandate_ended' THEN NEW.ended_at ELSE NEW.expired_at END,
    jsonb_build_object('mandateId', NEW.id, 'achievementId', NEW.achievement_id));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_assessor_expired AFTER UPDATE ON assessor_mandate FOR EACH ROW
  WHEN (OLD.expired_at IS NULL AND NEW.expired_at IS NOT NULL AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_assessor();
