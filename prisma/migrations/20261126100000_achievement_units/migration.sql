-- Rights on a single achievement: every achievement is a unit below that of its issuer.
--
-- Locks: `unit` for a moment, as a check is replaced (its rows are read once); one row is written for every achievement.
-- Undo: delete the units of kind 'achievement' (after what stands on them), and put the functions back as they were.

ALTER TABLE unit DROP CONSTRAINT unit_kind_check;
ALTER TABLE unit ADD CONSTRAINT unit_kind_check CHECK (kind IN ('organisation', 'group', 'issuer', 'achievement'));

-- The tree without its leaves: an organisation has few groups and issuers, and may have ten thousand achievements.
CREATE INDEX unit_tree ON unit (organisation_id, created_at) WHERE kind <> 'achievement';
-- Its achievements, in the order in which they are listed.
CREATE INDEX unit_achievement ON unit (organisation_id, created_at, id) WHERE kind = 'achievement';

-- What its newest published version calls it, or else the newest one, in the language of that version.
CREATE FUNCTION achievement_unit_name(of_organisation uuid, of_achievement uuid) RETURNS text AS $$
  SELECT coalesce(definition -> 'name' ->> (definition ->> 'language'), (SELECT min(value) FROM jsonb_each_text(definition -> 'name')))
  FROM achievement_version WHERE organisation_id = of_organisation AND achievement_id = of_achievement
  ORDER BY state IN ('published', 'retired', 'withdrawn') DESC, version DESC LIMIT 1
$$ LANGUAGE sql STABLE;

-- The unit of an achievement has its id, so that whoever knows the achievement knows where its rights are looked up.
SET ROLE waarmerk_worker;
INSERT INTO unit (organisation_id, id, parent_id, kind, name, created_at)
SELECT achievement.organisation_id, achievement.id, issuer.unit_id, 'achievement',
       coalesce(achievement_unit_name(achievement.organisation_id, achievement.id), achievement.slug), achievement.created_at
FROM achievement JOIN issuer
  ON issuer.organisation_id = achievement.organisation_id AND issuer.id = achievement.issuer_id;
RESET ROLE;

-- Made with it, whoever makes it; until there is a version, it is called by its slug.
CREATE FUNCTION achievement_unit() RETURNS trigger AS $$
BEGIN
  INSERT INTO unit (organisation_id, id, parent_id, kind, name, created_at)
  SELECT NEW.organisation_id, NEW.id, unit_id, 'achievement', NEW.slug, NEW.created_at
  FROM issuer WHERE organisation_id = NEW.organisation_id AND id = NEW.issuer_id;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER achievement_unit_made AFTER INSERT ON achievement FOR EACH ROW EXECUTE FUNCTION achievement_unit();

