import { accessErrors } from '#engine/access/access-errors.ts'
import { signInErrors } from '#engine/access/sign-in-errors.ts'
import { achievementErrors } from '#engine/achievements/achievement-errors.ts'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import { attestedErrors } from '#engine/attested-awards/attested-errors.ts'
import { awardErrors } from '#engine/awards/award-errors.ts'
import { claimErrors } from '#engine/claims/claim-errors.ts'
import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import { vcApiErrors } from '#engine/credentials/vc-api-errors.ts'
import { decisionErrors } from '#engine/decisions/decision-errors.ts'
import { directAwardErrors } from '#engine/direct-awards/direct-award-errors.ts'
import { endorsementErrors } from '#engine/endorsements/endorsement-errors.ts'
import { eventErrors } from '#engine/events/event-errors.ts'
import { factErrors } from '#engine/facts/fact-errors.ts'
import { notificationErrors } from '#engine/notifications/notification-errors.ts'
import { openBadgesApiErrors } from '#engine/open-badges-api/open-badges-api-errors.ts'
import { ruleErrors } from '#engine/rules/document/rule-errors.ts'
import { verificationErrors } from '#engine/verification/verification-errors.ts'
import { webhookErrors } from '#engine/webhooks/webhook-errors.ts'
import { commonErrors } from './common-errors.ts'
import { databaseErrors } from './database-errors.ts'
import { platformErrors } from './platform-errors.ts'

/** Every error that leaves the product, worded once. `docs/errors.md` is generated from it. */
export const errors = {
  ...commonErrors,
  ...accessErrors,
  ...signInErrors,
  ...achievementErrors,
  ...eventErrors,
  ...factErrors,
  ...ruleErrors,
  ...decisionErrors,
  ...awardErrors,
  ...claimErrors,
  ...directAwardErrors,
  ...credentialErrors,
  ...vcApiErrors,
  ...anchoringErrors,
  ...attestedErrors,
  ...endorsementErrors,
  ...verificationErrors,
  ...webhookErrors,
  ...openBadgesApiErrors,
  ...notificationErrors,
  ...databaseErrors,
  ...platformErrors,
} as const
