import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { KeyFileError, loadKeyFile, parseKey, readSecretFile } from '#adapters/keys/key-file.ts'
import { isKeystore, openKeystore } from '#adapters/keys/keystore.ts'
import { type Kms, KmsError, openKms } from '#adapters/keys/kms.ts'
import { kmsRelayerKey } from '#adapters/keys/kms-relayer-key.ts'
import { localRelayerKey } from '#adapters/keys/local-relayer-key.ts'
import type { RelayerKey } from '#services/ports/relayer-key.ts'
import type { Config } from './config.ts'

export interface Secrets {
  /** Seals the secrets in the database. */
  readonly masterKey: Uint8Array
  /** Signs and pays for transactions, and nothing else. */
  readonly relayerKey: RelayerKey
}

/**
 * Gets the keys from their settings, files or key management service. Without a setting they are made in the data folder
 * at the first start. A master key that is missing beside a database was lost, and another one would open nothing: it is
 * not made anew. A new relayer can do what the old one did. Throws KeyFileError and KmsError.
 */
export async function loadSecrets(config: Config, dataFolder: string): Promise<Secrets> {
  return {
    masterKey: await loadMasterKey(config, dataFolder),
    relayerKey: await loadRelayerKey(config, dataFolder),
  }
}

async function loadMasterKey(config: Config, dataFolder: string): Promise<Uint8Array> {
  const { MASTER_KEY, MASTER_KEY_FILE, MASTER_KEY_CIPHERTEXT } = config
  if (MASTER_KEY_CIPHERTEXT !== undefined) return decryptMasterKey(config, MASTER_KEY_CIPHERTEXT)
  if (MASTER_KEY !== undefined) return inSetting(MASTER_KEY)
  if (MASTER_KEY_FILE !== undefined) return loadKeyFile(MASTER_KEY_FILE, { create: false })
  const isFirstStart = !existsSync(join(dataFolder, 'postgres'))
  return loadKeyFile(join(dataFolder, 'master.key'), { create: isFirstStart })
}

/** As 32 bytes, or as the 64 digits that a key file has. */
async function decryptMasterKey(config: Config, ciphertext: string): Promise<Uint8Array> {
  const plain = await (await openConfiguredKms(config)).decrypt(Buffer.from(ciphertext, 'base64'))
  const key = plain.length === 32 ? new Uint8Array(plain) : parseKey(Buffer.from(plain).toString('latin1'))
  if (key === undefined)
    throw new KmsError('malformed', 'of MASTER_KEY_CIPHERTEXT', 'what it decrypts to is no key of 32 bytes')
  return key
}

/** The relayer's alone, for whoever needs no other. Throws KeyFileError and KmsError. */
export async function loadRelayerKey(config: Config, dataFolder: string): Promise<RelayerKey> {
  const { RELAYER_KEY, RELAYER_KEY_FILE, RELAYER_KMS_KEY } = config
  if (RELAYER_KMS_KEY !== undefined) return kmsRelayerKey(await openConfiguredKms(config), RELAYER_KMS_KEY)
  if (RELAYER_KEY !== undefined) return localRelayerKey(inSetting(RELAYER_KEY))
  if (RELAYER_KEY_FILE === undefined)
    return localRelayerKey(await loadKeyFile(join(dataFolder, 'relayer.key'), { create: true }))
  const text = await readSecretFile(RELAYER_KEY_FILE)
  if (!isKeystore(text)) return localRelayerKey(await loadKeyFile(RELAYER_KEY_FILE, { create: false }))
  return localRelayerKey(await openKeystore(text, RELAYER_KEY_FILE, await passphraseOf(config)))
}

/** A file may end with a line break that is no part of it. */
async function passphraseOf(config: Config): Promise<string | undefined> {
  const { RELAYER_KEY_PASSPHRASE, RELAYER_KEY_PASSPHRASE_FILE } = config
  if (RELAYER_KEY_PASSPHRASE_FILE === undefined) return RELAYER_KEY_PASSPHRASE
  return (await readSecretFile(RELAYER_KEY_PASSPHRASE_FILE)).replace(/\r?\n$/, '')
}

function openConfiguredKms({ KMS_REGION, KMS_ENDPOINT }: Config): Promise<Kms> {
  return openKms({
    ...(KMS_REGION === undefined ? {} : { region: KMS_REGION }),
    ...(KMS_ENDPOINT === undefined ? {} : { endpoint: KMS_ENDPOINT }),
  })
}

function inSetting(value: string): Uint8Array {
  const key = parseKey(value)
  if (key === undefined) throw new KeyFileError('malformed', 'in the setting')
  return key
}
