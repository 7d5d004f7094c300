-- Badges are fetched from a connected host step by step, by a worker; a token of an application ends with its grant; offers to
-- wallets that are over are found. Like all of the Open Badges API it belongs to accounts, so the worker's role alone
-- reaches it. Locks host_connection, imported_badge, oauth_record and wallet_offer for a moment.

-- What is known of the last time that everything was fetched: the moment there, and how many badges there were.
ALTER TABLE host_connection
  ADD COLUMN fetched_since timestamptz(3),
  ADD COLUMN fetched_total integer CHECK (fetched_total >= 0);

-- Of a connection the last fetch, which is open or over.
CREATE TABLE host_fetch (
  id            uuid PRIMARY KEY,
  connection_id uuid NOT NULL UNIQUE REFERENCES host_connection,
  state         text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  -- Only what was issued there after this moment; NULL: everything.
  since         timestamptz(3),
  -- Where it goes on in the list of the host, and how much it asks for at a time.
  next_offset   integer NOT NULL CHECK (next_offset >= 0),
  page_size     integer NOT NULL CHECK (page_size > 0),
  -- How many there are, as the host says.
  total         integer CHECK (total >= 0),
  created       integer NOT NULL CHECK (created >= 0),
  replaced      integer NOT NULL CHECK (replaced >= 0),
  known         integer NOT NULL CHECK (known >= 0),
  -- Codes of problems, and how many badges they are about.
  refused       jsonb NOT NULL,
  -- What the clock of the host said when the first page came.
  host_time     timestamptz(3),
  -- Failures in a row.
  attempts      integer NOT NULL CHECK (attempts >= 0),
  error_code    text,
  error_reason  text,
  created_at    timestamptz(3) NOT NULL,
  started_at    timestamptz(3),
  finished_at   timestamptz(3),
  -- Not to be taken up before: also while a worker holds it.
  next_at       timestamptz(3) NOT NULL,
  CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CHECK ((state = 'failed') = (error_code IS NOT NULL))
);
CREATE INDEX host_fetch_due ON host_fetch (next_at) WHERE state IN ('queued', 'running');
GRANT SELECT, INSERT, UPDATE, DELETE ON host_fetch TO waarmerk_worker;

-- Issuer and id of a badge, as the Open Badges API compares them: SHA-256. Those that were kept before have none yet.
ALTER TABLE imported_badge ADD COLUMN same_hash bytea CHECK (length(same_hash) = 32);
CREATE INDEX imported_badge_same ON imported_badge (account_id, same_hash);

-- A code or a token never outlives its grant. Whoever writes one locks the grant (the foreign key), and whoever withdraws the
-- grant takes everything along that was written before.
DELETE FROM oauth_record token
WHERE token.model IN ('AuthorizationCode', 'AccessToken', 'RefreshToken') AND NOT EXISTS (
  SELECT 1 FROM oauth_record given WHERE given.model = 'Grant' AND given.key_hash = token.grant_hash);
ALTER TABLE oauth_record
  ADD COLUMN grant_model text GENERATED ALWAYS AS (
    CASE WHEN model IN ('AuthorizationCode', 'AccessToken', 'RefreshToken') THEN 'Grant' END
  ) STORED,
  ADD CHECK (grant_model IS NULL OR grant_hash IS NOT NULL),
  ADD FOREIGN KEY (grant_model, grant_hash) REFERENCES oauth_record (model, key_hash) ON DELETE CASCADE;

CREATE INDEX wallet_offer_over ON wallet_offer (expires_at);
