import type { Random } from '#services/ports/random.ts'
import { base64url } from './secret-token.ts'

/** `wm_` marks our keys for secret scanners; the prefix finds the row, the rest is the secret (192 bits). */
const API_KEY = /^wm_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{32})$/

export function newApiKey(random: Random): { readonly text: string; readonly prefix: string } {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  const prefix = Array.from({ length: 12 }, () => alphabet[random.integer(alphabet.length)]).join('')
  return { prefix, text: `wm_${prefix}_${base64url(random.bytes(24))}` }
}

/** The parts of a key; undefined for a text that is no key of ours. */
export function readApiKey(text: string): { readonly prefix: string } | undefined {
  const prefix = API_KEY.exec(text)?.[1]
  return prefix === undefined ? undefined : { prefix }
}
