import type { ManageAccount } from '#services/access/manage-account.ts'
import type { createManageApiKeys } from '#services/access/manage-api-keys.ts'
import type { SignIn } from '#services/access/sign-in.ts'
import type { createSignInByProvider } from '#services/access/sign-in-by-provider.ts'
import type { createAnswerExpertReviews } from '#services/achievements/answer-expert-reviews.ts'
import type { createAskExperts } from '#services/achievements/ask-experts.ts'
import type { BadgeDesigns } from '#services/achievements/badge-designs.ts'
import type { createBrowseCatalogue } from '#services/achievements/browse-catalogue.ts'
import type { createCopyAchievements } from '#services/achievements/copy-achievements.ts'
import type { createEndAchievements } from '#services/achievements/end-achievements.ts'
import type { createFindAlignmentTargets } from '#services/achievements/find-alignment-targets.ts'
import type { HouseStyles } from '#services/achievements/house-styles.ts'
import type { Images } from '#services/achievements/images.ts'
import type { createImportFrameworks } from '#services/achievements/import-frameworks.ts'
import type { createManageAchievements } from '#services/achievements/manage-achievements.ts'
import type { createManageAssessors } from '#services/achievements/manage-assessors.ts'
import type { createPublishedAchievements } from '#services/achievements/published-achievements.ts'
import type { ReadSharedAchievements } from '#services/achievements/read-shared-achievements.ts'
import type { createReviewAchievements } from '#services/achievements/review-achievements.ts'
import type { createShareAchievements } from '#services/achievements/share-achievements.ts'
import type { createTellStanding } from '#services/achievements/tell-standing.ts'
import type { createAttestedRules } from '#services/attested-awards/attested-rules.ts'
import type { createAttestedSubjects } from '#services/attested-awards/attested-subjects.ts'
import type { createRelayAttestations } from '#services/attested-awards/relay-attestations.ts'
import type { createAfterIssuing } from '#services/awards/after-issuing.ts'
import type { createAwardSuggestions } from '#services/awards/award-suggestions.ts'
import type { createBlastRadius } from '#services/awards/blast-radius.ts'
import type { createChangeAwards } from '#services/awards/change-awards.ts'
import type { createManageAwards } from '#services/awards/manage-awards.ts'
import type { RenewAward } from '#services/awards/renew-award.ts'
import type { ExportBackpack } from '#services/backpack/export-backpack.ts'
import type { ImportBadges } from '#services/backpack/import-badges.ts'
import type { ManageCollections } from '#services/backpack/manage-collections.ts'
import type { ShowCollection } from '#services/backpack/show-collection.ts'
import type { ClaimBadges } from '#services/claims/claim-badges.ts'
import type { createConfirmClaims } from '#services/claims/confirm-claims.ts'
import type { createResendClaim } from '#services/claims/resend-claim.ts'
import type { ConnectHosts } from '#services/connections/connect-hosts.ts'
import type { FetchBadges } from '#services/connections/fetch-badges.ts'
import type { DiscloseCredentials } from '#services/credentials/disclose-credentials.ts'
import type { createServeCredentials } from '#services/credentials/serve-credentials.ts'
import type { ShareCredentials } from '#services/credentials/share-credentials.ts'
import type { createVerifyCredentials } from '#services/credentials/verify-credentials.ts'
import type { createDecisionReceipts } from '#services/decisions/decision-receipts.ts'
import type { createExplainDecisions } from '#services/decisions/explain-decisions.ts'
import type { createClaimDirectAwards } from '#services/direct-awards/claim-direct-awards.ts'
import type { createDirectAwardSettings } from '#services/direct-awards/direct-award-settings.ts'
import type { createManageDirectAwardBundles } from '#services/direct-awards/manage-direct-award-bundles.ts'
import type { createManageDirectAwards } from '#services/direct-awards/manage-direct-awards.ts'
import type { createManageEndorsements } from '#services/endorsements/manage-endorsements.ts'
import type { IngestEvents } from '#services/events/ingest-events.ts'
import type { createManageEvents } from '#services/events/manage-events.ts'
import type { createForeignBadges } from '#services/facts/foreign-badges.ts'
import type { createManageAttributes } from '#services/facts/manage-attributes.ts'
import type { createManageClaimCodes } from '#services/facts/manage-claim-codes.ts'
import type { createManageCohorts } from '#services/facts/manage-cohorts.ts'
import type { createManageFacts } from '#services/facts/manage-facts.ts'
import type { createNominatePeers } from '#services/facts/nominate-peers.ts'
import type { createRecordCompetency } from '#services/facts/record-competencies.ts'
import type { createRedeemCodes } from '#services/facts/redeem-codes.ts'
import type { createManageIssuers } from '#services/issuers/manage-issuers.ts'
import type { PublishedIssuers } from '#services/issuers/published-issuers.ts'
import type { createReportCompromise } from '#services/issuers/report-compromise.ts'
import type { createManageJobs } from '#services/job-control/manage-jobs.ts'
import type { createAnswerInvitations } from '#services/members/answer-invitations.ts'
import type { createInviteMembers } from '#services/members/invite-members.ts'
import type { createManageMembers } from '#services/members/manage-members.ts'
import type { createManageRoles } from '#services/members/manage-roles.ts'
import type { createChooseNotifications } from '#services/notifications/choose-notifications.ts'
import type { createManageMailTemplates } from '#services/notifications/manage-mail-templates.ts'
import type { createReadNotifications } from '#services/notifications/read-notifications.ts'
import type { createTakeBounces } from '#services/notifications/take-bounces.ts'
import type { ConnectedApplications } from '#services/open-badges-api/connected-applications.ts'
import type { createManageOrganisations } from '#services/organisations/manage-organisations.ts'
import type { createManageSettings } from '#services/organisations/manage-settings.ts'
import type { createManageUnits } from '#services/organisations/manage-units.ts'
import type { createOverview } from '#services/overview/overview.ts'
import type { createManageRules } from '#services/rules/manage-rules.ts'
import type { createRuleHealth } from '#services/rules/rule-health.ts'
import type { createTryRules } from '#services/rules/try-rules.ts'
import type { VcApi } from '#services/vc-api/vc-api.ts'
import type { OfferBadges } from '#services/wallets/offer-badges.ts'
import type { createManageWebhooks } from '#services/webhooks/manage-webhooks.ts'

