import { createHmac, hkdfSync } from 'node:crypto'
import { identifierText } from '#engine/events/identifier.ts'
import type { Pseudonyms } from '#services/ports/pseudonyms.ts'

/** HMAC-SHA256 under a key that is derived from the master key, and from nothing else. */
export function createPseudonyms(masterKey: Uint8Array): Pseudonyms {
  const key = new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), 'waarmerk pseudonyms 1', 32))
  return (organisationId, identifier) =>
    createHmac('sha256', key)
      .update(`${organisationId}:${identifierText(identifier)}`)
      .digest('hex')
}
