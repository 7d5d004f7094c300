-- Outbound webhooks: endpoints, what they are told, and how the deliveries went. See docs/adr/0034-webhooks.md.
-- Locks: award, claim, credential, share_link, endorsement, rule_version, achievement_version, job, batch, api_key and
-- event for a moment each, as a trigger is added; nothing is read or rewritten.

CREATE TABLE webhook_endpoint (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  -- It is told what happens on this unit and below it.
  unit_id         uuid NOT NULL,
  url             text NOT NULL,
  description     text NOT NULL,
  -- `award.issued`, a family such as `award.*`, or `*`.
  event_types     text[] NOT NULL CHECK (cardinality(event_types) > 0),
  payload_version text NOT NULL,
  state           text NOT NULL CHECK (state IN ('enabled', 'disabled', 'deleted')),
  disabled_reason text CHECK (disabled_reason IN ('by_person', 'gone', 'failing')),
  sealed_secret   bytea NOT NULL,
  -- The secret before the last rotation: both sign until then.
  previous_secret bytea,
  previous_until  timestamptz(3),
  -- Since when every attempt failed.
  failing_since   timestamptz(3),
  revision        integer NOT NULL DEFAULT 1,
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, unit_id) REFERENCES unit (organisation_id, id),
  CHECK ((state = 'disabled') = (disabled_reason IS NOT NULL)),
  CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
CREATE INDEX webhook_endpoint_live ON webhook_endpoint (organisation_id) WHERE state <> 'deleted';

-- What happened, once, however many endpoints are told: its id is the `webhook-id` of each of them.
CREATE TABLE webhook_event (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  type            text NOT NULL,
  at              timestamptz(3) NOT NULL,
  data            jsonb NOT NULL,
  PRIMARY KEY (organisation_id, id)
);

