import { qrImages } from '#adapters/images/qr-images.ts'
import { createDecisionReceipts } from '#services/decisions/decision-receipts.ts'
import { createExplainDecisions } from '#services/decisions/explain-decisions.ts'
import { createEvaluateEvents } from '#services/events/evaluate-events.ts'
import { createEvaluateSubjects } from '#services/events/evaluate-subjects.ts'
import { createIngestEvents } from '#services/events/ingest-events.ts'
import { createManageEvents } from '#services/events/manage-events.ts'
import { createTellLapses } from '#services/events/tell-lapses.ts'
import { createForeignBadges } from '#services/facts/foreign-badges.ts'
import { createManageAttributes } from '#services/facts/manage-attributes.ts'
import { createManageClaimCodes } from '#services/facts/manage-claim-codes.ts'
import { createManageCohorts } from '#services/facts/manage-cohorts.ts'
import { createManageFacts } from '#services/facts/manage-facts.ts'
import { createNominatePeers } from '#services/facts/nominate-peers.ts'
import { createRecordCompetency } from '#services/facts/record-competencies.ts'
import { createRedeemCodes } from '#services/facts/redeem-codes.ts'
import { createManageJobs } from '#services/job-control/manage-jobs.ts'
import { createRunJobs } from '#services/job-control/run-jobs.ts'
import { createBackfillJob } from '#services/rules/backfill-job.ts'
import { createDryRunJob } from '#services/rules/dry-run-job.ts'
import { createManageRules } from '#services/rules/manage-rules.ts'
import { createRuleHealth } from '#services/rules/rule-health.ts'
import { createTellSilence } from '#services/rules/tell-silence.ts'
import { createTryRules } from '#services/rules/try-rules.ts'
import type { CommonParts } from './common-parts.ts'
import type { composeAchievements } from './compose-achievements.ts'
import type { composeAwards } from './compose-awards.ts'
import type { composeVerification } from './compose-verification.ts'

/** Events, what is known of people besides, the rules over both, and what was decided. */
export function composeRules(
  common: CommonParts,
  {
    verification,
    awards: { grantAwards, awardChangeJob, keyReissueJob },
    jobKinds,
  }: {
    readonly verification: ReturnType<typeof composeVerification>['verification']
    readonly awards: ReturnType<typeof composeAwards>['parts']
    readonly jobKinds: ReturnType<typeof composeAchievements>['jobKinds']
  },
) {
  const {
    database,
    clock,
    random,
    hashes,
    audit,
    addLeaf,
    makeReceipt,
    recordFacts,
    ruleSets,
    startJob,
    wakeUps,
    log,
    origin,
    settings,
  } = common
  const facts = {
    database,
    clock,
    random,
    hashes,
    audit,
    wakeUps,
    recordFacts,
  }

  const routes = {
    rules: createManageRules({ database, clock, random, hashes, audit, addLeaf, startJob, wakeUps }),
    tryRules: createTryRules({ database, clock, random, hashes, audit, startJob, wakeUps }),
    ruleHealth: createRuleHealth({ database, clock }),
    jobs: createManageJobs({ database, clock, audit }),
    ingestEvents: createIngestEvents({ database, clock, random, hashes, wakeUps }),
    events: createManageEvents({ database, clock, random, audit, wakeUps, ruleSets }),
    facts: createManageFacts(facts),
    cohorts: createManageCohorts(facts),
    attributes: createManageAttributes(facts),
    recordCompetency: createRecordCompetency(facts),
    claimCodes: createManageClaimCodes({ ...facts, qrImages, origin }),
    redeemCodes: createRedeemCodes(facts),
    nominations: createNominatePeers(facts),
    foreignBadges: createForeignBadges({ ...facts, verification }),
    decisions: createExplainDecisions({ database, clock, ruleSets }),
    decisionReceipts: createDecisionReceipts({ database, makeReceipt }),
  }

  const evaluateSubjects = createEvaluateSubjects({
    clock,
    random,
    ruleSets,
    grantAwards,
    tellLapses: createTellLapses({ audit }),
  })
  const evaluate = createEvaluateEvents({
    database,
    clock,
    ruleSets,
    evaluateSubjects,
    wakeUps,
    log,
    // Which of 16 rows this process counts in: two processes on one row would wait for each other, and no more.
    healthSlot: random.integer(16) * 3,
  })
  const runJobs = createRunJobs({
    database,
    clock,
    wakeUps,
    log,
    kinds: {
      backfill: createBackfillJob({ rescan: evaluate.rescan }),
      dry_run: createDryRunJob({ hashes }),
      award_change: awardChangeJob,
      key_reissue: keyReissueJob,
      ...jobKinds,
    },
    backfillSubjectsPerS: settings.backfillSubjectsPerS,
  })
  const tellSilence = createTellSilence({ database, clock, wakeUps })
  return {
    routes,
    steps: {
      evaluate: evaluate.events,
      timers: evaluate.timers,
      jobs: async () => {
        await tellSilence()
        return runJobs()
      },
    },
  }
}
