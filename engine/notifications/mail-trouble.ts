import type { Instant } from '#engine/shared/instant.ts'

/**
 * Why a mail did not arrive. `refused`: a mail server did not take it. `returned`: one took it and sent it back. `held`: nothing
 * is sent to the address any more, since an earlier mail did not arrive. `failed`: it did not even get as far as that.
 */
export const MAIL_TROUBLES = ['refused', 'returned', 'held', 'failed'] as const

export interface MailTrouble {
  readonly cause: (typeof MAIL_TROUBLES)[number]
  /** Since when it is known; undefined of what is longer ago. */
  readonly at?: Instant
  /** What the other side said: `550`, `5.1.1`. */
  readonly status?: string
}

/** Reads the words that the mail step and reports leave behind. */
export function mailTrouble(reason: string, at: Instant | undefined): MailTrouble {
  const status = /\b(\d{3}|\d\.\d{1,3}\.\d{1,3})\)?$/.exec(reason)?.[1]
  return {
    cause: causeOf(reason),
    ...(at === undefined ? {} : { at }),
    ...(status === undefined ? {} : { status }),
  }
}

function causeOf(reason: string): MailTrouble['cause'] {
  if (reason.startsWith('returned')) return 'returned'
  if (/^address (?:refused|bounced) \(/.test(reason)) return 'held'
  return reason.startsWith('answer') ? 'refused' : 'failed'
}
