-- What a mail is about, and since when it is known that it did not arrive, so that this is seen where it matters.
-- Locks: mail, for the time of adding columns and an index.

ALTER TABLE mail
  -- An invitation, a direct award or an award. The newest mail about it counts.
  ADD COLUMN about_id   uuid,
  -- When it was held, failed, or came back.
  ADD COLUMN stopped_at timestamptz(3);
UPDATE mail SET about_id = substring(message_id FROM '^<direct-award\.([0-9a-f-]{36})\.')::uuid
WHERE message_id LIKE '<direct-award.%';
CREATE INDEX mail_about ON mail (organisation_id, about_id, created_at DESC) WHERE about_id IS NOT NULL;
