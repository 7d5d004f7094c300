import { type AchievementDefinition, validUntil } from '#engine/achievements/achievement-definition.ts'
import { activityOf } from '#engine/awards/award-activity.ts'
import { awardEvidence, type EventEvidence } from '#engine/awards/award-evidence.ts'
import { gateOf } from '#engine/awards/award-gate.ts'
import { awardResult, unsayableResults } from '#engine/awards/award-results.ts'
import type {
  AchievementId,
  AchievementVersionId,
  AwardId,
  LeafId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AddLeaf, WantedLeaf } from '#services/anchoring/add-leaf.ts'
import type { Award, NewAward } from '#services/ports/award-store.ts'
import type { Decision, DocumentedDecision } from '#services/ports/evaluation-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RulesInForce } from '#services/rules/rule-sets.ts'
import type { RevokeIssued } from './revoke-issued.ts'

export interface GrantAwardsNeeds {
  readonly random: Random
  readonly hashes: Hashes
  readonly addLeaf: AddLeaf
  readonly revokeIssued: RevokeIssued
  readonly log: Log
}

/**
 * Turns decisions into awards, in the transaction of the evaluation. The unique constraint forbids a second one: then
 * the decision that comes back names the first.
 */
export type GrantAwards = (
  stores: Stores,
  organisationId: OrganisationId,
  rules: RulesInForce,
  decisions: readonly DocumentedDecision[],
  now: Instant,
) => Promise<readonly DocumentedDecision[]>

export const createGrantAwards =
  ({ random, hashes, addLeaf, revokeIssued, log }: GrantAwardsNeeds): GrantAwards =>
  async (stores, organisationId, rules, decisions, now) => {
    if (decisions.length === 0) return []
    const issuers = await issuersOf(
      stores,
      decisions.map(({ achievementId }) => achievementId),
    )

    const said = await saidBy(stores, rules, decisions)
    const told = await evidenceFor(stores, organisationId, decisions)
    const awards = decisions.flatMap((decision): NewAward[] => {
      const { awardId, ruleId, ruleVersionId, occurrence } = decision
      const issuer = issuers.get(decision.achievementId)
      const achievementVersionId = rules.achievementVersionOf.get(ruleVersionId)
      const compiled = rules.ruleSet.byVersion.get(ruleVersionId)
      const gate = compiled && gateOf(compiled.rule.document)
      if (awardId === undefined || issuer === undefined || achievementVersionId === undefined) return []
      const evidence = told.of(decision)
      const activity =
        compiled === undefined
          ? {}
          : activityOf(
              { occurrence: compiled.rule.document.occurrence, named: occurrence },
              decision.metAt,
              evidence,
            )
      return [
        {
          organisationId,
          id: awardId,
          issuerId: issuer.id,
          achievementId: decision.achievementId,
          achievementVersionId,
          subjectId: decision.subjectId,
          state: decision.outcome === 'award' ? 'due' : 'awaiting_approval',
          byRule: { ruleId, ruleVersionId, occurrence, decisionId: decision.id },
          awardedAt: decision.metAt,
          grantedAt: now,
          ...(gate === undefined ? {} : { gate }),
          ...(evidence.length === 0 ? {} : { evidence }),
          ...(Object.keys(activity).length === 0 ? {} : { particulars: activity }),
          ...said.of(achievementVersionId, decision),
        },
      ]
    })
    const granted = new Set(await stores.awards.grant(awards))
    await stores.awards.freeSlots(awards.flatMap(({ id }) => (granted.has(id) ? [] : [id])))
    // An occasion has one award. Met again, after a person has revoked it or was asked to look at it, it is still that one.
    const standing = new Map<AwardId, AwardId>()
    for (const { id, subjectId, byRule } of awards) {
      if (byRule === undefined || granted.has(id)) continue
      const award = await stores.awards.findByOccurrence(byRule.ruleId, subjectId, byRule.occurrence)
      if (award !== undefined) standing.set(id, award.id)
      log.warn('award.met_again', { rule: byRule.ruleId, decision: byRule.decisionId })
    }
    const named = decisions.map((decision) => {
      const awardId = decision.awardId && standing.get(decision.awardId)
      return awardId === undefined ? decision : { ...decision, awardId }
    })
    await stores.achievements.freeze(
      [...new Set(awards.map(({ achievementVersionId }) => achievementVersionId))],
      now,
    )

    await addLeaf(
      stores,
      ...decisions.flatMap((decision): WantedLeaf[] => {
        const issuer = issuers.get(decision.achievementId)
        const isAwarded = decision.outcome === 'would_award' && decision.awardId !== undefined
        if (issuer === undefined || !(decision.outcome === 'award' || isAwarded)) return []
        const [id, digest] = [random.rowId() as LeafId, hashes.sha256(decision.document)]
        return [{ issuer, kind: 'decision', id, targetId: decision.id, digest, at: now }]
      }),
    )
    for (const decision of decisions) {
      if (!issuers.has(decision.achievementId)) continue
      if (decision.outcome === 'retracted' && revokesByItself(rules, decision)) {
        const award = await stores.awards.findByOccurrence(
          decision.ruleId,
          decision.subjectId,
          decision.occurrence,
        )
        if (award !== undefined)
          await revokeIssued(stores, award, {
            at: now,
            reason: 'The events it rested on were taken back.',
            actor: 'system',
            isTakenBack: true,
          })
      }
    }
    return named
  }

