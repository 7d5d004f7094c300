import { eventsIn } from '#engine/decisions/shown-trace.ts'
import type { BlockReason } from '#engine/rules/evaluate/evaluation.ts'
import {
  type OccasionInput,
  type OccasionPart,
  type OccasionProgress,
  occasionProgress,
} from '#engine/rules/explain/occasion-progress.ts'
import { occasionInWords } from '#engine/rules/explain/occasion-words.ts'
import { zoneOfRule } from '#engine/rules/explain/rule-zone.ts'
import type { AchievementId, EventId, OrganisationId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { achievementTitles } from '#services/achievements/achievement-titles.ts'
import { capOf } from '#services/events/caps.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { EventMention } from '#services/ports/event-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import { inWords, type Mentions, resolvedVersion, type Words } from './explained-words.ts'

export interface SubjectProgress {
  readonly subjectId: SubjectId
  readonly achievementId: AchievementId
  readonly held: boolean
  readonly events: Mentions
  /** One for each rule that awards it; of a rule that awards once a context, one for each context. */
  readonly rules: readonly RuleProgress[]
}

export interface RuleProgress {
  readonly ruleId: RuleId
  readonly name: string
  readonly occasion: OccasionProgress
  /** The award that the occasion led to; of a renewal that is not due yet, the one that it renews. */
  readonly award: Award | undefined
  /** In which zone words tell dates. */
  readonly zone: string
  readonly words: Words
}

/** Of so many decisions that blocked something, the newest, it is known why. */
const MOST_BLOCKED = 200

/** How far somebody is with an achievement now, by every rule in force that awards it. */
export async function subjectProgress(
  stores: Stores,
  ruleSets: RuleSets,
  {
    organisationId,
    subjectId,
    achievementId,
    now,
    namesEvents,
  }: {
    readonly organisationId: OrganisationId
    readonly subjectId: SubjectId
    readonly achievementId: AchievementId
    readonly now: Instant
    readonly namesEvents: boolean
  },
): Promise<SubjectProgress> {
  const { ruleSet } = await ruleSets(stores, organisationId)
  const { states, holdings, outcomes, moments } = await stores.evaluation.knowledge(organisationId, [
    subjectId,
  ])
  const history = await stores.evaluation.history(organisationId, subjectId)
  const held = holdings.get(subjectId) ?? []
  const titles = await achievementTitles(stores, organisationId)
  const inForce = await stores.rules.inForce([organisationId])
  const isAnyBlocked = [...outcomes.values()].includes('blocked')
  const rules: RuleProgress[] = []
  const events = new Map<EventId, EventMention>()
  for (const { id, name, achievementId: of } of await stores.rules.list(organisationId)) {
    const version = inForce.find(({ ruleId, state }) => ruleId === id && state === 'active')
    if (of !== achievementId || version === undefined) continue
    const rule = await resolvedVersion(stores, version.id)
    if (rule === undefined) continue
    const cap = ruleSet.capped.has(id) ? capOf(ruleSet, id) : undefined
    const question: OccasionInput = {
      ...(cap === undefined ? {} : { capLeft: cap - (await stores.awards.countSlots(organisationId, id)) }),
      ...{ now, subjectId, states, outcomes, moments },
      holdings: held,
      events: history,
      blocked: isAnyBlocked ? await blockReasons(stores, organisationId, id, subjectId) : new Map(),
    }
    for (const occasion of occasionProgress(ruleSet, id, question) ?? []) {
      const own = await stores.events.mentions(organisationId, namesEvents ? eventsIn(occasion.trace) : [])
      for (const [eventId, event] of own) events.set(eventId, event)
      const award = await awardOf(stores, id, subjectId, occasion)
      const words = inWords(rule, occasion.trace, { titles, events: own }, (language) =>
        occasionInWords(occasion, award, rule, language),
      )
      rules.push({ ruleId: id, name, occasion, award, zone: zoneOfRule(rule), words })
    }
  }
  const isHeld = held.some(
    (holding) =>
      holding.achievementId === achievementId && (holding.until === undefined || holding.until > now),
  )
  return { subjectId, achievementId, held: isHeld, events, rules }
}

/** By occurrence. */
async function blockReasons(
  stores: Stores,
  organisationId: OrganisationId,
  ruleId: RuleId,
  subjectId: SubjectId,
): Promise<ReadonlyMap<string, BlockReason>> {
  const filter = { ruleId, subjectId, outcome: 'blocked' } as const
  const { items } = await stores.evaluation.listDecisions(organisationId, { limit: MOST_BLOCKED }, filter)
  // Oldest first, so that the newest stands.
  return new Map(
    items
      .toReversed()
      .flatMap(({ occurrence, reason }) => (reason === undefined ? [] : [[occurrence, reason] as const])),
  )
}

async function awardOf(
  stores: Stores,
  ruleId: RuleId,
  subjectId: SubjectId,
  { occurrence, part }: OccasionProgress,
): Promise<Award | undefined> {
  for (const each of occurrencesOf(occurrence, part)) {
    const award = await stores.awards.findByOccurrence(ruleId, subjectId, each)
    if (award !== undefined) return award
  }
  return undefined
}

const occurrencesOf = (occurrence: string, part: OccasionPart): readonly string[] => [
  ...(occurrence === '' ? [] : [occurrence]),
  ...(part.kind === 'renewal' ? [part.renews] : []),
]
