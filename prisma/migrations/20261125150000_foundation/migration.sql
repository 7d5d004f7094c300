-- The foundation: docs/adr/ says why each of these choices is frozen.
--
-- 1. Every tenant table starts with organisation_id; composite foreign keys include it, so that no row can point
--    into another organisation; row-level security is forced.
-- 2. Bytes that were signed or received are bytea. jsonb only for derived columns.
-- 3. Unpartitioned event_key and occurrence_key forbid the second event and the second award.
--    event, decision and audit are partitioned by month; no foreign key points into them.

-- Two roles without a login. A connection becomes one of them for the length of a transaction.
-- They belong to the whole server: another installation, or an administrator, may have made them before.
DO $$ DECLARE role_name text; BEGIN
  FOREACH role_name IN ARRAY ARRAY['waarmerk_tenant', 'waarmerk_worker'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
END $$;
DO $$ BEGIN
  IF NOT pg_has_role(current_user, 'waarmerk_tenant', 'SET') OR NOT pg_has_role(current_user, 'waarmerk_worker', 'SET') THEN
    EXECUTE format('GRANT waarmerk_tenant, waarmerk_worker TO %I WITH INHERIT FALSE, SET TRUE', current_user);
  END IF;
END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Organisations and people: not of one tenant

CREATE TABLE organisation (
  id         uuid PRIMARY KEY,
  slug       text NOT NULL UNIQUE,
  name       text NOT NULL,
  sample     boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

-- A slug is never given out twice, also not after what it named is gone.
CREATE TABLE taken_slug (
  slug     text PRIMARY KEY CHECK (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$'),
  kind     text NOT NULL CHECK (kind IN ('organisation', 'issuer')),
  taken_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE account (
  id         uuid PRIMARY KEY,
  locale     text NOT NULL DEFAULT 'en',
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE account_identity (
  type       text NOT NULL,
  value      text NOT NULL,
  account_id uuid NOT NULL REFERENCES account,
  proven_at  timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (type, value)
);
CREATE INDEX account_identity_account ON account_identity (account_id);

CREATE TABLE session (
  id         uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  account_id uuid NOT NULL REFERENCES account,
  -- `earner`: opened by a claim link, which may lie in a mailbox for months. It reaches badges, and no organisation.
  scope      text NOT NULL CHECK (scope IN ('full', 'earner')),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3)
);

CREATE TABLE sign_in_link (
  id         uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  type       text NOT NULL,
  value      text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  used_at    timestamptz(3)
);

CREATE TABLE file (
  sha256     bytea PRIMARY KEY CHECK (length(sha256) = 32),
  bytes      bytea NOT NULL CHECK (length(bytes) <= 10485760),
  media_type text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE idempotency_key (
  scope          text NOT NULL,
  key            text NOT NULL,
  request_digest bytea NOT NULL,
  -- Who may say how it ended; void once another request has taken over.
  ticket         uuid NOT NULL,
  -- Of the answer; null while the request runs.
  status         integer,
  headers        jsonb,
  body           bytea,
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

-- ---------------------------------------------------------------------------------------------------------------
-- Organisations and rights

CREATE TABLE unit (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  parent_id       uuid,
  kind            text NOT NULL CHECK (kind IN ('organisation', 'group', 'issuer')),
  name            text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, parent_id) REFERENCES unit (organisation_id, id)
);
-- One root a tree.
CREATE UNIQUE INDEX unit_root ON unit (organisation_id) WHERE parent_id IS NULL;

CREATE TABLE membership (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  unit_id         uuid NOT NULL,
  account_id      uuid NOT NULL REFERENCES account,
  rights          text[] NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, unit_id, account_id),
  FOREIGN KEY (organisation_id, unit_id) REFERENCES unit (organisation_id, id)
);
CREATE INDEX membership_account ON membership (account_id);

CREATE TABLE api_key (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  unit_id         uuid NOT NULL,
  name            text NOT NULL,
  prefix          text NOT NULL UNIQUE,
  secret_hash     bytea NOT NULL,
  rights          text[] NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  expires_at      timestamptz(3),
  revoked_at      timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, unit_id) REFERENCES unit (organisation_id, id)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Issuers, their keys, achievements

CREATE TABLE issuer (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  unit_id         uuid NOT NULL,
  slug            text NOT NULL UNIQUE REFERENCES taken_slug,
  origin          text NOT NULL,
  did             text NOT NULL UNIQUE,
  -- The issuer id that the contract derives.
  onchain_id      bytea UNIQUE CHECK (length(onchain_id) = 20),
  name            text NOT NULL,
  url             text NOT NULL,
  email           text,
  description     text,
  state           text NOT NULL CHECK (state IN ('pending', 'verified', 'closed')),
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, unit_id) REFERENCES unit (organisation_id, id)
);

CREATE TABLE issuer_key (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  issuer_id       uuid NOT NULL,
  purpose         text NOT NULL CHECK (purpose IN ('issuing', 'anchoring')),
  -- A multikey (z6Mk…) for an issuing key, a checksummed address for an anchoring key.
  public_key      text NOT NULL UNIQUE,
  sealed_secret   bytea NOT NULL,
  state           text NOT NULL CHECK (state IN ('active', 'retired', 'compromised')),
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  ended_at        timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id)
);
CREATE UNIQUE INDEX issuer_key_active ON issuer_key (issuer_id, purpose) WHERE state = 'active';

CREATE TABLE achievement (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  issuer_id       uuid NOT NULL,
  slug            text NOT NULL CHECK (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$'),
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, slug),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id)
);

CREATE TABLE achievement_version (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  achievement_id  uuid NOT NULL,
  version         integer NOT NULL CHECK (version > 0),
  state           text NOT NULL CHECK (state IN ('draft', 'in_review', 'approved', 'published', 'retired', 'withdrawn')),
  -- What the author defines (jsonb: a draft is not signed) …
  definition      jsonb NOT NULL,
  -- … and the Achievement document as it is served and embedded, fixed at publication.
  document        bytea,
  digest          bytea CHECK (length(digest) = 32),
  revision        integer NOT NULL DEFAULT 1,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  published_at    timestamptz(3),
  frozen_at       timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, achievement_id, version),
  FOREIGN KEY (organisation_id, achievement_id) REFERENCES achievement (organisation_id, id),
  CHECK ((state IN ('published', 'retired', 'withdrawn')) = (document IS NOT NULL)),
  CHECK ((document IS NULL) = (digest IS NULL))
);
-- One version of an achievement is given at a time.
CREATE UNIQUE INDEX achievement_version_published ON achievement_version (achievement_id) WHERE state = 'published';

