-- Direct awards: a badge offered by a person or a key to an identifier, before there is an account. See docs/direct-awards.md.
-- Locks: `award` for a moment, as a column and two triggers are added; nothing is read or rewritten.

-- Why this person has the badge: stands in the credential.
ALTER TABLE award ADD COLUMN narrative text;

-- When people are reminded, and how long is waited. One row an organisation that has decided something.
CREATE TABLE direct_award_setting (
  organisation_id uuid PRIMARY KEY REFERENCES organisation,
  reminder_days   integer[] NOT NULL,
  expiry_days     integer NOT NULL,
  keep_days       integer NOT NULL,
  undo_seconds    integer NOT NULL,
  revision        integer NOT NULL
);

-- Many at once, from a list: each row is awarded or refused for itself.
CREATE TABLE direct_award_bundle (
  organisation_id        uuid NOT NULL REFERENCES organisation,
  id                     uuid NOT NULL UNIQUE,
  issuer_id              uuid NOT NULL,
  achievement_id         uuid NOT NULL,
  achievement_version_id uuid NOT NULL,
  name                   text NOT NULL,
  state                  text NOT NULL CHECK (state IN ('running', 'done')),
  -- Where a row says nothing itself.
  language               text,
  message                text,
  scheduled_at           timestamptz(3),
  reminder_days          integer[] NOT NULL,
  expiry_days            integer NOT NULL,
  keep_days              integer NOT NULL,
  undo_seconds           integer NOT NULL,
  total                  integer NOT NULL,
  awarded                integer NOT NULL DEFAULT 0,
  refused                integer NOT NULL,
  created_by             text NOT NULL,
  created_at             timestamptz(3) NOT NULL,
  finished_at            timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_id) REFERENCES achievement (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_version_id) REFERENCES achievement_version (organisation_id, id),
  CHECK ((state = 'done') = (finished_at IS NOT NULL)),
  CHECK (state <> 'done' OR awarded + refused = total)
);
CREATE INDEX direct_award_bundle_running ON direct_award_bundle (created_at) WHERE state = 'running';
CREATE INDEX direct_award_bundle_newest ON direct_award_bundle (organisation_id, created_at DESC, id DESC);

CREATE TABLE direct_award (
  organisation_id        uuid NOT NULL REFERENCES organisation,
  id                     uuid NOT NULL UNIQUE,
  issuer_id              uuid NOT NULL,
  achievement_id         uuid NOT NULL,
  achievement_version_id uuid NOT NULL,
  -- The row of a bundle that it was made of.
  bundle_id              uuid,
  bundle_row             integer,
  identifier_type        text NOT NULL CHECK (identifier_type IN ('email', 'eppn', 'did')),
  -- Once nobody is to be named any more: a keyed hash of it, so that equal ones stay equal.
  identifier             text NOT NULL,
  state                  text NOT NULL CHECK (state IN ('scheduled', 'unaccepted', 'claimed', 'rejected', 'revoked', 'expired', 'deleted')),
  language               text NOT NULL,
  narrative              text,
  evidence               jsonb,
  results                jsonb,
  -- To the earner, in the mail and nowhere else.
  message                text,
  -- Of the link that is mailed, for an address only, and of the code. Sealed, so that a reminder can name them again.
  token_hash             bytea UNIQUE,
  sealed_token           bytea,
  code_hash              bytea UNIQUE,
  sealed_code            bytea,
  created_by             text NOT NULL,
  created_at             timestamptz(3) NOT NULL,
  scheduled_at           timestamptz(3) NOT NULL,
  sent_at                timestamptz(3),
  expires_at             timestamptz(3),
  claimed_at             timestamptz(3),
  ended_at               timestamptz(3),
  reason                 text,
  award_id               uuid,
  -- As they were when it was made.
  reminder_days          integer[] NOT NULL,
  expiry_days            integer NOT NULL,
  keep_days              integer NOT NULL,
  undo_seconds           integer NOT NULL,
  -- How many reminders are over.
  reminded               integer NOT NULL DEFAULT 0,
  -- How many mails it was written: each has its number in its Message-ID, so none is written twice.
  mails                  integer NOT NULL DEFAULT 0,
  pseudonymised_at       timestamptz(3),
  -- When it has to be looked at next.
  next_at                timestamptz(3),
  attempts               integer NOT NULL DEFAULT 0,
  revision               integer NOT NULL DEFAULT 1,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_id) REFERENCES achievement (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_version_id) REFERENCES achievement_version (organisation_id, id),
  FOREIGN KEY (organisation_id, award_id) REFERENCES award (organisation_id, id),
  FOREIGN KEY (organisation_id, bundle_id) REFERENCES direct_award_bundle (organisation_id, id),
  CHECK ((bundle_id IS NULL) = (bundle_row IS NULL)),
  CHECK ((state IN ('scheduled', 'unaccepted', 'claimed')) = (ended_at IS NULL)),
  CHECK (state <> 'unaccepted' OR (sent_at IS NOT NULL AND expires_at IS NOT NULL AND code_hash IS NOT NULL)),
  CHECK ((award_id IS NULL) = (claimed_at IS NULL)),
  CHECK (state <> 'claimed' OR claimed_at IS NOT NULL),
  CHECK (claimed_at IS NULL OR state IN ('claimed', 'revoked')),
  CHECK (pseudonymised_at IS NULL OR ended_at IS NOT NULL)
);
-- One open offer of a badge to an identifier.
CREATE UNIQUE INDEX direct_award_open ON direct_award (organisation_id, achievement_id, identifier_type, identifier)
  WHERE state IN ('scheduled', 'unaccepted');
