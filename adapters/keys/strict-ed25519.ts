import { ed25519 } from '@noble/curves/ed25519'
import { nativeEd25519 } from './native-ed25519.ts'

/*
 * Everybody must come to the same verdict: the server, the command line and a browser. What counts is the portable way
 * (strict, with the cofactor). Libraries are stricter about signatures, as they leave the cofactor out, and some are laxer
 * about keys: points of small order, under which one signature fits many messages, and points written unusually. So what a
 * library passes under an ordinary key is passed, and all else is asked of the portable way.
 */

/** Checks by a library of the platform, and answers what the portable check answers. */
export const verifyStrictly = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
  natively = nativeEd25519.verify,
): boolean =>
  (isOrdinary(publicKey) && natively(signature, message, publicKey)) ||
  verifyPortably(signature, message, publicKey)

function verifyPortably(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

/** The y of the points whose order is 1, 2, 4 or 8, without the sign of x. */
const SMALL_ORDERS: ReadonlySet<string> = new Set([
  '01'.padEnd(64, '0'),
  `ec${'ff'.repeat(30)}7f`,
  '0'.repeat(64),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** Nearly every key begins otherwise. */
const SMALL_FIRST: ReadonlySet<number | undefined> = new Set(
  [...SMALL_ORDERS].map((y) => Number.parseInt(y.slice(0, 2), 16)),
)

/** A point of large order, written as RFC 8032 has it: with a y below the prime. */
function isOrdinary(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false
  const [first = 0, last = 0] = [publicKey[0], (publicKey[31] ?? 0) & 0x7f]
  const isBelowPrime = last !== 0x7f || first < 0xed || publicKey.subarray(1, 31).some((b) => b !== 0xff)
  if (!isBelowPrime || !SMALL_FIRST.has(first)) return isBelowPrime
  const y = Buffer.from(publicKey)
  y.writeUInt8(last, 31)
  return !SMALL_ORDERS.has(y.toString('hex'))
}
