-- Signing out at the provider too: which one opened a session, and its ID token as a hint of whose session it is there.
-- Locks: session, for the time of adding columns.

ALTER TABLE session
  ADD COLUMN provider text,
  -- Sealed, and gone with the session.
  ADD COLUMN id_token bytea,
  ADD CONSTRAINT session_id_token CHECK (id_token IS NULL OR provider IS NOT NULL);
