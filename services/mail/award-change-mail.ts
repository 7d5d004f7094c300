import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { MailMessage } from './mail-message.ts'

export type AwardChange = 'corrected' | 'reissued' | 'reinstated' | 'suspended' | 'revoked' | 'expiring'

/** After these, copies from before are no longer valid. */
const WITH_FRESH_COPY: ReadonlySet<AwardChange> = new Set(['corrected', 'reissued', 'reinstated'])

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
  kind: 'award-changed',
  language,
  url,
  values: {
    ...values,
    [change]: true,
    fresh: WITH_FRESH_COPY.has(change),
    ...(until === undefined ? {} : { until: formatInstant(until).slice(0, 10) }),
  },
})
