import type {
  AchievementId,
  DecisionId,
  EventId,
  OrganisationId,
  RuleId,
  RuleVersionId,
  SubjectId,
} from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Decision, DocumentedDecision } from '#services/ports/evaluation-store.ts'
import type { ApiCaller } from './api-caller.ts'
import { completed } from './first-aid.ts'
import type { TestProduct } from './test-product.ts'

export interface Suggested {
  readonly decisionId: DecisionId
  readonly subjectId: SubjectId
  readonly eventId: EventId
}

/** Sends an event of somebody, and writes the decision that a rule in mode `suggest` makes of it. */
export async function suggest(
  product: TestProduct,
  organisationId: string,
  api: ApiCaller,
  learner: string,
  ruleId: string,
  over: Partial<Decision> = {},
): Promise<Suggested> {
  const eventId: EventId = (await api.post('/v1/events', completed(learner, 1))).body.items[0].id
  const { body: rule } = await api.get(`/v1/rules/${ruleId}`)
  const { body: subject } = await api.get(`/v1/subjects?identifier=email:${learner}@example.org`)
  const active = rule.versions.find(({ state }: { state: string }) => state === 'active')
  const now = asInstant(Date.now())
  const decision: DocumentedDecision = {
    id: crypto.randomUUID() as DecisionId,
    decidedAt: now,
    ruleId: ruleId as RuleId,
    ruleVersionId: active.id as RuleVersionId,
    achievementId: rule.achievementId as AchievementId,
    subjectId: subject.id as SubjectId,
    occurrence: 'once',
    outcome: 'would_award',
    metAt: now,
    trace: {
      kind: 'event',
      leafHash: 'suggested',
      status: 'met',
      have: 1,
      need: 1,
      missing: [],
      evidence: [eventId],
    },
    document: new TextEncoder().encode('{}'),
    ...over,
  }
  await product.running.parts.database.asWorker((stores) =>
    stores.evaluation.saveDecisions(organisationId as OrganisationId, [decision]),
  )
  return { decisionId: decision.id, subjectId: decision.subjectId, eventId }
}
