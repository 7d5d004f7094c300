import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { loadSecrets } from './secrets.ts'

const KEY = 'ab'.repeat(32)
const BYTES = new Uint8Array(32).fill(0xab)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-secrets-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('without settings the first start makes two different keys, and the next one reads them', async () => {
  const first = await loadSecrets(readConfig({}), folder)
  expect(first.masterKey).not.toEqual(first.relayerKey)
  expect(await loadSecrets(readConfig({}), folder)).toEqual(first)
})

test('keys in settings are taken, with or without 0x, and nothing is written', async () => {
  const config = readConfig({ MASTER_KEY: KEY, RELAYER_KEY: `0x${KEY}` })
  expect(await loadSecrets(config, folder)).toEqual({ masterKey: BYTES, relayerKey: BYTES })
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
