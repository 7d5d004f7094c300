import { type Identifier, type IdentifierType, identifierText } from '#engine/events/identifier.ts'
import type { AccountId, ClaimId, OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { account_identity as IdentityRow } from '#prisma'
import type { SessionScope } from '#services/ports/access-store.ts'
import type { AccountIdentity, AccountMerge, AccountStore } from '#services/ports/account-store.ts'
import { bytes, date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function accountStore(tx: Transaction): AccountStore {
  return {
    find: async (id) => {
      const row = await tx.account.findUnique({ where: { id } })
      if (row === null) return undefined
      const identities = await tx.account_identity.findMany({
        where: { account_id: id },
        orderBy: [{ proven_at: 'asc' }, { id: 'asc' }],
      })
      const blocked = new Set(
        (
          await tx.mail_block.findMany({
            where: {
              address: {
                in: identities.filter(({ type }) => type === 'email').map(({ value }) => value.toLowerCase()),
              },
            },
          })
        ).map(({ address }) => address),
      )
      return {
        id,
        language: row.locale,
        identities: identities.map((each) => ({
          ...toIdentity(each),
          isUndeliverable: each.type === 'email' && blocked.has(each.value.toLowerCase()),
        })),
      }
    },
    lock: (accountId) =>
      living(
        accountId,
        (id) => tx.$queryRaw`SELECT merged_into::text FROM account WHERE id = ${id}::uuid FOR UPDATE`,
      ),
    lockShared: (accountId) =>
      living(
        accountId,
        (id) => tx.$queryRaw`SELECT merged_into::text FROM account WHERE id = ${id}::uuid FOR SHARE`,
      ),
    lockIdentities: async (identities) => {
      for (const text of [...new Set(identities.map(identifierText))].sort())
        await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`account:${text}`}, 0))::text`
    },
    ownerOf: async ({ type, value }) => {
      const row = await tx.account_identity.findUnique({ where: { type_value: { type, value } } })
      return row === null ? undefined : (row.account_id as AccountId)
    },
    setLanguage: async (id, language) => {
      await tx.account.update({ where: { id }, data: { locale: language } })
    },
    addIdentity: async (accountId, { type, value, provider }, at) => {
      const { count } = await tx.account_identity.createMany({
        data: { type, value, account_id: accountId, proven_at: date(at), provider: provider ?? null },
        skipDuplicates: true,
      })
      return count === 1
    },
    removeIdentity: async (accountId, id) => {
      const { count } = await tx.account_identity.deleteMany({ where: { account_id: accountId, id } })
      return count === 1
    },
    setPrimary: async (accountId, id) => {
      await tx.account_identity.updateMany({
        where: { account_id: accountId, is_primary: true, NOT: { id } },
        data: { is_primary: false },
      })
      const { count } = await tx.account_identity.updateMany({
        where: { account_id: accountId, id, type: 'email' },
        data: { is_primary: true },
      })
      return count === 1
    },

    sessionScope: async (id, at) => {
      const row = await tx.session.findFirst({
        where: { id, revoked_at: null, expires_at: { gt: date(at) } },
        select: { scope: true },
      })
      return row === null ? undefined : (row.scope as SessionScope)
    },
    revokeSessions: async (accountId, at, except) => {
      await tx.session.updateMany({
        where: {
          account_id: accountId,
          revoked_at: null,
          ...(except === undefined ? {} : { NOT: { id: except } }),
        },
        data: { revoked_at: date(at), id_token: null },
      })
    },

    insertAttempt: async (attempt) => {
      // Whoever never came back is forgotten.
      await tx.$executeRaw`DELETE FROM sign_in_attempt WHERE expires_at < ${date(attempt.createdAt)}::timestamptz - interval '1 day'`
      await tx.sign_in_attempt.create({
        data: {
          state_hash: bytes(attempt.stateHash),
          browser_hash: bytes(attempt.browserHash),
          provider: attempt.provider,
          account_id: attempt.accountId ?? null,
          return_to: attempt.returnTo,
          language: attempt.language,
          created_at: date(attempt.createdAt),
          expires_at: date(attempt.expiresAt),
        },
      })
    },
    useAttempt: async ({ stateHash, browserHash, provider }, at) => {
      const [row] = await tx.$queryRaw<
        {
          account_id: AccountId | null
          return_to: string
          language: string
          created_at: Date
          expires_at: Date
        }[]
      >`
        UPDATE sign_in_attempt SET used_at = ${date(at)}
        WHERE state_hash = ${bytes(stateHash)} AND browser_hash = ${bytes(browserHash)} AND provider = ${provider}
          AND used_at IS NULL AND expires_at > ${date(at)}
        RETURNING account_id, return_to, language, created_at, expires_at`
      if (row === undefined) return undefined
      return {
        ...known({ accountId: row.account_id }),
        stateHash,
        browserHash,
        provider,
        returnTo: row.return_to,
        language: row.language,
        createdAt: instant(row.created_at),
        expiresAt: instant(row.expires_at),
      }
    },

    insertCode: async ({ id, accountId, identity: { type, value }, hash, createdAt, expiresAt }) => {
      await tx.$executeRaw`DELETE FROM identity_code WHERE expires_at < ${date(createdAt)}::timestamptz - interval '1 day'`
      await tx.identity_code.create({
        data: {
          id,
          account_id: accountId,
          type,
          value,
          code_hash: bytes(hash),
          created_at: date(createdAt),
          expires_at: date(expiresAt),
        },
      })
    },
    countCodes: async (accountId, { type, value }, since) => ({
      toAddress: await tx.identity_code.count({ where: { type, value, created_at: { gte: date(since) } } }),
      forAccount: await tx.identity_code.count({
        where: { account_id: accountId, created_at: { gte: date(since) } },
      }),
    }),
    tryCode: async (accountId, { type, value }, hashOf, at, most) => {
      const [row] = await tx.$queryRaw<{ id: string; code_hash: Uint8Array }[]>`
        SELECT id::text, code_hash FROM identity_code
        WHERE account_id = ${accountId}::uuid AND type = ${type} AND value = ${value} AND used_at IS NULL
          AND expires_at > ${date(at)} AND attempts < ${most}::int
        ORDER BY created_at DESC, id DESC LIMIT 1 FOR UPDATE`
      if (row === undefined) return false
      const isRight = Buffer.from(row.code_hash).equals(hashOf(row.id))
      await tx.identity_code.updateMany({
        where: { id: row.id },
        data: { attempts: { increment: 1 }, used_at: isRight ? date(at) : null },
      })
      return isRight
    },

    belongings: async (accountId) => {
      const organisations = await tx.membership.findMany({
        where: { account_id: accountId },
        select: { organisation_id: true },
        distinct: ['organisation_id'],
      })
      return {
        identities: await tx.account_identity.count({ where: { account_id: accountId } }),
        badges: await tx.claim.count({ where: { account_id: accountId } }),
        organisations: organisations.length,
      }
    },
    insertMerge: async ({ id, into, from, identity: { type, value }, createdAt, expiresAt, doneAt }) => {
      await tx.account_merge.create({
        data: {
          id,
          into_account: into,
          from_account: from,
          type,
          value,
          created_at: date(createdAt),
          expires_at: date(expiresAt),
          done_at: dateOrNull(doneAt),
        },
      })
    },
    findMerge: async (id) => {
      const row = await tx.account_merge.findUnique({ where: { id } })
      if (row === null) return undefined
      return {
        ...known({ doneAt: instantOrNull(row.done_at) }),
        id,
        into: row.into_account as AccountId,
        from: row.from_account as AccountId,
        identity: { type: row.type as IdentifierType, value: row.value },
        createdAt: instant(row.created_at),
        expiresAt: instant(row.expires_at),
      }
    },
    merge: (merge, at) => mergeAccounts(tx, merge, date(at)),

    record: async (accountId, { id, at, action, detail }) => {
      await tx.account_event.create({
        data: { account_id: accountId, id, at: date(at), action, detail: { ...detail } as object },
      })
    },
    events: async (accountId) =>
      (
        await tx.account_event.findMany({
          where: { account_id: accountId },
          orderBy: [{ at: 'desc' }, { id: 'desc' }],
          take: 100,
        })
      ).map(({ id, at, action, detail }) => ({ id, at: instant(at), action, detail: detail as JsonObject })),
  }
}

/** Locks an account, or the one that it has become. */
async function living(
  accountId: AccountId,
  lock: (id: AccountId) => Promise<{ merged_into: AccountId | null }[]>,
): Promise<AccountId> {
  for (let id = accountId; ; ) {
    const [row] = await lock(id)
    if (row === undefined) throw new Error('There is no such account.')
    if (row.merged_into === null) return id
    id = row.merged_into
  }
}

async function mergeAccounts(tx: Transaction, { id, into, from }: AccountMerge, at: Date) {
  // Questions to awarders first: whoever confirms one holds it, and what they wrote is then seen below.
  await tx.$executeRaw`
    UPDATE claim_confirmation SET state = 'expired', decided_at = ${at}
    WHERE account_id = ${from}::uuid AND state = 'asked' AND EXISTS (
      SELECT 1 FROM claim_confirmation other
      WHERE (other.claim_id = claim_confirmation.claim_id OR other.direct_award_id = claim_confirmation.direct_award_id)
        AND other.account_id = ${into}::uuid AND other.state = 'asked')`
  await tx.claim_confirmation.updateMany({ where: { account_id: from }, data: { account_id: into } })
  const claims = await tx.$queryRaw<{ organisationId: OrganisationId; claimId: ClaimId }[]>`
    UPDATE claim SET account_id = ${into}::uuid WHERE account_id = ${from}::uuid
    RETURNING organisation_id::text AS "organisationId", id::text AS "claimId"`
  await tx.$executeRaw`
    INSERT INTO subject_account (organisation_id, subject_id, account_id, linked_at)
    SELECT organisation_id, subject_id, ${into}::uuid, linked_at FROM subject_account WHERE account_id = ${from}::uuid
    ON CONFLICT DO NOTHING`
  await tx.$executeRaw`DELETE FROM subject_account WHERE account_id = ${from}::uuid`
  await tx.collection.updateMany({ where: { account_id: from }, data: { account_id: into } })
  // A badge from elsewhere that both keep is kept once.
  await tx.$executeRaw`
    DELETE FROM imported_badge moved USING imported_badge kept
    WHERE moved.account_id = ${from}::uuid AND kept.account_id = ${into}::uuid AND kept.digest = moved.digest`
  await tx.imported_badge.updateMany({ where: { account_id: from }, data: { account_id: into } })

  // Applications were let into another account than it is now: they ask again.
  await tx.oauth_record.deleteMany({ where: { account_id: from } })
  await tx.wallet_offer.deleteMany({ where: { account_id: from } })
  await tx.host_connection.updateMany({ where: { account_id: from }, data: { account_id: into } })
  await tx.$executeRaw`
    DELETE FROM account_profile moved WHERE moved.account_id = ${from}::uuid
      AND EXISTS (SELECT 1 FROM account_profile kept WHERE kept.account_id = ${into}::uuid)`
  await tx.account_profile.updateMany({ where: { account_id: from }, data: { account_id: into } })

  const memberships = await tx.$queryRaw<{ organisationId: OrganisationId }[]>`
    SELECT DISTINCT organisation_id::text AS "organisationId" FROM membership WHERE account_id = ${from}::uuid`
  // On one unit the rights of both are one person's. A role that both name stays one; else what both may do is written out.
  await tx.$executeRaw`
    UPDATE membership kept
    SET role_id = NULL, revision = kept.revision + 1,
        rights = ARRAY(
          SELECT DISTINCT unnest(coalesce(kept_role.rights, own.rights) || coalesce(moved_role.rights, moved.rights)) ORDER BY 1)
    FROM membership own
    JOIN membership moved ON moved.organisation_id = own.organisation_id AND moved.unit_id = own.unit_id
    LEFT JOIN role kept_role ON kept_role.organisation_id = own.organisation_id AND kept_role.id = own.role_id
    LEFT JOIN role moved_role ON moved_role.organisation_id = moved.organisation_id AND moved_role.id = moved.role_id
    WHERE kept.organisation_id = own.organisation_id AND kept.id = own.id
      AND own.account_id = ${into}::uuid AND moved.account_id = ${from}::uuid
      AND (own.role_id IS NULL OR own.role_id IS DISTINCT FROM moved.role_id)`
  // What points at a membership that goes points at the one that stays.
  await tx.$executeRaw`
    UPDATE invitation SET membership_id = kept.id FROM membership moved
    JOIN membership kept ON kept.organisation_id = moved.organisation_id AND kept.unit_id = moved.unit_id
    WHERE moved.account_id = ${from}::uuid AND kept.account_id = ${into}::uuid
      AND invitation.organisation_id = moved.organisation_id AND invitation.membership_id = moved.id`
  await tx.$executeRaw`
    DELETE FROM membership moved USING membership kept
    WHERE kept.account_id = ${into}::uuid AND moved.account_id = ${from}::uuid
      AND kept.organisation_id = moved.organisation_id AND kept.unit_id = moved.unit_id`
  await tx.membership.updateMany({ where: { account_id: from }, data: { account_id: into } })
  await tx.assessor_mandate.updateMany({ where: { account_id: from }, data: { account_id: into } })

  await tx.account_identity.updateMany({
    where: { account_id: from },
    data: { account_id: into, is_primary: false },
  })
  await tx.session.updateMany({
    where: { account_id: from, revoked_at: null },
    data: { revoked_at: at, id_token: null },
  })
  await tx.identity_code.deleteMany({ where: { account_id: from } })
  // How the account that stays wants to be told, counts.
  await tx.notification.updateMany({ where: { account_id: from }, data: { account_id: into } })
  await tx.notification_preference.deleteMany({ where: { account_id: from } })
  await tx.digest_setting.deleteMany({ where: { account_id: from } })
  await tx.account.updateMany({ where: { merged_into: from }, data: { merged_into: into } })
  await tx.account.update({ where: { id: from }, data: { merged_into: into, merged_at: at } })
  await tx.account_merge.updateMany({ where: { id, done_at: null }, data: { done_at: at } })
  return { organisations: memberships.map(({ organisationId }) => organisationId), claims }
}

function toIdentity(row: IdentityRow): Omit<AccountIdentity, 'isUndeliverable'> {
  return {
    ...known({ provider: row.provider }),
    id: row.id,
    type: row.type as Identifier['type'],
    value: row.value,
    isPrimary: row.is_primary,
    provenAt: instant(row.proven_at),
  }
}
