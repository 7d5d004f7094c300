import { ed25519 } from '@noble/curves/ed25519'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSigner, verifyNatively } from './native-ed25519.ts'
import { privateKeyOf, publicBytesOf, seedOf, verifyByOpenSsl } from './openssl-ed25519.ts'
import { sodiumEd25519 } from './sodium-ed25519.ts'

test('where there is libsodium, it is what signs and verifies', () => {
  // On a platform without a build of it this fails, and says that everything there takes twice as long.
  expect(sodiumEd25519).toBeDefined()
  expect(verifyNatively).toBe(sodiumEd25519?.verify)
})

test.each([
  ['libsodium', sodiumEd25519, verifyNatively],
  ['OpenSSL', undefined, verifyByOpenSsl],
] as const)('%s gives the signatures of the JavaScript one, and takes no others', (_name, by, verify) => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  fc.assert(
    fc.property(bytes(32), fc.uint8Array({ maxLength: 200 }), fc.nat(511), (seed, message, flip) => {
      const key = privateKeyOf(seed)
      const signer = openSigner(key, by)
      const [publicKey, signature] = [publicBytesOf(key), signer.sign(message)]
      signer.close()
      expect(publicKey).toEqual(ed25519.getPublicKey(seed))
      expect(signature).toEqual(ed25519.sign(message, seed))
      expect(verify(signature, message, publicKey)).toBe(true)
      const changed = signature.slice()
      changed[flip >> 3] = (changed[flip >> 3] ?? 0) ^ (1 << (flip & 7))
      expect(verify(changed, message, publicKey)).toBe(false)
      expect(verify(signature.slice(1), message, publicKey)).toBe(false)
      expect(verify(signature, message, publicKey.slice(1))).toBe(false)
    }),
  )
})

test('bytes that are part of a larger buffer are those bytes', () => {
  const whole = new Uint8Array(300).map((_, at) => at)
  const [seed, message] = [whole.subarray(10, 42), whole.subarray(50, 90)]
  const signature = openSigner(privateKeyOf(seed)).sign(message)
  expect(signature).toEqual(ed25519.sign(message, seed))
  const shown = Uint8Array.from([...whole.subarray(0, 7), ...signature, ...ed25519.getPublicKey(seed)])
  expect(verifyNatively(shown.subarray(7, 71), message, shown.subarray(71))).toBe(true)
})

test('a signer that was closed signs no more, and closes twice', () => {
  const signer = openSigner(privateKeyOf(new Uint8Array(32).fill(5)))
  signer.close()
  signer.close()
  expect(() => signer.sign(new Uint8Array(1))).toThrow('closed')
})

test('a seed comes out of its handle as it went in, in memory that is the caller’s', () => {
  const seed = new Uint8Array(32).map((_, at) => at * 3)
  const key = privateKeyOf(seed)
  const first = seedOf(key)
  expect([...first]).toEqual([...seed])
  first.fill(0)
  expect([...seedOf(key)]).toEqual([...seed])
})
