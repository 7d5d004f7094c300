-- Notifications: how mails are worded, what people are told, how they want to be told, and mail that comes back.
-- See docs/adr/0038-notifications.md.
-- Locks: mail, award, claim_confirmation, achievement_version, key_change_request, webhook_endpoint, rule and invitation
-- for a moment each, as a column or a trigger is added; nothing is rewritten.

-- How an organisation words a kind of mail. Without a row, or with one that was reset, our own words count.
CREATE TABLE mail_template (
  organisation_id uuid NOT NULL REFERENCES organisation,
  kind            text NOT NULL,
  language        text NOT NULL CHECK (language IN ('nl', 'en')),
  -- Null: reset. The row stays, so that no revision comes twice.
  subject         text,
  text            text,
  revision        integer NOT NULL,
  changed_at      timestamptz(3) NOT NULL,
  PRIMARY KEY (organisation_id, kind, language),
  CHECK ((subject IS NULL) = (text IS NULL))
);

-- Where a mail that may be turned off is turned off (RFC 8058); null for one that may not.
ALTER TABLE mail ADD COLUMN unsubscribe_url text;

-- Why a mail is held or failed, where it is.
ALTER TABLE mail ADD COLUMN reason text;

-- Addresses to which nothing is sent, until their owner proves them again.
CREATE TABLE mail_block (
  -- Null: our own mail server was told so, which counts for everybody. A report that an organisation hands in counts for its
  -- own mails, so that none can keep another's away from somebody.
  organisation_id uuid REFERENCES organisation,
  id              uuid PRIMARY KEY,
  -- In lower case.
  address         text NOT NULL,
  reason          text NOT NULL CHECK (reason IN ('refused', 'bounced')),
  -- What the other side answered: `550`, `5.1.1`.
  status          text NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  UNIQUE NULLS NOT DISTINCT (organisation_id, address)
);
CREATE INDEX mail_block_address ON mail_block (address);
CREATE INDEX mail_held ON mail (lower(recipient)) WHERE state = 'held' AND reason IS NOT NULL;

-- What somebody is told. Worded when it is read, in their language, from kind and data.
CREATE TABLE notification (
  organisation_id uuid NOT NULL REFERENCES organisation,
  id              uuid NOT NULL UNIQUE,
  account_id      uuid NOT NULL REFERENCES account,
  kind            text NOT NULL,
  data            jsonb NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  read_at         timestamptz(3),
  -- Whether it goes out by mail: not decided yet; not at all; it has gone out; it waits for a digest.
  mail            text NOT NULL DEFAULT 'open' CHECK (mail IN ('open', 'none', 'mailed', 'daily', 'weekly')),
  PRIMARY KEY (organisation_id, id)
);
CREATE INDEX notification_newest ON notification (account_id, created_at DESC, id DESC);
CREATE INDEX notification_unread ON notification (account_id) WHERE read_at IS NULL;
CREATE INDEX notification_open ON notification (created_at) WHERE mail = 'open';
CREATE INDEX notification_digest ON notification (account_id) WHERE mail IN ('daily', 'weekly');
CREATE INDEX notification_old ON notification (created_at);

-- How somebody wants to be told of a kind, where that differs from what everybody is told.
CREATE TABLE notification_preference (
  account_id uuid NOT NULL REFERENCES account,
  kind       text NOT NULL,
  in_app     boolean NOT NULL,
  email      text NOT NULL CHECK (email IN ('at_once', 'daily', 'weekly', 'off')),
  PRIMARY KEY (account_id, kind)
);

-- When digests are made for somebody, in their own time zone.
CREATE TABLE digest_setting (
  account_id uuid PRIMARY KEY REFERENCES account,
  time_zone  text NOT NULL,
  hour       smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
  -- 1 is Monday.
  weekday    smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7)
);

