import { actorOf, holdsRight, type Principal, type Right } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { KeyId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { ApiKey } from '#services/ports/access-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import { newApiKey } from './api-key-text.ts'
import { requireRight } from './authorise.ts'
import { hashToken } from './secret-token.ts'

export interface ManageApiKeysNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
}

export const createManageApiKeys = ({ database, clock, random, hashes, audit }: ManageApiKeysNeeds) => ({
  /** Makes a key. Its text is handed out this once; afterwards only its hash is known. */
  create: (
    principal: Principal,
    organisationId: OrganisationId,
    wanted: {
      readonly name: string
      readonly rights: readonly Right[]
      readonly unitId?: UnitId
      readonly expiresAt?: Instant
    },
  ): Promise<{ readonly key: ApiKey; readonly text: string }> =>
    database.inOrganisation(organisationId, async (stores) => {
      const unitId = wanted.unitId ?? (await stores.organisations.rootUnit(organisationId))
      if (unitId === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
      await requireRight(stores, principal, 'administer', organisationId, unitId)
      const path = await stores.organisations.unitPath(organisationId, unitId)
      for (const right of wanted.rights)
        if (!holdsRight(principal, right, path)) throw errors.rightsExceedOwn({ right })

      const { text, prefix } = newApiKey(random)
      const now = clock.now()
      const key: ApiKey = {
        organisationId,
        id: random.rowId() as KeyId,
        unitId,
        name: wanted.name,
        prefix,
        secretHash: hashToken(text, hashes.sha256),
        rights: wanted.rights,
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
      return { key, text }
    }),

  list: (principal: Principal, organisationId: OrganisationId): Promise<readonly ApiKey[]> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      return stores.access.keys(organisationId)
    }),

  /** Ends a key; ending it again changes nothing. */
  revoke: (principal: Principal, organisationId: OrganisationId, id: KeyId): Promise<void> =>
    database.inOrganisation(organisationId, async (stores) => {
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
    }),
})
