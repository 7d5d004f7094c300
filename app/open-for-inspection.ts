import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPinoLog } from '#adapters/log/pino-log.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { readBonds } from '#adapters/postgres/installation.ts'
import type { AnchorHistory } from '#services/ports/anchor-history.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Database } from '#services/ports/database.ts'
import type { Config } from './config.ts'
import { openChain } from './open-chain.ts'
import { openParts } from './open-parts.ts'
import { findDatabase } from './private-database.ts'
import { loadSecrets } from './secrets.ts'
import { checkDatabase, checkMasterKey } from './start-checks.ts'

export interface OpenForInspection {
  readonly database: Database
  readonly chain: Chain
  readonly history: AnchorHistory
  readonly masterKey: Uint8Array
  readonly close: () => Promise<void>
}

/**
 * Opens what an inspection reads: beside a product that runs, or by itself where none does. A running product has the
 * embedded chain for itself; its journal is copied and played again, which gives the same chain as of now.
 */
export async function openForInspection(config: Config): Promise<OpenForInspection> {
  const databaseUrl = await findDatabase(config)
  return databaseUrl === undefined ? openParts(config, { listens: false }) : openBeside(config, databaseUrl)
}

async function openBeside(config: Config, databaseUrl: string): Promise<OpenForInspection> {
  await checkDatabase(databaseUrl)
  const { masterKey, relayerKey } = await loadSecrets(config, config.DATA_DIR)
  await checkMasterKey(databaseUrl, masterKey)
  const copy = await mkdtemp(join(tmpdir(), 'waarmerk-fsck-'))
  const dropCopy = () => rm(copy, { recursive: true, force: true })
  try {
    if (config.RPC_URL === undefined) await cp(join(config.DATA_DIR, 'chain'), copy, { recursive: true })
    const { chain, history, close } = await openChain(
      config,
      relayerKey,
      copy,
      await readBonds(databaseUrl),
      createPinoLog('silent'),
    )
    const database = openDatabase(databaseUrl, { connections: 2 })
    return {
      database,
      chain,
      history,
      masterKey,
      close: async () => {
        await database.close()
        await close()
        await dropCopy()
      },
    }
  } catch (error) {
    await dropCopy()
    throw error
  }
}
