import type { AccessStore } from './access-store.ts'
import type { AccountStore } from './account-store.ts'
import type { AchievementStore } from './achievement-store.ts'
import type { AnchoringStore } from './anchoring-store.ts'
import type { AssessorStore } from './assessor-store.ts'
import type { AttestedStore } from './attested-store.ts'
import type { AttributeStore } from './attribute-store.ts'
import type { AuditStore } from './audit-store.ts'
import type { AwardChangeStore } from './award-change-store.ts'
import type { AwardStore } from './award-store.ts'
import type { BadgeDesignStore } from './badge-design-store.ts'
import type { CatalogueStore } from './catalogue-store.ts'
import type { ClaimCodeStore } from './claim-code-store.ts'
import type { ClaimStore } from './claim-store.ts'
import type { CohortStore } from './cohort-store.ts'
import type { CollectionStore } from './collection-store.ts'
import type { ConfirmationStore } from './confirmation-store.ts'
import type { CredentialStore } from './credential-store.ts'
import type { DirectAwardBundleStore } from './direct-award-bundle-store.ts'
import type { DirectAwardStore } from './direct-award-store.ts'
import type { EditionFormStore } from './edition-form-store.ts'
import type { EndorsementStore } from './endorsement-store.ts'
import type { EvaluationStore } from './evaluation-store.ts'
import type { EventStore } from './event-store.ts'
import type { ExpertReviewStore } from './expert-review-store.ts'
import type { FactLog } from './fact-log.ts'
import type { FileStore } from './file-store.ts'
import type { ForeignBadgeStore } from './foreign-badge-store.ts'
import type { FrameworkImportStore } from './framework-import-store.ts'
import type { FrameworkStore } from './framework-store.ts'
import type { HealthStore } from './health-store.ts'
import type { HostConnectionStore } from './host-connection-store.ts'
import type { HostFetchStore } from './host-fetch-store.ts'
import type { HouseStyleStore } from './house-style-store.ts'
import type { ImportedBadgeStore } from './imported-badge-store.ts'
import type { InspectionStore } from './inspection-store.ts'
import type { InvitationStore } from './invitation-store.ts'
import type { IssuerStore } from './issuer-store.ts'
import type { JobStore } from './job-store.ts'
import type { MailStore } from './mail-store.ts'
import type { MailTemplateStore } from './mail-template-store.ts'
import type { MembershipStore } from './membership-store.ts'
import type { NominationStore } from './nomination-store.ts'
import type { NotificationStore } from './notification-store.ts'
import type { OAuthStore } from './oauth-store.ts'
import type { OrganisationStore } from './organisation-store.ts'
import type { ProfileStore } from './profile-store.ts'
import type { RadiusStore } from './radius-store.ts'
import type { RoleStore } from './role-store.ts'
import type { RuleStore } from './rule-store.ts'
import type { SettingStore } from './setting-store.ts'
import type { ShareStore } from './share-store.ts'
import type { SubjectStore } from './subject-store.ts'
import type { VcApiStore } from './vc-api-store.ts'
import type { WalletOfferStore } from './wallet-offer-store.ts'
import type { WebhookStore } from './webhook-store.ts'

/** The stores of one transaction. What is visible through them depends on who opened it. */
export interface Stores {
  readonly access: AccessStore
  readonly accounts: AccountStore
  readonly achievements: AchievementStore
  readonly anchoring: AnchoringStore
  readonly assessors: AssessorStore
  readonly audit: AuditStore
  readonly awards: AwardStore
  readonly awardChanges: AwardChangeStore
  readonly badgeDesigns: BadgeDesignStore
  readonly catalogue: CatalogueStore
  readonly claims: ClaimStore
  readonly collections: CollectionStore
  readonly confirmations: ConfirmationStore
  readonly credentials: CredentialStore
  readonly directAwards: DirectAwardStore
  readonly directAwardBundles: DirectAwardBundleStore
  readonly editionBases: EditionFormStore
  readonly editionJwts: EditionFormStore
  readonly endorsements: EndorsementStore
  readonly evaluation: EvaluationStore
  readonly events: EventStore
  readonly expertReviews: ExpertReviewStore
  readonly files: FileStore
  readonly frameworkImports: FrameworkImportStore
  readonly frameworks: FrameworkStore
  readonly health: HealthStore
  readonly hostConnections: HostConnectionStore
  readonly hostFetches: HostFetchStore
  readonly houseStyles: HouseStyleStore
  readonly importedBadges: ImportedBadgeStore
  readonly inspection: InspectionStore
  readonly invitations: InvitationStore
  readonly issuers: IssuerStore
  readonly jobs: JobStore
  readonly mail: MailStore
  readonly mailTemplates: MailTemplateStore
  readonly memberships: MembershipStore
  readonly oauth: OAuthStore
  readonly organisations: OrganisationStore
  readonly profiles: ProfileStore
  readonly radius: RadiusStore
  readonly roles: RoleStore
  readonly rules: RuleStore
  readonly settings: SettingStore
  readonly shares: ShareStore
  readonly subjects: SubjectStore
  readonly attested: AttestedStore
  readonly attributes: AttributeStore
  readonly claimCodes: ClaimCodeStore
  readonly cohorts: CohortStore
  readonly facts: FactLog
  readonly foreignBadges: ForeignBadgeStore
  readonly nominations: NominationStore
  readonly notifications: NotificationStore
  readonly walletOffers: WalletOfferStore
  readonly vcApi: VcApiStore
  readonly webhooks: WebhookStore
}
