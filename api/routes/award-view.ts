import type * as z from 'zod'
import type { Award, AwardCorrectionShown } from '#api/schemas/awards.ts'
import type { AwardCorrection } from '#engine/awards/award-correction.ts'
import { approvalStanding, endorsementStanding } from '#engine/awards/award-gate.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { AwardOverview } from '#services/awards/manage-awards.ts'
import { showMailTrouble } from './mail-trouble-view.ts'
import { showParticulars } from './profile-view.ts'
import { timeOrNull } from './shown.ts'

const showApproval = ({ award, approvals, criteria }: AwardOverview): z.input<typeof Award>['approval'] => {
  const gate = award.gate?.approval
  if (gate === undefined && approvals.length === 0 && award.state !== 'awaiting_approval') return null
  const { have, need, needsOtherEyes, unassessed } = approvalStanding(gate, approvals, criteria)
  return {
    quorum: need,
    have,
    fourEyes: gate?.fourEyes ?? false,
    needsOtherEyes,
    unassessed: [...unassessed],
    said: approvals.map(({ by, decision, reason, hadAHand, mandate, at }) => ({
      by,
      decision,
      reason: reason ?? null,
      hadAHand,
      mandate: mandate === undefined ? null : { id: mandate.id, criteria: [...mandate.criteria] },
      at: formatInstant(at),
    })),
  }
}

const showCorrection = ({
  narrative,
  evidence,
  results,
  particulars,
  language,
}: AwardCorrection): z.input<typeof AwardCorrectionShown> => ({
  narrative: narrative ?? null,
  evidence: evidence?.map((each) => ({ ...each })) ?? null,
  results: results?.map((each) => ({ ...each })) ?? null,
  particulars: particulars === undefined ? null : showParticulars(particulars),
  language: language ?? null,
})

const showEndorsement = ({ award, endorsements }: AwardOverview): z.input<typeof Award>['endorsement'] => {
  const gate = award.gate?.endorsement
  if (gate === undefined) return null
  const { have, need } = endorsementStanding(gate, endorsements)
  const of = [...new Set(gate.of)].map((did) => {
    const newest = endorsements.filter(({ endorserDid }) => endorserDid === did).at(-1)
    return { did, endorsementId: newest?.id ?? null, state: newest?.state ?? 'unasked' }
  })
  return { quorum: need, have, of }
}

/** An award as the organisation sees it. */
export const showAward = (shown: AwardOverview): z.input<typeof Award> => {
  const { award, achievementName, credential, claim, anchor } = shown
  return {
    id: award.id,
    achievementId: award.achievementId,
    achievementVersionId: award.achievementVersionId,
    achievementName,
    subjectId: award.subjectId,
    state: award.state,
    origin: award.byRule === undefined ? 'direct' : 'rule',
    ruleId: award.byRule?.ruleId ?? null,
    decisionId: award.byRule?.decisionId ?? null,
    occurrence: award.byRule?.occurrence ?? null,
    awardedAt: formatInstant(award.awardedAt),
    grantedAt: formatInstant(award.grantedAt),
    issuedAt: timeOrNull(award.issuedAt),
    endedAt: timeOrNull(award.endedAt),
    reason: award.reason ?? null,
    revision: award.revision,
    suspendedAt: timeOrNull(award.suspendedAt),
    edition: shown.edition ?? null,
    nextEdition: shown.nextEdition ?? null,
    renews: award.renews ?? null,
    renewedBy: shown.renewedBy ?? null,
    correction: award.correction === undefined ? null : showCorrection(award.correction),
    validUntil: timeOrNull(award.validUntil),
    approval: showApproval(shown),
    endorsement: showEndorsement(shown),
    results: (award.results ?? []).map((result) => ({ ...result })),
    narrative: award.narrative ?? null,
    evidence: (award.evidence ?? []).flatMap((each) =>
      'on' in each ? [{ type: each.type, on: each.on, activity: each.activity ?? null }] : [],
    ),
    givenEvidence: (award.evidence ?? []).flatMap((each) => ('on' in each ? [] : [{ ...each }])),
    particulars: award.particulars === undefined ? null : showParticulars(award.particulars),
    credentialId: credential?.id ?? null,
    claim: claim?.state ?? null,
    ...showMailTrouble(shown.mailTrouble),
    anchor: anchor ?? null,
  }
}
