import type { DigestCadence } from '#engine/notifications/digest-period.ts'
import { isNotificationKind, type NotificationKindName } from '#engine/notifications/notification-kinds.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { base64url } from '#services/access/secret-token.ts'
import type { UnsubscribeLink } from '#services/mail/queue-mail.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'

/** What a link turns off: one kind, or everything that comes with a digest. */
export type Unsubscribable = NotificationKindName | `digest-${DigestCadence}`

export type UnsubscribeLinkMaker = (accountId: AccountId, what: Unsubscribable) => UnsubscribeLink

/** Binds the tokens to their purpose: sealed for anything else they do not open here. */
const CONTEXT = { keyId: 'unsubscribe', rowId: 'link' }

/**
 * The token is sealed and needs no row: it says whose mails of which kind, works for as long as the mail lies in a
 * mailbox, and turns mails off, nothing else.
 */
export const createUnsubscribeLink =
  ({ secretBox, origin }: { readonly secretBox: SecretBox; readonly origin: string }): UnsubscribeLinkMaker =>
  (accountId, what) => {
    const token = base64url(secretBox.seal(utf8(`${accountId} ${what}`), CONTEXT))
    return { post: `${origin}/v1/unsubscribe/${token}`, page: `${origin}/unsubscribe#${token}` }
  }

/** Undefined for anything that we did not write. */
export function readUnsubscribeToken(
  secretBox: SecretBox,
  token: string,
): { readonly accountId: AccountId; readonly what: Unsubscribable } | undefined {
  try {
    const opened = secretBox.open(new Uint8Array(Buffer.from(token, 'base64url')), CONTEXT)
    const [accountId = '', what = ''] = new TextDecoder().decode(opened).split(' ')
    return isUnsubscribable(what) ? { accountId: accountId as AccountId, what } : undefined
  } catch {
    return undefined
  }
}

const isUnsubscribable = (text: string): text is Unsubscribable =>
  isNotificationKind(text) || text === 'digest-daily' || text === 'digest-weekly'