CREATE TABLE webhook_delivery (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  endpoint_id     uuid NOT NULL,
  event_id        uuid NOT NULL,
  -- `skipped`: its endpoint was disabled.
  state           text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed', 'skipped')),
  -- Since it was made, or replayed.
  attempts        integer NOT NULL DEFAULT 0,
  next_at         timestamptz(3) NOT NULL,
  -- While an attempt runs: nobody else makes one before this moment. Names the claim, too.
  claimed_until   timestamptz(3),
  created_at      timestamptz(3) NOT NULL,
  finished_at     timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (endpoint_id, event_id),
  FOREIGN KEY (organisation_id, endpoint_id) REFERENCES webhook_endpoint (organisation_id, id),
  FOREIGN KEY (organisation_id, event_id) REFERENCES webhook_event (organisation_id, id) ON DELETE CASCADE,
  CHECK ((state = 'waiting') = (finished_at IS NULL))
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_claimed ON webhook_delivery (endpoint_id) WHERE claimed_until IS NOT NULL;
CREATE INDEX webhook_delivery_newest ON webhook_delivery (organisation_id, endpoint_id, created_at DESC, id DESC);
CREATE INDEX webhook_delivery_event ON webhook_delivery (organisation_id, event_id);
CREATE INDEX webhook_delivery_old ON webhook_delivery (created_at);

CREATE TABLE webhook_attempt (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  delivery_id     uuid NOT NULL,
  at              timestamptz(3) NOT NULL,
  latency_ms      integer NOT NULL,
  -- Of the answer; null where none came, and `error` says why.
  status          integer,
  error           text,
  -- The first bytes of the answer, as text.
  answer          text,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, delivery_id) REFERENCES webhook_delivery (organisation_id, id) ON DELETE CASCADE,
  CHECK ((status IS NULL) = (error IS NOT NULL))
);
CREATE INDEX webhook_attempt_of_delivery ON webhook_attempt (organisation_id, delivery_id, at);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['webhook_endpoint', 'webhook_event', 'webhook_delivery', 'webhook_attempt'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
-- The log is kept for 30 days; deliveries and attempts go with their event.
GRANT DELETE ON webhook_event TO waarmerk_worker;

-- ---------------------------------------------------------------------------------------------------------------
-- What is told, where it happens: whoever moves a row cannot forget it, and it stands there exactly when the move does.

-- Asked first of all, by every trigger: where an organisation has no endpoint, a move costs no more than this.
CREATE FUNCTION webhook_is_heard(of_organisation uuid) RETURNS boolean AS $$
  SELECT EXISTS (SELECT FROM webhook_endpoint WHERE organisation_id = of_organisation AND state <> 'deleted')
$$ LANGUAGE sql STABLE;

-- Writes the event and its deliveries, where an endpoint of the unit, or of one above it, wants this type.
-- `of_unit` null: the whole organisation.
CREATE FUNCTION webhook_tell(of_organisation uuid, of_unit uuid, event_type text, happened_at timestamptz, event_data jsonb)
RETURNS void AS $$
BEGIN
  WITH RECURSIVE path (id, parent_id) AS (
    SELECT unit.id, unit.parent_id FROM unit
    WHERE unit.organisation_id = of_organisation
      AND CASE WHEN of_unit IS NULL THEN unit.parent_id IS NULL ELSE unit.id = of_unit END
    UNION ALL
    SELECT above.id, above.parent_id FROM unit above JOIN path ON above.id = path.parent_id
    WHERE above.organisation_id = of_organisation
  ), listening AS (
    SELECT endpoint.id, endpoint.state FROM webhook_endpoint endpoint JOIN path ON path.id = endpoint.unit_id
    WHERE endpoint.organisation_id = of_organisation AND endpoint.state <> 'deleted'
      AND endpoint.event_types && ARRAY[event_type, split_part(event_type, '.', 1) || '.*', '*']
  ), told AS (
    INSERT INTO webhook_event (organisation_id, id, type, at, data)
    SELECT of_organisation, gen_random_uuid(), event_type, happened_at, event_data
    WHERE EXISTS (SELECT FROM listening)
    RETURNING id
  )
  -- Due since ever: the first attempt is made as soon as somebody looks, whatever their clock says.
  INSERT INTO webhook_delivery (organisation_id, id, endpoint_id, event_id, state, next_at, created_at, finished_at)
  SELECT of_organisation, gen_random_uuid(), listening.id, told.id,
         CASE listening.state WHEN 'enabled' THEN 'waiting' ELSE 'skipped' END, 'epoch', now(),
         CASE listening.state WHEN 'enabled' THEN NULL ELSE now() END
  FROM listening, told;
END;
$$ LANGUAGE plpgsql;

CREATE FUNCTION webhook_issuer_unit(of_organisation uuid, of_issuer uuid) RETURNS uuid AS $$
  SELECT unit_id FROM issuer WHERE organisation_id = of_organisation AND id = of_issuer
$$ LANGUAGE sql STABLE;

CREATE FUNCTION webhook_achievement_unit(of_organisation uuid, of_achievement uuid) RETURNS uuid AS $$
  SELECT issuer.unit_id FROM achievement JOIN issuer
    ON issuer.organisation_id = achievement.organisation_id AND issuer.id = achievement.issuer_id
  WHERE achievement.organisation_id = of_organisation AND achievement.id = of_achievement
$$ LANGUAGE sql STABLE;

CREATE FUNCTION webhook_award() RETURNS trigger AS $$
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
    PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id), each_type, happened_at,
      jsonb_strip_nulls(jsonb_build_object(
        'awardId', NEW.id, 'state', NEW.state, 'origin', NEW.origin, 'issuerId', NEW.issuer_id,
        'achievementId', NEW.achievement_id, 'achievementVersionId', NEW.achievement_version_id, 'ruleId', NEW.rule_id,
        'credentialId', (SELECT id FROM credential WHERE organisation_id = NEW.organisation_id AND award_id = NEW.id))));
  END LOOP;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_award_granted AFTER INSERT ON award FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_award();
CREATE TRIGGER webhook_award_moved AFTER UPDATE ON award FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_award();

