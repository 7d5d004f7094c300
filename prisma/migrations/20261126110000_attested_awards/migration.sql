-- Badges that several organisations grant together, by the contract AttestedAward: docs/attested-awards.md.
--
-- Locks: chain_task, for the time of adding a column and reading its rows once for two checks.

-- An on-chain rule in which an organisation takes part. Its hash is its name, the same for all who take part.
CREATE TABLE attested_rule (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  -- On whose unit rights are asked for, and whose key may attest here.
  issuer_id       uuid NOT NULL,
  name            text NOT NULL,
  rule_hash       bytea NOT NULL CHECK (length(rule_hash) = 32),
  -- As the contract takes it, and what its criteria say in words where that is known.
  rule            jsonb NOT NULL,
  statements      jsonb NOT NULL,
  -- Seconds since 1970, as in the rule: from then on nothing counts.
  closes_at       bigint NOT NULL,
  -- Where the contract stands for which its signatures count.
  chain_id        bigint NOT NULL,
  contract        text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, chain_id, contract, rule_hash),
  FOREIGN KEY (organisation_id, issuer_id) REFERENCES issuer (organisation_id, id)
);
CREATE INDEX attested_rule_newest ON attested_rule (organisation_id, created_at DESC, id DESC);
CREATE INDEX attested_rule_hash ON attested_rule (rule_hash);

-- A person in such a rule: the commitment that stands for them on chain, and what the contract has said of it.
CREATE TABLE attested_case (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  rule_id         uuid NOT NULL,
  subject_id      uuid NOT NULL,
  commitment      bytea NOT NULL CHECK (length(commitment) = 32),
  sealed_salt     bytea NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  -- The seats on which an attestation stands, up to and with a final block; none has been looked at while that is null.
  standing        integer[] NOT NULL DEFAULT '{}',
  as_of_block     bigint,
  awarded_at      timestamptz(3),
  -- The fact that the award was entered as.
  event_id        uuid UNIQUE,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, rule_id, subject_id),
  UNIQUE (organisation_id, rule_id, commitment),
  FOREIGN KEY (organisation_id, rule_id) REFERENCES attested_rule (organisation_id, id),
  FOREIGN KEY (organisation_id, subject_id) REFERENCES subject (organisation_id, id),
  CHECK (event_id IS NULL OR awarded_at IS NOT NULL)
);
CREATE INDEX attested_case_newest ON attested_case (organisation_id, rule_id, created_at DESC, id DESC);
CREATE INDEX attested_case_open ON attested_case (rule_id) WHERE awarded_at IS NULL;
CREATE INDEX attested_case_unentered ON attested_case (awarded_at) WHERE awarded_at IS NOT NULL AND event_id IS NULL;

-- What an attester has signed, to be delivered by our relayer.
CREATE TABLE attested_message (
  organisation_id uuid NOT NULL,
  id              uuid NOT NULL UNIQUE,
  case_id         uuid NOT NULL,
  act             text NOT NULL CHECK (act IN ('attest', 'withdraw')),
  criterion       integer NOT NULL CHECK (criterion BETWEEN 0 AND 255),
  attester        text NOT NULL,
  -- Seconds since 1970, as they were signed.
  said_at         bigint NOT NULL,
  deadline        bigint NOT NULL,
  signature       bytea NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, case_id, act, criterion, attester, said_at),
  FOREIGN KEY (organisation_id, case_id) REFERENCES attested_case (organisation_id, id)
);

-- How far the events of a contract have been read: up to and with this block, which was final then.
CREATE TABLE chain_cursor (
  chain_id   bigint NOT NULL,
  contract   text NOT NULL,
  block      bigint NOT NULL CHECK (block >= 0),
  block_time timestamptz(3) NOT NULL,
  PRIMARY KEY (chain_id, contract)
);
GRANT SELECT, INSERT, UPDATE ON chain_cursor TO waarmerk_worker;

ALTER TABLE chain_task
  ADD COLUMN attested_message_id uuid,
  DROP CONSTRAINT chain_task_kind_check,
  ADD CONSTRAINT chain_task_kind_check
    CHECK (kind IN ('register', 'publish_key', 'anchor', 'revoke', 'attest', 'withdraw')),
  ADD CONSTRAINT chain_task_attested_check
    CHECK ((kind IN ('attest', 'withdraw')) = (attested_message_id IS NOT NULL)),
  ADD FOREIGN KEY (organisation_id, attested_message_id) REFERENCES attested_message (organisation_id, id);
CREATE UNIQUE INDEX chain_task_attested ON chain_task (attested_message_id);

-- Which transaction delivers a task is public on the chain; of the relayer's table a tenant sees that and nothing else.
CREATE FUNCTION transactions_of(tasks uuid[]) RETURNS TABLE (task_id uuid, hash text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT DISTINCT ON (task_id) task_id, hash FROM chain_transaction
    WHERE task_id = ANY(tasks) ORDER BY task_id, nonce DESC, bump DESC
  $$;
REVOKE ALL ON FUNCTION transactions_of(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION transactions_of(uuid[]) TO waarmerk_tenant, waarmerk_worker;

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['attested_rule', 'attested_case', 'attested_message'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
