import { ed25519 } from '@noble/curves/ed25519'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSslEd25519 } from './openssl-ed25519.ts'
import { sodiumEd25519 } from './sodium-ed25519.ts'
import { verifyStrictly } from './strict-ed25519.ts'
import speccheck from './vectors/ed25519-speccheck.json' with { type: 'json' }

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))

/** What a browser answers. */
function portable(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

const LIBRARIES = [
  ...(sodiumEd25519 === undefined ? [] : [['libsodium', sodiumEd25519.verify] as const]),
  ['OpenSSL', openSslEd25519.verify] as const,
]

test.each(LIBRARIES)(
  'published edge cases: the answer is that of a browser, where %s alone would differ',
  (_name, by) => {
    const answers = speccheck.cases.map(({ signature, message, pub_key }) => {
      const parts = [bytes(signature), bytes(message), bytes(pub_key)] as const
      return [verifyStrictly(...parts, by), portable(...parts), by(...parts)] as const
    })
    for (const [ours, browser] of answers) expect(ours).toBe(browser)
    // Otherwise the cases would not be edge cases.
    expect(answers.some(([ours, , alone]) => ours && !alone)).toBe(true)
  },
)

const points = (() => {
  const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')
  return Array.from({ length: 8 }, (_, times) =>
    (times === 0 ? ed25519.Point.ZERO : torsion.multiplyUnsafe(BigInt(times))).toBytes(),
  )
})()

test.each(LIBRARIES)('keys of small order, however they are written, vouch for nothing: %s', (_name, by) => {
  // With S = 0 and R of the same small group, an eighth of all messages fit.
  const written = points.flatMap((point) => {
    const other = Uint8Array.from(point)
    other[31] = (other[31] ?? 0) ^ 0x80
    // A y that is small is written a second time, above the prime.
    const isSmall = point.slice(1, 31).every((byte) => byte === 0) && (point[0] ?? 255) < 19
    const above = Uint8Array.from(point, (byte, at) => (at === 0 ? byte + 0xed : at === 31 ? 0x7f : 0xff))
    return [point, other, ...(isSmall ? [above] : [])]
  })
  expect(written.length).toBeGreaterThan(16)
  for (const publicKey of written) {
    for (const point of points) {
      for (const message of [0, 1, 2, 3, 4, 5, 6, 7].map((byte) => Uint8Array.of(byte))) {
        const signature = Uint8Array.from([...point, ...new Uint8Array(32)])
        expect(verifyStrictly(signature, message, publicKey, by)).toBe(false)
      }
    }
  }
})

test.each(LIBRARIES)(
  'a signature has one form: S below the order of the group, and 64 bytes: %s',
  (_name, by) => {
    const order = ed25519.Point.Fn.ORDER
    const secret = new Uint8Array(32).fill(7)
    const publicKey = ed25519.getPublicKey(secret)
    const message = bytes('00ff')
    const signature = ed25519.sign(message, secret)
    expect(verifyStrictly(signature, message, publicKey, by)).toBe(true)
    const s = BigInt(`0x${Buffer.from(signature.slice(32)).reverse().toString('hex')}`) + order
    const high = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
    expect(
      verifyStrictly(Uint8Array.from([...signature.slice(0, 32), ...high]), message, publicKey, by),
    ).toBe(false)
    for (const wrong of [signature.slice(1), Uint8Array.from([...signature, 0]), new Uint8Array()])
      expect(verifyStrictly(wrong, message, publicKey, by)).toBe(false)
    expect(verifyStrictly(signature, message, publicKey.slice(1), by)).toBe(false)
  },
)

test.each(LIBRARIES)(
  'signatures, keys and messages that are changed somewhere: the answer is that of a browser: %s',
  (_name, by) => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom('nothing', 'signature', 'message', 'key'),
        fc.nat(511),
        (secret, message, what, bit) => {
          const parts = {
            signature: ed25519.sign(message, secret),
            message: Uint8Array.from(message),
            key: ed25519.getPublicKey(secret),
          }
          if (what !== 'nothing') {
            const part = parts[what]
            const at = (bit >> 3) % Math.max(part.length, 1)
            part[at] = (part[at] ?? 0) ^ (1 << (bit & 7))
          }
          const asked = [parts.signature, parts.message, parts.key] as const
          const answer = portable(...asked)
          expect(verifyStrictly(...asked, by)).toBe(answer)
          if (what === 'nothing') expect(answer).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  },
)
