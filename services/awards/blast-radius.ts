import type { Principal } from '#engine/access/rights.ts'
import type { ChangeAction } from '#engine/awards/award-change.ts'
import { possibleSteps } from '#engine/awards/award-life.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { standsWithout, type WithoutVerdict } from '#engine/rules/evaluate/stands-without.ts'
import type { AwardId, EventId, OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { PageRequest, PageStart } from '#services/ports/page.ts'
import type { RadiusCause } from '#services/ports/radius-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { draftRule } from '#services/rules/draft-rule-set.ts'
import { readResolvedRule } from '#services/rules/rule-catalogue.ts'
import { lifeAsListed } from './award-life-of.ts'
import type { AwardChangeView, createChangeAwards } from './change-awards.ts'

export interface BlastRadiusNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly changeAwards: ReturnType<typeof createChangeAwards>
}

export interface RestingAward {
  readonly award: Award
  /** Of an event or a source: those events that its decision names as evidence. */
  readonly events: readonly EventId[]
  /** Whether it would stand without them; of other causes nobody can tell. */
  readonly verdict: WithoutVerdict
}

export interface BlastRadius {
  readonly counts: Readonly<Record<string, number>>
  readonly items: readonly RestingAward[]
  readonly next?: PageStart
}

export type RepairAction = ChangeAction | 'leave'

/** Whoever has a longer history than this is not folded twice while somebody waits: the verdict is `unknown`. */
const MOST_EVENTS = 2_000
/** Awards that one repair looks at. */
const MOST_AWARDS = 1_000
const PAGE = 100

/**
 * What rests on one thing, and its repair. A verdict folds the person's whole history by the version that awarded, with
 * and without the events: badges that the rule asks for are taken as they are held today.
 */
export const createBlastRadius = ({ database, clock, hashes, changeAwards }: BlastRadiusNeeds) => {
  const look = async (
    stores: Stores,
    organisationId: OrganisationId,
    cause: RadiusCause,
    page: PageRequest,
  ): Promise<BlastRadius> => {
    if (!(await stores.radius.isThere(organisationId, cause)))
      throw errors.notFound({ what: WHAT[cause.kind], id: cause.id })
    const { items, next } = await stores.radius.awards(organisationId, cause, page)
    const events = await stores.radius.events(
      organisationId,
      cause,
      items.map(({ id }) => id),
    )
    const verdicts = await judge(stores, organisationId, cause, items)
    return {
      counts: await stores.radius.counts(organisationId, cause),
      items: items.map((award) => ({
        award,
        events: events.get(award.id) ?? [],
        verdict: verdicts.get(award.id) ?? 'unknown',
      })),
      ...(next === undefined ? {} : { next }),
    }
  }

  const judge = async (
    stores: Stores,
    organisationId: OrganisationId,
    cause: RadiusCause,
    awards: readonly Award[],
  ): Promise<ReadonlyMap<AwardId, WithoutVerdict>> => {
    const without = await excluded(stores, organisationId, cause)
    if (without === undefined || awards.length === 0) return new Map()
    const subjectIds = [...new Set(awards.map(({ subjectId }) => subjectId))]
    const histories = await stores.evaluation.histories(organisationId, subjectIds)
    const { holdings } = await stores.evaluation.knowledge(organisationId, subjectIds)
    const versions = new Map((await stores.rules.versionsOf(organisationId)).map((each) => [each.id, each]))
    const compiled = new Map<string, ReturnType<typeof draftRule>>()
    const verdicts = new Map<AwardId, WithoutVerdict>()
    for (const { id, subjectId, byRule } of awards) {
      const resolved = byRule === undefined ? undefined : versions.get(byRule.ruleVersionId)?.resolved
      const history = histories.get(subjectId) ?? []
      if (byRule === undefined || resolved === undefined || history.length > MOST_EVENTS) continue
      const rule =
        compiled.get(byRule.ruleVersionId) ?? draftRule(byRule.ruleId, readResolvedRule(resolved), hashes)
      compiled.set(byRule.ruleVersionId, rule)
      const others = (holdings.get(subjectId) ?? []).filter(({ by }) => by !== byRule.ruleId)
      const occasion = { ruleId: byRule.ruleId, subjectId, occurrence: byRule.occurrence }
      verdicts.set(
        id,
        standsWithout(rule.ruleSet, occasion, history, { without, until: clock.now(), holdings: others }),
      )
    }
    return verdicts
  }

  return {
    /** Throws `not-found`. */
    look: (
      principal: Principal,
      organisationId: OrganisationId,
      cause: RadiusCause,
      page: PageRequest,
    ): Promise<BlastRadius> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return look(stores, organisationId, cause, page)
      }),

    /**
     * Prepares what is to become of everything that rests on it: by verdict, and of single awards otherwise. Awards to
     * which that cannot be done are left out. Throws `not-found`, `award-selection`.
     */
    prepareRepair: async (
      principal: Principal,
      organisationId: OrganisationId,
      {
        cause,
        perVerdict,
        perAward,
        ...why
      }: {
        readonly cause: RadiusCause
        readonly perVerdict: Readonly<Record<WithoutVerdict, RepairAction>>
        readonly perAward: ReadonlyMap<AwardId, RepairAction>
        readonly reason: string
        readonly note?: string
      },
    ): Promise<AwardChangeView> => {
      const actions = await database.inOrganisation(organisationId, async (stores) => {
        const chosen = new Map<AwardId, ChangeAction>()
        const seen = new Set<AwardId>()
        let after: PageStart | undefined
        do {
          const { items, next } = await look(stores, organisationId, cause, {
            limit: PAGE,
            ...(after === undefined ? {} : { after }),
          })
          for (const { award, verdict } of items) {
            seen.add(award.id)
            const action = perAward.get(award.id) ?? perVerdict[verdict]
            if (action !== 'leave' && isPossible(award, action)) chosen.set(award.id, action)
          }
          if (seen.size > MOST_AWARDS) throw errors.awardSelection({ found: seen.size, most: MOST_AWARDS })
          after = next
        } while (after !== undefined)
        const stranger = [...perAward.keys()].find((id) => !seen.has(id))
        if (stranger !== undefined) throw errors.notFound({ what: 'award that rests on it', id: stranger })
        return chosen
      })
      return changeAwards.prepareRepair(principal, organisationId, {
        ...why,
        actions,
        about: { ...cause } as JsonObject,
      })
    },
  }
}

const WHAT = {
  event: 'event',
  source: 'source',
  rule_version: 'rule version',
  assessor: 'assessor',
  key: 'issuing key',
} as const

const isPossible = (award: Award, action: ChangeAction): boolean =>
  possibleSteps(lifeAsListed(award)).includes(action)

/** Which events of a history are meant; undefined where no event is. */
async function excluded(
  stores: Stores,
  organisationId: OrganisationId,
  cause: RadiusCause,
): Promise<((event: StoredEvent) => boolean) | undefined> {
  if (cause.kind === 'event') return ({ id }) => id === cause.id
  if (cause.kind !== 'source') return undefined
  const source = (await stores.events.sources(organisationId)).find(({ id }) => id === cause.id)
  return source === undefined ? undefined : (event) => event.source === source.uri
}
