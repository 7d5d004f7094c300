-- Of several processes that renew the tokens of a connection one does: a refresh token that comes to a host twice ends
-- everything at many a host. Locks host_connection for a moment.
ALTER TABLE host_connection
  -- Until then whoever wrote this may be asking for new tokens; afterwards another takes it up.
  ADD COLUMN renewing_until timestamptz(3),
  ADD CHECK (renewing_until IS NULL OR state = 'connected');
