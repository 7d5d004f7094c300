import { ed25519 } from '@noble/curves/ed25519'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nativeEd25519 } from './native-ed25519.ts'
import { openSslEd25519, privateKeyOf, publicBytesOf, seedOf } from './openssl-ed25519.ts'
import { sodiumEd25519 } from './sodium-ed25519.ts'

const seed = new Uint8Array(32).map((_, at) => at * 3)

/** Fails where there is no build of libsodium for the platform, and so says that everything there takes twice as long. */
const sodium = () => sodiumEd25519 ?? expect.unreachable('no libsodium for this platform')
const openSsl = () => openSslEd25519

test('where there is libsodium, it is what many signatures are made and checked by', () => {
  expect(nativeEd25519).toBe(sodium())
})

test.each([
  ['libsodium', sodium],
  ['OpenSSL', openSsl],
])('%s gives the signatures of the JavaScript one, and takes no others', (_name, by) => {
  const library = by()
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  fc.assert(
    fc.property(bytes(32), fc.uint8Array({ maxLength: 200 }), fc.nat(511), (secret, message, flip) => {
      const key = privateKeyOf(secret)
      const signer = library.openSigner(key)
      const [publicKey, signature] = [publicBytesOf(key), signer.sign(message)]
      signer.close()
      expect(publicKey).toEqual(ed25519.getPublicKey(secret))
      expect(signature).toEqual(ed25519.sign(message, secret))
      expect(library.verify(signature, message, publicKey)).toBe(true)
      const changed = signature.slice()
      changed[flip >> 3] = (changed[flip >> 3] ?? 0) ^ (1 << (flip & 7))
      expect(library.verify(changed, message, publicKey)).toBe(false)
      expect(library.verify(signature.slice(1), message, publicKey)).toBe(false)
      expect(library.verify(signature, message, publicKey.slice(1))).toBe(false)
    }),
  )
})

test.each([
  ['libsodium', sodium],
  ['OpenSSL', openSsl],
])('bytes that are part of a larger buffer are those bytes to %s', (_name, by) => {
  const whole = new Uint8Array(300).map((_, at) => at)
  const [secret, message] = [whole.subarray(10, 42), whole.subarray(50, 90)]
  const signer = by().openSigner(privateKeyOf(secret))
  const signature = signer.sign(message)
  signer.close()
  expect(signature).toEqual(ed25519.sign(message, secret))
  const shown = Uint8Array.from([...whole.subarray(0, 7), ...signature, ...ed25519.getPublicKey(secret)])
  expect(by().verify(shown.subarray(7, 71), message, shown.subarray(71))).toBe(true)
})

test('libsodium has one key open at a time, which signs no more once it is closed', () => {
  const signer = sodium().openSigner(privateKeyOf(seed))
  expect(() => sodium().openSigner(privateKeyOf(seed))).toThrow('Another key is open')
  signer.close()
  signer.close()
  expect(() => signer.sign(new Uint8Array(1))).toThrow('closed')
  const next = sodium().openSigner(privateKeyOf(seed))
  // What is closed a second time is not what is open now.
  signer.close()
  expect(next.sign(new Uint8Array(1))).toEqual(ed25519.sign(new Uint8Array(1), seed))
  next.close()
})

test('keys without end are opened one after the other', () => {
  // Each with a place of its own would be more than a process may have mapped.
  const key = privateKeyOf(seed)
  for (let time = 0; time < 30_000; time++) sodium().openSigner(key).close()
})

test('a seed comes out of its handle as it went in, in memory that is the caller’s', () => {
  const key = privateKeyOf(seed)
  const first = seedOf(key)
  expect([...first]).toEqual([...seed])
  first.fill(0)
  expect([...seedOf(key)]).toEqual([...seed])
})

test('a secret does not stay in the memory that all buffers share', () => {
  const secret = new Uint8Array(32).map((_, at) => 0xa0 ^ (at * 7))
  privateKeyOf(secret)
  expect(Buffer.from(Buffer.allocUnsafe(8).buffer).includes(Buffer.from(secret.buffer))).toBe(false)
})
