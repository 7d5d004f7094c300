import type { Route } from '#api/http/route.ts'
import { accessRoutes } from './access-routes.ts'
import { accountRoutes } from './account-routes.ts'
import { achievementLifeRoutes } from './achievement-life-routes.ts'
import { achievementRoutes } from './achievement-routes.ts'
import { achievementShareRoutes } from './achievement-share-routes.ts'
import { afterIssuingRoutes } from './after-issuing-routes.ts'
import { applicationRoutes } from './application-routes.ts'
import { assessorRoutes } from './assessor-routes.ts'
import { attestedAwardRoutes } from './attested-award-routes.ts'
import { attributeRoutes } from './attribute-routes.ts'
import { awardChangeRoutes } from './award-change-routes.ts'
import { awardRoutes } from './award-routes.ts'
import { blastRadiusRoutes } from './blast-radius-routes.ts'
import { bounceRoutes } from './bounce-routes.ts'
import { catalogueRoutes } from './catalogue-routes.ts'
import { claimCodeRoutes } from './claim-code-routes.ts'
import { claimConfirmationRoutes } from './claim-confirmation-routes.ts'
import { claimRoutes } from './claim-routes.ts'
import { cohortRoutes } from './cohort-routes.ts'
import { collectionRoutes } from './collection-routes.ts'
import { connectionRoutes } from './connection-routes.ts'
import { credentialRoutes } from './credential-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { directAwardBundleRoutes } from './direct-award-bundle-routes.ts'
import { directAwardClaimRoutes } from './direct-award-claim-routes.ts'
import { directAwardRoutes } from './direct-award-routes.ts'
import { disclosureRoutes } from './disclosure-routes.ts'
import { embedRoutes } from './embed-routes.ts'
import { endorsementRoutes } from './endorsement-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { expertReviewRoutes } from './expert-review-routes.ts'
import { factRoutes } from './fact-routes.ts'
import { foreignBadgeRoutes } from './foreign-badge-routes.ts'
import { frameworkRoutes } from './framework-routes.ts'
import { houseStyleRoutes } from './house-style-routes.ts'
import { importedBadgeRoutes } from './imported-badge-routes.ts'
import { invitationRoutes } from './invitation-routes.ts'
import { issuerRoutes } from './issuer-routes.ts'
import { jobRoutes } from './job-routes.ts'
import { mailTemplateRoutes } from './mail-template-routes.ts'
import { memberRoutes } from './member-routes.ts'
import { nominationRoutes } from './nomination-routes.ts'
import { notificationPreferenceRoutes } from './notification-preference-routes.ts'
import { notificationRoutes } from './notification-routes.ts'
import { offerRoutes } from './offer-routes.ts'
import { organisationRoutes } from './organisation-routes.ts'
import { overviewRoutes } from './overview-routes.ts'
import { roleRoutes } from './role-routes.ts'
import type { RouteNeeds } from './route-needs.ts'
import { ruleLifeCycleRoutes } from './rule-life-cycle-routes.ts'
import { ruleRoutes } from './rule-routes.ts'
import { signInProviderRoutes } from './sign-in-provider-routes.ts'
import { vcApiRoutes } from './vc-api-routes.ts'
import { verificationRoutes } from './verification-routes.ts'
import { walletOfferRoutes } from './wallet-offer-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'

/** Every business route, in the order of the reference. */
export const allRoutes = (needs: RouteNeeds): readonly Route[] => [
  ...accessRoutes(needs),
  ...signInProviderRoutes(needs),
  ...accountRoutes(needs),
  ...applicationRoutes(needs),
  ...organisationRoutes(needs),
  ...houseStyleRoutes(needs),
  ...memberRoutes(needs),
  ...roleRoutes(needs),
  ...invitationRoutes(needs),
  ...issuerRoutes(needs),
  ...achievementRoutes(needs),
  ...achievementLifeRoutes(needs),
  ...assessorRoutes(needs),
  ...expertReviewRoutes(needs),
  ...achievementShareRoutes(needs),
  ...catalogueRoutes(needs),
  ...frameworkRoutes(needs),
  ...ruleLifeCycleRoutes(needs),
  ...ruleRoutes(needs),
  ...jobRoutes(needs),
  ...eventRoutes(needs),
  ...factRoutes(needs),
  ...cohortRoutes(needs),
  ...attributeRoutes(needs),
  ...claimCodeRoutes(needs),
  ...nominationRoutes(needs),
  ...foreignBadgeRoutes(needs),
  ...attestedAwardRoutes(needs),
  ...decisionRoutes(needs),
  ...awardRoutes(needs),
  ...afterIssuingRoutes(needs),
  ...directAwardRoutes(needs),
  ...directAwardBundleRoutes(needs),
  ...awardChangeRoutes(needs),
  ...blastRadiusRoutes(needs),
  ...credentialRoutes(needs),
  ...disclosureRoutes(needs),
  ...collectionRoutes(needs),
  ...directAwardClaimRoutes(needs),
  ...embedRoutes(needs),
  ...importedBadgeRoutes(needs),
  ...connectionRoutes(needs),
  ...walletOfferRoutes(needs),
  ...claimRoutes(needs),
  ...offerRoutes(needs),
  ...claimConfirmationRoutes(needs),
  ...endorsementRoutes(needs),
  ...verificationRoutes(needs),
  ...vcApiRoutes(needs),
  ...webhookRoutes(needs),
  ...mailTemplateRoutes(needs),
  ...bounceRoutes(needs),
  ...notificationRoutes(needs),
  ...notificationPreferenceRoutes(needs),
  ...overviewRoutes(needs),
]
