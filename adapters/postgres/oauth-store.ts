import type { AccountId } from '#engine/shared/ids.ts'
import type { oauth_record as Row } from '#prisma'
import type { OAuthRecord, OAuthStore } from '#services/ports/oauth-store.ts'
import { bytes, date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function oauthStore(tx: Transaction): OAuthStore {
  const named = (model: string, keyHash: Uint8Array) => ({
    model_key_hash: { model, key_hash: bytes(keyHash) },
  })
  return {
    put: async (record) => {
      const data = {
        sealed: bytes(record.sealed),
        grant_hash: record.grantHash === undefined ? null : bytes(record.grantHash),
        client_hash: record.clientHash === undefined ? null : bytes(record.clientHash),
        account_id: record.accountId ?? null,
        expires_at: dateOrNull(record.expiresAt),
      }
      await tx.oauth_record.upsert({
        where: named(record.model, record.keyHash),
        update: data,
        create: {
          ...data,
          id: record.id,
          model: record.model,
          key_hash: bytes(record.keyHash),
          created_at: date(record.createdAt),
        },
      })
    },
    holdGrant: async (grantHash) => {
      const [row] = await tx.$queryRaw<{ expires_at: Date | null }[]>`
        SELECT expires_at FROM oauth_record WHERE model = 'Grant' AND key_hash = ${bytes(grantHash)} FOR KEY SHARE`
      return row === undefined ? undefined : (instantOrNull(row.expires_at) ?? 'never')
    },
    find: async (model, keyHash) => one(await tx.oauth_record.findUnique({ where: named(model, keyHash) })),
    findById: async (model, id) => one(await tx.oauth_record.findFirst({ where: { model, id } })),
    consume: async (model, keyHash, at) => {
      const { count } = await tx.oauth_record.updateMany({
        where: { model, key_hash: bytes(keyHash), consumed_at: null },
        data: { consumed_at: date(at) },
      })
      return count === 1
    },
    destroy: async (model, keyHash) => {
      await tx.oauth_record.deleteMany({ where: { model, key_hash: bytes(keyHash) } })
    },
    destroyOfGrant: async (model, grantHash) => {
      await tx.oauth_record.deleteMany({ where: { model, grant_hash: bytes(grantHash) } })
    },
    grantsOf: async (accountId, now) =>
      (
        await tx.oauth_record.findMany({
          where: { model: 'Grant', account_id: accountId, expires_at: { gt: date(now) } },
          orderBy: [{ created_at: 'desc' }, { id: 'desc' }],
        })
      ).map(toRecord),
    withdraw: async (accountId, clientHash) => {
      const of = { account_id: accountId, client_hash: bytes(clientHash) }
      const grants = await tx.oauth_record.count({ where: { ...of, model: 'Grant' } })
      // Codes and tokens go with their grants (the foreign key), those too that are written meanwhile and not seen here.
      await tx.oauth_record.deleteMany({ where: of })
      return grants
    },
    sweep: async (now, clientsBefore) => {
      await tx.oauth_record.deleteMany({ where: { expires_at: { lt: date(now) } } })
      await tx.$executeRaw`
        DELETE FROM oauth_record client
        WHERE client.model = 'Client' AND client.created_at < ${date(clientsBefore)} AND NOT EXISTS (
          SELECT 1 FROM oauth_record other
          WHERE other.client_hash = client.client_hash AND other.id <> client.id)`
    },
  }
}

const one = (row: Row | null): OAuthRecord | undefined => (row === null ? undefined : toRecord(row))

const toRecord = (row: Row): OAuthRecord => ({
  ...known({
    grantHash: row.grant_hash,
    clientHash: row.client_hash,
    accountId: row.account_id as AccountId | null,
    expiresAt: instantOrNull(row.expires_at),
    consumedAt: instantOrNull(row.consumed_at),
  }),
  id: row.id,
  model: row.model,
  keyHash: row.key_hash,
  sealed: row.sealed,
  createdAt: instant(row.created_at),
})
