import { isIP } from 'node:net'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { platformErrors } from '#engine/errors/platform-errors.ts'
import { ATTEMPT_MS } from '#engine/webhooks/webhook-delivery.ts'
import { type WebhookUrlFault, webhookErrors } from '#engine/webhooks/webhook-errors.ts'
import type { WebhookSender } from '#services/ports/webhook-sender.ts'
import { createGuardedFetch, type GuardedFetchOptions, LOCAL_NAMES } from './guarded-fetch.ts'
import { isPublicAddress } from './public-address.ts'

/** How much of an answer is looked at. */
const ANSWER_BYTES = 1_000

/** Sends by the guarded fetcher, and reads of an answer its status and its first bytes. */
export function createWebhookSender(
  options: Omit<GuardedFetchOptions, 'maxBytes' | 'cut'> = {},
): WebhookSender {
  const fetch = createGuardedFetch({
    timeoutMs: ATTEMPT_MS,
    ...options,
    maxBytes: ANSWER_BYTES,
    cut: true,
  })
  return {
    checkUrl(text) {
      const reason = faultOf(text, options.allowLocalhost === true)
      if (reason !== undefined) throw webhookErrors.webhookUrlRefused({ reason })
    },
    async post({ url, headers, body, signal }) {
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { ...headers, 'user-agent': 'Waarmerk-Webhooks' },
          body,
          signal,
        })
        return { kind: 'answered', status: answer.status, answer: plainText(answer.body) }
      } catch (error) {
        if (signal.aborted) throw error
        return { kind: 'failed', error: reasonOf(error) }
      }
    },
  }
}

function faultOf(text: string, allowsLocalhost: boolean): WebhookUrlFault | undefined {
  const url = URL.parse(text)
  if (url === null) return 'malformed'
  const isLocal = allowsLocalhost && LOCAL_NAMES.includes(url.hostname)
  if (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:')) return 'scheme'
  if (url.username !== '' || url.password !== '') return 'userinfo'
  if (url.hash !== '') return 'fragment'
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (!isLocal && (isIP(literal) > 0 ? !isPublicAddress(literal) : isNameOfOurs(literal))) return 'address'
  return undefined
}

/** Names that lead to this machine or its network everywhere. */
const isNameOfOurs = (host: string): boolean => /^localhost\.?$|\.(?:localhost|local|internal)\.?$/.test(host)

/** `timeout`, `redirect`, `address` …: the words of the guarded fetcher. */
function reasonOf(error: unknown): string {
  if (!(error instanceof WaarmerkError)) throw error
  const isOurs = [platformErrors.fetchRefused, platformErrors.fetchFailed].some(
    ({ code }) => code === error.code,
  )
  if (!isOurs) throw error
  return String(error.parameters['reason'])
}

/** Bytes of a stranger as text that the database takes and a page can show: no control characters, no broken letters. */
const plainText = (bytes: Uint8Array): string =>
  new TextDecoder()
    .decode(bytes)
    .replace(/[\p{Cc}\p{Cf}\uFFFD]/gu, (character) => ('\n\t'.includes(character) ? character : '·'))