CREATE FUNCTION webhook_claim() RETURNS trigger AS $$
DECLARE
  told text := CASE NEW.state WHEN 'claimed' THEN 'credential.claimed' WHEN 'rejected' THEN 'credential.rejected'
                              WHEN 'expired' THEN 'credential.claim_expired' END;
  badge record;
BEGIN
  IF told IS NULL THEN RETURN NULL; END IF;
  SELECT award.id, award.issuer_id, award.achievement_id, credential.id AS credential_id INTO badge
  FROM award LEFT JOIN credential ON credential.organisation_id = award.organisation_id AND credential.award_id = award.id
  WHERE award.organisation_id = NEW.organisation_id AND award.id = NEW.award_id;
  PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, badge.issuer_id), told,
    coalesce(NEW.decided_at, now()), jsonb_strip_nulls(jsonb_build_object(
      'awardId', badge.id, 'credentialId', badge.credential_id, 'claim', NEW.state, 'issuerId', badge.issuer_id,
      'achievementId', badge.achievement_id)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_claim_moved AFTER UPDATE ON claim FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_claim();

-- That a badge is shared, and how; neither with whom nor by whom.
CREATE FUNCTION webhook_share(of_organisation uuid, of_credential uuid, event_type text, happened_at timestamptz, by_what text)
RETURNS void AS $$
  SELECT webhook_tell(of_organisation, webhook_issuer_unit(of_organisation, credential.issuer_id), event_type, happened_at,
    jsonb_build_object('credentialId', credential.id, 'awardId', credential.award_id, 'issuerId', credential.issuer_id, 'by', by_what))
  FROM credential WHERE credential.organisation_id = of_organisation AND credential.id = of_credential
$$ LANGUAGE sql;

CREATE FUNCTION webhook_share_link() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM webhook_share(NEW.organisation_id, NEW.credential_id, 'credential.shared', NEW.created_at, 'link');
  ELSE
    PERFORM webhook_share(NEW.organisation_id, NEW.credential_id, 'credential.unshared', NEW.revoked_at, 'link');
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_share_link_made AFTER INSERT ON share_link FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_share_link();
CREATE TRIGGER webhook_share_link_ended AFTER UPDATE ON share_link FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_share_link();

CREATE FUNCTION webhook_credential() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_share(NEW.organisation_id, NEW.id,
    CASE NEW.visibility WHEN 'public' THEN 'credential.shared' ELSE 'credential.unshared' END, now(), 'public');
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_credential_visible AFTER UPDATE ON credential FOR EACH ROW
  WHEN ((OLD.visibility = 'public') IS DISTINCT FROM (NEW.visibility = 'public')
        AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_credential();

CREATE FUNCTION webhook_endorsement() RETURNS trigger AS $$
DECLARE
  told text := CASE WHEN NEW.state = 'viewed' THEN NULL
                    WHEN TG_OP = 'UPDATE' AND OLD.state = 'published' AND NEW.state = 'withdrawn' THEN 'hidden'
                    ELSE NEW.state END;
BEGIN
  IF told IS NULL THEN RETURN NULL; END IF;
  PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id), 'endorsement.' || told,
    CASE NEW.state WHEN 'requested' THEN NEW.requested_at WHEN 'signed' THEN coalesce(NEW.signed_at, now())
                   WHEN 'published' THEN coalesce(NEW.published_at, now()) ELSE now() END,
    jsonb_build_object('endorsementId', NEW.id, 'state', NEW.state, 'issuerId', NEW.issuer_id, 'target', NEW.target,
                       'targetId', NEW.target_id));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_endorsement_requested AFTER INSERT ON endorsement FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_endorsement();
CREATE TRIGGER webhook_endorsement_moved AFTER UPDATE ON endorsement FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_endorsement();

