-- Achievements in the catalogue, shared with another organisation, and copied from one.
-- Locks: achievement, for the time of adding columns.

ALTER TABLE achievement
  -- Whether the catalogue shows it, and whether every organisation may copy it from there.
  ADD COLUMN listing     text NOT NULL DEFAULT 'unlisted' CHECK (listing IN ('unlisted', 'listed', 'copyable')),
  -- Where a copy comes from: organisation, achievement, version, digest, as they were then. It follows no later change.
  ADD COLUMN copied_from jsonb;
CREATE INDEX achievement_listed ON achievement (id) WHERE listing <> 'unlisted';

CREATE TABLE achievement_share (
  organisation_id        uuid NOT NULL,
  id                     uuid NOT NULL UNIQUE,
  achievement_id         uuid NOT NULL,
  achievement_version_id uuid NOT NULL,
  -- Its members read the version through one place of the product, as a worker: no policy of ours lets them in here.
  with_organisation      uuid NOT NULL REFERENCES organisation,
  kind                   text NOT NULL CHECK (kind IN ('view', 'copy')),
  shared_by              text NOT NULL,
  shared_at              timestamptz(3) NOT NULL,
  withdrawn_by           text,
  withdrawn_at           timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_id) REFERENCES achievement (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_version_id) REFERENCES achievement_version (organisation_id, id),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
CREATE UNIQUE INDEX achievement_share_open ON achievement_share (organisation_id, achievement_version_id, with_organisation)
  WHERE withdrawn_at IS NULL;
CREATE INDEX achievement_share_achievement ON achievement_share (organisation_id, achievement_id);
CREATE INDEX achievement_share_with ON achievement_share (with_organisation, shared_at) WHERE withdrawn_at IS NULL;

ALTER TABLE achievement_share ENABLE ROW LEVEL SECURITY;
ALTER TABLE achievement_share FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON achievement_share TO waarmerk_tenant
  USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON achievement_share TO waarmerk_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON achievement_share TO waarmerk_tenant, waarmerk_worker;
GRANT UPDATE (listing) ON achievement TO waarmerk_tenant, waarmerk_worker;

CREATE FUNCTION webhook_achievement_share() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id),
    CASE TG_OP WHEN 'INSERT' THEN 'achievement.shared' ELSE 'achievement.share_withdrawn' END,
    CASE TG_OP WHEN 'INSERT' THEN NEW.shared_at ELSE NEW.withdrawn_at END,
    jsonb_build_object('shareId', NEW.id, 'achievementId', NEW.achievement_id,
                       'achievementVersionId', NEW.achievement_version_id, 'kind', NEW.kind));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_achievement_shared AFTER INSERT ON achievement_share FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_achievement_share();
CREATE TRIGGER webhook_achievement_share_withdrawn AFTER UPDATE ON achievement_share FOR EACH ROW
  WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_achievement_share();

CREATE FUNCTION webhook_achievement_listing() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id),
    CASE NEW.listing WHEN 'unlisted' THEN 'achievement.unlisted' ELSE 'achievement.listed' END, now(),
    jsonb_build_object('achievementId', NEW.id, 'listing', NEW.listing));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_achievement_listing AFTER UPDATE ON achievement FOR EACH ROW
  WHEN (OLD.listing IS DISTINCT FROM NEW.listing AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_achievement_listing();
