import { hash } from 'node:crypto'
import type { TextHash } from '#adapters/crypto/text-hash.ts'

/** SHA-256 by OpenSSL, some 10 times as fast as the JavaScript one. */
export const nativeTextHash: TextHash = {
  bytes: (text) => hash('sha256', text, 'buffer'),
  hex: (text) => hash('sha256', text, 'hex'),
}
