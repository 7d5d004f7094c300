import { timingSafeEqual } from 'node:crypto'
import { zipArchive } from '#adapters/archive/zip-archive.ts'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { webhookMac } from '#adapters/crypto/webhook-mac.ts'
import { foreignDids, foreignLists, foreignStandings } from '#adapters/fetch/foreign-sources.ts'
import { createGuardedFetch } from '#adapters/fetch/guarded-fetch.ts'
import { createWebhookSender } from '#adapters/fetch/webhook-sender.ts'
import { createBadgeImages } from '#adapters/images/badge-images.ts'
import { qrImages } from '#adapters/images/qr-images.ts'
import { localKeyMaker } from '#adapters/keys/key-maker.ts'
import { createPseudonyms } from '#adapters/keys/pseudonyms.ts'
import { createReturnTags } from '#adapters/keys/return-tags.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { bounceReader } from '#adapters/mail/bounce-reader.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { systemPause } from '#adapters/system/system-pause.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { isLoopbackHost } from '#engine/credentials/did-web.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import { createSteps } from '#jobs/steps.ts'
import { createAccountChanges } from '#services/access/account-changes.ts'
import { createAuthenticate } from '#services/access/authenticate.ts'
import { createManageAccount } from '#services/access/manage-account.ts'
import { createManageApiKeys } from '#services/access/manage-api-keys.ts'
import { createSignIn } from '#services/access/sign-in.ts'
import { createSignInByProvider } from '#services/access/sign-in-by-provider.ts'
import { createAnswerExpertReviews } from '#services/achievements/answer-expert-reviews.ts'
import { createAskExperts } from '#services/achievements/ask-experts.ts'
import { createBrowseCatalogue } from '#services/achievements/browse-catalogue.ts'
import { createCopyAchievements } from '#services/achievements/copy-achievements.ts'
import { createEndAchievements } from '#services/achievements/end-achievements.ts'
import { createFindAlignmentTargets } from '#services/achievements/find-alignment-targets.ts'
import { createFrameworkImportJob } from '#services/achievements/framework-import-job.ts'
import { createHouseStyles } from '#services/achievements/house-styles.ts'
import { createImages } from '#services/achievements/images.ts'
import { createImportFrameworks } from '#services/achievements/import-frameworks.ts'
import { createManageAchievements } from '#services/achievements/manage-achievements.ts'
import { createManageAssessors } from '#services/achievements/manage-assessors.ts'
import { createPublishedAchievements } from '#services/achievements/published-achievements.ts'
import { createReadSharedAchievements } from '#services/achievements/read-shared-achievements.ts'
import { createReviewAchievements } from '#services/achievements/review-achievements.ts'
import { createShareAchievements } from '#services/achievements/share-achievements.ts'
import { createTellStanding } from '#services/achievements/tell-standing.ts'
import { createAddLeaf } from '#services/anchoring/add-leaf.ts'
import { createConfirmTasks } from '#services/anchoring/confirm-tasks.ts'
import { createMakeReceipt } from '#services/anchoring/make-receipt.ts'
import { createReconcile } from '#services/anchoring/reconcile.ts'
import { createSealBatches } from '#services/anchoring/seal-batches.ts'
import { createSendTasks } from '#services/anchoring/send-tasks.ts'
import { createAuditTrail } from '#services/audit/audit-trail.ts'
import { createAfterIssuing } from '#services/awards/after-issuing.ts'
import { createAwardChangeJob } from '#services/awards/award-change-job.ts'
import { createAwardSuggestions } from '#services/awards/award-suggestions.ts'
import { createBlastRadius } from '#services/awards/blast-radius.ts'
import { createChangeAwards } from '#services/awards/change-awards.ts'
import { createDecideApproval } from '#services/awards/decide-approval.ts'
import { createEndEdition } from '#services/awards/end-edition.ts'
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
import { createExportBackpack } from '#services/backpack/export-backpack.ts'
import { createImportBadges } from '#services/backpack/import-badges.ts'
import { createManageCollections } from '#services/backpack/manage-collections.ts'
import { createShowCollection } from '#services/backpack/show-collection.ts'
import { createClaimBadges } from '#services/claims/claim-badges.ts'
import { createConfirmClaims } from '#services/claims/confirm-claims.ts'
import {
  ownDidsFirst,
  ownEditions,
  ownIssuersTrusted,
  ownListsFirst,
  ownStandingsFirst,
} from '#services/credentials/own-sources.ts'
import { createServeCredentials } from '#services/credentials/serve-credentials.ts'
import { createShareCredentials } from '#services/credentials/share-credentials.ts'
import { createVerifyCredentials } from '#services/credentials/verify-credentials.ts'
import { createDecisionReceipts } from '#services/decisions/decision-receipts.ts'
import { createExplainDecisions } from '#services/decisions/explain-decisions.ts'
import { createClaimDirectAwards } from '#services/direct-awards/claim-direct-awards.ts'
import { createDirectAwardSettings } from '#services/direct-awards/direct-award-settings.ts'
import { createManageDirectAwardBundles } from '#services/direct-awards/manage-direct-award-bundles.ts'
import { createManageDirectAwards } from '#services/direct-awards/manage-direct-awards.ts'
import { createRunDirectAwardBundles } from '#services/direct-awards/run-direct-award-bundles.ts'
import { createRunDirectAwards } from '#services/direct-awards/run-direct-awards.ts'
import { createAskEndorser, createInviteEndorser } from '#services/endorsements/ask-endorser.ts'
import { createManageEndorsements } from '#services/endorsements/manage-endorsements.ts'
import { createPublishEndorsement } from '#services/endorsements/publish-endorsement.ts'
import { createSettleEndorsements } from '#services/endorsements/settle-endorsements.ts'
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
import { createRecordFacts } from '#services/facts/record-facts.ts'
import { createRedeemCodes } from '#services/facts/redeem-codes.ts'
import { createManageIssuers } from '#services/issuers/manage-issuers.ts'
import { createPublishedIssuers } from '#services/issuers/published-issuers.ts'
import { createManageJobs } from '#services/job-control/manage-jobs.ts'
import { createRunJobs } from '#services/job-control/run-jobs.ts'
import { createStartJob } from '#services/job-control/start-job.ts'
import { createDeliverMail } from '#services/mail/deliver-mail.ts'
import { createAnswerInvitations } from '#services/members/answer-invitations.ts'
import { createExpireRequests } from '#services/members/expire-requests.ts'
import { createInviteMembers } from '#services/members/invite-members.ts'
import { createManageMembers } from '#services/members/manage-members.ts'
import { createManageRoles } from '#services/members/manage-roles.ts'
import { createChooseNotifications } from '#services/notifications/choose-notifications.ts'
import { createMailNotifications } from '#services/notifications/mail-notifications.ts'
import { createMakeDigests } from '#services/notifications/make-digests.ts'
import { createManageMailTemplates } from '#services/notifications/manage-mail-templates.ts'
import { createReadNotifications } from '#services/notifications/read-notifications.ts'
import { createTakeBounces } from '#services/notifications/take-bounces.ts'
import { createUnsubscribeLink } from '#services/notifications/unsubscribe-link.ts'
import { createManageOrganisations } from '#services/organisations/manage-organisations.ts'
import { createManageSettings } from '#services/organisations/manage-settings.ts'
import { createManageUnits } from '#services/organisations/manage-units.ts'
import { createOverview } from '#services/overview/overview.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { IdentityProviders } from '#services/ports/identity-providers.ts'
import type { Log } from '#services/ports/log.ts'
import type { Mailer } from '#services/ports/mailer.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { createBackfillJob } from '#services/rules/backfill-job.ts'
import { createDryRunJob } from '#services/rules/dry-run-job.ts'
import { createManageRules } from '#services/rules/manage-rules.ts'
import { createRuleHealth } from '#services/rules/rule-health.ts'
import { createRuleSets } from '#services/rules/rule-sets.ts'
import { createTellSilence } from '#services/rules/tell-silence.ts'
import { createTryRules } from '#services/rules/try-rules.ts'
import { createVerifier } from '#services/verify/verify-credential.ts'
import { createDeliverWebhooks } from '#services/webhooks/deliver-webhooks.ts'
import { createDisableWebhook } from '#services/webhooks/disable-webhook.ts'
import { createManageWebhooks } from '#services/webhooks/manage-webhooks.ts'

