-- Mail of one organisation holds up nobody else's: they take turns. And an invitation knows whether it was made for a mandate
-- alone, with which it then goes.
-- Locks: mail against writes while what waits is indexed; invitation for a moment. Invitations that are there already count
-- as made for another reason: they stay open until somebody withdraws them.

CREATE INDEX mail_turn ON mail (coalesce(organisation_id, '00000000-0000-0000-0000-000000000000'::uuid), created_at)
  WHERE state = 'waiting';

ALTER TABLE invitation ADD COLUMN for_mandate boolean NOT NULL DEFAULT false;
