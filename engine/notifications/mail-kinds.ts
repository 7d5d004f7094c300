import { accountNoticeKind, identityCodeKind, signInKind } from './account-mails.ts'
import {
  awardCorrectedKind,
  awardExpiringKind,
  awardReinstatedKind,
  awardReissuedKind,
  awardRevokedKind,
  awardSuspendedKind,
  directAwardKind,
  directAwardReminderKind,
} from './award-mails.ts'
import { claimKind, confirmationDecidedKind, confirmationNoticeKind } from './earner-mails.ts'
import type { MailKind } from './mail-kind.ts'
import {
  awardLapsedKind,
  confirmationAskedKind,
  ruleSilentKind,
  webhookDisabledKind,
} from './member-mails.ts'
import { notificationKindMail } from './notice-mails.ts'
import { endorsementRequestKind, invitationKind } from './outsider-mails.ts'
import { assessorKind, expertReviewKind } from './review-mails.ts'

/** Every mail that is sent. A new one is an entry here and a function of its own in services/mail/. */
export const MAIL_KINDS = {
  claim: claimKind,
  'direct-award': directAwardKind,
  'direct-award-reminder': directAwardReminderKind,
  'award-corrected': awardCorrectedKind,
  'award-reissued': awardReissuedKind,
  'award-reinstated': awardReinstatedKind,
  'award-suspended': awardSuspendedKind,
  'award-revoked': awardRevokedKind,
  'award-expiring': awardExpiringKind,
  'claim-confirmation-notice': confirmationNoticeKind,
  'claim-confirmation-decided': confirmationDecidedKind,
  'claim-confirmation-asked': confirmationAskedKind,
  invitation: invitationKind,
  assessor: assessorKind,
  'expert-review': expertReviewKind,
  'endorsement-request': endorsementRequestKind,
  'rule-silent': ruleSilentKind,
  'award-lapsed': awardLapsedKind,
  'webhook-disabled': webhookDisabledKind,
  notification: notificationKindMail,
  'sign-in': signInKind,
  'identity-code': identityCodeKind,
  'account-notice': accountNoticeKind,
} as const satisfies Readonly<Record<string, MailKind>>

export type MailKindName = keyof typeof MAIL_KINDS

export const MAIL_KIND_NAMES = Object.keys(MAIL_KINDS) as readonly MailKindName[]

export const isMailKind = (name: string): name is MailKindName => Object.hasOwn(MAIL_KINDS, name)

export const mailKind = (name: MailKindName): MailKind => MAIL_KINDS[name]
