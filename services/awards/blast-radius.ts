import type { Principal } from '#engine/access/rights.ts'
import type { ChangeAction } from '#engine/awards/award-change.ts'
import { possibleSteps } from '#engine/awards/award-life.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { standsWithout, type WithoutVerdict } from '#engine/rules/evaluate/stands-without.ts'
import type { AwardId, EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
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
  /** How many events one repair folds at most, of all people together. */
  readonly mostFolded?: number
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
/** Folding is done in the process that answers others too: about as long as a transaction may well take. */
const MOST_FOLDED = 50_000

/**
 * What rests on one thing, and its repair. A verdict folds the person's whole history by the version that awarded, with
 * and without the events: badges that the rule asks for are taken as they are held today.
 */
export const createBlastRadius = ({
  database,
  clock,
  hashes,
  changeAwards,
  mostFolded = MOST_FOLDED,
}: BlastRadiusNeeds) => {
  const look = async (
    stores: Stores,
    organisationId: OrganisationId,
    cause: RadiusCause,
    page: PageRequest,
  ): Promise<BlastRadius> => {
    await requireCause(stores, organisationId, cause)
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
    const sizes = await stores.evaluation.historySizes(organisationId, subjectIds)
    const { holdings } = await stores.evaluation.knowledge(organisationId, subjectIds)
    const versions = new Map((await stores.rules.versionsOf(organisationId)).map((each) => [each.id, each]))
    const compiled = new Map<string, ReturnType<typeof draftRule>>()
    const verdicts = new Map<AwardId, WithoutVerdict>()
    // Some people at a time: no more is held at once than one history may have, and others are answered in between.
    for (const some of inParts(subjectIds, sizes)) {
      const histories = await stores.evaluation.histories(organisationId, some)
      for (const { id, subjectId, byRule } of awards) {
        const history = histories.get(subjectId)
        const resolved = byRule === undefined ? undefined : versions.get(byRule.ruleVersionId)?.resolved
        if (byRule === undefined || resolved === undefined || history === undefined) continue
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
     * which that cannot be done are left out. Throws `not-found`, `award-selection`, `repair-too-large`.
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
        // 1. Load: how much it is, before anything is folded.
        await requireCause(stores, organisationId, cause)
        const resting = await restingOn(stores, organisationId, cause)
        const ids = new Set(resting.map(({ id }) => id))
        const stranger = [...perAward.keys()].find((id) => !ids.has(id))
        if (stranger !== undefined) throw errors.notFound({ what: 'award that rests on it', id: stranger })

        // 2. Decide: only where it matters what the verdict is.
        const isSame = new Set(Object.values(perVerdict)).size === 1
        const toJudge = isSame ? [] : resting.filter(({ id }) => !perAward.has(id))
        if (cause.kind === 'event' || cause.kind === 'source') {
          const people = [...new Set(toJudge.map(({ subjectId }) => subjectId))]
          const sizes = await stores.evaluation.historySizes(organisationId, people)
          const events = inParts(people, sizes)
            .flat()
            .reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0)
          if (events > mostFolded) throw errors.repairTooLarge({ events, most: mostFolded })
        }
        const verdicts = await judge(stores, organisationId, cause, toJudge)
        const chosen = new Map<AwardId, ChangeAction>()
        for (const award of resting) {
          const action = perAward.get(award.id) ?? perVerdict[verdicts.get(award.id) ?? 'unknown']
          if (action !== 'leave' && isPossible(award, action)) chosen.set(award.id, action)
        }
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

async function requireCause(
  stores: Stores,
  organisationId: OrganisationId,
  cause: RadiusCause,
): Promise<void> {
  if (!(await stores.radius.isThere(organisationId, cause)))
    throw errors.notFound({ what: WHAT[cause.kind], id: cause.id })
}

/** All of it, where that is no more than one repair may look at. */
async function restingOn(
  stores: Stores,
  organisationId: OrganisationId,
  cause: RadiusCause,
): Promise<readonly Award[]> {
  const counts = await stores.radius.counts(organisationId, cause)
  const found = Object.values(counts).reduce((sum, count) => sum + count, 0)
  if (found > MOST_AWARDS) throw errors.awardSelection({ found, most: MOST_AWARDS })
  return (await stores.radius.awards(organisationId, cause, { limit: MOST_AWARDS })).items
}

/** Who has no longer history than is folded while somebody waits, in parts of no more events than that. */
function inParts(
  subjectIds: readonly SubjectId[],
  sizes: ReadonlyMap<SubjectId, number>,
): readonly (readonly SubjectId[])[] {
  const parts: SubjectId[][] = []
  let room = 0
  for (const id of subjectIds) {
    const size = sizes.get(id) ?? 0
    if (size > MOST_EVENTS) continue
    if (parts.length === 0 || size > room) {
      parts.push([])
      room = MOST_EVENTS
    }
    parts.at(-1)?.push(id)
    room -= size
  }
  return parts
}

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
