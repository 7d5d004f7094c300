import type { Principal } from '#engine/access/rights.ts'
import { eventsIn } from '#engine/decisions/shown-trace.ts'
import { tellEvents } from '#engine/decisions/tell-events.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { identifierText, parseIdentifier } from '#engine/events/identifier.ts'
import type { DecisionOutcome } from '#engine/rules/evaluation.ts'
import { progress } from '#engine/rules/explain.ts'
import { PHRASES } from '#engine/rules/phrases.ts'
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
import { requireRight } from '#services/access/authorise.ts'
import {
  type AchievementTitles,
  achievementTitles,
  titlesFor,
} from '#services/achievements/achievement-titles.ts'
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

/** An explanation in words: a line a part of the rule, indented by two spaces a level; then which events. */
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
        const titles = await achievementTitles(stores, organisationId)
        const named = [...new Set(items.flatMap(({ trace }) => eventsIn(trace)))]
        const events = await stores.events.mentions(organisationId, named)
        for (const decision of items) {
          const own = new Map([...events].filter(([id]) => eventsIn(decision.trace).includes(id)))
          const words = blockedFirst(
            decision,
            await inWords(stores, decision.ruleVersionId, decision.trace, { titles, events: own }),
          )
          explained.push({ decision, words, events: own })
        }
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
        const titles = await achievementTitles(stores, organisationId)
        const events = await stores.events.mentions(organisationId, eventsIn(decision.trace))
        const words = blockedFirst(
          decision,
          await inWords(stores, decision.ruleVersionId, decision.trace, { titles, events }),
        )
        return { decision, words, events }
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
        return progressOf(stores, organisationId, subject.canonicalId, wanted, { namesEvents: true })
      }),

    /** The same for the person themself, without the events, with every organisation that knows them and has such an achievement. */
    own: async (accountId: AccountId, achievement: string): Promise<readonly SubjectProgress[]> => {
      const linked = await database.asWorker((stores) => stores.subjects.linkedTo(accountId))
      const found: SubjectProgress[] = []
      for (const { organisationId, subjectId } of linked)
        await database.inOrganisation(organisationId, async (stores) => {
          const wanted = await achievementNamed(stores, organisationId, achievement)
          if (wanted !== undefined)
            found.push(await progressOf(stores, organisationId, subjectId, wanted, { namesEvents: false }))
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
    { namesEvents }: { readonly namesEvents: boolean },
  ): Promise<SubjectProgress> {
    const { ruleSet } = await ruleSets(stores, organisationId)
    const { states, holdings } = await stores.evaluation.knowledge(organisationId, [subjectId])
    const recent = (await stores.evaluation.history(organisationId, subjectId)).slice(-RECENT_EVENTS)
    const rules = (await stores.rules.list(organisationId)).filter(
      (rule) => rule.achievementId === achievementId,
    )
    const held = holdings.get(subjectId) ?? []
    const titles = await achievementTitles(stores, organisationId)
    const inForce = await stores.rules.inForce([organisationId])
    const explained: SubjectProgress['rules'][number][] = []
    const events = new Map<EventId, EventMention>()
    for (const { id, name } of rules) {
      const version = inForce.find(({ ruleId, state }) => ruleId === id && state === 'active')
      if (version === undefined) continue
      const question = { now: clock.now(), subjectId, states, holdings: held, events: recent }
      const found = progress(ruleSet, id, question)
      if (found === undefined) continue
      const named = namesEvents ? eventsIn(found.trace) : []
      const own = await stores.events.mentions(organisationId, named)
      for (const [eventId, event] of own) events.set(eventId, event)
      const words = await inWords(stores, version.id, found.trace, { titles, events: own })
      explained.push({ ruleId: id, name, trace: found.trace, words })
    }
    return {
      subjectId,
      achievementId,
      held: held.some(
        (holding) =>
          holding.achievementId === achievementId &&
          (holding.until === undefined || holding.until > clock.now()),
      ),
      events,
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

/** What forbade an award of a rule that was met comes before why it was met. */
const blockedFirst = ({ reason }: Decision, { en, nl }: Words): Words =>
  reason === undefined
    ? { en, nl }
    : { en: [PHRASES.en.blocked(reason), ...en], nl: [PHRASES.nl.blocked(reason), ...nl] }

async function inWords(
  stores: Stores,
  id: RuleVersionId,
  trace: Trace,
  { titles, events }: { readonly titles: AchievementTitles; readonly events: Mentions },
): Promise<Words> {
  const version = await stores.rules.findVersion(id)
  if (version?.resolved === undefined) return { en: [], nl: [] }
  const rule = readResolvedRule(version.resolved)
  const lines = (language: 'en' | 'nl') => [
    ...explainInWords(trace, rule, language, titlesFor(titles, language)).map(
      ({ depth, text }) => `${'  '.repeat(depth)}${text}`,
    ),
    ...tellEvents(trace, events, language),
  ]
  return { en: lines('en'), nl: lines('nl') }
}