-- A frozen version never changes its digest (nor its words).
CREATE FUNCTION keep_frozen_achievement() RETURNS trigger AS $$
BEGIN
  IF OLD.frozen_at IS NOT NULL
     AND (NEW.frozen_at, NEW.definition, NEW.document, NEW.digest) IS DISTINCT FROM (OLD.frozen_at, OLD.definition, OLD.document, OLD.digest) THEN
    RAISE EXCEPTION 'achievement version % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER achievement_version_frozen BEFORE UPDATE ON achievement_version
  FOR EACH ROW EXECUTE FUNCTION keep_frozen_achievement();

-- ---------------------------------------------------------------------------------------------------------------
-- Rules

CREATE TABLE rule (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  achievement_id  uuid NOT NULL,
  name            text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_id) REFERENCES achievement (organisation_id, id)
);

CREATE TABLE rule_version (
  organisation_id        uuid NOT NULL,
  id                     uuid NOT NULL UNIQUE,
  rule_id                uuid NOT NULL,
  version                integer NOT NULL CHECK (version > 0),
  state                  text NOT NULL CHECK (state IN ('draft', 'shadow', 'active', 'paused', 'retired')),
  source                 bytea NOT NULL,
  resolved               bytea,
  digest                 bytea CHECK (length(digest) = 32),
  achievement_version_id uuid,
  author                 text NOT NULL,
  approver               text,
  leaf_id                uuid,
  created_at             timestamptz(3) NOT NULL DEFAULT now(),
  activated_at           timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, rule_id, version),
  FOREIGN KEY (organisation_id, rule_id) REFERENCES rule (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_version_id) REFERENCES achievement_version (organisation_id, id),
  CHECK ((state IN ('shadow', 'active', 'paused')) <= (resolved IS NOT NULL))
);
CREATE UNIQUE INDEX rule_version_in_force ON rule_version (rule_id) WHERE state IN ('active', 'paused');

