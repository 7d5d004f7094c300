import type { Right } from '#engine/access/rights.ts'
import type { Identifier, IdentifierType } from '#engine/events/identifier.ts'
import type { AccountId, KeyId, OrganisationId, RoleId, UnitId } from '#engine/shared/ids.ts'
import type { api_key } from '#prisma'
import type { AccessStore, ApiKey, SessionScope } from '#services/ports/access-store.ts'
import { rightsOfRoles, rightsOfRow } from './role-store.ts'
import { bytes, date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function accessStore(tx: Transaction): AccessStore {
  const whole = async (row: api_key): Promise<ApiKey> =>
    apiKey(row, rightsOfRow(row, await rightsOfRoles(tx, row.organisation_id, [row.role_id])))
  return {
    insertKey: async (key) => {
      await tx.api_key.create({
        data: {
          organisation_id: key.organisationId,
          id: key.id,
          unit_id: key.unitId,
          name: key.name,
          prefix: key.prefix,
          secret_hash: bytes(key.secretHash),
          role_id: key.roleId ?? null,
          rights: key.roleId === undefined ? [...key.rights] : [],
          created_at: date(key.createdAt),
          expires_at: dateOrNull(key.expiresAt),
        },
      })
    },
    keys: async (organisationId) => {
      const rows = await tx.api_key.findMany({
        where: { organisation_id: organisationId },
        orderBy: { created_at: 'desc' },
      })
      const roles = await rightsOfRoles(
        tx,
        organisationId,
        rows.map((row) => row.role_id),
      )
      return rows.map((row) => apiKey(row, rightsOfRow(row, roles)))
    },
    findKey: async (organisationId, id) => {
      const row = await tx.api_key.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : whole(row)
    },
    findKeyByPrefix: async (prefix) => {
      const row = await tx.api_key.findUnique({ where: { prefix } })
      return row === null ? undefined : whole(row)
    },
    revokeKey: async (organisationId, id, at) => {
      const { count } = await tx.api_key.updateMany({
        where: { organisation_id: organisationId, id, revoked_at: null },
        data: { revoked_at: date(at) },
      })
      return count === 1
    },
    renameKey: async (organisationId, id, name) => {
      await tx.api_key.updateMany({ where: { organisation_id: organisationId, id }, data: { name } })
    },
    noteKeyUse: async (id, at, unless) => {
      await tx.$executeRaw`
        UPDATE api_key SET last_used_at = ${date(at)} WHERE id = (
          SELECT id FROM api_key
          WHERE id = ${id}::uuid AND (last_used_at IS NULL OR last_used_at <= ${date(unless)})
          FOR NO KEY UPDATE SKIP LOCKED)`
    },

    accountOf: async ({ type, value }, newAccount) => {
      const found = await tx.account_identity.findUnique({ where: { type_value: { type, value } } })
      if (found !== null) return found.account_id as AccountId
      // Two sign-ins of one new person at once: the lock lets the second one find the first one's account.
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`account:${type}:${value}`}, 0))::text`
      const meanwhile = await tx.account_identity.findUnique({ where: { type_value: { type, value } } })
      if (meanwhile !== null) return meanwhile.account_id as AccountId
      await tx.account.create({ data: { id: newAccount } })
      await tx.account_identity.create({ data: { type, value, account_id: newAccount } })
      return newAccount
    },
    identities: async (accountId) =>
      (
        await tx.account_identity.findMany({
          where: { account_id: accountId },
          orderBy: [{ is_primary: 'desc' }, { proven_at: 'asc' }, { id: 'asc' }],
        })
      ).map(identity),
    findAccount: async ({ type, value }) => {
      const found = await tx.account_identity.findUnique({ where: { type_value: { type, value } } })
      return found === null ? undefined : (found.account_id as AccountId)
    },
    emailsOf: async (accountIds) => {
      const rows = await tx.account_identity.findMany({
        where: { account_id: { in: [...new Set(accountIds)] }, type: 'email' },
        orderBy: { value: 'asc' },
      })
      const emails = new Map<AccountId, string[]>()
      for (const { account_id, value } of rows) {
        const id = account_id as AccountId
        emails.set(id, [...(emails.get(id) ?? []), value])
      }
      return emails
    },
    mergedInto: async (accountIds) => {
      const rows = await tx.$queryRaw<{ id: AccountId; into: AccountId }[]>`
        SELECT id::text, merged_into::text AS into FROM merged_accounts(${[...accountIds]}::uuid[])`
      return new Map(rows.map(({ id, into }) => [id, into]))
    },
    grantsOf: async (accountId) =>
      (
        await tx.$queryRaw<{ organisation_id: string; unit_id: string; rights: string[] }[]>`
          SELECT membership.organisation_id::text, unit_id::text, coalesce(role.rights, membership.rights) AS rights
          FROM membership
          LEFT JOIN role ON role.organisation_id = membership.organisation_id AND role.id = membership.role_id
          WHERE account_id = ${accountId}::uuid`
      ).map((row) => ({
        organisationId: row.organisation_id as OrganisationId,
        unitId: row.unit_id as UnitId,
        rights: row.rights as Right[],
      })),

    holdersOf: async (organisationId, right, unitIds, now) => {
      const rows = await tx.$queryRaw<{ holder: string }[]>`
        SELECT DISTINCT 'account:' || account_id AS holder FROM membership
        LEFT JOIN role ON role.organisation_id = membership.organisation_id AND role.id = membership.role_id
        WHERE membership.organisation_id = ${organisationId}::uuid AND unit_id = ANY(${[...unitIds]}::uuid[])
          AND ${right} = ANY(coalesce(role.rights, membership.rights))
        UNION ALL
        SELECT 'key:' || api_key.id FROM api_key
        LEFT JOIN role ON role.organisation_id = api_key.organisation_id AND role.id = api_key.role_id
        WHERE api_key.organisation_id = ${organisationId}::uuid AND unit_id = ANY(${[...unitIds]}::uuid[])
          AND ${right} = ANY(coalesce(role.rights, api_key.rights))
          AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${date(now)})`
      return rows.map(({ holder }) => holder)
    },

    insertSignInLink: async ({ id, tokenHash, identity: { type, value }, createdAt, expiresAt }) => {
      await tx.sign_in_link.create({
        data: {
          id,
          token_hash: bytes(tokenHash),
          type,
          value,
          created_at: date(createdAt),
          expires_at: date(expiresAt),
        },
      })
    },
    countSignInLinks: ({ type, value }, since) =>
      tx.sign_in_link.count({ where: { type, value, created_at: { gte: date(since) } } }),
    useSignInLink: async (tokenHash, at) => {
      const [row] = await tx.$queryRaw<{ type: string; value: string }[]>`
        UPDATE sign_in_link SET used_at = ${date(at)}
        WHERE token_hash = ${bytes(tokenHash)} AND used_at IS NULL AND expires_at > ${date(at)}
        RETURNING type, value`
      return row === undefined ? undefined : identity(row)
    },

    insertSession: async ({ id, tokenHash, accountId, scope, createdAt, expiresAt }) => {
      await tx.session.create({
        data: {
          id,
          token_hash: bytes(tokenHash),
          account_id: accountId,
          scope,
          created_at: date(createdAt),
          expires_at: date(expiresAt),
        },
      })
    },
    findSession: async (tokenHash, at) => {
      const row = await tx.session.findFirst({
        where: { token_hash: bytes(tokenHash), revoked_at: null, expires_at: { gt: date(at) } },
      })
      if (row === null) return undefined
      return {
        id: row.id,
        accountId: row.account_id as AccountId,
        scope: row.scope as SessionScope,
        expiresAt: instant(row.expires_at),
      }
    },
    keepProvider: async (id, { provider, sealedIdToken }) => {
      await tx.session.updateMany({ where: { id }, data: { provider, id_token: bytes(sealedIdToken) } })
    },
    providerOf: async (id) => {
      const row = await tx.session.findFirst({ where: { id, revoked_at: null } })
      return row?.provider == null || row.id_token === null
        ? undefined
        : { provider: row.provider, sealedIdToken: row.id_token }
    },
    revokeSession: async (id, at) => {
      await tx.session.updateMany({
        where: { id, revoked_at: null },
        data: { revoked_at: date(at), id_token: null },
      })
    },
  }
}

const identity = ({ type, value }: { type: string; value: string }): Identifier => ({
  type: type as IdentifierType,
  value,
})

const apiKey = (row: api_key, rights: readonly Right[]): ApiKey => ({
  ...known({
    roleId: row.role_id as RoleId | null,
    expiresAt: instantOrNull(row.expires_at),
    revokedAt: instantOrNull(row.revoked_at),
    lastUsedAt: instantOrNull(row.last_used_at),
  }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as KeyId,
  unitId: row.unit_id as UnitId,
  name: row.name,
  prefix: row.prefix,
  secretHash: row.secret_hash,
  rights,
  createdAt: instant(row.created_at),
})
