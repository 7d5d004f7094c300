import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { computeAddress, recoverAddress, SigningKey, Transaction } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import { type FakeKms, kmsEnvironment, startFakeKms } from '#test/keys/fake-kms.ts'
import { openKms } from './kms.ts'
import { kmsRelayerKey } from './kms-relayer-key.ts'

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/relayer'
const HALF = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

let service: FakeKms
beforeAll(async () => {
  service = await startFakeKms()
})
beforeEach(() => {
  for (const [name, value] of Object.entries(kmsEnvironment)) vi.stubEnv(name, value)
  service.keys.clear()
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => service.close())

const secret = () => new Uint8Array(randomBytes(32))
const open = () => openKms({ endpoint: service.url })
const throttled = { status: 400, type: 'ThrottlingException' }

test('every signature has a low s and leads to the address, whichever half and point the service meant', async () => {
  const own = secret()
  service.keys.set(KEY, { secret: own })
  const key = await kmsRelayerKey(await open(), KEY)
  expect(key.address).toBe(computeAddress(new SigningKey(own)))
  const parities = new Set<number>()
  for (let n = 0; n < 16; n++) {
    const digest = toHex(randomBytes(32))
    const signature = await key.sign(digest)
    expect(BigInt(signature.s)).toBeLessThanOrEqual(HALF)
    expect(recoverAddress(digest, signature)).toBe(key.address)
    parities.add(signature.yParity)
  }
  expect(parities).toEqual(new Set([0, 1]))
  expect(service.highS()).toBeGreaterThan(0)
})

test('a transaction that it signs is from its address', async () => {
  service.keys.set(KEY, { secret: secret() })
  const key = await kmsRelayerKey(await open(), KEY)
  const transaction = Transaction.from({ type: 2, chainId: 1, nonce: 0, gasLimit: 21_000 })
  transaction.signature = await key.sign(transaction.unsignedHash as Hex)
  expect(Transaction.from(transaction.serialized).from).toBe(key.address)
})

test('what passes is tried again; what lasts is said to be unavailable, and can be tried later', async () => {
  service.keys.set(KEY, { secret: secret() })
  const key = await kmsRelayerKey(await open(), KEY)
  service.failNext(throttled, { status: 500, type: 'KMSInternalException' })
  const digest = toHex(randomBytes(32))
  expect(recoverAddress(digest, await key.sign(digest))).toBe(key.address)
  service.failNext(throttled, throttled, throttled)
  await expect(key.sign(digest)).rejects.toMatchObject({
    code: 'relayer-key-unavailable',
    retry: true,
    parameters: { reason: 'unavailable, ThrottlingException' },
  })
})

test('a key that cannot sign for the relayer is refused at once, and why', async () => {
  const refused = async (fault: string) =>
    expect(kmsRelayerKey(await open(), KEY)).rejects.toMatchObject({ fault, key: KEY })
  await refused('missing')
  service.keys.set(KEY, { secret: secret(), enabled: false })
  await refused('disabled')
  service.keys.set(KEY, { secret: secret(), spec: 'ECC_NIST_P256' })
  await refused('wrong-kind')
  service.keys.set(KEY, { secret: secret(), usage: 'KEY_AGREEMENT' })
  await refused('wrong-kind')
  service.keys.set(KEY, { secret: secret(), otherCurve: true })
  await refused('malformed')
  service.keys.set(KEY, { secret: secret() })
  service.failNext({ status: 400, type: 'AccessDeniedException' })
  await refused('refused')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another')
  await refused('refused')
  const unreachable = await openKms({ endpoint: 'http://127.0.0.1:1' })
  await expect(kmsRelayerKey(unreachable, KEY)).rejects.toMatchObject({ fault: 'unavailable' })
})

test('a key that is disabled or exchanged while the product runs signs nothing', async () => {
  service.keys.set(KEY, { secret: secret() })
  const key = await kmsRelayerKey(await open(), KEY)
  const digest = toHex(randomBytes(32))
  service.keys.set(KEY, { secret: secret(), enabled: false })
  await expect(key.sign(digest)).rejects.toMatchObject({ code: 'relayer-key-unavailable' })
  service.keys.set(KEY, { secret: secret(), signsWith: secret() })
  const error: unknown = await key.sign(digest).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'relayer-key-unavailable' })
  expect(inspect(error)).not.toContain(kmsEnvironment.AWS_SECRET_ACCESS_KEY)
})

test('a ciphertext is decrypted; one of somebody else is refused', async () => {
  const kms = await open()
  const plain = randomBytes(32)
  expect(Buffer.from(await kms.decrypt(Buffer.from(service.encrypt(plain), 'base64')))).toEqual(plain)
  await expect(kms.decrypt(randomBytes(40))).rejects.toMatchObject({ fault: 'malformed' })
})