-- ---------------------------------------------------------------------------------------------------------------
-- Sources, subjects, events

CREATE TABLE source (
  organisation_id  uuid NOT NULL,
  id               uuid NOT NULL UNIQUE,
  uri              text NOT NULL,
  name             text NOT NULL,
  creates_subjects boolean NOT NULL DEFAULT true,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, uri),
  FOREIGN KEY (organisation_id) REFERENCES organisation (id)
);

CREATE TABLE subject (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  -- The subject that this one was merged into; itself otherwise.
  canonical_id    uuid NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, canonical_id) REFERENCES subject (organisation_id, id)
);

CREATE TABLE subject_identifier (
  organisation_id uuid NOT NULL,
  type            text NOT NULL,
  value           text NOT NULL,
  subject_id      uuid NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, type, value),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id)
);
CREATE INDEX subject_identifier_subject ON subject_identifier (organisation_id, subject_id);

CREATE TABLE subject_account (
  organisation_id uuid NOT NULL,
  subject_id      uuid NOT NULL,
  account_id      uuid NOT NULL REFERENCES account,
  linked_at       timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, subject_id, account_id),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id)
);
CREATE INDEX subject_account_account ON subject_account (account_id);

CREATE TABLE event_key (
  organisation_id uuid NOT NULL,
  source_id       uuid NOT NULL,
  source_event_id text NOT NULL,
  digest          bytea NOT NULL,
  event_id        uuid NOT NULL,
  received_at     timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, source_id, source_event_id),
  FOREIGN KEY (organisation_id, source_id) REFERENCES source (organisation_id, id)
);
CREATE UNIQUE INDEX event_key_event ON event_key (event_id);

CREATE TABLE event (
  organisation_id uuid NOT NULL,
  received_at     timestamptz(3) NOT NULL,
  id              uuid NOT NULL,
  source_id       uuid NOT NULL,
  source_event_id text NOT NULL,
  subject_id      uuid,
  state           text NOT NULL CHECK (state IN ('received', 'evaluated', 'unmatched', 'quarantined')),
  quarantine_code text,
  type            text NOT NULL,
  occurred_at     timestamptz(3) NOT NULL,
  -- The event as rules see it: derived from the bytes, for queries and for evaluation.
  normal          jsonb NOT NULL,
  raw             bytea NOT NULL,
  media_type      text NOT NULL,
  digest          bytea NOT NULL,
  evaluated_at    timestamptz(3),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  parked_at       timestamptz(3),
  last_error      text,
  PRIMARY KEY (received_at, id),
  CHECK ((state = 'quarantined') = (quarantine_code IS NOT NULL)),
  CHECK (state = 'quarantined' OR subject_id IS NOT NULL)
) PARTITION BY RANGE (received_at);
CREATE INDEX event_waiting ON event (received_at, id) WHERE state = 'received' AND parked_at IS NULL;
CREATE INDEX event_of_subject ON event (organisation_id, subject_id, occurred_at);
CREATE INDEX event_newest ON event (organisation_id, received_at DESC, id DESC);
CREATE INDEX event_by_id ON event (id);