/** Only where the organisation chose so for the achievement: otherwise a person decides. */
const revokesByItself = (rules: RulesInForce, decision: Decision): boolean =>
  rules.ruleSet.byVersion.get(decision.ruleVersionId)?.onRetract === 'revoke'

/** What the version of the achievement makes of a decision: its end, and of the results those that its badge can say. */
async function saidBy(stores: Stores, rules: RulesInForce, decisions: readonly Decision[]) {
  const definitions = new Map<AchievementVersionId, AchievementDefinition>()
  for (const { awardId, ruleVersionId } of decisions) {
    const id = awardId === undefined ? undefined : rules.achievementVersionOf.get(ruleVersionId)
    if (id === undefined || definitions.has(id)) continue
    const version = await stores.achievements.version(id)
    if (version !== undefined) definitions.set(id, version.definition)
  }
  return {
    of: (
      id: AchievementVersionId,
      { metAt, results }: Pick<Decision, 'metAt' | 'results'>,
    ): Pick<Award, 'validUntil' | 'results'> => {
      const definition = definitions.get(id)
      const end = definition === undefined ? undefined : validUntil(definition, metAt)
      const all = results?.map(awardResult)
      const unsayable = new Set(unsayableResults(definition?.resultDescriptions ?? [], all ?? []))
      return {
        ...(end === undefined ? {} : { validUntil: end }),
        // What no badge of it can say is left out, as an event that lacks the field leaves it out.
        ...(all === undefined ? {} : { results: all.filter((_, at) => !unsayable.has(at)) }),
      }
    },
  }
}

/** What badges may tell of the events that they rest on: nothing where the rule names no evidence. */
async function evidenceFor(stores: Stores, organisationId: OrganisationId, decisions: readonly Decision[]) {
  const ids = new Set(
    decisions.flatMap(({ awardId, evidence = [] }) => (awardId === undefined ? [] : evidence)),
  )
  const events = new Map(
    (await stores.events.findMany(organisationId, [...ids])).map(({ id, event }) => [id, event]),
  )
  return {
    of: ({ evidence = [] }: Decision): readonly EventEvidence[] =>
      awardEvidence(evidence.flatMap((id) => events.get(id) ?? [])),
  }
}

async function issuersOf(
  stores: Stores,
  ids: readonly AchievementId[],
): Promise<ReadonlyMap<AchievementId, Issuer>> {
  const achievements = await stores.achievements.findMany([...new Set(ids)])
  const issuers = await stores.issuers.findMany([...new Set(achievements.map(({ issuerId }) => issuerId))])
  const byId = new Map(issuers.map((issuer) => [issuer.id, issuer]))
  return new Map(
    achievements.flatMap(({ id, issuerId }) => {
      const issuer = byId.get(issuerId)
      return issuer === undefined ? [] : [[id, issuer] as const]
    }),
  )
}