-- And there is no achievement without one. Looked at when the transaction ends: the unit comes right after the achievement.
ALTER TABLE achievement ADD CONSTRAINT achievement_unit FOREIGN KEY (organisation_id, id)
  REFERENCES unit (organisation_id, id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION achievement_unit_named() RETURNS trigger AS $$
BEGIN
  UPDATE unit SET name = named.name
  FROM achievement_unit_name(NEW.organisation_id, NEW.achievement_id) AS named (name)
  WHERE organisation_id = NEW.organisation_id AND id = NEW.achievement_id AND unit.name <> named.name;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER achievement_unit_named AFTER INSERT OR UPDATE OF definition, state ON achievement_version FOR EACH ROW
  EXECUTE FUNCTION achievement_unit_named();

-- ---------------------------------------------------------------------------------------------------------------
-- What happens to an achievement, its awards and its badges happens on its unit: an endpoint there is told this and no
-- more, one on a unit above it still everything below it, and a person who holds the right here is told like others.

CREATE OR REPLACE FUNCTION webhook_achievement_unit(of_organisation uuid, of_achievement uuid) RETURNS uuid AS $$
  SELECT id FROM unit WHERE organisation_id = of_organisation AND id = of_achievement
$$ LANGUAGE sql STABLE;

CREATE OR REPLACE FUNCTION webhook_award() RETURNS trigger AS $$
DECLARE
  told text[];
  happened_at timestamptz;
  each_type text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    told := CASE NEW.state WHEN 'awaiting_approval' THEN ARRAY['award.granted', 'award.awaiting_approval'] ELSE ARRAY['award.granted'] END;
    happened_at := NEW.granted_at;
  ELSE
    told := CASE
      WHEN OLD.state = 'awaiting_approval' AND NEW.state IN ('due', 'awaiting_endorsement') THEN ARRAY['award.approved']
      WHEN NEW.state IN ('awaiting_approval', 'awaiting_endorsement', 'refused', 'issued', 'revoked', 'expired', 'superseded')
        THEN ARRAY['award.' || NEW.state]
      ELSE ARRAY[]::text[] END;
    happened_at := CASE WHEN NEW.state = 'issued' THEN coalesce(NEW.issued_at, now())
                        WHEN NEW.state IN ('refused', 'revoked', 'expired', 'superseded') THEN coalesce(NEW.ended_at, now())
                        ELSE now() END;
  END IF;
  FOREACH each_type IN ARRAY told LOOP
    PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id), each_type, happened_at,
      jsonb_strip_nulls(jsonb_build_object(
        'awardId', NEW.id, 'state', NEW.state, 'origin', NEW.origin, 'issuerId', NEW.issuer_id,
        'achievementId', NEW.achievement_id, 'achievementVersionId', NEW.achievement_version_id, 'ruleId', NEW.rule_id,
        'credentialId', (SELECT id FROM credential WHERE organisation_id = NEW.organisation_id AND award_id = NEW.id))));
  END LOOP;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION webhook_claim() RETURNS trigger AS $$
DECLARE
  told text := CASE NEW.state WHEN 'claimed' THEN 'credential.claimed' WHEN 'rejected' THEN 'credential.rejected'
                              WHEN 'expired' THEN 'credential.claim_expired' END;
  badge record;
BEGIN
  IF told IS NULL THEN RETURN NULL; END IF;
  SELECT award.id, award.issuer_id, award.achievement_id, credential.id AS credential_id INTO badge
  FROM award LEFT JOIN credential ON credential.organisation_id = award.organisation_id AND credential.award_id = award.id
  WHERE award.organisation_id = NEW.organisation_id AND award.id = NEW.award_id;
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, badge.achievement_id), told,
    coalesce(NEW.decided_at, now()), jsonb_strip_nulls(jsonb_build_object(
      'awardId', badge.id, 'credentialId', badge.credential_id, 'claim', NEW.state, 'issuerId', badge.issuer_id,
      'achievementId', badge.achievement_id)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION webhook_share(of_organisation uuid, of_credential uuid, event_type text, happened_at timestamptz, by_what text)
RETURNS void AS $$
  SELECT webhook_tell(of_organisation, webhook_achievement_unit(of_organisation, award.achievement_id), event_type, happened_at,
    jsonb_build_object('credentialId', credential.id, 'awardId', credential.award_id, 'issuerId', credential.issuer_id, 'by', by_what))
  FROM credential JOIN award ON award.organisation_id = credential.organisation_id AND award.id = credential.award_id
  WHERE credential.organisation_id = of_organisation AND credential.id = of_credential
$$ LANGUAGE sql;

-- What is endorsed: an achievement, by its version or by a badge of it; null where it is the issuer itself.
CREATE FUNCTION webhook_target_unit(of_organisation uuid, of_target text, of_id uuid) RETURNS uuid AS $$
  SELECT webhook_achievement_unit(of_organisation, CASE of_target
    WHEN 'achievement_version' THEN
      (SELECT achievement_id FROM achievement_version WHERE organisation_id = of_organisation AND id = of_id)
    WHEN 'credential' THEN
      (SELECT award.achievement_id FROM credential
       JOIN award ON award.organisation_id = credential.organisation_id AND award.id = credential.award_id
       WHERE credential.organisation_id = of_organisation AND credential.id = of_id)
  END)
$$ LANGUAGE sql STABLE;

CREATE OR REPLACE FUNCTION webhook_endorsement() RETURNS trigger AS $$
DECLARE
  told text := CASE WHEN NEW.state = 'viewed' THEN NULL
                    WHEN TG_OP = 'UPDATE' AND OLD.state = 'published' AND NEW.state = 'withdrawn' THEN 'hidden'
                    ELSE NEW.state END;
BEGIN
  IF told IS NULL THEN RETURN NULL; END IF;
  PERFORM webhook_tell(NEW.organisation_id, coalesce(webhook_target_unit(NEW.organisation_id, NEW.target, NEW.target_id),
      webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id)), 'endorsement.' || told,
    CASE NEW.state WHEN 'requested' THEN NEW.requested_at WHEN 'signed' THEN coalesce(NEW.signed_at, now())
                   WHEN 'published' THEN coalesce(NEW.published_at, now()) ELSE now() END,
    jsonb_build_object('endorsementId', NEW.id, 'state', NEW.state, 'issuerId', NEW.issuer_id, 'target', NEW.target,
                       'targetId', NEW.target_id));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION webhook_direct_award() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id),
    'direct_award.' || CASE NEW.state WHEN 'unaccepted' THEN 'sent' ELSE NEW.state END,
    CASE NEW.state WHEN 'scheduled' THEN NEW.created_at WHEN 'unaccepted' THEN NEW.sent_at
                   WHEN 'claimed' THEN NEW.claimed_at ELSE NEW.ended_at END,
    jsonb_strip_nulls(jsonb_build_object(
      'directAwardId', NEW.id, 'state', NEW.state, 'issuerId', NEW.issuer_id, 'achievementId', NEW.achievement_id,
      'achievementVersionId', NEW.achievement_version_id, 'awardId', NEW.award_id)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION webhook_direct_award_bundle() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id),
    'direct_award_bundle.finished', NEW.finished_at, jsonb_build_object(
      'directAwardBundleId', NEW.id, 'state', NEW.state, 'issuerId', NEW.issuer_id, 'achievementId', NEW.achievement_id,
      'total', NEW.total, 'awarded', NEW.awarded, 'refused', NEW.refused));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION webhook_edition() RETURNS trigger AS $$
