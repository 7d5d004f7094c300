import { encryptKeystoreJson } from 'ethers'
import { expect, test } from 'vitest'
import { relayerKey } from '#test/chain/harness.ts'
import { isKeystore, openKeystore } from './keystore.ts'
import { localRelayerKey } from './local-relayer-key.ts'

const PASSPHRASE = 'correct horse battery staple'
const FILE = '/etc/waarmerk/relayer.json'
const account = {
  address: localRelayerKey(relayerKey).address,
  privateKey: `0x${Buffer.from(relayerKey).toString('hex')}`,
}
// Quick to make and to open; what opens it reads the numbers from it.
const text = await encryptKeystoreJson(account, PASSPHRASE, { scrypt: { N: 1024, r: 8, p: 1 } })

test('a keystore gives its key to whoever has the passphrase', async () => {
  expect(isKeystore(`\n${text}\n`)).toBe(true)
  expect(await openKeystore(`\n${text}\n`, FILE, PASSPHRASE)).toEqual(relayerKey)
})

test('a wrong passphrase, none, and a file that was changed are told apart', async () => {
  await expect(openKeystore(text, FILE, undefined)).rejects.toMatchObject({ fault: 'locked' })
  const wrong: unknown = await openKeystore(text, FILE, 'hunter2').catch((error: unknown) => error)
  expect(wrong).toMatchObject({ fault: 'wrong-passphrase', file: FILE })
  expect(String(wrong)).not.toContain('hunter2')
  const changed = text.replace(/"cipher":"[^"]+"/, '"cipher":"rot13"')
  await expect(openKeystore(changed, FILE, PASSPHRASE)).rejects.toMatchObject({ fault: 'damaged-keystore' })
})

test('digits, other JSON and nothing are no keystore', () => {
  for (const other of [account.privateKey, '{}', '', '{"version":1}']) expect(isKeystore(other)).toBe(false)
})
