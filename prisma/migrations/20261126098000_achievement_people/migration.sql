-- Assessors: who may assess for an achievement, from when until when, and which of its criteria.
-- Locks: award_approval, for the time of adding columns.

CREATE TABLE assessor_mandate (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  achievement_id  uuid NOT NULL,
  -- A member; or somebody who was invited, and is the member who accepts.
  account_id      uuid,
  invitation_id   uuid,
  -- The e-mail address by which the person was named, in lower case.
  address         text NOT NULL,
  name            text NOT NULL,
  qualification   text NOT NULL,
  evidence_url    text,
  -- Ids of criteria; none: all of them.
  criteria        text[] NOT NULL DEFAULT '{}',
  valid_from      timestamptz(3) NOT NULL,
  valid_until     timestamptz(3),
  -- The assessor agreed that their name stands on the public page.
  shows_name      boolean NOT NULL DEFAULT false,
  given_by        text NOT NULL,
  given_at        timestamptz(3) NOT NULL,
  ended_at        timestamptz(3),
  ended_by        text,
  end_reason      text,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_id) REFERENCES achievement (organisation_id, id),
  FOREIGN KEY (organisation_id, invitation_id) REFERENCES invitation (organisation_id, id),
  CHECK ((account_id IS NULL) <> (invitation_id IS NULL)),
  CHECK (valid_until IS NULL OR valid_until > valid_from),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX assessor_mandate_achievement ON assessor_mandate (organisation_id, achievement_id, given_at);
CREATE INDEX assessor_mandate_invitation ON assessor_mandate (organisation_id, invitation_id) WHERE invitation_id IS NOT NULL;

ALTER TABLE assessor_mandate ENABLE ROW LEVEL SECURITY;
ALTER TABLE assessor_mandate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON assessor_mandate TO waarmerk_tenant
  USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON assessor_mandate TO waarmerk_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON assessor_mandate TO waarmerk_tenant, waarmerk_worker;

ALTER TABLE award_approval
  -- By which mandate it was said; none where the achievement had no assessors.
  ADD COLUMN mandate_id       uuid,
  -- Which criteria the mandates of the person covered then; none: all of them.
  ADD COLUMN mandate_criteria text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT award_approval_mandate FOREIGN KEY (organisation_id, mandate_id) REFERENCES assessor_mandate (organisation_id, id);

CREATE FUNCTION webhook_assessor() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id),
    CASE TG_OP WHEN 'INSERT' THEN 'assessor.mandated' ELSE 'assessor.mandate_ended' END,
    CASE TG_OP WHEN 'INSERT' THEN NEW.given_at ELSE NEW.ended_at END,
    jsonb_build_object('mandateId', NEW.id, 'achievementId', NEW.achievement_id));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_assessor_mandated AFTER INSERT ON assessor_mandate FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_assessor();
CREATE TRIGGER webhook_assessor_ended AFTER UPDATE ON assessor_mandate FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_assessor();
