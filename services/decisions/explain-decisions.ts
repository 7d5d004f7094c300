import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { identifierText, parseIdentifier } from '#engine/events/identifier.ts'
import type { DecisionOutcome } from '#engine/rules/evaluation.ts'
import { progress } from '#engine/rules/explain.ts'
import type { Trace } from '#engine/rules/trace.ts'
import { explainInWords } from '#engine/rules/words.ts'
import type {
  AchievementId,
  DecisionId,
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

export interface ExplainedDecision {
  readonly decision: Decision
  readonly words: Words
}

export interface SubjectProgress {
  readonly subjectId: SubjectId
  readonly achievementId: AchievementId
  readonly held: boolean
  readonly rules: readonly {
    readonly ruleId: RuleId
    readonly name: string
    readonly trace: Trace
    readonly words: Words
  }[]
}

/** In how many of a person's newest events near misses are looked for. */
const RECENT_EVENTS = 200

export const createExplainDecisions = ({ database, clock, ruleSets }: ExplainDecisionsNeeds) => ({
  list: (
    principal: Principal,
    organisationId: OrganisationId,
    page: PageRequest,
    filter: { readonly ruleId?: RuleId; readonly subjectId?: SubjectId; readonly outcome?: DecisionOutcome },
  ): Promise<Page<ExplainedDecision>> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const { items, next } = await stores.evaluation.listDecisions(organisationId, page, filter)
      const explained: ExplainedDecision[] = []
      const titles = await titlesOf(stores, organisationId)
      for (const decision of items)
        explained.push({
          decision,
          words: await inWords(stores, decision.ruleVersionId, decision.trace, titles),
        })
      return next === undefined ? { items: explained } : { items: explained, next }
    }),

  find: (principal: Principal, organisationId: OrganisationId, id: DecisionId): Promise<ExplainedDecision> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const decision = await stores.evaluation.findDecision(organisationId, id)
      if (decision === undefined) throw errors.notFound({ what: 'decision', id })
      const titles = await titlesOf(stores, organisationId)
      return { decision, words: await inWords(stores, decision.ruleVersionId, decision.trace, titles) }
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
    achievementId: AchievementId,
  ): Promise<SubjectProgress> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const subject = await stores.subjects.find(organisationId, subjectId)
      if (subject === undefined) throw errors.notFound({ what: 'person', id: subjectId })
      const achievement = await stores.achievements.find(achievementId)
      if (achievement === undefined) throw errors.notFound({ what: 'achievement', id: achievementId })
      const { ruleSet } = await ruleSets(stores, organisationId)
      const { states, holdings } = await stores.evaluation.knowledge(organisationId, [subject.canonicalId])
      const events = (await stores.evaluation.history(organisationId, subject.canonicalId)).slice(
        -RECENT_EVENTS,
      )
      const rules = (await stores.rules.list(organisationId)).filter(
        (rule) => rule.achievementId === achievementId,
      )
      const held = holdings.get(subject.canonicalId) ?? []
      const titles = await titlesOf(stores, organisationId)
      const inForce = await stores.rules.inForce([organisationId])
      const explained: SubjectProgress['rules'][number][] = []
      for (const { id, name } of rules) {
        const question = { now: clock.now(), subjectId: subject.canonicalId, states, holdings: held, events }
        const found = progress(ruleSet, id, question)
        const version = inForce.find(({ ruleId, state }) => ruleId === id && state === 'active')
        if (found === undefined || version === undefined) continue
        explained.push({
          ruleId: id,
          name,
          trace: found.trace,
          words: await inWords(stores, version.id, found.trace, titles),
        })
      }
      return {
        subjectId: subject.canonicalId,
        achievementId,
        held: held.some((holding) => holding.achievementId === achievementId),
        rules: explained,
      }
    }),
})

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
