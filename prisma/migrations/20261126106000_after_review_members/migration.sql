-- Mail that somebody waits for goes first, a notification that cannot be mailed holds nobody up, and a webhook about a key
-- names its role.
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

-- The rights of a key with a role are those of the role, as with a member.
CREATE OR REPLACE FUNCTION webhook_api_key() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, NEW.unit_id,
    CASE TG_OP WHEN 'INSERT' THEN 'api_key.created' ELSE 'api_key.revoked' END,
    CASE TG_OP WHEN 'INSERT' THEN NEW.created_at ELSE NEW.revoked_at END,
    jsonb_strip_nulls(jsonb_build_object('apiKeyId', NEW.id, 'unitId', NEW.unit_id, 'roleId', NEW.role_id,
      'rights', CASE WHEN NEW.role_id IS NULL THEN to_jsonb(NEW.rights) END)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
