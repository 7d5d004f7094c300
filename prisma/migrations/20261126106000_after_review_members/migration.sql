-- Mail that somebody waits for goes first, and a notification that cannot be mailed holds nobody up.
-- Locks: mail against writes while what waits is indexed; notification for a moment, and it is read once for its constraint.

-- Of some kinds the oldest that waits.
CREATE INDEX mail_waiting_kind ON mail (kind, created_at) WHERE state = 'waiting';

-- `parked`: no mail could be made of it, and why. It stands in the application all the same.
ALTER TABLE notification ADD COLUMN mail_error text;
ALTER TABLE notification DROP CONSTRAINT notification_mail_check;
ALTER TABLE notification
  ADD CONSTRAINT notification_mail_check CHECK (mail IN ('open', 'none', 'mailed', 'daily', 'weekly', 'parked')),
  ADD CONSTRAINT notification_parked CHECK ((mail = 'parked') = (mail_error IS NOT NULL));
CREATE INDEX notification_parked ON notification (organisation_id) WHERE mail = 'parked';
