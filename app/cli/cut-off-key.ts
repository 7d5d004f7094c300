import { parseArgs } from 'node:util'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { createPinoLog } from '#adapters/log/pino-log.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { readBonds } from '#adapters/postgres/installation.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { systemPause } from '#adapters/system/system-pause.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { formatInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import { createAuditTrail } from '#services/audit/audit-trail.ts'
import { createCutOffKey } from '#services/issuers/cut-off-key.ts'
import type { Config } from '../config.ts'
import { openChain } from '../open-chain.ts'
import { loadSecrets } from '../secrets.ts'
import { checkDatabase, checkMasterKey } from '../start-checks.ts'
import { EXIT, StartError } from '../start-errors.ts'

const USAGE =
  'cut-off-key needs the slug of an issuer and a moment: cut-off-key SLUG --since 2026-11-24T09:00:00Z'

/** For the operator: what the anchoring key of an issuer anchored from a moment on was never authorised. */
export async function cutOffKey(
  config: Config,
  argv: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const { slug, since } = readOptions(argv)
  if (config.DATABASE_URL === undefined || config.RPC_URL === undefined)
    throw new StartError(
      'cut-off-key needs DATABASE_URL and RPC_URL: a chain of our own convinces nobody of when it was.',
      EXIT.settings,
    )
  await checkDatabase(config.DATABASE_URL)
  const { masterKey, relayerKey } = await loadSecrets(config, config.DATA_DIR)
  await checkMasterKey(config.DATABASE_URL, masterKey)
  const { chain, close } = await openChain(
    config,
    relayerKey,
    config.DATA_DIR,
    await readBonds(config.DATABASE_URL),
    createPinoLog('silent'),
  )
  const database = openDatabase(config.DATABASE_URL, { connections: 1 })
  try {
    const random = createSystemRandom()
    const cutOff = createCutOffKey({
      database,
      clock: systemClock,
      chain,
      secretBox: createSecretBox([masterKey]),
      audit: createAuditTrail({ random, hashes: { sha256, keccak256 } }),
      pause: systemPause,
    })
    const { key, issuerId, transaction } = await cutOff(slug, since)
    print(`The key ${key} of issuer ${issuerId} counts for nothing from ${formatInstant(since)} on.`)
    print(transaction === undefined ? 'The chain had it already.' : `Transaction ${transaction}.`)
  } finally {
    await database.close()
    await close()
  }
}

function readOptions(argv: readonly string[]): { readonly slug: string; readonly since: Instant } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { since: { type: 'string' } },
    })
    const [slug, ...surplus] = positionals
    const since = parseInstant(values.since ?? '')
    if (slug !== undefined && surplus.length === 0 && since !== undefined) return { slug, since }
  } catch {
    // An unknown option is told as everything else that is wrong.
  }
  throw new StartError(USAGE, EXIT.settings)
}
