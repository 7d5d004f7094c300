/** What a mail server reports of one recipient of one mail (RFC 3464). */
export interface BounceReport {
  /** `Message-ID` of the mail that is reported on, with its angle brackets; not every server tells it. */
  readonly messageId?: string
  /** What stands behind a `+` in the addresses to which the report was sent, in lower case: ours may be among it. */
  readonly tags: readonly string[]
  /** In lower case. */
  readonly recipient: string
  /** `failed`, `delayed`, `delivered`, `relayed`, `expanded`. */
  readonly action: string
  /** An enhanced status code (RFC 3463): `5.1.1`. */
  readonly status: string
}

/** What follows: no mail goes there any more; this one did not arrive; or nothing. */
export type BounceVerdict = 'undeliverable' | 'failed' | 'nothing'

/**
 * Only what says that the *address* is none makes it undeliverable: a full mailbox or a server that dislikes us today
 * says nothing of tomorrow.
 */
export function judgeBounce({ action, status }: Pick<BounceReport, 'action' | 'status'>): BounceVerdict {
  if (action !== 'failed') return 'nothing'
  if (!/^5\.\d{1,3}\.\d{1,3}$/.test(status)) return 'failed'
  return isDeadAddress(status) ? 'undeliverable' : 'failed'
}

/** Bad destination mailbox or system, mailbox moved, disabled mailbox (RFC 3463, sections 3.2 and 3.3). */
export const isDeadAddress = (status: string): boolean => DEAD.has(status)
const DEAD: ReadonlySet<string> = new Set(['5.1.0', '5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'])
