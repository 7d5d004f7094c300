import type { Principal } from '#engine/access/rights.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import { readApiKey } from './api-key-text.ts'
import { hashToken } from './secret-token.ts'

/** How exactly it is known when a key was last used: one write in this time, however many requests. */
const KEY_USE_MS = MINUTE_MS

export interface AuthenticateNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  /** Compares in a time that does not depend on the content. */
  readonly equalInConstantTime: (a: Uint8Array, b: Uint8Array) => boolean
}

/** What a request shows of who it is. */
export interface Shown {
  readonly bearer?: string
  readonly basic?: { readonly user: string; readonly password: string }
  readonly session?: string
}

/**
 * Says who shows these credentials; undefined for wrong, revoked or expired ones.
 * Nothing is cached: a revoked key is refused at its next request, in every process.
 */
export const createAuthenticate =
  ({ database, clock, hashes, equalInConstantTime }: AuthenticateNeeds) =>
  async (shown: Shown): Promise<Exclude<Principal, { kind: 'operator' }> | undefined> => {
    const now = clock.now()
    const key = shown.bearer ?? shown.basic?.password
    if (key !== undefined) {
      const parts = readApiKey(key)
      if (parts === undefined) return undefined
      const found = await database.asWorker((stores) => stores.access.findKeyByPrefix(parts.prefix))
      // A hash is compared also when there is no such key: the answer takes as long.
      const right = equalInConstantTime(
        hashToken(key, hashes.sha256),
        found?.secretHash ?? new Uint8Array(32),
      )
      if (found === undefined || !right || found.revokedAt !== undefined) return undefined
      if (found.expiresAt !== undefined && found.expiresAt <= now) return undefined
      const unless = asInstant(now - KEY_USE_MS)
      if (found.lastUsedAt === undefined || found.lastUsedAt <= unless)
        await database.asWorker((stores) => stores.access.noteKeyUse(found.id, now, unless))
      const { id: keyId, organisationId, unitId, rights } = found
      return { kind: 'api-key', keyId, organisationId, grants: [{ organisationId, unitId, rights }] }
    }
    const { session } = shown
    if (session === undefined) return undefined
    return database.asWorker(async (stores) => {
      const found = await stores.access.findSession(hashToken(session, hashes.sha256), now)
      if (found === undefined) return undefined
      const grants = found.scope === 'full' ? await stores.access.grantsOf(found.accountId) : []
      const person = { kind: 'session', accountId: found.accountId, sessionId: found.id, grants } as const
      return found.scope === 'full' ? person : { ...person, scope: found.scope }
    })
  }
