import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { windowsBeyond } from '#engine/rules/check/check-windows.ts'
import { DAY_MS, parseDuration } from '#engine/shared/duration.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { RuleVersion } from '#services/ports/rule-store.ts'
import type { OrganisationSettings } from '#services/ports/setting-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { readResolvedRule } from '#services/rules/rule-catalogue.ts'

export interface ManageSettingsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditTrail
}

/** Less would lose events that have not been evaluated yet. */
const SHORTEST_RETENTION = DAY_MS

export const createManageSettings = ({ database, clock, audit }: ManageSettingsNeeds) => ({
  find: (principal: Principal, organisationId: OrganisationId): Promise<OrganisationSettings> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      return stores.settings.find(organisationId)
    }),

  /**
   * Throws `precondition-failed` when somebody else has changed them since revision `seen`, `duration-invalid`, and
   * `retention-too-short` where a rule looks further back than events would be kept.
   */
  change: (
    principal: Principal,
    organisationId: OrganisationId,
    seen: number,
    change: Partial<Omit<OrganisationSettings, 'revision'>>,
  ): Promise<OrganisationSettings> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      const before = await stores.settings.find(organisationId)
      const { eventRetention, ...others } = change
      if (eventRetention !== undefined) await requireLongEnough(stores, organisationId, eventRetention)
      const changed = await stores.settings.change(organisationId, seen, { ...before, ...change })
      if (changed === undefined) throw errors.preconditionFailed({ current: before.revision })
      await audit(stores, {
        organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: 'organisation.settings_changed',
        targetType: 'organisation',
        targetId: organisationId,
        detail: {
          ...others,
          ...('eventRetention' in change ? { eventRetention: eventRetention ?? null } : {}),
        },
      })
      return changed
    }),
})

async function requireLongEnough(
  stores: Stores,
  organisationId: OrganisationId,
  eventRetention: string,
): Promise<void> {
  const retention = parseDuration(eventRetention)
  if (retention === undefined || retention < SHORTEST_RETENTION)
    throw errors.durationInvalid({ field: 'eventRetention' })
  const names = new Map((await stores.rules.list(organisationId)).map(({ id, name }) => [id, name]))
  const rules = (await stores.rules.versionsOf(organisationId)).flatMap(({ ruleId, state, resolved }) => {
    if (resolved === undefined || !LOOKING.has(state)) return []
    const paths = windowsBeyond(readResolvedRule(resolved), retention).map(({ path }) => path)
    return paths.length === 0 ? [] : [{ ruleId, name: names.get(ruleId) ?? ruleId, paths }]
  })
  if (rules.length > 0) throw errors.retentionTooShort({ rules })
}

/** A paused version may be resumed. */
const LOOKING: ReadonlySet<RuleVersion['state']> = new Set(['active', 'paused', 'shadow'])