DECLARE
  badge record;
  told text := CASE WHEN NEW.ended_by = 'suspended' THEN 'suspended' ELSE NEW.cause END;
BEGIN
  SELECT award.* INTO badge
  FROM credential JOIN award ON award.organisation_id = credential.organisation_id AND award.id = credential.award_id
  WHERE credential.organisation_id = NEW.organisation_id AND credential.id = NEW.credential_id;
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, badge.achievement_id), 'award.' || told,
    CASE told WHEN 'suspended' THEN NEW.revoked_at ELSE NEW.signed_at END,
    jsonb_strip_nulls(jsonb_build_object(
      'awardId', badge.id, 'credentialId', NEW.credential_id, 'edition', NEW.edition, 'origin', badge.origin,
      'issuerId', badge.issuer_id, 'achievementId', badge.achievement_id,
      'achievementVersionId', badge.achievement_version_id, 'ruleId', badge.rule_id)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION webhook_achievement_listing() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.id),
    CASE NEW.listing WHEN 'unlisted' THEN 'achievement.unlisted' ELSE 'achievement.listed' END, now(),
    jsonb_build_object('achievementId', NEW.id, 'listing', NEW.listing));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;

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
      PERFORM notify_holders(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id), 'award',
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

CREATE OR REPLACE FUNCTION notify_confirmation() RETURNS trigger AS $$
DECLARE
  about record;
  told jsonb;
BEGIN
  SELECT claim.identifier AS sent_to, award.issuer_id, notify_name(award.organisation_id, award.achievement_version_id) AS name,
         issuer.name AS issuer, webhook_achievement_unit(award.organisation_id, award.achievement_id) AS unit_id
  INTO about
  FROM claim JOIN award ON award.organisation_id = claim.organisation_id AND award.id = claim.award_id
  JOIN issuer ON issuer.organisation_id = award.organisation_id AND issuer.id = award.issuer_id
  WHERE claim.organisation_id = NEW.organisation_id AND claim.id = NEW.claim_id;
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
