import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { MailMessage } from './mail-message.ts'

export type AwardChange = 'corrected' | 'reissued' | 'reinstated' | 'suspended' | 'revoked' | 'expiring'

/** Tells an earner what becomes of a badge that they have. */
export const awardChangeMail = ({
  change,
  url,
  language,
  until,
  ...values
}: {
  readonly change: AwardChange
  readonly url: string
  readonly language: string
  readonly achievement: string
  readonly issuer: string
  readonly reason?: string
  readonly until?: Instant
}): MailMessage => ({
  kind: `award-${change}`,
  language,
  url,
  values: { ...values, ...(until === undefined ? {} : { until: formatInstant(until).slice(0, 10) }) },
})
