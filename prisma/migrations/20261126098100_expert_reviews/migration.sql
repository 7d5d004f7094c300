-- Experts from outside review a version before it is published.
-- Locks: organisation_setting, for the time of adding columns.

CREATE TABLE expert_review (
  organisation_id        uuid NOT NULL,
  id                     uuid NOT NULL UNIQUE,
  achievement_version_id uuid NOT NULL,
  -- An e-mail address in lower case.
  address                text NOT NULL,
  language               text NOT NULL,
  message                text,
  state                  text NOT NULL CHECK (state IN ('requested', 'viewed', 'answered', 'declined', 'expired', 'withdrawn')),
  token_hash             bytea NOT NULL UNIQUE,
  requested_by           text NOT NULL,
  requested_at           timestamptz(3) NOT NULL,
  expires_at             timestamptz(3) NOT NULL,
  viewed_at              timestamptz(3),
  closed_at              timestamptz(3),
  verdict                text CHECK (verdict IN ('agrees', 'agrees_with_remarks', 'disagrees')),
  remarks                text,
  expert_name            text,
  expert_organisation    text,
  expert_qualification   text,
  -- SHA-256 of the canonical JSON of the definition that was answered about: an edit makes another one.
  digest                 bytea,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_version_id) REFERENCES achievement_version (organisation_id, id),
  CHECK ((state IN ('requested', 'viewed')) = (closed_at IS NULL)),
  CHECK ((state = 'answered') = (verdict IS NOT NULL AND digest IS NOT NULL AND expert_name IS NOT NULL))
);
CREATE UNIQUE INDEX expert_review_open ON expert_review (organisation_id, achievement_version_id, address)
  WHERE state IN ('requested', 'viewed');
CREATE INDEX expert_review_version ON expert_review (organisation_id, achievement_version_id, requested_at);

ALTER TABLE expert_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE expert_review FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON expert_review TO waarmerk_tenant
  USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON expert_review TO waarmerk_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON expert_review TO waarmerk_tenant, waarmerk_worker;

ALTER TABLE organisation_setting
  -- How many experts must have agreed before a version is published; the greater of the two counts for a micro-credential.
  ADD COLUMN expert_reviews                   integer NOT NULL DEFAULT 0 CHECK (expert_reviews BETWEEN 0 AND 20),
  ADD COLUMN expert_reviews_micro_credential  integer NOT NULL DEFAULT 0 CHECK (expert_reviews_micro_credential BETWEEN 0 AND 20);

CREATE FUNCTION webhook_expert_review() RETURNS trigger AS $$
DECLARE
  of_version record;
BEGIN
  SELECT achievement_id, version INTO of_version FROM achievement_version
  WHERE organisation_id = NEW.organisation_id AND id = NEW.achievement_version_id;
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, of_version.achievement_id),
    'expert_review.' || NEW.state, coalesce(NEW.closed_at, NEW.viewed_at, NEW.requested_at),
    jsonb_build_object('expertReviewId', NEW.id, 'achievementId', of_version.achievement_id,
                       'achievementVersionId', NEW.achievement_version_id, 'version', of_version.version, 'state', NEW.state));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_expert_review_requested AFTER INSERT ON expert_review FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_expert_review();
CREATE TRIGGER webhook_expert_review_moved AFTER UPDATE ON expert_review FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_expert_review();
