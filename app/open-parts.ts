import { createWriteStream, existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { CryptoMeans } from '#adapters/crypto/crypto-means.ts'
import type { EndpointRecord } from '#adapters/ethereum/endpoint-record.ts'
import { createPinoLog } from '#adapters/log/pino-log.ts'
import { createSmtpMailer, heldMailer, type OpenMailer } from '#adapters/mail/smtp-mailer.ts'
import { openDatabase, type PostgresDatabase } from '#adapters/postgres/database.ts'
import { startEmbeddedPostgres } from '#adapters/postgres/embedded-postgres.ts'
import { ensurePartitions, readBonds } from '#adapters/postgres/installation.ts'
import { migrate } from '#adapters/postgres/migrate.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { openWakeUps } from '#adapters/queue/bullmq-wake-ups.ts'
import { checkRedis } from '#adapters/queue/check-redis.ts'
import { createIssuingThreads, type IssuingThreads } from '#adapters/threads/issuing-threads.ts'
import { createPrintingThreads, type PrintingThreads } from '#adapters/threads/printing-threads.ts'
import type { AnchorHistory } from '#services/ports/anchor-history.ts'
import type { AttestedChain } from '#services/ports/attested-chain.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { IdentityProviders } from '#services/ports/identity-providers.ts'
import type { Log } from '#services/ports/log.ts'
import type { Mailer } from '#services/ports/mailer.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { type Config, hasOneOf, MASTER_KEY_SETTINGS, RELAYER_KEY_SETTINGS } from './config.ts'
import { claimDataFolder } from './data-folder.ts'
import { openIdentityProviders } from './oidc-settings.ts'
import { openChain } from './open-chain.ts'
import { openCryptoMeans } from './open-crypto-means.ts'
import { PRIVATE_DATABASE, privateDatabaseFolder } from './private-database.ts'
import { loadSecrets } from './secrets.ts'
import { checkDatabase, checkMasterKey, checkPort, checkPublicUrl } from './start-checks.ts'
import { startErrors } from './start-errors.ts'

export interface OpenParts {
  readonly database: PostgresDatabase
  readonly databaseUrl: string
  readonly dataFolder: string
  readonly chain: Chain
  readonly attestedChain: AttestedChain
  readonly anchors: AnchorReader
  readonly history: AnchorHistory
  readonly endpoints?: EndpointRecord
  readonly wakeUps: WakeUps
  readonly mailer: Mailer
  readonly identityProviders: IdentityProviders
  readonly log: Log
  readonly masterKey: Uint8Array
  readonly cryptoMeans: CryptoMeans
  readonly issuingThreads: IssuingThreads
  readonly printingThreads: PrintingThreads
  /** Closes everything, in the opposite order. */
  readonly close: () => Promise<void>
}

export const LOG_FILE = 'waarmerk.log'

/**
 * Opens everything that the product stands on, in the one order that works. What was opened is closed again when a
 * later part cannot be. Throws what `explainStartError` knows.
 */
export async function openParts(
  config: Config,
  { listens }: { readonly listens: boolean },
): Promise<OpenParts> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer().catch(() => undefined)
  }
  try {
    const folder = needsFolder(config) ? await claimDataFolder(config.DATA_DIR) : undefined
    closers.push(async () => folder?.release())
    const directory = folder?.path ?? config.DATA_DIR
    // In production the log goes to standard output, for whoever collects it; else the terminal is for people.
    const logFile =
      config.NODE_ENV === 'production' || folder === undefined ? undefined : await openLog(directory)
    const log = createPinoLog(config.LOG_LEVEL, logFile)
    closers.push(async () => logFile?.end())
    const identityProviders = openIdentityProviders(config, log)
    if (listens) await checkPort(config.HOST, config.PORT)
    const { masterKey, relayerKey } = await loadSecrets(config, directory)
    if (config.REDIS_URL !== undefined) await checkRedis(config.REDIS_URL)

    if (config.DATABASE_URL === undefined && isDatabaseGone(directory))
      throw startErrors.folderDamaged(directory)
    const databaseUrl =
      config.DATABASE_URL ?? (await openEmbeddedDatabase(privateDatabaseFolder(directory), log, closers))
    await checkDatabase(databaseUrl)
    await migrate(databaseUrl, { log })
    await ensurePartitions(databaseUrl)
    const { origins, ...bonds } = await readBonds(databaseUrl)
    checkPublicUrl(config.PUBLIC_URL, origins)

    const {
      chain,
      attestedChain,
      anchors,
      history,
      endpoints,
      close: closeChain,
    } = await openChain(config, relayerKey, join(directory, 'chain'), bonds, log)
    closers.push(closeChain)

    await checkMasterKey(databaseUrl, masterKey)

    const database = openDatabase(databaseUrl)
    closers.push(() => database.close())
    const wakeUps = await openWakeUps({
      databaseUrl,
      ...(config.REDIS_URL === undefined ? {} : { redisUrl: config.REDIS_URL }),
      log,
    })
    closers.push(() => wakeUps.close())
    const mailer = openMailer(config)
    closers.push(async () => mailer.close())
    const { means: cryptoMeans, close: closeMeans } = openCryptoMeans()
    closers.push(closeMeans)
    const issuingThreads = createIssuingThreads()
    closers.push(issuingThreads.close)
    const printingThreads = createPrintingThreads()
    closers.push(printingThreads.close)
    return {
      database,
      databaseUrl,
      dataFolder: directory,
      chain,
      attestedChain,
      anchors,
      history,
      ...(endpoints === undefined ? {} : { endpoints }),
      wakeUps,
      mailer,
      identityProviders,
      log,
      masterKey,
      cryptoMeans,
      issuingThreads,
      printingThreads,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A log that can no longer be written (its disk is full) is not worth an end of the product. */
async function openLog(directory: string): Promise<NodeJS.WritableStream> {
  const file = join(directory, LOG_FILE)
  const handle = await open(file, 'a', 0o600).catch((error: unknown) => {
    throw startErrors.logNotWritable(file, error)
  })
  return createWriteStream(file, { fd: handle }).on('error', () => undefined)
}

/** A chain without the database that it belongs to: what is anchored there would be known to nobody. */
const isDatabaseGone = (directory: string): boolean =>
  existsSync(join(directory, 'chain')) && !existsSync(join(directory, 'postgres'))

/** Whether anything lives in the data folder: with servers and keys of their own, processes may share a machine. */
const needsFolder = (config: Config): boolean =>
  config.DATABASE_URL === undefined ||
  config.RPC_URL === undefined ||
  !hasOneOf(config, MASTER_KEY_SETTINGS) ||
  !hasOneOf(config, RELAYER_KEY_SETTINGS)

/** A mail server of their own, or the outbox that the owner reads. */
function openMailer(config: Config): OpenMailer {
  if (config.SMTP_URL === undefined) return { ...heldMailer, close: () => undefined }
  return createSmtpMailer({
    url: config.SMTP_URL,
    from: config.MAIL_FROM,
    returnTags: config.MAIL_RETURN_TAGS,
  })
}

async function openEmbeddedDatabase(
  directory: string,
  log: Log,
  closers: (() => Promise<unknown>)[],
): Promise<string> {
  const server = await startEmbeddedPostgres({
    directory,
    onRestart: ({ exitCode }) => log.warn('postgres.restarted', { exitCode }),
    onLoss: (error) => log.error('postgres.lost', { error }),
  })
  closers.push(() => server.stop())
  await withClient(server.url('postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      PRIVATE_DATABASE,
    ])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${PRIVATE_DATABASE}`)
  })
  return server.url(PRIVATE_DATABASE)
}
