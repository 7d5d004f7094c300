-- The Open Badges API: applications that an earner lets in, hosts that an earner connects to, badges offered to wallets.
-- See docs/open-badges-api.md. Accounts belong to no organisation, so neither does any of it: the worker's role alone
-- reaches it. Locks nothing.

-- What the authorization server keeps: clients, grants, codes, tokens, and requests that are under way. Of a secret (a code, a token)
-- only its hash is a key; what is kept with it is sealed under the master key.
CREATE TABLE oauth_record (
  id          uuid PRIMARY KEY,
  model       text NOT NULL CHECK (model ~ '^[A-Za-z]{1,60}$'),
  key_hash    bytea NOT NULL CHECK (length(key_hash) = 32),
  sealed      bytea NOT NULL,
  -- Of the grant that it belongs to.
  grant_hash  bytea CHECK (length(grant_hash) = 32),
  -- Of the client that it belongs to; of a client, its own.
  client_hash bytea CHECK (length(client_hash) = 32),
  account_id  uuid REFERENCES account,
  created_at  timestamptz(3) NOT NULL,
  expires_at  timestamptz(3),
  consumed_at timestamptz(3),
  UNIQUE (model, key_hash)
);
CREATE INDEX oauth_record_grant ON oauth_record (grant_hash);
CREATE INDEX oauth_record_client ON oauth_record (client_hash);
CREATE INDEX oauth_record_account ON oauth_record (account_id);
CREATE INDEX oauth_record_over ON oauth_record (expires_at);

-- What an earner, or an application for them, has written about them. Nothing of it is proven.
CREATE TABLE account_profile (
  account_id uuid PRIMARY KEY REFERENCES account,
  profile    jsonb NOT NULL,
  changed_at timestamptz(3) NOT NULL
);

-- Another backpack or wallet that an earner has connected this one to.
CREATE TABLE host_connection (
  id           uuid PRIMARY KEY,
  account_id   uuid NOT NULL REFERENCES account,
  base_url     text NOT NULL,
  -- What it calls itself.
  name         text NOT NULL,
  state        text NOT NULL CHECK (state IN ('asked', 'connected', 'lost', 'ended')),
  -- What its description says: addresses and scopes.
  description  jsonb NOT NULL,
  scopes       text[] NOT NULL,
  -- Of the round trip that is under way.
  state_hash   bytea UNIQUE CHECK (length(state_hash) = 32),
  -- The secrets of the connection: those of the client, and the tokens.
  sealed       bytea,
  created_at   timestamptz(3) NOT NULL,
  expires_at   timestamptz(3),
  connected_at timestamptz(3),
  fetched_at   timestamptz(3),
  ended_at     timestamptz(3),
  CHECK ((state = 'asked') = (state_hash IS NOT NULL)),
  CHECK ((state = 'asked') = (expires_at IS NOT NULL)),
  CHECK ((state = 'ended') = (sealed IS NULL)),
  CHECK ((state = 'ended') = (ended_at IS NOT NULL))
);
CREATE INDEX host_connection_account ON host_connection (account_id, created_at DESC);

-- A badge that its earner offers to a wallet (OpenID4VCI). Of its secrets only hashes are kept.
CREATE TABLE wallet_offer (
  id            uuid PRIMARY KEY,
  account_id    uuid NOT NULL REFERENCES account,
  credential_id uuid NOT NULL REFERENCES credential (id),
  state         text NOT NULL CHECK (state IN ('offered', 'opened', 'taken', 'withdrawn')),
  code_hash     bytea NOT NULL UNIQUE CHECK (length(code_hash) = 32),
  pin_hash      bytea CHECK (length(pin_hash) = 32),
  -- Wrong pins so far.
  attempts      integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  token_hash    bytea UNIQUE CHECK (length(token_hash) = 32),
  created_at    timestamptz(3) NOT NULL,
  -- Of the code; once it is opened, of the token.
  expires_at    timestamptz(3) NOT NULL,
  taken_at      timestamptz(3),
  CHECK ((state IN ('opened', 'taken')) = (token_hash IS NOT NULL)),
  CHECK ((state = 'taken') = (taken_at IS NOT NULL))
);
CREATE INDEX wallet_offer_account ON wallet_offer (account_id, created_at DESC);

GRANT SELECT, INSERT, UPDATE, DELETE ON oauth_record, account_profile, host_connection, wallet_offer TO waarmerk_worker;
