import { errors } from 'oidc-provider'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import { DAY_MS, SECOND_MS } from '#engine/shared/duration.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { OAuthRecord } from '#services/ports/oauth-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'

export interface RecordNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly sha256: Hash
  readonly secretBox: SecretBox
}

/** How long a client may wait for somebody to let it in, before it is forgotten. */
const CLIENT_MS = 30 * DAY_MS
/** The database keeps the same list: `oauth_record.grant_model`. */
const OF_GRANTS: ReadonlySet<string> = new Set(['AuthorizationCode', 'AccessToken', 'RefreshToken'])

/**
 * Keeps what the authorization server has to remember in PostgreSQL. A code or a token is its own name there, and only
 * names are hashed: the rest is sealed, because a client's secret is compared as it is.
 */
export function createOAuthRecords({ database, clock, random, sha256, secretBox }: RecordNeeds) {
  const hash = (name: string): Uint8Array => sha256(utf8(name))
  const context = (model: string, keyHash: Uint8Array) => ({
    keyId: 'oauth',
    rowId: `${model}:${toHex(keyHash)}`,
  })
  const open = ({ model, keyHash, sealed, consumedAt }: OAuthRecord): JsonObject => ({
    ...(JSON.parse(new TextDecoder().decode(secretBox.open(sealed, context(model, keyHash)))) as JsonObject),
    ...(consumedAt === undefined ? {} : { consumed: Math.floor(consumedAt / SECOND_MS) }),
  })
  const isOver = ({ expiresAt }: OAuthRecord, now: Instant): boolean =>
    expiresAt !== undefined && expiresAt <= now

  /** As oidc-provider wants it: one for each kind of thing. */
  const adapter = (model: string) => ({
    upsert: async (name: string, payload: JsonObject, expiresIn: number | undefined): Promise<void> => {
      const now = clock.now()
      const keyHash = hash(name)
      const { grantId, clientId, accountId } = payload
      const grant = model === 'Grant' ? name : grantId
      const client = model === 'Client' ? name : clientId
      const record: OAuthRecord = {
        id: random.rowId(),
        model,
        keyHash,
        sealed: secretBox.seal(utf8(JSON.stringify(payload)), context(model, keyHash)),
        ...(typeof grant === 'string' ? { grantHash: hash(grant) } : {}),
        ...(typeof client === 'string' ? { clientHash: hash(client) } : {}),
        ...(typeof accountId === 'string' ? { accountId: accountId as AccountId } : {}),
        createdAt: now,
        ...(expiresIn === undefined ? {} : { expiresAt: asInstant(now + expiresIn * SECOND_MS) }),
      }
      await database.asWorker(async (stores) => {
        if (model === 'Client') await stores.oauth.sweep(now, asInstant(now - CLIENT_MS))
        const { grantHash } = record
        if (grantHash === undefined || !OF_GRANTS.has(model)) return stores.oauth.put(record)
        // What is given under a grant ends with it: at the latest, and where it is withdrawn at this very moment too.
        const until = await stores.oauth.holdGrant(grantHash)
        if (until === undefined) throw new errors.InvalidGrant('the grant was withdrawn')
        const isLonger = until !== 'never' && (record.expiresAt === undefined || record.expiresAt > until)
        await stores.oauth.put(isLonger ? { ...record, expiresAt: until } : record)
      })
    },
    find: async (name: string): Promise<JsonObject | undefined> => {
      const record = await database.asWorker((stores) => stores.oauth.find(model, hash(name)))
      return record === undefined || isOver(record, clock.now()) ? undefined : open(record)
    },
    /** Sessions here begin and end with one request to be let in: nobody asks for them by another name. */
    findByUid: async (): Promise<undefined> => undefined,
    findByUserCode: async (): Promise<undefined> => undefined,
    consume: async (name: string): Promise<void> => {
      const isFirst = await database.asWorker((stores) =>
        stores.oauth.consume(model, hash(name), clock.now()),
      )
      if (!isFirst) throw new errors.InvalidGrant('it was used already')
    },
    destroy: (name: string): Promise<void> =>
      database.asWorker((stores) => stores.oauth.destroy(model, hash(name))),
    revokeByGrantId: (grantId: string): Promise<void> =>
      database.asWorker((stores) => stores.oauth.destroyOfGrant(model, hash(grantId))),
  })

  return { adapter, open, hash }
}
