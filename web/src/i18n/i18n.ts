import i18next from 'i18next'
import { checkTexts } from '#engine/verification/check-texts.ts'
import { reportTexts } from '#engine/verification/report-texts.ts'
import { verifyTexts } from '#engine/verification/verify-texts.ts'
import { accountTexts } from '#web/account/account-texts.ts'
import { achievementTexts } from '#web/achievements/achievement-texts.ts'
import { problemTexts } from '#web/api/problem-texts.ts'
import { appTexts } from '#web/app/app-texts.ts'
import { catalogueTexts } from '#web/catalogue/catalogue-texts.ts'
import { claimTexts } from '#web/claims/claim-texts.ts'
import { codeTexts } from '#web/codes/code-texts.ts'
import { collectionTexts } from '#web/collections/collection-texts.ts'
import { componentTexts } from '#web/components/component-texts.ts'
import { connectionTexts } from '#web/connections/connection-texts.ts'
import { credentialTexts } from '#web/credentials/credential-texts.ts'
import { endorsementTexts } from '#web/endorsements/endorsement-texts.ts'
import { expertReviewTexts } from '#web/expert-reviews/expert-review-texts.ts'
import { invitationTexts } from '#web/invitations/invitation-texts.ts'
import { issuerTexts } from '#web/issuers/issuer-texts.ts'
import { notificationTexts } from '#web/notifications/notification-texts.ts'
import { signInTexts } from '#web/sign-in/sign-in-texts.ts'
import { startTexts } from './start-texts.ts'
import type { TextTree } from './texts.ts'

/** One namespace a concept. The console adds its own when it is opened. */
const concepts = {
  accounts: accountTexts,
  achievements: achievementTexts,
  app: appTexts,
  catalogue: catalogueTexts,
  checks: checkTexts,
  claims: claimTexts,
  codes: codeTexts,
  collections: collectionTexts,
  components: componentTexts,
  connections: connectionTexts,
  credentials: credentialTexts,
  endorsements: endorsementTexts,
  expertReviews: expertReviewTexts,
  invitations: invitationTexts,
  issuers: issuerTexts,
  notifications: notificationTexts,
  problems: problemTexts,
  report: reportTexts,
  signIn: signInTexts,
  verify: verifyTexts,
}

export const startI18n = (): void => startTexts(concepts)

/** Adds a concept whose texts come with a part of the application that is loaded later. */
export function addTexts(namespace: string, added: { readonly en: TextTree; readonly nl: TextTree }): void {
  i18next.addResourceBundle('en', namespace, added.en)
  i18next.addResourceBundle('nl', namespace, added.nl)
}