-- Whoever comes back to a bundle after a crash awards no row of it twice.
CREATE UNIQUE INDEX direct_award_bundle_row_once ON direct_award (organisation_id, bundle_id, bundle_row) WHERE bundle_id IS NOT NULL;
CREATE INDEX direct_award_due ON direct_award (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX direct_award_newest ON direct_award (organisation_id, created_at DESC, id DESC);
CREATE INDEX direct_award_identifier ON direct_award (organisation_id, identifier);
CREATE UNIQUE INDEX direct_award_award ON direct_award (organisation_id, award_id) WHERE award_id IS NOT NULL;

CREATE TABLE direct_award_bundle_row (
  organisation_id uuid NOT NULL,
  bundle_id       uuid NOT NULL,
  -- 1 is the first after the header.
  number          integer NOT NULL,
  state           text NOT NULL CHECK (state IN ('waiting', 'awarded', 'refused')),
  -- What is to be awarded to whom, until it is.
  wanted          jsonb,
  -- What is wrong with it: column, code, message. Never what stood there.
  faults          jsonb NOT NULL DEFAULT '[]',
  direct_award_id uuid,
  PRIMARY KEY (organisation_id, bundle_id, number),
  FOREIGN KEY (organisation_id, bundle_id) REFERENCES direct_award_bundle (organisation_id, id),
  FOREIGN KEY (organisation_id, direct_award_id) REFERENCES direct_award (organisation_id, id),
  CHECK ((state = 'waiting') = (wanted IS NOT NULL)),
  CHECK ((state = 'awarded') = (direct_award_id IS NOT NULL))
);
CREATE INDEX direct_award_bundle_row_waiting ON direct_award_bundle_row (bundle_id, number) WHERE state = 'waiting';

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['direct_award_setting', 'direct_award', 'direct_award_bundle', 'direct_award_bundle_row'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;

-- Whoever revokes or reinstates the award does so with the direct award, by whichever road: the two never say different
-- things.
CREATE FUNCTION direct_award_follows() RETURNS trigger AS $$
BEGIN
  IF NEW.state = 'revoked' THEN
    UPDATE direct_award SET state = 'revoked', ended_at = coalesce(NEW.ended_at, now()), reason = NEW.reason, revision = revision + 1
    WHERE organisation_id = NEW.organisation_id AND award_id = NEW.id AND state = 'claimed';
  ELSE
    UPDATE direct_award SET state = 'claimed', ended_at = NULL, reason = NULL, revision = revision + 1
    WHERE organisation_id = NEW.organisation_id AND award_id = NEW.id AND state = 'revoked';
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER direct_award_follows AFTER UPDATE ON award FOR EACH ROW
  WHEN (NEW.origin = 'direct' AND (OLD.state = 'revoked') <> (NEW.state = 'revoked'))
  EXECUTE FUNCTION direct_award_follows();

CREATE FUNCTION webhook_direct_award() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id),
    'direct_award.' || CASE NEW.state WHEN 'unaccepted' THEN 'sent' ELSE NEW.state END,
    CASE NEW.state WHEN 'scheduled' THEN NEW.created_at WHEN 'unaccepted' THEN NEW.sent_at
                   WHEN 'claimed' THEN NEW.claimed_at ELSE NEW.ended_at END,
    jsonb_strip_nulls(jsonb_build_object(
      'directAwardId', NEW.id, 'state', NEW.state, 'issuerId', NEW.issuer_id, 'achievementId', NEW.achievement_id,
      'achievementVersionId', NEW.achievement_version_id, 'awardId', NEW.award_id)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_direct_award_made AFTER INSERT ON direct_award FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_direct_award();
CREATE TRIGGER webhook_direct_award_moved AFTER UPDATE ON direct_award FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_direct_award();

CREATE FUNCTION webhook_direct_award_bundle() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id),
    'direct_award_bundle.finished', NEW.finished_at, jsonb_build_object(
      'directAwardBundleId', NEW.id, 'state', NEW.state, 'issuerId', NEW.issuer_id, 'achievementId', NEW.achievement_id,
      'total', NEW.total, 'awarded', NEW.awarded, 'refused', NEW.refused));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_direct_award_bundle_finished AFTER UPDATE ON direct_award_bundle FOR EACH ROW
  WHEN (OLD.state = 'running' AND NEW.state = 'done' AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_direct_award_bundle();