-- ---------------------------------------------------------------------------------------------------------------
-- State, decisions, awards

CREATE TABLE leaf_state (
  organisation_id uuid NOT NULL,
  subject_id      uuid NOT NULL,
  leaf_hash       text NOT NULL,
  state           jsonb NOT NULL,
  updated_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, subject_id, leaf_hash),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id)
);

CREATE TABLE evaluation_timer (
  organisation_id uuid NOT NULL,
  rule_id         uuid NOT NULL,
  subject_id      uuid NOT NULL,
  due_at          timestamptz(3) NOT NULL,
  -- Fold the whole history of the subject again (a rule came into force, or an event was taken back).
  rescan          boolean NOT NULL DEFAULT false,
  PRIMARY KEY (organisation_id, rule_id, subject_id),
  FOREIGN KEY (organisation_id, rule_id) REFERENCES rule (organisation_id, id),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id)
);
CREATE INDEX evaluation_timer_due ON evaluation_timer (due_at);

CREATE TABLE decision (
  organisation_id  uuid NOT NULL,
  received_at      timestamptz(3) NOT NULL,
  id               uuid NOT NULL,
  rule_id          uuid NOT NULL,
  rule_version_id  uuid NOT NULL,
  achievement_id   uuid NOT NULL,
  subject_id       uuid NOT NULL,
  occurrence       text NOT NULL,
  outcome          text NOT NULL CHECK (outcome IN ('award', 'blocked', 'needs_review', 'would_award', 'retracted')),
  met_at           timestamptz(3) NOT NULL,
  award_id         uuid,
  trace            jsonb NOT NULL,
  PRIMARY KEY (received_at, id)
) PARTITION BY RANGE (received_at);
CREATE INDEX decision_newest ON decision (organisation_id, received_at DESC, id DESC);
CREATE INDEX decision_by_id ON decision (id);
CREATE INDEX decision_of_subject ON decision (organisation_id, subject_id);

-- Forbids the second award: one row for each (rule lineage, canonical subject, occurrence).
CREATE TABLE occurrence_key (
  organisation_id uuid NOT NULL,
  rule_id         uuid NOT NULL,
  subject_id      uuid NOT NULL,
  occurrence      text NOT NULL,
  outcome         text NOT NULL,
  decision_id     uuid NOT NULL,
  award_id        uuid,
  updated_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, rule_id, subject_id, occurrence),
  FOREIGN KEY (organisation_id, rule_id) REFERENCES rule (organisation_id, id),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id)
);
CREATE INDEX occurrence_key_subject ON occurrence_key (organisation_id, subject_id);

CREATE TABLE award (
  organisation_id        uuid NOT NULL,
  id                     uuid NOT NULL UNIQUE,
  issuer_id              uuid NOT NULL,
  achievement_id         uuid NOT NULL,
  achievement_version_id uuid NOT NULL,
  subject_id             uuid NOT NULL,
  origin                 text NOT NULL CHECK (origin IN ('rule', 'direct')),
  rule_id                uuid,
  rule_version_id        uuid,
  occurrence             text,
  decision_id            uuid,
  state                  text NOT NULL CHECK (state IN ('granted', 'awaiting_approval', 'due', 'issued', 'revoked', 'expired', 'superseded', 'refused')),
  awarded_at             timestamptz(3) NOT NULL,
  granted_at             timestamptz(3) NOT NULL,
  issued_at              timestamptz(3),
  ended_at               timestamptz(3),
  reason                 text,
  attempts               integer NOT NULL DEFAULT 0,
  next_attempt_at        timestamptz(3),
  parked_at              timestamptz(3),
  last_error             text,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_id) REFERENCES achievement (organisation_id, id),
  FOREIGN KEY (organisation_id, achievement_version_id) REFERENCES achievement_version (organisation_id, id),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id),
  FOREIGN KEY (organisation_id, rule_id) REFERENCES rule (organisation_id, id),
  FOREIGN KEY (organisation_id, rule_version_id) REFERENCES rule_version (organisation_id, id),
  UNIQUE (organisation_id, rule_id, subject_id, occurrence),
  CHECK ((origin = 'rule') = (rule_id IS NOT NULL AND rule_version_id IS NOT NULL AND occurrence IS NOT NULL))
);
CREATE INDEX award_due ON award (granted_at) WHERE state = 'due' AND parked_at IS NULL;
CREATE INDEX award_newest ON award (organisation_id, granted_at DESC, id DESC);
CREATE INDEX award_of_subject ON award (organisation_id, subject_id);

