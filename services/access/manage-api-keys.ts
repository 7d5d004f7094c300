import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { KeyId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { withdrawUnbacked } from '#services/members/withdraw-unbacked.ts'
import type { ApiKey } from '#services/ports/access-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import { administeredAbove } from './administered-above.ts'
import { newApiKey } from './api-key-text.ts'
import { requireRight } from './authorise.ts'
import { callerNow } from './caller-now.ts'
import { grantable, type RequestedRights } from './requested-rights.ts'
import { hashToken } from './secret-token.ts'

export interface ManageApiKeysNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
}

/** A key with what it is by the clock. */
export type KeyWithState = ApiKey & { readonly state: 'active' | 'expired' | 'revoked' }

export const createManageApiKeys = ({ database, clock, random, hashes, audit }: ManageApiKeysNeeds) => ({
  /** Makes a key. Its text is handed out this once; afterwards only its hash is known. */
  create: (
    principal: Principal,
    organisationId: OrganisationId,
    wanted: RequestedRights & {
      readonly name: string
      readonly unitId?: UnitId
      readonly expiresAt?: Instant
    },
  ): Promise<{ readonly key: KeyWithState; readonly text: string }> =>
    database.inOrganisation(organisationId, async (stores) => {
      const now = clock.now()
      await stores.organisations.lockPeople(organisationId)
      const caller = await callerNow(stores, principal, organisationId, now)
      const unitId = wanted.unitId ?? (await stores.organisations.rootUnit(organisationId))
      if (unitId === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
      await requireRight(stores, caller, 'administer', organisationId, unitId)
      if (wanted.expiresAt !== undefined && wanted.expiresAt <= now)
        throw errors.invalidRequest({
          errors: [{ in: 'body', pointer: '/expiresAt', code: 'past', message: 'is over already' }],
        })
      const granted = await grantable(stores, caller, organisationId, unitId, wanted)

      const { text, prefix } = newApiKey(random)
      const key: ApiKey = {
        organisationId,
        id: random.rowId() as KeyId,
        unitId,
        name: wanted.name,
        prefix,
        secretHash: hashToken(text, hashes.sha256),
        ...granted,
        createdAt: now,
        ...(wanted.expiresAt === undefined ? {} : { expiresAt: wanted.expiresAt }),
      }
      await stores.access.insertKey(key)
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'api_key.created',
        targetType: 'api_key',
        targetId: key.id,
      })
      return { key: withState(key, now), text }
    }),

  /** All of them; with `unitId`, those that may do something on that unit. Throws `forbidden`, `not-found`. */
  list: (
    principal: Principal,
    organisationId: OrganisationId,
    unitId?: UnitId,
  ): Promise<readonly KeyWithState[]> =>
    database.inOrganisation(organisationId, async (stores) => {
      if (unitId === undefined) await requireRight(stores, principal, 'administer', organisationId)
      const on =
        unitId === undefined ? undefined : await administeredAbove(stores, principal, organisationId, unitId)
      const all = await stores.access.keys(organisationId)
      const keys = on === undefined ? all : all.filter((key) => on.includes(key.unitId))
      return keys.map((key) => withState(key, clock.now()))
    }),

  rename: (
    principal: Principal,
    organisationId: OrganisationId,
    id: KeyId,
    name: string,
  ): Promise<KeyWithState> =>
    database.inOrganisation(organisationId, async (stores) => {
      const key = await stores.access.findKey(organisationId, id)
      if (key === undefined) throw errors.notFound({ what: 'API key', id })
      await requireRight(stores, principal, 'administer', organisationId, key.unitId)
      const now = clock.now()
      if (key.revokedAt !== undefined)
        throw errors.conflict({ what: 'API key', reason: 'it was revoked', state: 'revoked', possible: [] })
      if (key.name === name) return withState(key, now)
      await stores.access.renameKey(organisationId, id, name)
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'api_key.renamed',
        targetType: 'api_key',
        targetId: id,
        detail: { before: key.name, after: name },
      })
      return withState({ ...key, name }, now)
    }),

  /** Ends a key, with the open invitations that it made; ending it again changes nothing. */
  revoke: (principal: Principal, organisationId: OrganisationId, id: KeyId): Promise<void> =>
    database.inOrganisation(organisationId, async (stores) => {
      await stores.organisations.lockPeople(organisationId)
      const key = await stores.access.findKey(organisationId, id)
      if (key === undefined) throw errors.notFound({ what: 'API key', id })
      await requireRight(stores, principal, 'administer', organisationId, key.unitId)
      const now = clock.now()
      if (!(await stores.access.revokeKey(organisationId, id, now))) return
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'api_key.revoked',
        targetType: 'api_key',
        targetId: id,
      })
      const actor = actorOf(principal)
      await withdrawUnbacked(stores, audit, { organisationId, actor, now }, [`key:${id}`])
    }),
})

function withState(key: ApiKey, now: Instant): KeyWithState {
  if (key.revokedAt !== undefined) return { ...key, state: 'revoked' }
  const isOver = key.expiresAt !== undefined && key.expiresAt <= now
  return { ...key, state: isOver ? 'expired' : 'active' }
}
