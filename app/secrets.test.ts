import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encryptKeystoreJson } from 'ethers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { localRelayerKey } from '#adapters/keys/local-relayer-key.ts'
import { kmsEnvironment, startFakeKms } from '#test/keys/fake-kms.ts'
import { readConfig } from './config.ts'
import { loadSecrets } from './secrets.ts'
import { EXIT, explainStartError } from './start-errors.ts'

const KEY = 'ab'.repeat(32)
const BYTES = new Uint8Array(32).fill(0xab)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-secrets-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('without settings the first start makes two different keys, and the next one reads them', async () => {
  const first = await loadSecrets(readConfig({}), folder)
  expect(first.relayerKey.address).not.toBe(localRelayerKey(first.masterKey).address)
  const again = await loadSecrets(readConfig({}), folder)
  expect([again.masterKey, again.relayerKey.address]).toEqual([first.masterKey, first.relayerKey.address])
})

test('keys in settings are taken, with or without 0x, and nothing is written', async () => {
  const config = readConfig({ MASTER_KEY: KEY, RELAYER_KEY: `0x${KEY}` })
  const { masterKey, relayerKey } = await loadSecrets(config, folder)
  expect(masterKey).toEqual(BYTES)
  expect(relayerKey.address).toBe(localRelayerKey(BYTES).address)
  await expect(readFile(join(folder, 'master.key'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a key file that is named has to be there: another key would open nothing', async () => {
  const file = join(folder, 'named.key')
  const config = readConfig({ MASTER_KEY_FILE: file })
  await expect(loadSecrets(config, folder)).rejects.toMatchObject({ fault: 'missing', file })
  await writeFile(file, `${KEY}\n`, { mode: 0o600 })
  expect((await loadSecrets(config, folder)).masterKey).toEqual(BYTES)
})

test('a master key that is gone from beside its database is missed, not made anew', async () => {
  await loadSecrets(readConfig({}), folder)
  await mkdir(join(folder, 'postgres'))
  const file = join(folder, 'master.key')
  await rm(file)
  await expect(loadSecrets(readConfig({}), folder)).rejects.toMatchObject({ fault: 'missing', file })
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('the relayer key may be a keystore, opened by a passphrase from a setting or a file', async () => {
  const account = { address: localRelayerKey(BYTES).address, privateKey: `0x${KEY}` }
  const keystore = join(folder, 'relayer.json')
  const passphrase = join(folder, 'passphrase')
  const text = await encryptKeystoreJson(account, 'open sesame', { scrypt: { N: 1024, r: 8, p: 1 } })
  await writeFile(keystore, text, { mode: 0o600 })
  await writeFile(passphrase, 'open sesame\n', { mode: 0o600 })
  const given = { MASTER_KEY: KEY, RELAYER_KEY_FILE: keystore }
  for (const way of [
    { RELAYER_KEY_PASSPHRASE: 'open sesame' },
    { RELAYER_KEY_PASSPHRASE_FILE: passphrase },
  ]) {
    const { relayerKey } = await loadSecrets(readConfig({ ...given, ...way }), folder)
    expect(relayerKey.address).toBe(account.address)
  }
  const wrong = await refusal({ ...given, RELAYER_KEY_PASSPHRASE: 'open barley' })
  expect(wrong.message).toContain('passphrase')
  expect(wrong.message).not.toContain('barley')
  expect((await refusal(given)).message).toContain('RELAYER_KEY_PASSPHRASE')
})

test('both keys may be in the hands of a key management service', async () => {
  const kms = await startFakeKms()
  for (const [name, value] of Object.entries(kmsEnvironment)) vi.stubEnv(name, value)
  try {
    kms.keys.set('alias/relayer', { secret: BYTES })
    const given = { KMS_ENDPOINT: kms.url, RELAYER_KMS_KEY: 'alias/relayer' }
    for (const plain of [BYTES, Buffer.from(`${KEY}\n`)]) {
      const settings = { ...given, MASTER_KEY_CIPHERTEXT: kms.encrypt(plain) }
      const { masterKey, relayerKey } = await loadSecrets(readConfig(settings), folder)
      expect(masterKey).toEqual(BYTES)
      expect(relayerKey.address).toBe(localRelayerKey(BYTES).address)
    }
    const short = { ...given, MASTER_KEY_CIPHERTEXT: kms.encrypt(Buffer.from('no key of 32 bytes')) }
    expect(await refusal(short)).toMatchObject({ exitCode: EXIT.settings })
    kms.keys.set('alias/relayer', { secret: BYTES, enabled: false })
    expect((await refusal({ ...given, MASTER_KEY: KEY })).message).toMatch(/alias\/relayer .*disabled/)
    kms.keys.clear()
    expect((await refusal({ ...given, MASTER_KEY: KEY })).message).toMatch(/no key alias\/relayer/)
  } finally {
    vi.unstubAllEnvs()
    kms.close()
  }
})

const refusal = async (settings: Record<string, string>) =>
  explainStartError(await loadSecrets(readConfig(settings), folder).catch((error: unknown) => error))