-- ---------------------------------------------------------------------------------------------------------------
-- Anchoring

CREATE TABLE batch (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  issuer_id       uuid NOT NULL,
  sequence        integer NOT NULL CHECK (sequence >= 0),
  signer          text NOT NULL,
  chain_id        bigint NOT NULL,
  contract        text NOT NULL,
  root            bytea NOT NULL CHECK (length(root) = 32),
  previous_root   bytea NOT NULL CHECK (length(previous_root) = 32),
  size            integer NOT NULL CHECK (size > 0),
  real_leaves     integer NOT NULL CHECK (real_leaves > 0),
  -- Opens leaf 0, the header {count, previous root, sequence}. Sealed like every salt.
  sealed_header_salt bytea NOT NULL,
  -- All leaf hashes in order, 32 bytes each: inclusion proofs are made from them.
  leaf_hashes     bytea NOT NULL,
  state           text NOT NULL CHECK (state IN ('sealed', 'signed', 'sent', 'mined', 'final')),
  sealed_at       timestamptz(3) NOT NULL,
  block_number    bigint,
  block_time      timestamptz(3),
  final_at        timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (issuer_id, sequence),
  UNIQUE (signer, root),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id),
  CHECK (length(leaf_hashes) = size * 32)
);
CREATE INDEX batch_not_final ON batch (sealed_at) WHERE state <> 'final';
CREATE INDEX batch_newest ON batch (organisation_id, sealed_at DESC, id DESC);

CREATE TABLE leaf (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  issuer_id       uuid NOT NULL,
  kind            smallint NOT NULL CHECK (kind BETWEEN 1 AND 7),
  target_id       uuid NOT NULL,
  digest          bytea NOT NULL CHECK (length(digest) = 32),
  -- Sealed: whoever holds the salt can tell which leaf is theirs.
  sealed_salt     bytea NOT NULL,
  hash            bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  batch_id        uuid,
  position        integer,
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id),
  FOREIGN KEY (organisation_id, batch_id) REFERENCES batch (organisation_id, id),
  UNIQUE (batch_id, position),
  CHECK ((batch_id IS NULL) = (position IS NULL))
);
CREATE INDEX leaf_open ON leaf (issuer_id, created_at) WHERE batch_id IS NULL;
CREATE INDEX leaf_target ON leaf (organisation_id, target_id);

-- A leaf never leaves its batch: no edition is in two batches.
CREATE FUNCTION keep_leaf_in_batch() RETURNS trigger AS $$
BEGIN
  IF OLD.batch_id IS NOT NULL AND (NEW.batch_id, NEW.position, NEW.hash) IS DISTINCT FROM (OLD.batch_id, OLD.position, OLD.hash) THEN
    RAISE EXCEPTION 'leaf % is already in a batch', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER leaf_stays BEFORE UPDATE ON leaf FOR EACH ROW EXECUTE FUNCTION keep_leaf_in_batch();

