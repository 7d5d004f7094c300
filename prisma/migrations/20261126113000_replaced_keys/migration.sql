-- A stolen anchoring key is cut off, and another one goes on in its place: docs/stolen-key.md.
-- Locks: chain_task, for the time of reading its rows once for two checks.
ALTER TABLE chain_task
  DROP CONSTRAINT chain_task_kind_check,
  ADD CONSTRAINT chain_task_kind_check
    CHECK (kind IN ('register', 'publish_key', 'grant_key', 'cut_off', 'anchor', 'revoke', 'attest', 'withdraw')),
  DROP CONSTRAINT chain_task_check1,
  ADD CONSTRAINT chain_task_key_check
    CHECK ((kind IN ('publish_key', 'grant_key', 'cut_off')) = (key_id IS NOT NULL));
