-- Several identities of one person: sign-in by OpenID Connect, proofs by code, accounts that become one, and badges that
-- were sent to another identifier of their earner. See docs/adr/0033-identities.md.
-- Locks: `account_identity` while it is written anew (each row gets an id of its own); `account` for a moment.

-- An account that became part of another: it has no identity and no session any more, and its id stays in the trail.
ALTER TABLE account
  ADD COLUMN merged_into uuid REFERENCES account,
  ADD COLUMN merged_at   timestamptz(3),
  ADD CONSTRAINT account_merged CHECK ((merged_into IS NULL) = (merged_at IS NULL) AND merged_into IS DISTINCT FROM id);
CREATE INDEX account_merged_into ON account (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE account_identity
  ADD COLUMN id         uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  ADD COLUMN is_primary boolean NOT NULL DEFAULT false,
  -- The sign-in provider by which it was proven; null where that was a mail.
  ADD COLUMN provider   text,
  ADD CONSTRAINT account_identity_primary_email CHECK (NOT is_primary OR type = 'email');
CREATE UNIQUE INDEX account_identity_primary ON account_identity (account_id) WHERE is_primary;

-- One round trip to a provider. What the browser keeps secret, and what is derived from it (nonce, code verifier), is
-- not here: a copy of this table opens nothing.
CREATE TABLE sign_in_attempt (
  state_hash   bytea PRIMARY KEY,
  browser_hash bytea NOT NULL,
  provider     text NOT NULL,
  -- Whoever adds an identity to their account; null where somebody signs in.
  account_id   uuid REFERENCES account,
  return_to    text NOT NULL,
  language     text NOT NULL,
  created_at   timestamptz(3) NOT NULL,
  expires_at   timestamptz(3) NOT NULL,
  used_at      timestamptz(3)
);
CREATE INDEX sign_in_attempt_over ON sign_in_attempt (expires_at);

-- A code that was mailed to prove an address.
CREATE TABLE identity_code (
  id         uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES account,
  type       text NOT NULL,
  value      text NOT NULL,
  code_hash  bytea NOT NULL,
  attempts   smallint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  used_at    timestamptz(3)
);
CREATE INDEX identity_code_newest ON identity_code (type, value, created_at DESC);
CREATE INDEX identity_code_account ON identity_code (account_id, created_at DESC);

-- Somebody has proven an identity of a second account, and may make the two one.
CREATE TABLE account_merge (
  id           uuid PRIMARY KEY,
  into_account uuid NOT NULL REFERENCES account,
  from_account uuid NOT NULL REFERENCES account,
  -- The identity of `from_account` that was proven.
  type         text NOT NULL,
  value        text NOT NULL,
  created_at   timestamptz(3) NOT NULL,
  expires_at   timestamptz(3) NOT NULL,
  done_at      timestamptz(3),
  CHECK (into_account <> from_account)
);

-- What happened to an account, for its owner to read: it belongs to no organisation, so no audit trail has it.
CREATE TABLE account_event (
  account_id uuid NOT NULL REFERENCES account,
  id         uuid NOT NULL,
  at         timestamptz(3) NOT NULL,
  action     text NOT NULL,
  detail     jsonb NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- A badge went to one identifier and its earner signs in with another: the awarder is asked.
CREATE TABLE claim_confirmation (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  claim_id        uuid NOT NULL,
  account_id      uuid NOT NULL REFERENCES account,
  -- The identity that the earner shows to the awarder, where they are written to, and in which language.
  identifier_type text NOT NULL,
  identifier      text NOT NULL,
  contact         text,
  language        text NOT NULL,
  message         text,
  state           text NOT NULL CHECK (state IN ('asked', 'confirmed', 'refused', 'withdrawn', 'expired')),
  asked_at        timestamptz(3) NOT NULL,
  expires_at      timestamptz(3) NOT NULL,
  decided_at      timestamptz(3),
  -- As in the audit trail.
  decided_by      text,
  reason          text,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, claim_id) REFERENCES claim (organisation_id, id),
  CHECK ((state = 'asked') = (decided_at IS NULL)),
  CHECK (state NOT IN ('confirmed', 'refused') OR decided_by IS NOT NULL),
  CHECK (state <> 'refused' OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX claim_confirmation_open ON claim_confirmation (organisation_id, claim_id, account_id) WHERE state = 'asked';
CREATE UNIQUE INDEX claim_confirmation_confirmed ON claim_confirmation (organisation_id, claim_id) WHERE state = 'confirmed';
CREATE INDEX claim_confirmation_account ON claim_confirmation (account_id, asked_at DESC);
CREATE INDEX claim_confirmation_newest ON claim_confirmation (organisation_id, asked_at DESC, id DESC);

ALTER TABLE claim_confirmation ENABLE ROW LEVEL SECURITY;
ALTER TABLE claim_confirmation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON claim_confirmation TO waarmerk_tenant USING (organisation_id = nullif(current_setting('waarmerk.organisation', true), '')::uuid);
CREATE POLICY worker ON claim_confirmation TO waarmerk_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON claim_confirmation TO waarmerk_tenant, waarmerk_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_attempt, identity_code TO waarmerk_worker;
GRANT SELECT, INSERT, UPDATE ON account_merge TO waarmerk_worker;
GRANT SELECT, INSERT ON account_event TO waarmerk_worker;
GRANT DELETE ON account_identity, membership, subject_account TO waarmerk_worker;

-- Whose hand a hand was is asked by tenants too: they see which account became which, and nothing else of accounts.
CREATE FUNCTION merged_accounts(accounts uuid[]) RETURNS TABLE (id uuid, merged_into uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT account.id, account.merged_into FROM account WHERE account.id = ANY(accounts) AND account.merged_into IS NOT NULL $$;
REVOKE ALL ON FUNCTION merged_accounts(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION merged_accounts(uuid[]) TO waarmerk_tenant, waarmerk_worker;