-- What the relayer has to bring to the chain, in order.
CREATE TABLE chain_task (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  issuer_id       uuid NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('register', 'publish_key', 'anchor', 'revoke')),
  batch_id        uuid,
  -- Of `publish_key`: the issuing key whose window is told.
  key_id          uuid,
  -- Of a revocation: the positions in the batch.
  positions       integer[],
  state           text NOT NULL CHECK (state IN ('queued', 'signed', 'sent', 'mined', 'final', 'failed')),
  created_at      timestamptz(3) NOT NULL,
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  parked_at       timestamptz(3),
  last_error      text,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id),
  FOREIGN KEY (organisation_id, batch_id) REFERENCES batch (organisation_id, id),
  FOREIGN KEY (organisation_id, key_id) REFERENCES issuer_key (organisation_id, id),
  CHECK ((kind IN ('anchor', 'revoke')) = (batch_id IS NOT NULL)),
  CHECK ((kind = 'publish_key') = (key_id IS NOT NULL))
);
CREATE UNIQUE INDEX chain_task_once ON chain_task (issuer_id, kind) WHERE kind = 'register';
CREATE UNIQUE INDEX chain_task_anchor ON chain_task (batch_id) WHERE kind = 'anchor';
CREATE INDEX chain_task_open ON chain_task (created_at) WHERE state NOT IN ('final', 'failed');

-- The relayer's own nonce table. A signed transaction stands here before it is sent.
CREATE TABLE chain_transaction (
  chain_id   bigint NOT NULL,
  sender     text NOT NULL,
  nonce      bigint NOT NULL,
  bump       integer NOT NULL DEFAULT 0,
  hash       text NOT NULL UNIQUE,
  raw        text NOT NULL,
  task_id    uuid NOT NULL REFERENCES chain_task (id),
  created_at timestamptz(3) NOT NULL,
  sent_at    timestamptz(3),
  PRIMARY KEY (chain_id, sender, nonce, bump)
);
CREATE INDEX chain_transaction_task ON chain_transaction (task_id);

-- ---------------------------------------------------------------------------------------------------------------
-- Credentials

CREATE TABLE status_list (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  issuer_id       uuid NOT NULL,
  number          integer NOT NULL CHECK (number > 0),
  length          integer NOT NULL CHECK (length >= 131072),
  entries         integer NOT NULL DEFAULT 0,
  -- One bit an entry, most significant bit first. Bits only grow.
  bits            bytea NOT NULL,
  revision        integer NOT NULL DEFAULT 1,
  credential      bytea,
  signed_revision integer,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (issuer_id, number),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id),
  CHECK (length(bits) * 8 = length)
);

CREATE TABLE credential (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  award_id        uuid NOT NULL,
  issuer_id       uuid NOT NULL,
  subject_uri     text NOT NULL,
  visibility      text NOT NULL DEFAULT 'private' CHECK (visibility IN ('private', 'public')),
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, award_id),
  FOREIGN KEY (organisation_id, award_id) REFERENCES award (organisation_id, id),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id)
);

CREATE TABLE credential_edition (
  organisation_id   uuid NOT NULL,
  credential_id     uuid NOT NULL,
  edition           integer NOT NULL CHECK (edition > 0),
  state             text NOT NULL CHECK (state IN ('prepared', 'signed')),
  key_id            uuid NOT NULL,
  status_list_id    uuid NOT NULL,
  status_index      integer NOT NULL,
  -- The document as it passed every check, and then the bytes that were signed, with their proof.
  prepared          bytea NOT NULL,
  signed            bytea,
  digest            bytea CHECK (length(digest) = 32),
  leaf_id           uuid,
  prepared_at       timestamptz(3) NOT NULL,
  signed_at         timestamptz(3),
  revoked_at        timestamptz(3),
  revocation_reason text,
  PRIMARY KEY (organisation_id, credential_id, edition),
  UNIQUE (status_list_id, status_index),
  FOREIGN KEY (organisation_id, credential_id) REFERENCES credential (organisation_id, id),
  FOREIGN KEY (organisation_id, key_id) REFERENCES issuer_key (organisation_id, id),
  FOREIGN KEY (organisation_id, status_list_id) REFERENCES status_list (organisation_id, id),
  FOREIGN KEY (organisation_id, leaf_id) REFERENCES leaf (organisation_id, id),
  CHECK ((state = 'signed') = (signed IS NOT NULL AND digest IS NOT NULL AND leaf_id IS NOT NULL))
);
CREATE UNIQUE INDEX credential_edition_digest ON credential_edition (digest);

