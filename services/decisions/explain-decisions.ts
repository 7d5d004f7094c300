import type { Principal } from '#engine/access/rights.ts'
import { eventsIn } from '#engine/decisions/shown-trace.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { identifierText, parseIdentifier } from '#engine/events/identifier.ts'
import type { DecisionOutcome } from '#engine/rules/evaluation.ts'
import { progress } from '#engine/rules/explain.ts'
import type { Trace } from '#engine/rules/trace.ts'
import { explainInWords } from '#engine/rules/words.ts'
import type {
  AccountId,
  AchievementId,
  DecisionId,
  EventId,
  OrganisationId,
  RuleId,
  RuleVersionId,
  SubjectId,
} from '#engine/shared/ids.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Decision } from '#services/ports/evaluation-store.ts'
import type { EventMention } from '#services/ports/event-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { Subject } from '#services/ports/subject-store.ts'
import { readResolvedRule } from '#services/rules/rule-catalogue.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'

export interface ExplainDecisionsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly ruleSets: RuleSets
}

/** An explanation in words: a line a part of the rule, indented by two spaces a level. */
export interface Words {
  readonly en: readonly string[]
  readonly nl: readonly string[]
}

/** The events that a trace names, by id; what was erased is missing. */
type Mentions = ReadonlyMap<EventId, EventMention>

export interface ExplainedDecision {
  readonly decision: Decision
  readonly words: Words
  readonly events: Mentions
}

export interface SubjectProgress {
  readonly subjectId: SubjectId
  readonly achievementId: AchievementId
  readonly held: boolean
  readonly events: Mentions
  readonly rules: readonly {
    readonly ruleId: RuleId
    readonly name: string
    readonly trace: Trace
    readonly words: Words
  }[]
}

/** In how many of a person's newest events near misses are looked for. */
const RECENT_EVENTS = 200

