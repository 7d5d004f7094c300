import { existsSync } from 'node:fs'
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
 * Reads the keys from their settings or files. Without a setting they are made in the data folder at the first start.
 * A master key that is missing beside a database was lost, and another one would open nothing: it is not made anew.
 * A new relayer can do what the old one did. Throws KeyFileError.
 */
export async function loadSecrets(config: Config, dataFolder: string): Promise<Secrets> {
  const { MASTER_KEY, MASTER_KEY_FILE } = config
  const isFirstStart = !existsSync(join(dataFolder, 'postgres'))
  return {
    masterKey: await load(MASTER_KEY, MASTER_KEY_FILE, {
      own: join(dataFolder, 'master.key'),
      create: isFirstStart,
    }),
    relayerKey: await loadRelayerKey(config, dataFolder),
  }
}

/** The relayer's alone, for whoever needs no other. Throws KeyFileError. */
export const loadRelayerKey = (
  { RELAYER_KEY, RELAYER_KEY_FILE }: Config,
  dataFolder: string,
): Promise<Uint8Array> =>
  load(RELAYER_KEY, RELAYER_KEY_FILE, { own: join(dataFolder, 'relayer.key'), create: true })

async function load(
  value: string | undefined,
  file: string | undefined,
  { own, create }: { readonly own: string; readonly create: boolean },
): Promise<Uint8Array> {
  if (value === undefined) return loadKeyFile(file ?? own, { create: file === undefined && create })
  const key = parseKey(value)
  if (key === undefined) throw new KeyFileError('malformed', 'in the setting')
  return key
}