-- Signed bytes never change.
CREATE FUNCTION keep_signed_edition() RETURNS trigger AS $$
BEGIN
  IF (NEW.prepared, NEW.status_list_id, NEW.status_index) IS DISTINCT FROM (OLD.prepared, OLD.status_list_id, OLD.status_index)
     OR (OLD.signed IS NOT NULL AND (NEW.signed, NEW.digest, NEW.leaf_id) IS DISTINCT FROM (OLD.signed, OLD.digest, OLD.leaf_id)) THEN
    RAISE EXCEPTION 'edition % of credential % never changes', OLD.edition, OLD.credential_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER credential_edition_stays BEFORE UPDATE ON credential_edition FOR EACH ROW EXECUTE FUNCTION keep_signed_edition();

CREATE TABLE claim (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  award_id        uuid NOT NULL,
  token_hash      bytea NOT NULL UNIQUE,
  identifier_type text NOT NULL,
  identifier      text NOT NULL,
  state           text NOT NULL CHECK (state IN ('open', 'claimed', 'rejected', 'expired')),
  account_id      uuid REFERENCES account,
  opened_at       timestamptz(3) NOT NULL,
  expires_at      timestamptz(3) NOT NULL,
  decided_at      timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, award_id),
  FOREIGN KEY (organisation_id, award_id) REFERENCES award (organisation_id, id),
  CHECK ((state = 'claimed') = (account_id IS NOT NULL))
);
CREATE INDEX claim_account ON claim (account_id);

CREATE TABLE share_link (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  credential_id   uuid NOT NULL,
  token_hash      bytea NOT NULL UNIQUE,
  created_at      timestamptz(3) NOT NULL,
  expires_at      timestamptz(3),
  revoked_at      timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, credential_id) REFERENCES credential (organisation_id, id)
);

CREATE TABLE endorsement (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  issuer_id       uuid NOT NULL,
  target          text NOT NULL CHECK (target IN ('issuer', 'achievement_version', 'credential')),
  target_id       uuid NOT NULL,
  endorser_did    text NOT NULL,
  endorser_name   text NOT NULL,
  endorser_email  text,
  token_hash      bytea NOT NULL UNIQUE,
  state           text NOT NULL CHECK (state IN ('requested', 'viewed', 'signed', 'published', 'rejected', 'expired', 'withdrawn', 'revoked', 'stale')),
  -- The EndorsementCredential to be signed, and then with the endorser's proof.
  prepared        bytea NOT NULL,
  signed          bytea,
  digest          bytea UNIQUE CHECK (length(digest) = 32),
  leaf_id         uuid,
  requested_at    timestamptz(3) NOT NULL,
  viewed_at       timestamptz(3),
  signed_at       timestamptz(3),
  published_at    timestamptz(3),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id),
  FOREIGN KEY (organisation_id, leaf_id) REFERENCES leaf (organisation_id, id),
  CHECK ((signed IS NULL) = (digest IS NULL))
);
CREATE INDEX endorsement_target ON endorsement (organisation_id, target_id);

-- ---------------------------------------------------------------------------------------------------------------
-- Mail and audit

CREATE TABLE mail (
  organisation_id uuid REFERENCES organisation,
  id              uuid PRIMARY KEY,
  message_id      text NOT NULL UNIQUE,
  kind            text NOT NULL,
  recipient       text NOT NULL,
  subject         text NOT NULL,
  text            text NOT NULL,
  html            text NOT NULL,
  state           text NOT NULL CHECK (state IN ('waiting', 'sent', 'held', 'failed')),
  created_at      timestamptz(3) NOT NULL,
  sent_at         timestamptz(3),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  last_error      text
);
CREATE INDEX mail_waiting ON mail (created_at) WHERE state = 'waiting';
CREATE INDEX mail_newest ON mail (organisation_id, created_at DESC);

