import { createAfterIssuing } from '#services/awards/after-issuing.ts'
import { createAwardChangeJob } from '#services/awards/award-change-job.ts'
import { createAwardSuggestions } from '#services/awards/award-suggestions.ts'
import { createBlastRadius } from '#services/awards/blast-radius.ts'
import { createChangeAwards } from '#services/awards/change-awards.ts'
import { createDecideApproval } from '#services/awards/decide-approval.ts'
import { createEndEditions } from '#services/awards/end-editions.ts'
import { createEndorsementGate } from '#services/awards/endorsement-gate.ts'
import { createExpireAwards } from '#services/awards/expire-awards.ts'
import { createGrantAwards } from '#services/awards/grant-awards.ts'
import { createIssueAwards } from '#services/awards/issue-awards.ts'
import { createMailEarner } from '#services/awards/mail-earner.ts'
import { createManageAwards } from '#services/awards/manage-awards.ts'
import { createRemindOfExpiry } from '#services/awards/remind-of-expiry.ts'
import { createRenewAward } from '#services/awards/renew-award.ts'
import { createRevokeIssued } from '#services/awards/revoke-issued.ts'
import { createSignEditions } from '#services/awards/sign-editions.ts'
import { createAskEndorser, createInviteEndorser } from '#services/endorsements/ask-endorser.ts'
import { createManageEndorsements } from '#services/endorsements/manage-endorsements.ts'
import { createPublishEndorsement } from '#services/endorsements/publish-endorsement.ts'
import { createSettleEndorsements } from '#services/endorsements/settle-endorsements.ts'
import { createKeyReissueJob } from '#services/issuers/key-reissue-job.ts'
import type { CommonParts } from './common-parts.ts'
import type { composePeople } from './compose-people.ts'
import type { composeVerification } from './compose-verification.ts'

/** From the decision to the signed badge, what becomes of it afterwards, and who vouches for it. */
export function composeAwards(
  common: CommonParts,
  {
    resolver,
    expireRequests,
  }: Pick<ReturnType<typeof composeVerification>, 'resolver'> &
    Pick<ReturnType<typeof composePeople>, 'expireRequests'>,
) {
  const {
    database,
    clock,
    random,
    hashes,
    keyStore,
    suite,
    issueMany,
    audit,
    addLeaf,
    makeReceipt,
    ruleSets,
    startJob,
    wakeUps,
    log,
    origin,
  } = common
  const endEditions = createEndEditions({ random })
  const mailEarner = createMailEarner({ random, origin })
  const revokeIssued = createRevokeIssued({ audit, endEditions, mailEarner })
  const grantAwards = createGrantAwards({ random, hashes, addLeaf, revokeIssued, log })
  const decideApproval = createDecideApproval({ clock, audit, ruleSets })
  const endorsing = { clock, random, hashes, suite, origin }
  const askEndorser = createAskEndorser(endorsing)
  const publishEndorsement = createPublishEndorsement({ clock, random, hashes, addLeaf, audit })
  const changeAwards = createChangeAwards({ database, clock, random, hashes, audit, startJob, wakeUps })

  const routes = {
    awards: createManageAwards({ database, clock, revokeIssued, decideApproval, ruleSets, wakeUps }),
    afterIssuing: createAfterIssuing({
      database,
      clock,
      random,
      suite,
      audit,
      endEditions,
      mailEarner,
      wakeUps,
      log,
    }),
    changeAwards,
    blastRadius: createBlastRadius({ database, clock, hashes, changeAwards }),
    renewAward: createRenewAward({ database, clock, random, audit, wakeUps }),
    suggestions: createAwardSuggestions({
      database,
      clock,
      random,
      audit,
      ruleSets,
      grantAwards,
      decideApproval,
      wakeUps,
    }),
    endorsements: createManageEndorsements({
      database,
      clock,
      hashes,
      suite,
      resolver,
      askEndorser,
      inviteEndorser: createInviteEndorser(endorsing),
      publishEndorsement,
      settleEndorsements: createSettleEndorsements({ clock, audit }),
      makeReceipt,
      audit,
      wakeUps,
    }),
  }

  const signing = {
    database,
    clock,
    random,
    hashes,
    suite,
    issueMany,
    keyStore,
    addLeaf,
    ruleSets,
    audit,
    wakeUps,
    log,
  }
  const issueAwards = createIssueAwards({
    ...signing,
    endorsementGate: createEndorsementGate({ askEndorser, publishEndorsement }),
    origin,
  })
  const signEditions = createSignEditions({ ...signing, endEditions, mailEarner })
  const expireAwards = createExpireAwards({ database, clock, audit })
  const remindOfExpiry = createRemindOfExpiry({ database, clock, mailEarner, wakeUps })
  return {
    routes,
    parts: {
      revokeIssued,
      grantAwards,
      keyReissueJob: createKeyReissueJob({ clock, random, suite, log }),
      awardChangeJob: createAwardChangeJob({ clock, random, suite, log, revokeIssued, ruleSets }),
    },
    steps: {
      issue: async (signal?: AbortSignal) => {
        const issued = await issueAwards(signal)
        const signed = await signEditions(signal)
        return { more: issued.more || signed.more }
      },
      expire: async () => {
        const expired = await expireAwards()
        const reminded = await remindOfExpiry()
        const closed = await expireRequests()
        return { more: expired.more || reminded.more || closed.more }
      },
    },
  }
}
