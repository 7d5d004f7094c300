-- Mail of one organisation holds up nobody else's: they take turns.
-- Locks: mail against writes while what waits is indexed.

CREATE INDEX mail_turn ON mail (coalesce(organisation_id, '00000000-0000-0000-0000-000000000000'::uuid), created_at)
  WHERE state = 'waiting';