CREATE TABLE audit (
  organisation_id uuid NOT NULL,
  received_at     timestamptz(3) NOT NULL,
  id              uuid NOT NULL,
  -- `key:ID`, `account:ID` or `system`.
  actor           text NOT NULL,
  action          text NOT NULL,
  target_type     text NOT NULL,
  target_id       uuid,
  -- SHA-256 of salt and detail: the words themselves stand in audit_detail and can be erased.
  detail_digest   bytea,
  -- Assigned later, in order, by the chainer.
  sequence        bigint,
  hash            bytea,
  PRIMARY KEY (received_at, id)
) PARTITION BY RANGE (received_at);
CREATE INDEX audit_newest ON audit (organisation_id, received_at DESC, id DESC);

CREATE TABLE audit_detail (
  organisation_id uuid NOT NULL REFERENCES organisation,
  audit_id        uuid NOT NULL,
  salt            bytea NOT NULL,
  detail          jsonb NOT NULL,
  PRIMARY KEY (organisation_id, audit_id)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Partitions by month (UTC). The default partition keeps a row whose month was not made in time.

CREATE FUNCTION ensure_partitions(from_month date, months integer) RETURNS void AS $$
DECLARE
  parent text;
  month date;
BEGIN
  -- Two processes that start together must not both create one.
  PERFORM pg_advisory_xact_lock(hashtext('waarmerk.ensure_partitions'));
  FOREACH parent IN ARRAY ARRAY['event', 'decision', 'audit'] LOOP
    FOR ahead IN 0 .. months - 1 LOOP
      month := (date_trunc('month', from_month) + make_interval(months => ahead))::date;
      EXECUTE format(
        'CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        parent || '_' || to_char(month, 'YYYY_MM'), parent,
        to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
    END LOOP;
  END LOOP;
END;
$$ LANGUAGE plpgsql;
CREATE TABLE event_default PARTITION OF event DEFAULT;
CREATE TABLE decision_default PARTITION OF decision DEFAULT;
CREATE TABLE audit_default PARTITION OF audit DEFAULT;

-- ---------------------------------------------------------------------------------------------------------------
-- Row-level security. A tenant sees the rows of the organisation that its transaction names, a worker sees all.

GRANT USAGE ON SCHEMA public TO waarmerk_tenant, waarmerk_worker;

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY[
    'unit', 'membership', 'api_key', 'issuer', 'issuer_key', 'achievement', 'achievement_version', 'rule', 'rule_version',
    'source', 'subject', 'subject_identifier', 'subject_account', 'event_key', 'event', 'leaf_state', 'evaluation_timer',
    'decision', 'occurrence_key', 'award', 'batch', 'leaf', 'chain_task', 'status_list', 'credential',
    'credential_edition', 'claim', 'share_link', 'endorsement', 'mail', 'audit', 'audit_detail'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;

-- An organisation sees itself only.
ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organisation TO waarmerk_tenant USING (id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON organisation TO waarmerk_worker USING (true);

GRANT DELETE ON leaf_state, evaluation_timer TO waarmerk_tenant, waarmerk_worker;
GRANT SELECT ON organisation, file TO waarmerk_tenant;
GRANT SELECT, INSERT ON taken_slug, file TO waarmerk_tenant, waarmerk_worker;
GRANT SELECT, INSERT, UPDATE ON
  organisation, account, account_identity, session, sign_in_link, chain_transaction, idempotency_key TO waarmerk_worker;
GRANT DELETE ON idempotency_key, session, sign_in_link TO waarmerk_worker;
-- Audit rows are written once.
REVOKE UPDATE ON audit FROM waarmerk_tenant;
