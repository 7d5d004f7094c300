import type { MailMessage } from './mail-message.ts'

/** Tells somebody that they may assess for a badge; who is no member yet accepts an invitation by the same link. */
export const assessorMail = ({
  url,
  language,
  invitationDays,
  ...values
}: {
  readonly url: string
  readonly language: string
  readonly organisation: string
  readonly achievement: string
  /** In days, of the invitation of somebody who is no member yet. */
  readonly invitationDays?: number
}): MailMessage => ({
  kind: 'assessor',
  language,
  url,
  values: {
    ...values,
    isInvited: invitationDays !== undefined,
    oneDay: invitationDays === 1,
    ...(invitationDays === undefined ? {} : { days: String(invitationDays) }),
  },
})