-- Made once for each account and period, whoever looks and however often.
CREATE TABLE digest (
  account_id uuid NOT NULL REFERENCES account,
  cadence    text NOT NULL CHECK (cadence IN ('daily', 'weekly')),
  -- The day, in the time zone of its reader.
  period     date NOT NULL,
  -- Null where nothing waited.
  mail_id    uuid,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (account_id, cadence, period)
);
GRANT SELECT, INSERT, UPDATE ON notification_preference, digest_setting, digest TO waarmerk_worker;
GRANT DELETE ON notification_preference, digest_setting, digest TO waarmerk_worker;

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['mail_template', 'notification', 'mail_block'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO waarmerk_tenant USING (organisation_id = nullif(current_setting(''waarmerk.organisation'', true), '''')::uuid)',
      tenant_table);
    EXECUTE format('CREATE POLICY worker ON %I TO waarmerk_worker USING (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO waarmerk_tenant, waarmerk_worker', tenant_table);
  END LOOP;
END $$;
-- Notifications are kept for 90 days; a block goes with a proof.
GRANT DELETE ON notification, mail_block TO waarmerk_worker;

-- ---------------------------------------------------------------------------------------------------------------
-- Who is told, where it happens: whoever moves a row cannot forget it, and it stands there exactly when the move does.

-- `of_unit` null: the whole organisation. Tells everybody who holds the right there or above, but `not_account`, once.
CREATE FUNCTION notify_holders(of_organisation uuid, of_unit uuid, needed text, told_kind text, told_data jsonb, not_actor text)
RETURNS integer AS $$
DECLARE
  reached integer;
BEGIN
  WITH RECURSIVE path (id, parent_id) AS (
    SELECT unit.id, unit.parent_id FROM unit
    WHERE unit.organisation_id = of_organisation
      AND CASE WHEN of_unit IS NULL THEN unit.parent_id IS NULL ELSE unit.id = of_unit END
    UNION ALL
    SELECT above.id, above.parent_id FROM unit above JOIN path ON above.id = path.parent_id
    WHERE above.organisation_id = of_organisation
  )
  INSERT INTO notification (organisation_id, id, account_id, kind, data, created_at)
  SELECT of_organisation, gen_random_uuid(), holder.account_id, told_kind, jsonb_strip_nulls(told_data), now()
  FROM (
    SELECT DISTINCT membership.account_id FROM membership
    JOIN path ON path.id = membership.unit_id
    LEFT JOIN role ON role.organisation_id = membership.organisation_id AND role.id = membership.role_id
    WHERE membership.organisation_id = of_organisation AND needed = ANY(coalesce(role.rights, membership.rights))
  ) AS holder
  WHERE 'account:' || holder.account_id IS DISTINCT FROM not_actor;
  GET DIAGNOSTICS reached = ROW_COUNT;
  RETURN reached;
END;
$$ LANGUAGE plpgsql;

CREATE FUNCTION notify_account(of_organisation uuid, to_account uuid, told_kind text, told_data jsonb) RETURNS void AS $$
  INSERT INTO notification (organisation_id, id, account_id, kind, data, created_at)
  -- To the account that it has become.
  SELECT of_organisation, gen_random_uuid(),
         coalesce((SELECT merged.merged_into FROM merged_accounts(ARRAY[to_account]) AS merged), to_account),
         told_kind, jsonb_strip_nulls(told_data), now()
$$ LANGUAGE sql;

-- The name of an achievement in every language that it has.
CREATE FUNCTION notify_name(of_organisation uuid, of_version uuid) RETURNS jsonb AS $$
  SELECT definition -> 'name' FROM achievement_version WHERE organisation_id = of_organisation AND id = of_version
$$ LANGUAGE sql STABLE;

CREATE FUNCTION notify_award() RETURNS trigger AS $$
DECLARE
  about jsonb := jsonb_build_object('awardId', NEW.id, 'achievement', notify_name(NEW.organisation_id, NEW.achievement_version_id));
  holder uuid;
BEGIN
  IF NEW.state = 'awaiting_approval' THEN
    PERFORM notify_holders(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id), 'award',
                           'award-waiting', about, NULL);
    RETURN NULL;
  END IF;
  SELECT account_id INTO holder FROM claim
  WHERE organisation_id = NEW.organisation_id AND award_id = NEW.id AND state = 'claimed';
  IF holder IS NOT NULL THEN
    PERFORM notify_account(NEW.organisation_id, holder, 'badge-' || NEW.state, about || jsonb_build_object('reason', NEW.reason));
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_award_made AFTER INSERT ON award FOR EACH ROW
  WHEN (NEW.state = 'awaiting_approval')
  EXECUTE FUNCTION notify_award();
CREATE TRIGGER notify_award_moved AFTER UPDATE ON award FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('awaiting_approval', 'revoked', 'expired'))
  EXECUTE FUNCTION notify_award();

CREATE FUNCTION notify_review() RETURNS trigger AS $$
BEGIN
  PERFORM notify_holders(NEW.organisation_id, webhook_achievement_unit(NEW.organisation_id, NEW.achievement_id), 'award',
    'achievement-review', jsonb_build_object('achievementId', NEW.achievement_id, 'version', NEW.version,
                                             'achievement', NEW.definition -> 'name'), NULL);
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_review_waits AFTER UPDATE ON achievement_version FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state = 'in_review')
  EXECUTE FUNCTION notify_review();

CREATE FUNCTION notify_key_change() RETURNS trigger AS $$
BEGIN
  PERFORM notify_holders(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id), 'administer',
    'key-change-asked', jsonb_build_object('issuerId', NEW.issuer_id,
      'issuer', (SELECT name FROM issuer WHERE organisation_id = NEW.organisation_id AND id = NEW.issuer_id)),
    NEW.requested_by);
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_key_change_asked AFTER INSERT ON key_change_request FOR EACH ROW
  EXECUTE FUNCTION notify_key_change();

CREATE FUNCTION notify_webhook() RETURNS trigger AS $$
BEGIN
  PERFORM notify_holders(NEW.organisation_id, NEW.unit_id, 'administer', 'webhook-disabled',
    jsonb_build_object('webhookId', NEW.id, 'host', substring(NEW.url FROM '^[a-z]+://([^/?#]+)'),
                       'gone', NEW.disabled_reason = 'gone'), NULL);
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_webhook_disabled AFTER UPDATE ON webhook_endpoint FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state = 'disabled' AND NEW.disabled_reason IN ('gone', 'failing'))
  EXECUTE FUNCTION notify_webhook();

-- The question to whoever may award; where nobody may, to whoever administers the organisation. The answer to whoever asked.
CREATE FUNCTION notify_confirmation() RETURNS trigger AS $$
DECLARE
  about record;
  told jsonb;
BEGIN
  SELECT claim.identifier AS sent_to, award.issuer_id, notify_name(award.organisation_id, award.achievement_version_id) AS name,
         issuer.name AS issuer, issuer.unit_id
  INTO about
  FROM claim JOIN award ON award.organisation_id = claim.organisation_id AND award.id = claim.award_id
  JOIN issuer ON issuer.organisation_id = award.organisation_id AND issuer.id = award.issuer_id
  WHERE claim.organisation_id = NEW.organisation_id AND claim.id = NEW.claim_id;
  told := jsonb_build_object('confirmationId', NEW.id, 'achievement', about.name, 'issuer', about.issuer);
  IF TG_OP = 'UPDATE' THEN
    PERFORM notify_account(NEW.organisation_id, NEW.account_id, 'confirmation-decided',
      told || jsonb_build_object('confirmed', NEW.state = 'confirmed', 'reason', NEW.reason));
    RETURN NULL;
  END IF;
  told := told || jsonb_build_object('shown', NEW.identifier, 'sentTo', about.sent_to);
  IF notify_holders(NEW.organisation_id, about.unit_id, 'award', 'confirmation-asked', told, NULL) = 0 THEN
    PERFORM notify_holders(NEW.organisation_id, NULL, 'administer', 'confirmation-asked', told, NULL);
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_confirmation_asked AFTER INSERT ON claim_confirmation FOR EACH ROW
  EXECUTE FUNCTION notify_confirmation();
CREATE TRIGGER notify_confirmation_decided AFTER UPDATE ON claim_confirmation FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('confirmed', 'refused'))
  EXECUTE FUNCTION notify_confirmation();

CREATE FUNCTION notify_silence() RETURNS trigger AS $$
BEGIN
  PERFORM notify_holders(NEW.organisation_id, NULL, 'administer', 'rule-silent',
    jsonb_build_object('ruleId', NEW.id, 'name', NEW.name, 'days', coalesce(
      (SELECT dead_rule_days FROM organisation_setting WHERE organisation_id = NEW.organisation_id), 30)), NULL);
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_rule_silent AFTER UPDATE ON rule FOR EACH ROW
  WHEN (NEW.silence_told_at IS NOT NULL AND OLD.silence_told_at IS DISTINCT FROM NEW.silence_told_at)
  EXECUTE FUNCTION notify_silence();

CREATE FUNCTION notify_invitation() RETURNS trigger AS $$
BEGIN
  IF NEW.invited_by LIKE 'account:%' THEN
    PERFORM notify_account(NEW.organisation_id, substring(NEW.invited_by FROM 9)::uuid, 'invitation-' || NEW.state,
      jsonb_build_object('invitationId', NEW.id, 'address', NEW.address));
  END IF;
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER notify_invitation_answered AFTER UPDATE ON invitation FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('accepted', 'declined'))
  EXECUTE FUNCTION notify_invitation();

-- ---------------------------------------------------------------------------------------------------------------
-- What webhooks were not told of yet: issuers and their keys, members, roles, invitations.

CREATE FUNCTION webhook_issuer() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, NEW.unit_id,
    CASE TG_OP WHEN 'INSERT' THEN 'issuer.created' ELSE 'issuer.' || NEW.state END, now(),
    jsonb_build_object('issuerId', NEW.id, 'unitId', NEW.unit_id, 'state', NEW.state));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_issuer_created AFTER INSERT ON issuer FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_issuer();
CREATE TRIGGER webhook_issuer_moved AFTER UPDATE ON issuer FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('verified', 'closed') AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_issuer();

CREATE FUNCTION webhook_issuer_key() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id),
    CASE TG_OP WHEN 'INSERT' THEN 'issuer.key_created' ELSE 'issuer.key_' || NEW.state END, now(),
    jsonb_build_object('issuerId', NEW.issuer_id, 'keyId', NEW.id, 'purpose', NEW.purpose, 'state', NEW.state));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_issuer_key_created AFTER INSERT ON issuer_key FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_issuer_key();
CREATE TRIGGER webhook_issuer_key_ended AFTER UPDATE ON issuer_key FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('retired', 'compromised') AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_issuer_key();

CREATE FUNCTION webhook_key_change() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, webhook_issuer_unit(NEW.organisation_id, NEW.issuer_id),
    'issuer.key_change_asked', NEW.created_at, jsonb_build_object('issuerId', NEW.issuer_id, 'keyChangeId', NEW.id));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_key_change_asked AFTER INSERT ON key_change_request FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_key_change();

-- That there is a member more or less, and what they may do; not who they are.
CREATE FUNCTION webhook_member() RETURNS trigger AS $$
DECLARE
  member membership := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM webhook_tell(member.organisation_id, member.unit_id,
    CASE TG_OP WHEN 'INSERT' THEN 'member.added' WHEN 'DELETE' THEN 'member.removed' ELSE 'member.changed' END, now(),
    jsonb_strip_nulls(jsonb_build_object('memberId', member.id, 'unitId', member.unit_id, 'roleId', member.role_id,
      'rights', CASE WHEN member.role_id IS NULL THEN to_jsonb(member.rights) END)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_member_added AFTER INSERT ON membership FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_member();
CREATE TRIGGER webhook_member_changed AFTER UPDATE ON membership FOR EACH ROW
  WHEN ((OLD.rights, OLD.role_id) IS DISTINCT FROM (NEW.rights, NEW.role_id) AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_member();
CREATE TRIGGER webhook_member_removed AFTER DELETE ON membership FOR EACH ROW
  WHEN (webhook_is_heard(OLD.organisation_id))
  EXECUTE FUNCTION webhook_member();

CREATE FUNCTION webhook_role() RETURNS trigger AS $$
DECLARE
  told role := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM webhook_tell(told.organisation_id, NULL,
    CASE TG_OP WHEN 'INSERT' THEN 'role.created' WHEN 'DELETE' THEN 'role.deleted' ELSE 'role.changed' END, now(),
    jsonb_build_object('roleId', told.id, 'rights', to_jsonb(told.rights)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_role_created AFTER INSERT ON role FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_role();
CREATE TRIGGER webhook_role_changed AFTER UPDATE ON role FOR EACH ROW
  WHEN (OLD IS DISTINCT FROM NEW AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_role();
CREATE TRIGGER webhook_role_deleted AFTER DELETE ON role FOR EACH ROW
  WHEN (webhook_is_heard(OLD.organisation_id))
  EXECUTE FUNCTION webhook_role();

CREATE FUNCTION webhook_invitation() RETURNS trigger AS $$
BEGIN
  PERFORM webhook_tell(NEW.organisation_id, NEW.unit_id,
    CASE TG_OP WHEN 'INSERT' THEN 'invitation.sent' ELSE 'invitation.' || NEW.state END, now(),
    jsonb_strip_nulls(jsonb_build_object('invitationId', NEW.id, 'unitId', NEW.unit_id, 'state', NEW.state,
      'roleId', NEW.role_id, 'memberId', NEW.membership_id)));
  RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER webhook_invitation_sent AFTER INSERT ON invitation FOR EACH ROW
  WHEN (webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_invitation();
CREATE TRIGGER webhook_invitation_moved AFTER UPDATE ON invitation FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state <> 'open' AND webhook_is_heard(NEW.organisation_id))
  EXECUTE FUNCTION webhook_invitation();
