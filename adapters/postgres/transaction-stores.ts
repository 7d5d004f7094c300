import type { Stores } from '#services/ports/stores.ts'
import { accessStore } from './access-store.ts'
import { accountStore } from './account-store.ts'
import { achievementStore } from './achievement-store.ts'
import { anchoringStore } from './anchoring-store.ts'
import { assessorStore } from './assessor-store.ts'
import { attestedStore } from './attested-store.ts'
import { attributeStore } from './attribute-store.ts'
import { auditStore } from './audit-store.ts'
import { awardChangeStore } from './award-change-store.ts'
import { awardStore } from './award-store.ts'
import { badgeDesignStore } from './badge-design-store.ts'
import { catalogueStore } from './catalogue-store.ts'
import { claimCodeStore } from './claim-code-store.ts'
import { claimStore } from './claim-store.ts'
import { cohortStore } from './cohort-store.ts'
import { collectionStore } from './collection-store.ts'
import { confirmationStore } from './confirmation-store.ts'
import { credentialStore } from './credential-store.ts'
import { directAwardBundleStore } from './direct-award-bundle-store.ts'
import { directAwardStore } from './direct-award-store.ts'
import { editionBaseStore, editionJwtStore } from './edition-form-store.ts'
import { endorsementStore } from './endorsement-store.ts'
import { evaluationStore } from './evaluation-store.ts'
import { eventStore } from './event-store.ts'
import { expertReviewStore } from './expert-review-store.ts'
import { factLog } from './fact-log.ts'
import { fileStore } from './file-store.ts'
import { foreignBadgeStore } from './foreign-badge-store.ts'
import { frameworkImportStore } from './framework-import-store.ts'
import { frameworkStore } from './framework-store.ts'
import { healthStore } from './health-store.ts'
import { hostConnectionStore } from './host-connection-store.ts'
import { hostFetchStore } from './host-fetch-store.ts'
import { houseStyleStore } from './house-style-store.ts'
import { importedBadgeStore } from './imported-badge-store.ts'
import { inspectionStore } from './inspection-store.ts'
import { invitationStore } from './invitation-store.ts'
import { issuerStore } from './issuer-store.ts'
import { jobStore } from './job-store.ts'
import { mailStore } from './mail-store.ts'
import { mailTemplateStore } from './mail-template-store.ts'
import { membershipStore } from './membership-store.ts'
import { nominationStore } from './nomination-store.ts'
import { notificationStore } from './notification-store.ts'
import { oauthStore } from './oauth-store.ts'
import { organisationStore } from './organisation-store.ts'
import { profileStore } from './profile-store.ts'
import { radiusStore } from './radius-store.ts'
import { roleStore } from './role-store.ts'
import type { Transaction } from './rows.ts'
import { ruleStore } from './rule-store.ts'
import { settingStore } from './setting-store.ts'
import { shareStore } from './share-store.ts'
import { subjectStore } from './subject-store.ts'
import { vcApiStore } from './vc-api-store.ts'
import { walletOfferStore } from './wallet-offer-store.ts'
import { webhookStore } from './webhook-store.ts'

export function transactionStores(tx: Transaction): Stores {
  return {
    access: accessStore(tx),
    accounts: accountStore(tx),
    achievements: achievementStore(tx),
    anchoring: anchoringStore(tx),
    assessors: assessorStore(tx),
    audit: auditStore(tx),
    awards: awardStore(tx),
    radius: radiusStore(tx, awardStore(tx)),
    awardChanges: awardChangeStore(tx),
    badgeDesigns: badgeDesignStore(tx),
    catalogue: catalogueStore(tx),
    claims: claimStore(tx),
    collections: collectionStore(tx),
    confirmations: confirmationStore(tx),
    credentials: credentialStore(tx),
    directAwards: directAwardStore(tx),
    directAwardBundles: directAwardBundleStore(tx),
    editionBases: editionBaseStore(tx),
    editionJwts: editionJwtStore(tx),
    endorsements: endorsementStore(tx),
    evaluation: evaluationStore(tx),
    events: eventStore(tx),
    expertReviews: expertReviewStore(tx),
    files: fileStore(tx),
    frameworkImports: frameworkImportStore(tx),
    frameworks: frameworkStore(tx),
    health: healthStore(tx),
    hostConnections: hostConnectionStore(tx),
    hostFetches: hostFetchStore(tx),
    houseStyles: houseStyleStore(tx),
    importedBadges: importedBadgeStore(tx),
    inspection: inspectionStore(tx),
    invitations: invitationStore(tx),
    issuers: issuerStore(tx),
    jobs: jobStore(tx),
    mail: mailStore(tx),
    mailTemplates: mailTemplateStore(tx),
    memberships: membershipStore(tx),
    oauth: oauthStore(tx),
    organisations: organisationStore(tx),
    profiles: profileStore(tx),
    roles: roleStore(tx),
    rules: ruleStore(tx),
    settings: settingStore(tx),
    shares: shareStore(tx),
    subjects: subjectStore(tx),
    attested: attestedStore(tx),
    attributes: attributeStore(tx),
    claimCodes: claimCodeStore(tx),
    cohorts: cohortStore(tx),
    facts: factLog(tx),
    foreignBadges: foreignBadgeStore(tx),
    nominations: nominationStore(tx),
    notifications: notificationStore(tx),
    walletOffers: walletOfferStore(tx),
    vcApi: vcApiStore(tx),
    webhooks: webhookStore(tx),
  }
}
