import { join } from 'node:path'
import { KeyFileError, loadKeyFile, parseKey } from '#adapters/keys/key-file.ts'
import type { Config } from './config.ts'

export interface Secrets {
  /** Seals the secrets in the database. */
  readonly masterKey: Uint8Array
  /** Signs and pays for transactions, and nothing else. */
  readonly relayerKey: Uint8Array
}

/**
 * Reads the keys from their settings or files. Without a setting they are made in the data folder at the first start;
 * what was sealed under a master key is lost with it. Throws KeyFileError.
 */
export async function loadSecrets(config: Config, dataFolder: string): Promise<Secrets> {
  return {
    masterKey: await load(config.MASTER_KEY, config.MASTER_KEY_FILE, join(dataFolder, 'master.key')),
    relayerKey: await load(config.RELAYER_KEY, config.RELAYER_KEY_FILE, join(dataFolder, 'relayer.key')),
  }
}

async function load(value: string | undefined, file: string | undefined, own: string): Promise<Uint8Array> {
  if (value === undefined) return loadKeyFile(file ?? own, { create: file === undefined })
  const key = parseKey(value)
  if (key === undefined) throw new KeyFileError('malformed', 'in the setting')
  return key
}
