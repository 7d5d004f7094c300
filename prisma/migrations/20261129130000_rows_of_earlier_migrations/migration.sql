-- What three earlier migrations were to do, and did not where the owner of the tables is no superuser: docs/adr/0076-rows-seen-by-the-owner.md.
-- Where they did it, this finds nothing left to do.
--
-- Locks: rows that it changes, and no table against anything but its own alteration: others serve meanwhile. Where a row is not to be had soon it
-- gives way, leaves nothing behind, and is tried again. organisation, mail and assessor_mandate are read once.
SET LOCAL lock_timeout = '3s';
SET ROLE waarmerk_worker;

-- `members`: the roles that every organisation has. One that made a role of the same name meanwhile keeps it, and the other has a
-- number behind its name.
DO $$
DECLARE
  made_now uuid[];
  made     uuid[] := '{}';
BEGIN
  LOOP
    WITH inserted AS (
      INSERT INTO role (organisation_id, id, name, rights, built_in, created_at)
      SELECT organisation.id, gen_random_uuid(), free.name, common.rights, common.built_in, now()
      FROM organisation
      CROSS JOIN (VALUES
        ('Administrator', ARRAY['create', 'read', 'update', 'delete', 'award', 'sign', 'administer'], 'administrator'),
        ('Designer', ARRAY['create', 'read', 'update', 'delete'], 'designer'),
        ('Awarder', ARRAY['read', 'award'], 'awarder'),
        ('Viewer', ARRAY['read'], 'viewer')) AS common (name, rights, built_in)
      CROSS JOIN LATERAL (
        SELECT candidate.name
        FROM (SELECT number, common.name || CASE number WHEN 1 THEN '' ELSE ' ' || number END AS name
              FROM generate_series(1, (SELECT count(*) + 1 FROM role WHERE role.organisation_id = organisation.id)) AS number
             ) AS candidate
        WHERE NOT EXISTS (
          SELECT FROM role WHERE role.organisation_id = organisation.id AND lower(role.name) = lower(candidate.name))
        ORDER BY candidate.number LIMIT 1) AS free
      WHERE NOT EXISTS (SELECT FROM role WHERE role.organisation_id = organisation.id AND role.built_in = common.built_in)
      ON CONFLICT DO NOTHING
      RETURNING id
    )
    SELECT coalesce(array_agg(id), '{}') INTO made_now FROM inserted;
    made := made || made_now;
    -- Again where somebody took a name in this very moment: from now on it is seen to be theirs.
    EXIT WHEN NOT EXISTS (
      SELECT FROM organisation
      WHERE (SELECT count(*) FROM role WHERE role.organisation_id = organisation.id AND role.built_in IS NOT NULL) < 4);
  END LOOP;
  -- An event for each would be late news of what has always been so. Taken back before anybody sees it, as to silence the trigger
  -- is to lock the table.
  IF made <> '{}' THEN
    DELETE FROM webhook_event
    WHERE type = 'role.created' AND at = now()::timestamptz(3) AND (data ->> 'roleId')::uuid = ANY (made);
  END IF;
END $$;

-- `undelivered_mail`: what a mail about a direct award is about.
UPDATE mail SET about_id = substring(message_id FROM '^<direct-award\.([0-9a-f-]{36})\.')::uuid
WHERE message_id LIKE '<direct-award.%' AND about_id IS NULL;

-- `after_review_awards`: whose a mandate is that was given to an address and accepted.
UPDATE assessor_mandate mandate SET account_id = membership.account_id
FROM invitation JOIN membership
  ON membership.organisation_id = invitation.organisation_id AND membership.id = invitation.membership_id
WHERE mandate.organisation_id = invitation.organisation_id AND mandate.invitation_id = invitation.id
  AND mandate.account_id IS NULL;
UPDATE assessor_mandate mandate SET account_id = substr(audit.actor, 9)::uuid
FROM audit
WHERE audit.organisation_id = mandate.organisation_id AND audit.target_id = mandate.invitation_id
  AND audit.action = 'invitation.accepted' AND audit.actor LIKE 'account:%' AND mandate.account_id IS NULL;
UPDATE assessor_mandate mandate SET account_id = account.merged_into
FROM account WHERE account.id = mandate.account_id AND account.merged_into IS NOT NULL;
RESET ROLE;
