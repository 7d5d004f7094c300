import { parseArgs } from 'node:util'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { localKeyMaker } from '#adapters/keys/key-maker.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { createPinoLog } from '#adapters/log/pino-log.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { readBonds } from '#adapters/postgres/installation.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { systemPause } from '#adapters/system/system-pause.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { asInstant, formatInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import { createConfirmTasks } from '#services/anchoring/confirm-tasks.ts'
import { createSendTasks } from '#services/anchoring/send-tasks.ts'
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
  const bonds = await readBonds(config.DATABASE_URL)
  const log = createPinoLog('silent')
  const { chain, attestedChain, close } = await openChain(config, relayerKey, config.DATA_DIR, bonds, log)
  const database = openDatabase(config.DATABASE_URL, { connections: 2 })
  try {
    const [clock, random, secretBox] = [systemClock, createSystemRandom(), createSecretBox([masterKey])]
    const audit = createAuditTrail({ random, hashes: { sha256, keccak256 } })
    const cutOff = createCutOffKey({
      database,
      clock,
      random,
      chain,
      keyMaker: localKeyMaker,
      secretBox,
      audit,
    })
    const { key, keyId, issuerId, replacement, again } = await cutOff(slug, since)

    // The sender of a running product takes turns with this one; without one, this one is enough.
    const sending = {
      database,
      clock,
      chain,
      attestedChain,
      secretBox,
      wakeUps: { wake: async () => undefined },
      log,
    }
    const [send, confirm] = [createSendTasks(sending), createConfirmTasks(sending)]
    const ids = [keyId, ...(replacement === undefined ? [] : [replacement.keyId])]
    for (;;) {
      await send()
      await confirm()
      const tasks = await database.asWorker(async (stores) =>
        (await Promise.all(ids.map((id) => stores.anchoring.tasksOfKey(id)))).flat(),
      )
      const refused = tasks.find(({ state, attempts }) => state === 'failed' || attempts >= MOST_ATTEMPTS)
      if (refused !== undefined)
        throw new StartError(
          `The chain does not take ${refused.kind === 'cut_off' ? 'the end of the key' : 'the new key'}: see the log of the product, and what others have said on chain in the name of ${issuerId}.`,
          EXIT.unavailable,
        )
      if (tasks.every(({ state }) => state === 'mined' || state === 'final')) break
      await systemPause(TURN_MS)
    }
    print(`The key ${key} of issuer ${issuerId} counts for nothing from ${formatInstant(since)} on.`)
    if (replacement !== undefined) print(`From now on it anchors with ${replacement.key}.`)
    if (again > 0) print(`Batches that are anchored once more, under that key: ${again}.`)
  } finally {
    await database.close()
    await close()
  }
}

const TURN_MS = 500
/** Of one task, before somebody should look. */
const MOST_ATTEMPTS = 3

function readOptions(argv: readonly string[]): { readonly slug: string; readonly since: Instant } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { since: { type: 'string' } },
    })
    const [slug, ...surplus] = positionals
    const moment = parseInstant(values.since ?? '')
    // The contract counts in seconds.
    const since = moment === undefined ? undefined : asInstant(Math.floor(moment / 1000) * 1000)
    if (slug !== undefined && surplus.length === 0 && since !== undefined) return { slug, since }
  } catch {
    // An unknown option is told as everything else that is wrong.
  }
  throw new StartError(USAGE, EXIT.settings)
}
