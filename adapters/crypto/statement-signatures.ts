import { p256 } from '@noble/curves/nist'
import { nextTurn } from './next-turn.ts'
import type { PublicKey } from './public-key.ts'

/** Not every platform leaves the thread to others while it checks. */
const CHECKS_A_TURN = 16

const ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' }

/**
 * Whether each message has its signature, in the same order, by a key on P-256. Through WebCrypto, which checks beside
 * the thread: a badge has dozens of statements, and a hostile document thousands.
 */
export async function areAllSignedBy(
  key: PublicKey,
  signatures: readonly Uint8Array[],
  messages: readonly Uint8Array[],
): Promise<boolean> {
  if (signatures.length !== messages.length) return false
  try {
    // Browsers take points as they are before they are compressed.
    const point = new Uint8Array(p256.Point.fromHex(key.bytes).toBytes(false))
    const publicKey = await crypto.subtle.importKey(
      'raw',
      point,
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    )
    for (const [at, message] of messages.entries()) {
      const signature = new Uint8Array(signatures[at] ?? [])
      if (!(await crypto.subtle.verify(ALGORITHM, publicKey, signature, new Uint8Array(message))))
        return false
      if (at % CHECKS_A_TURN === CHECKS_A_TURN - 1) await nextTurn()
    }
    return true
  } catch {
    return false
  }
}