/** The use cases behind the routes. Factories may take it apart, but call nothing before a request comes. */
export interface RouteNeeds {
  readonly organisations: ReturnType<typeof createManageOrganisations>
  readonly units: ReturnType<typeof createManageUnits>
  readonly settings: ReturnType<typeof createManageSettings>
  readonly members: ReturnType<typeof createManageMembers>
  readonly roles: ReturnType<typeof createManageRoles>
  readonly invitations: ReturnType<typeof createInviteMembers>
  readonly answerInvitations: ReturnType<typeof createAnswerInvitations>
  readonly apiKeys: ReturnType<typeof createManageApiKeys>
  readonly signIn: SignIn
  readonly signInByProvider: ReturnType<typeof createSignInByProvider>
  readonly account: ManageAccount
  readonly applications: ConnectedApplications
  readonly connectHosts: ConnectHosts
  readonly fetchBadges: FetchBadges
  readonly offerBadges: OfferBadges
  readonly issuers: ReturnType<typeof createManageIssuers>
  readonly reportCompromise: ReturnType<typeof createReportCompromise>
  readonly publishedIssuers: PublishedIssuers
  readonly achievements: ReturnType<typeof createManageAchievements>
  readonly tellStanding: ReturnType<typeof createTellStanding>
  readonly publishedAchievements: ReturnType<typeof createPublishedAchievements>
  readonly reviewAchievements: ReturnType<typeof createReviewAchievements>
  readonly assessors: ReturnType<typeof createManageAssessors>
  readonly askExperts: ReturnType<typeof createAskExperts>
  readonly answerExpertReviews: ReturnType<typeof createAnswerExpertReviews>
  readonly shareAchievements: ReturnType<typeof createShareAchievements>
  readonly sharedAchievements: ReadSharedAchievements
  readonly copyAchievement: ReturnType<typeof createCopyAchievements>
  readonly catalogue: ReturnType<typeof createBrowseCatalogue>
  readonly importFramework: ReturnType<typeof createImportFrameworks>
  readonly endAchievements: ReturnType<typeof createEndAchievements>
  readonly alignmentTargets: ReturnType<typeof createFindAlignmentTargets>
  readonly images: Images
  readonly houseStyles: HouseStyles
  readonly badgeDesigns: BadgeDesigns
  readonly attestedRules: ReturnType<typeof createAttestedRules>
  readonly attestedSubjects: ReturnType<typeof createAttestedSubjects>
  readonly relayAttestations: ReturnType<typeof createRelayAttestations>
  readonly rules: ReturnType<typeof createManageRules>
  readonly tryRules: ReturnType<typeof createTryRules>
  readonly ruleHealth: ReturnType<typeof createRuleHealth>
  readonly jobs: ReturnType<typeof createManageJobs>
  readonly ingestEvents: IngestEvents
  readonly events: ReturnType<typeof createManageEvents>
  readonly facts: ReturnType<typeof createManageFacts>
  readonly cohorts: ReturnType<typeof createManageCohorts>
  readonly attributes: ReturnType<typeof createManageAttributes>
  readonly recordCompetency: ReturnType<typeof createRecordCompetency>
  readonly claimCodes: ReturnType<typeof createManageClaimCodes>
  readonly redeemCodes: ReturnType<typeof createRedeemCodes>
  readonly nominations: ReturnType<typeof createNominatePeers>
  readonly foreignBadges: ReturnType<typeof createForeignBadges>
  readonly decisions: ReturnType<typeof createExplainDecisions>
  readonly decisionReceipts: ReturnType<typeof createDecisionReceipts>
  readonly awards: ReturnType<typeof createManageAwards>
  readonly afterIssuing: ReturnType<typeof createAfterIssuing>
  readonly changeAwards: ReturnType<typeof createChangeAwards>
  readonly blastRadius: ReturnType<typeof createBlastRadius>
  readonly renewAward: RenewAward
  readonly suggestions: ReturnType<typeof createAwardSuggestions>
  readonly credentials: ReturnType<typeof createServeCredentials>
  readonly disclosing: DiscloseCredentials
  readonly sharing: ShareCredentials
  readonly collections: ManageCollections
  readonly exportBackpack: ExportBackpack
  readonly importBadges: ImportBadges
  readonly showCollection: ShowCollection
  readonly claims: ClaimBadges
  readonly resendClaim: ReturnType<typeof createResendClaim>
  readonly confirmClaims: ReturnType<typeof createConfirmClaims>
  readonly directAwards: ReturnType<typeof createManageDirectAwards>
  readonly directAwardBundles: ReturnType<typeof createManageDirectAwardBundles>
  readonly directAwardClaims: ReturnType<typeof createClaimDirectAwards>
  readonly directAwardSettings: ReturnType<typeof createDirectAwardSettings>
  readonly endorsements: ReturnType<typeof createManageEndorsements>
  readonly verification: ReturnType<typeof createVerifyCredentials>
  readonly vcApi: VcApi
  readonly notifications: ReturnType<typeof createReadNotifications>
  readonly chooseNotifications: ReturnType<typeof createChooseNotifications>
  readonly bounces: ReturnType<typeof createTakeBounces>
  readonly mailTemplates: ReturnType<typeof createManageMailTemplates>
  readonly webhooks: ReturnType<typeof createManageWebhooks>
  readonly overview: ReturnType<typeof createOverview>
  /** PUBLIC_URL, without a slash at the end. */
  readonly publicUrl: string
}