export const createExplainDecisions = ({ database, clock, ruleSets }: ExplainDecisionsNeeds) => {
  return {
    list: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
      filter: {
        readonly ruleId?: RuleId
        readonly subjectId?: SubjectId
        readonly outcome?: DecisionOutcome
      },
    ): Promise<Page<ExplainedDecision>> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const { items, next } = await stores.evaluation.listDecisions(organisationId, page, filter)
        const explained: ExplainedDecision[] = []
        const titles = await titlesOf(stores, organisationId)
        const named = [...new Set(items.flatMap(({ trace }) => eventsIn(trace)))]
        const events = await stores.events.mentions(organisationId, named)
        for (const decision of items)
          explained.push({
            decision,
            words: await inWords(stores, decision.ruleVersionId, decision.trace, titles),
            events: new Map([...events].filter(([id]) => eventsIn(decision.trace).includes(id))),
          })
        return next === undefined ? { items: explained } : { items: explained, next }
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      id: DecisionId,
    ): Promise<ExplainedDecision> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const decision = await stores.evaluation.findDecision(organisationId, id)
        if (decision === undefined) throw errors.notFound({ what: 'decision', id })
        const titles = await titlesOf(stores, organisationId)
        return {
          decision,
          words: await inWords(stores, decision.ruleVersionId, decision.trace, titles),
          events: await stores.events.mentions(organisationId, eventsIn(decision.trace)),
        }
      }),

    /** The person that an identifier (`email:…`) names. */
    subject: (principal: Principal, organisationId: OrganisationId, text: string): Promise<Subject> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const identifier = parseIdentifier(text)
        const known =
          identifier === undefined
            ? undefined
            : await stores.subjects.byIdentifiers(organisationId, [identifier])
        const id = identifier === undefined ? undefined : known?.get(identifierText(identifier))
        const subject = id === undefined ? undefined : await stores.subjects.find(organisationId, id)
        if (subject === undefined) throw errors.notFound({ what: 'person' })
        return subject
      }),

    /** How far somebody is, computed from their states now: why, why not, and what is missing. */
    progress: (
      principal: Principal,
      organisationId: OrganisationId,
      subjectId: SubjectId,
      achievement: string,
    ): Promise<SubjectProgress> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const subject = await stores.subjects.find(organisationId, subjectId)
        if (subject === undefined) throw errors.notFound({ what: 'person', id: subjectId })
        const wanted = await achievementNamed(stores, organisationId, achievement)
        if (wanted === undefined) throw errors.notFound({ what: 'achievement', id: achievement })
        return progressOf(stores, organisationId, subject.canonicalId, wanted)
      }),

    /** The same for the person themself, with every organisation that knows them and has such an achievement. */
    own: async (accountId: AccountId, achievement: string): Promise<readonly SubjectProgress[]> => {
      const linked = await database.asWorker((stores) => stores.subjects.linkedTo(accountId))
      const found: SubjectProgress[] = []
      for (const { organisationId, subjectId } of linked)
        await database.inOrganisation(organisationId, async (stores) => {
          const wanted = await achievementNamed(stores, organisationId, achievement)
          if (wanted !== undefined) found.push(await progressOf(stores, organisationId, subjectId, wanted))
        })
      if (found.length === 0) throw errors.notFound({ what: 'achievement', id: achievement })
      return found
    },
  }

  async function progressOf(
    stores: Stores,
    organisationId: OrganisationId,
    subjectId: SubjectId,
    achievementId: AchievementId,
  ): Promise<SubjectProgress> {
    const { ruleSet } = await ruleSets(stores, organisationId)
    const { states, holdings } = await stores.evaluation.knowledge(organisationId, [subjectId])
    const recent = (await stores.evaluation.history(organisationId, subjectId)).slice(-RECENT_EVENTS)
    const rules = (await stores.rules.list(organisationId)).filter(
      (rule) => rule.achievementId === achievementId,
    )
    const held = holdings.get(subjectId) ?? []
    const titles = await titlesOf(stores, organisationId)
    const inForce = await stores.rules.inForce([organisationId])
    const explained: SubjectProgress['rules'][number][] = []
    for (const { id, name } of rules) {
      const version = inForce.find(({ ruleId, state }) => ruleId === id && state === 'active')
      if (version === undefined) continue
      const question = { now: clock.now(), subjectId, states, holdings: held, events: recent }
      const found = progress(ruleSet, id, question)
      if (found === undefined) continue
      const words = await inWords(stores, version.id, found.trace, titles)
      explained.push({ ruleId: id, name, trace: found.trace, words })
    }
    const named = [...new Set(explained.flatMap(({ trace }) => eventsIn(trace)))]
    return {
      subjectId,
      achievementId,
      held: held.some(
        (holding) =>
          holding.achievementId === achievementId &&
          (holding.until === undefined || holding.until > clock.now()),
      ),
      events: await stores.events.mentions(organisationId, named),
      rules: explained,
    }
  }
}

/** An achievement of this organisation by its id or its slug. */
async function achievementNamed(
  stores: Stores,
  organisationId: OrganisationId,
  name: string,
): Promise<AchievementId | undefined> {
  const all = await stores.achievements.list(organisationId)
  return all.find(({ id, slug }) => id === name || slug === name)?.id
}

/** What the achievements of an organisation are called, by slug. */
export async function titlesOf(
  stores: Stores,
  organisationId: OrganisationId,
): Promise<ReadonlyMap<string, string>> {
  const achievements = await stores.achievements.list(organisationId)
  const published = await stores.achievements.published(achievements.map(({ id }) => id))
  const slugOf = new Map(achievements.map(({ id, slug }) => [id, slug]))
  return new Map(
    published.map(({ achievementId, definition }) => [
      slugOf.get(achievementId) ?? '',
      textIn(definition.name, definition.language, definition.language),
    ]),
  )
}

async function inWords(
  stores: Stores,
  id: RuleVersionId,
  trace: Trace,
  titles: ReadonlyMap<string, string>,
): Promise<Words> {
  const version = await stores.rules.findVersion(id)
  if (version?.resolved === undefined) return { en: [], nl: [] }
  const rule = readResolvedRule(version.resolved)
  const lines = (language: 'en' | 'nl') =>
    explainInWords(trace, rule, language, titles).map(({ depth, text }) => `${'  '.repeat(depth)}${text}`)
  return { en: lines('en'), nl: lines('nl') }
}
