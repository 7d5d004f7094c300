import type { Principal } from '#engine/access/rights.ts'
import { eventsIn } from '#engine/decisions/shown-trace.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { identifierText, parseIdentifier } from '#engine/events/identifier.ts'
import type { DecisionOutcome } from '#engine/rules/evaluate/evaluation.ts'
import { momentIn } from '#engine/rules/explain/moment-words.ts'
import { PHRASES } from '#engine/rules/explain/phrases.ts'
import { zoneOfRule } from '#engine/rules/explain/rule-zone.ts'
import type {
  AccountId,
  AchievementId,
  DecisionId,
  OrganisationId,
  RuleId,
  SubjectId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRight, requireRightOnAchievement, requireRightSomewhere } from '#services/access/authorise.ts'
import { achievementTitles } from '#services/achievements/achievement-titles.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Decision } from '#services/ports/evaluation-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { Subject } from '#services/ports/subject-store.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import { blockedUntil } from './blocked-until.ts'
import { inWords, type Mentions, resolvedVersion, type Words } from './explained-words.ts'
import { type SubjectProgress, subjectProgress } from './subject-progress.ts'

export interface ExplainDecisionsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly ruleSets: RuleSets
}

export interface ExplainedDecision {
  readonly decision: Decision
  readonly words: Words
  readonly events: Mentions
  /** Where it was blocked as too soon after another award: from when on the rule can be met again. */
  readonly blockedUntil?: Instant
}

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
        const among = await achievementsWith(stores, principal, 'read', organisationId)
        const { items, next } = await stores.evaluation.listDecisions(organisationId, page, {
          ...filter,
          among,
        })
        const explained = await explain(stores, organisationId, items)
        return next === undefined ? { items: explained } : { items: explained, next }
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      id: DecisionId,
    ): Promise<ExplainedDecision> =>
      database.inOrganisation(organisationId, async (stores) => {
        const decision = await stores.evaluation.findDecision(organisationId, id)
        if (decision === undefined) throw errors.notFound({ what: 'decision', id })
        await requireRightOnAchievement(stores, principal, 'read', organisationId, decision.achievementId)
        const [explained] = await explain(stores, organisationId, [decision])
        if (explained === undefined) throw new Error('A decision was not explained.')
        return explained
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
        requireRightSomewhere(principal, 'read', organisationId)
        const subject = await stores.subjects.find(organisationId, subjectId)
        if (subject === undefined) throw errors.notFound({ what: 'person', id: subjectId })
        const wanted = await achievementNamed(stores, organisationId, achievement)
        if (wanted === undefined) throw errors.notFound({ what: 'achievement', id: achievement })
        await requireRightOnAchievement(stores, principal, 'read', organisationId, wanted)
        return subjectProgress(stores, ruleSets, {
          organisationId,
          subjectId: subject.canonicalId,
          achievementId: wanted,
          now: clock.now(),
          namesEvents: true,
        })
      }),

    /** The same for the person themself, without the events, with every organisation that knows them and has such an achievement. */
    own: async (accountId: AccountId, achievement: string): Promise<readonly SubjectProgress[]> => {
      const linked = await database.asWorker((stores) => stores.subjects.linkedTo(accountId))
      const found: SubjectProgress[] = []
      for (const { organisationId, subjectId } of linked)
        await database.inOrganisation(organisationId, async (stores) => {
          const wanted = await achievementNamed(stores, organisationId, achievement)
          if (wanted === undefined) return
          const question = { organisationId, subjectId, achievementId: wanted, now: clock.now() }
          found.push(await subjectProgress(stores, ruleSets, { ...question, namesEvents: false }))
        })
      if (found.length === 0) throw errors.notFound({ what: 'achievement', id: achievement })
      return found
    },
  }

  /** With the words, and where it was blocked as too soon, until when. */
  async function explain(
    stores: Stores,
    organisationId: OrganisationId,
    decisions: readonly Decision[],
  ): Promise<readonly ExplainedDecision[]> {
    const titles = await achievementTitles(stores, organisationId)
    const named = [...new Set(decisions.flatMap(({ trace }) => eventsIn(trace)))]
    const mentions = await stores.events.mentions(organisationId, named)
    const tooSoon = decisions.flatMap(({ reason, subjectId }) => (reason === 'cooldown' ? [subjectId] : []))
    const knowledge = await stores.evaluation.knowledge(organisationId, [...new Set(tooSoon)])
    const explained: ExplainedDecision[] = []
    for (const decision of decisions) {
      const { trace, reason, ruleVersionId } = decision
      const own = eventsIn(trace)
      const events = new Map([...mentions].filter(([id]) => own.includes(id)))
      const rule = await resolvedVersion(stores, ruleVersionId)
      const until = blockedUntil(decision, rule, knowledge)
      const shown = until === undefined || rule === undefined ? undefined : momentIn(until, zoneOfRule(rule))
      // What forbade an award of a rule that was met comes before why it was met.
      const words = inWords(rule, trace, { titles, events }, (language) =>
        reason === undefined ? [] : [PHRASES[language].blocked(reason, shown)],
      )
      explained.push({ decision, words, events, ...(until === undefined ? {} : { blockedUntil: until }) })
    }
    return explained
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