CREATE FUNCTION webhook_rule() RETURNS trigger AS $$
DECLARE
  before text := CASE TG_OP WHEN 'UPDATE' THEN OLD.state END;
  told text := CASE NEW.state
    WHEN 'active' THEN CASE before WHEN 'paused' THEN 'rule.resumed' ELSE 'rule.activated' END
    WHEN 'paused' THEN 'rule.paused'
    WHEN 'retired' THEN 'rule.retired'
    WHEN 'shadow' THEN 'rule.shadow_started'
    WHEN 'draft' THEN CASE before WHEN 'shadow' THEN 'rule.shadow_ended' END
  END;
  of_achievement uuid;
BEGIN
  IF told IS NULL THEN RETURN NULL; END IF;
  SELECT achievement_id INTO of_achievement FROM rule WHERE organisation_id = NEW.organisation_id AND id = NEW.rule_id;
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, of_achievement), told, now(),
    jsonb_build_object('ruleId', NEW.rule_id, 'ruleVersionId', NEW.id, 'version', NEW.version, 'state', NEW.state,
                       'achievementId', of_achievement));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_rule_made AFTER INSERT ON rule_version FOR EACH ROW
  WHEN (NEW.state <> 'draft' AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_rule();
CREATE TRIGGER webhook_rule_moved AFTER UPDATE ON rule_version FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_rule();

CREATE FUNCTION webhook_achievement() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id),
    'achievement.' || NEW.state, CASE NEW.state WHEN 'published' THEN coalesce(NEW.published_at, now()) ELSE now() END,
    jsonb_build_object('achievementId', NEW.achievement_id, 'achievementVersionId', NEW.id, 'version', NEW.version,
                       'state', NEW.state));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_achievement_moved AFTER UPDATE ON achievement_version FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('in_review', 'approved', 'published', 'retired', 'withdrawn')
        AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_achievement();

CREATE FUNCTION webhook_job() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id,
    (SELECT webhook_achievement_unit(NEW.organisation_id, rule.achievement_id) FROM rule
     WHERE rule.organisation_id = NEW.organisation_id AND rule.id = NEW.rule_id),
    'job.finished', coalesce(NEW.finished_at, now()),
    jsonb_strip_nulls(jsonb_build_object('jobId', NEW.id, 'kind', NEW.kind, 'state', NEW.state, 'ruleId', NEW.rule_id,
                                         'ruleVersionId', NEW.rule_version_id, 'done', NEW.done, 'total', NEW.total)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_job_finished AFTER UPDATE ON job FOR EACH ROW
  WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_job();

CREATE FUNCTION webhook_batch() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id), 'batch.anchored',
    coalesce(NEW.final_at, now()), jsonb_build_object(
      'batchId', NEW.id, 'state', NEW.state, 'issuerId', NEW.issuer_id, 'sequence', NEW.sequence, 'size', NEW.size,
      'root', '0x' || encode(NEW.root, 'hex'), 'chainId', NEW.chain_id, 'contract', NEW.contract));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_batch_anchored AFTER UPDATE ON batch FOR EACH ROW
  WHEN (OLD.state <> 'final' AND NEW.state = 'final' AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_batch();

CREATE FUNCTION webhook_api_key() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, NEW.unit_id,
    CASE TG_OP WHEN 'INSERT' THEN 'api_key.created' ELSE 'api_key.revoked' END,
    CASE TG_OP WHEN 'INSERT' THEN NEW.created_at ELSE NEW.revoked_at END,
    jsonb_build_object('apiKeyId', NEW.id, 'unitId', NEW.unit_id, 'rights', to_jsonb(NEW.rights)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_api_key_created AFTER INSERT ON api_key FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_api_key();
CREATE TRIGGER webhook_api_key_revoked AFTER UPDATE ON api_key FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_api_key();

CREATE FUNCTION webhook_parked() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, NULL, 'event.parked', NEW.parked_at, jsonb_strip_nulls(jsonb_build_object(
    'eventId', NEW.id, 'sourceId', NEW.source_id, 'code', NEW.error_code, 'attempts', NEW.attempts)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_event_parked AFTER UPDATE ON event FOR EACH ROW
  WHEN (OLD.parked_at IS NULL AND NEW.parked_at IS NOT NULL AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_parked();
