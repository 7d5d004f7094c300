import { organisationsOf, type Principal } from '#engine/access/rights.ts'
import { DECISION_RECEIPT_FORMAT, type DecisionReceipt } from '#engine/decisions/decision-receipt.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { DecisionId } from '#engine/shared/ids.ts'
import { organisationFor, requireRightOnAchievement } from '#services/access/authorise.ts'
import type { MakeReceipt } from '#services/anchoring/make-receipt.ts'
import type { Database } from '#services/ports/database.ts'
import type { Decision } from '#services/ports/evaluation-store.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface DecisionReceiptsNeeds {
  readonly database: Database
  readonly makeReceipt: MakeReceipt
}

export const createDecisionReceipts = ({ database, makeReceipt }: DecisionReceiptsNeeds) => ({
  /** The bytes that are digested of a decision, whatever its outcome. */
  document: (principal: Principal, organisation: string | undefined, id: DecisionId): Promise<Uint8Array> =>
    database.asWorker(async (stores) => documentOf(await readDecision(stores, principal, organisation, id))),

  /**
   * All that somebody needs to replay a decision without us, but for the events. Throws `decision-not-anchored` where it
   * never will be, and `receipt-not-ready` until the batches of both leaves are on chain.
   */
  receipt: (
    principal: Principal,
    organisation: string | undefined,
    id: DecisionId,
  ): Promise<DecisionReceipt> =>
    database.asWorker(async (stores) => {
      const decision = await readDecision(stores, principal, organisation, id)
      const isAwarded = decision.outcome === 'would_award' && decision.awardId !== undefined
      if (decision.outcome !== 'award' && !isAwarded)
        throw errors.decisionNotAnchored({ outcome: decision.outcome })
      const [leaf] = await stores.anchoring.leavesOf(decision.id)
      const version = await stores.rules.findVersion(decision.ruleVersionId)
      if (leaf === undefined || version?.resolved === undefined || version.leafId === undefined)
        throw errors.receiptNotReady({ state: 'waiting' })
      const issuer = await stores.issuers.find(leaf.issuerId)
      return {
        format: DECISION_RECEIPT_FORMAT,
        issuer: issuer?.did ?? '',
        decision: {
          document: textOf(documentOf(decision)),
          receipt: await makeReceipt(stores, leaf.id),
        },
        rule: { document: textOf(version.resolved), receipt: await makeReceipt(stores, version.leafId) },
      }
    }),
})

/**
 * The one place that says who may read the document of a decision: the person whom it is about, signed in, and who may
 * read its achievement. For everybody else it does not exist.
 */
async function readDecision(
  stores: Stores,
  principal: Principal,
  organisation: string | undefined,
  id: DecisionId,
): Promise<Decision> {
  if (principal.kind === 'session') {
    for (const { organisationId, subjectId } of await stores.subjects.linkedTo(principal.accountId)) {
      const own = await stores.evaluation.findDecision(organisationId, id)
      if (own?.subjectId === subjectId) return own
    }
    if (organisationsOf(principal).length === 0) throw errors.notFound({ what: 'decision', id })
  }
  const organisationId = organisationFor(principal, organisation)
  const decision = await stores.evaluation.findDecision(organisationId, id)
  if (decision === undefined) throw errors.notFound({ what: 'decision', id })
  await requireRightOnAchievement(stores, principal, 'read', organisationId, decision.achievementId)
  return decision
}

function documentOf({ id, document }: Decision): Uint8Array {
  if (document === undefined) throw errors.notFound({ what: 'document of the decision', id })
  return document
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