export interface Parts {
  readonly database: Database
  readonly chain: Chain
  readonly anchors: AnchorReader
  readonly wakeUps: WakeUps
  readonly mailer: Mailer
  /** Where people sign in by OpenID Connect. */
  readonly identityProviders: IdentityProviders
  readonly log: Log
  readonly masterKey: Uint8Array
  readonly settings: {
    /** PUBLIC_URL, without a slash at the end. */
    readonly publicUrl: string
    readonly batchMaxAgeS: number
    readonly batchMaxLeaves: number
    readonly fetchLocalhost: boolean
    /** People a second that a backfill goes through at most; 0: as fast as it can. */
    readonly backfillSubjectsPerS: number
    /** For how many days the link of an invitation works. */
    readonly invitationDays: number
  }
  readonly clock?: Clock
}

export type Product = ReturnType<typeof compose>

/** Says which part is which: every use case with what it needs. Opens nothing and starts nothing. */
export function compose(parts: Parts) {
  const { database, chain, wakeUps, mailer, log, settings } = parts
  const origin = settings.publicUrl
  const clock = parts.clock ?? systemClock
  const random = createSystemRandom()
  const hashes = { sha256, keccak256 }
  const secretBox = createSecretBox([parts.masterKey])
  const suite = createCredentialSuite()
  const images = createBadgeImages()
  const fetch = createGuardedFetch({ allowLocalhost: settings.fetchLocalhost })
  const webhookSender = createWebhookSender({ allowLocalhost: settings.fetchLocalhost })

  const unsubscribeLink = createUnsubscribeLink({ secretBox, origin })
  const audit = createAuditTrail({ random, hashes })
  const addLeaf = createAddLeaf({ random, hashes, secretBox })
  const startJob = createStartJob({ random, clock })
  const ruleSets = createRuleSets({ hashes })
  const endEdition = createEndEdition({ random })
  const mailEarner = createMailEarner({ random, origin })
  const revokeIssued = createRevokeIssued({ audit, endEdition, mailEarner })
  const grantAwards = createGrantAwards({ random, hashes, addLeaf, revokeIssued, log })
  const decideApproval = createDecideApproval({ clock, audit, ruleSets })
  const endorsing = { clock, random, hashes, suite, origin }
  const askEndorser = createAskEndorser(endorsing)
  const publishEndorsement = createPublishEndorsement({ clock, random, addLeaf, audit })
  const makeReceipt = createMakeReceipt({ hashes, secretBox })
  const signIn = createSignIn({ database, clock, random, hashes, wakeUps, origin })
  const accountChanges = createAccountChanges({ clock, random, origin })
  const credentials = createServeCredentials({ database, clock, hashes, makeReceipt, images, chain })
  const directAwarding = { database, clock, random, hashes, secretBox, audit, wakeUps, origin }
  const pseudonyms = createPseudonyms(parts.masterKey)
  const returnTags = createReturnTags(parts.masterKey)
  const directAwardClaims = createClaimDirectAwards({
    ...directAwarding,
    signIn,
    ruleSets,
    claims: createClaimBadges({ database, clock, hashes, audit, signIn }),
  })
  const claims = directAwardClaims.links
  const publishedIssuers = createPublishedIssuers({ database, clock, chain, suite, secretBox })
  const resolver = ownDidsFirst(publishedIssuers, foreignDids(fetch))
  const tellStanding = createTellStanding({ database })
  const verifier = createVerifier({
    suite,
    resolver,
    statusLists: ownListsFirst(publishedIssuers, origin, foreignLists(fetch)),
    anchors: parts.anchors,
    trust: ownIssuersTrusted(database),
    standings: ownStandingsFirst(tellStanding, origin, foreignStandings(fetch)),
    editions: ownEditions(database, origin),
    clock,
  })
  const verification = createVerifyCredentials({
    database,
    clock,
    hashes,
    verifier,
    unbake,
    makeReceipt,
    origin,
  })
  const importBadges = createImportBadges({ database, clock, random, hashes, suite, verification })
  const collections = createManageCollections({ database, clock, random, hashes, audit, origin })
  const facts = {
    database,
    clock,
    random,
    hashes,
    audit,
    wakeUps,
    recordFacts: createRecordFacts({ random, hashes }),
  }

  const changeAwards = createChangeAwards({ database, clock, random, hashes, audit, startJob, wakeUps })
  const sharedAchievements = createReadSharedAchievements({ database })

  const routes = {
    organisations: createManageOrganisations({ database, clock, random, audit }),
    units: createManageUnits({ database, clock, random, audit }),
    settings: createManageSettings({ database, clock, audit }),
    members: createManageMembers({ database, clock, audit }),
    roles: createManageRoles({ database, clock, random, audit }),
    invitations: createInviteMembers({
      database,
      clock,
      random,
      hashes,
      audit,
      wakeUps,
      origin,
      invitationDays: settings.invitationDays,
    }),
    answerInvitations: createAnswerInvitations({ database, clock, random, hashes, audit }),
    apiKeys: createManageApiKeys({ database, clock, random, hashes, audit }),
    signIn,
    signInByProvider: createSignInByProvider({
      database,
      clock,
      random,
      hashes,
      wakeUps,
      providers: parts.identityProviders,
      secretBox,
      signIn,
      accountChanges,
      origin,
    }),
    account: createManageAccount({
      database,
      clock,
      random,
      hashes,
      audit,
      wakeUps,
      accountChanges,
      origin,
    }),
    issuers: createManageIssuers({
      database,
      clock,
      random,
      audit,
      keyMaker: localKeyMaker,
      secretBox,
      chain,
      wakeUps,
      origin,
    }),
    publishedIssuers,
    achievements: createManageAchievements({
      database,
      clock,
      random,
      hashes,
      audit,
      addLeaf,
      images,
      suite,
    }),
    tellStanding,
    publishedAchievements: createPublishedAchievements({ database, clock }),
    reviewAchievements: createReviewAchievements({ database, clock, random, audit }),
    assessors: createManageAssessors({
      database,
      clock,
      random,
      hashes,
      audit,
      wakeUps,
      origin,
      invitationDays: settings.invitationDays,
    }),
    askExperts: createAskExperts({ database, clock, random, hashes, audit, wakeUps, origin }),
    answerExpertReviews: createAnswerExpertReviews({ database, clock, hashes, audit }),
    shareAchievements: createShareAchievements({ database, clock, random, audit }),
    sharedAchievements,
    copyAchievement: createCopyAchievements({ database, clock, random, audit, sharedAchievements }),
    catalogue: createBrowseCatalogue({ database }),
    importFramework: createImportFrameworks({ database, clock, random, audit, startJob, wakeUps }),
    endAchievements: createEndAchievements({ database, clock, random, audit }),
    alignmentTargets: createFindAlignmentTargets({ database }),
    houseStyles: createHouseStyles({ database, clock, hashes, audit, images }),
    images: createImages({ database, hashes, images }),
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
    awards: createManageAwards({ database, clock, revokeIssued, decideApproval, ruleSets, wakeUps }),
    afterIssuing: createAfterIssuing({
      database,
      clock,
      random,
      suite,
      audit,
      endEdition,
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
    decisionReceipts: createDecisionReceipts({ database, makeReceipt }),
    credentials,
    importBadges,
    collections,
    exportBackpack: createExportBackpack({
      database,
      clock,
      random,
      credentials,
      importBadges,
      collections,
      archive: zipArchive,
    }),
    showCollection: createShowCollection({ database, clock, hashes }),
    sharing: createShareCredentials({ database, clock, random, hashes, audit, serve: credentials, origin }),
    claims,
    confirmClaims: createConfirmClaims({
      ...{ database, clock, random, audit, wakeUps, claims, origin },
      directAwards: directAwardClaims.questioned,
    }),
    directAwards: createManageDirectAwards({
      ...directAwarding,
      pseudonyms,
      qrImages,
      revokeIssued,
      ruleSets,
    }),
    directAwardBundles: createManageDirectAwardBundles(directAwarding),
    directAwardClaims,
    directAwardSettings: createDirectAwardSettings(directAwarding),
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
    verification,
    notifications: createReadNotifications({ database, clock }),
    chooseNotifications: createChooseNotifications({ database, clock, secretBox, wakeUps }),
    bounces: createTakeBounces({ database, clock, random, audit, bounceReader, returnTags }),
    mailTemplates: createManageMailTemplates({ database, clock, audit, origin }),
    webhooks: createManageWebhooks({
      database,
      clock,
      random,
      secretBox,
      sender: webhookSender,
      audit,
      wakeUps,
    }),
    overview: createOverview({ database, clock, chain, isLocal: isLoopbackHost(new URL(origin).hostname) }),
    publicUrl: origin,
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
      framework_import: createFrameworkImportJob({ clock, random, audit }),
      award_change: createAwardChangeJob({ clock, random, suite, log, revokeIssued, ruleSets }),
    },
    backfillSubjectsPerS: settings.backfillSubjectsPerS,
  })
  const runBundles = createRunDirectAwardBundles({ ...directAwarding, log })
  const runDirectAwards = createRunDirectAwards({ ...directAwarding, pseudonyms, log })
  const tellSilence = createTellSilence({ database, clock, wakeUps })
  const signing = {
    database,
    clock,
    random,
    hashes,
    suite,
    secretBox,
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
  const signEditions = createSignEditions({ ...signing, endEdition, mailEarner })
  const expireAwards = createExpireAwards({ database, clock, audit })
  const expireRequests = createExpireRequests({ database, clock, audit })
  const remindOfExpiry = createRemindOfExpiry({ database, clock, mailEarner, wakeUps })
  const sending = { database, clock, chain, secretBox, wakeUps, log }
  return {
    routes,
    authenticate: createAuthenticate({
      database,
      clock,
      hashes,
      equalInConstantTime: (a, b) => a.length === b.length && timingSafeEqual(a, b),
    }),
    reconcile: createReconcile({ database, chain, log }),
    steps: createSteps({
      evaluate: evaluate.events,
      timers: evaluate.timers,
      jobs: async () => {
        await tellSilence()
        return runJobs()
      },
      issue: async () => {
        const issued = await issueAwards()
        const signed = await signEditions()
        return { more: issued.more || signed.more }
      },
      expire: async () => {
        const expired = await expireAwards()
        const reminded = await remindOfExpiry()
        const closed = await expireRequests()
        return { more: expired.more || reminded.more || closed.more }
      },
      direct_awards: async () => {
        const awarded = await runBundles()
        const { more } = await runDirectAwards()
        return { more: more || awarded.more }
      },
      anchor: createSealBatches({
        database,
        clock,
        random,
        hashes,
        secretBox,
        chain,
        wakeUps,
        log,
        maxAgeMs: settings.batchMaxAgeS * SECOND_MS,
        maxLeaves: settings.batchMaxLeaves,
      }),
      send: createSendTasks(sending),
      confirm: createConfirmTasks(sending),
      mail: createDeliverMail({
        database,
        clock,
        mailer,
        random,
        log,
        returnTags,
        prepare: [
          createMailNotifications({ database, clock, random, origin, unsubscribeLink, log }),
          createMakeDigests({ database, clock, random, origin, unsubscribeLink, log }),
        ],
      }),
      webhooks: createDeliverWebhooks({
        database,
        clock,
        random,
        secretBox,
        mac: webhookMac,
        sender: webhookSender,
        pause: systemPause,
        disableWebhook: createDisableWebhook({ audit }),
        wakeUps,
        log,
      }),
    }),
  }
}
