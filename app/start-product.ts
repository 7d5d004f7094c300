import { existsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type RemoteMap, readRemoteMap } from '#adapters/fetch/remote-map.ts'
import { postgresIdempotencyStore } from '#adapters/postgres/idempotency-store.ts'
import { ensurePartitions } from '#adapters/postgres/installation.ts'
import { startWakeUpWorker } from '#adapters/queue/wake-up-worker.ts'
import { asCaller } from '#adapters/threads/caller-scope.ts'
import { createHttpServer } from '#api/http/server.ts'
import { allRoutes } from '#api/routes/all-routes.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import { armCrashPoint, type CrashPoint } from '#services/ports/crash-points.ts'
import { compose, type Product } from './compose.ts'
import type { Config } from './config.ts'
import { measureDocuments } from './document-metrics.ts'
import { measureEndpoints } from './endpoint-metrics.ts'
import { type OpenParts, openParts } from './open-parts.ts'
import { processMetrics } from './process-metrics.ts'
import { startErrors } from './start-errors.ts'
import { readVcApiSettings } from './vc-api-settings.ts'
import { VERSION } from './version.ts'

export interface RunningProduct {
  readonly product: Product
  readonly parts: OpenParts
  readonly url: string
  /** Finishes what is under way, then closes everything. Under 20 s; the process that stops does not wait as long. */
  readonly stop: () => Promise<void>
}

export interface StartOptions {
  /** Answer HTTP requests. */
  readonly api: boolean
  /** Run the steps: evaluate, issue, anchor, … */
  readonly worker: boolean
}

const WEB = join(import.meta.dirname, '../dist/web')
const VERIFIER = join(import.meta.dirname, '../dist/verify')

/** Starts the product, or one half of it. Throws what `explainStartError` knows, with everything closed again. */
export async function startProduct(config: Config, { api, worker }: StartOptions): Promise<RunningProduct> {
  const parts = await openParts(config, { listens: api })
  const doors: (() => Promise<unknown>)[] = []
  const stop = async () => {
    // Requests and passes end side by side; what they stand on goes last.
    await Promise.allSettled(doors.splice(0).map((close) => close()))
    await parts.close()
  }
  try {
    const product = compose({
      ...parts,
      vcApi: readVcApiSettings(config),
      settings: {
        publicUrl: config.PUBLIC_URL,
        batchMaxAgeS: config.BATCH_MAX_AGE_S,
        batchMaxLeaves: config.BATCH_MAX_LEAVES,
        fetchLocalhost: config.FETCH_LOCALHOST,
        ...(config.REMOTE_MAP === undefined ? {} : { remoteMap: openRemoteMap(config.REMOTE_MAP) }),
        backfillSubjectsPerS: config.BACKFILL_SUBJECTS_PER_S,
        invitationDays: config.INVITATION_DAYS,
        trust: {
          issuers: config.TRUSTED_ISSUERS,
          lists: config.TRUST_LISTS,
          keys: config.TRUST_LIST_KEYS,
        },
      },
    })
    if (config.CRASH_AT !== undefined) dieAt(config.CRASH_AT)
    await product.reconcile()
    if (worker) {
      const running = await startWakeUpWorker({
        databaseUrl: parts.databaseUrl,
        ...(config.REDIS_URL === undefined ? {} : { redisUrl: config.REDIS_URL }),
        steps: product.steps,
        sweepIntervalMs: config.SWEEP_INTERVAL_MS,
        log: parts.log,
      })
      doors.push(() => running.close(), keepPartitions(parts))
    }
    if (api) doors.push(await listen(config, parts, product))
    return { product, parts, url: config.PUBLIC_URL, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function listen(config: Config, parts: OpenParts, product: Product): Promise<() => Promise<void>> {
  const registry = processMetrics()
  measureDocuments(registry, { main: product.templateCounts, issuing: parts.issuingThreads.counts })
  if (parts.endpoints !== undefined) measureEndpoints(registry, parts.endpoints)
  const server = createHttpServer({
    asCaller,
    routes: allRoutes(product.routes),
    authenticate: product.authenticate,
    wallets: product.wallets,
    openBadges: {
      ...product.openBadges,
      termsUrl: config.TERMS_URL ?? config.PUBLIC_URL,
      privacyUrl: config.PRIVACY_URL ?? config.PUBLIC_URL,
    },
    idempotency: postgresIdempotencyStore(parts.database),
    log: parts.log,
    publicUrl: config.PUBLIC_URL,
    version: VERSION,
    limits: config.limits.http,
    trustedProxies: config.TRUST_PROXY,
    ready: {
      database: () => parts.database.ping(),
      chain: async () => void (await parts.chain.nextNonce()),
    },
    metrics: { registry, ...(config.METRICS_TOKEN === undefined ? {} : { token: config.METRICS_TOKEN }) },
    ...(existsSync(join(WEB, 'index.html')) ? { webDirectory: WEB } : {}),
    ...(existsSync(join(VERIFIER, 'index.html')) ? { verifierDirectory: VERIFIER } : {}),
  })
  try {
    await server.listen(config.PORT, config.HOST)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw startErrors.busyPort(config.HOST, config.PORT, error)
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw startErrors.forbiddenPort(config.HOST, config.PORT, error)
    throw error
  }
  return () => server.close()
}

function openRemoteMap(file: string): RemoteMap {
  try {
    return readRemoteMap(file)
  } catch (error) {
    throw startErrors.settings([`REMOTE_MAP cannot be read: ${(error as Error).message}`])
  }
}

/** Says where it dies, so that a test knows that it was there and nowhere else. */
function dieAt(point: CrashPoint): void {
  armCrashPoint(point, () => {
    writeSync(process.stderr.fd, `Killed at ${point}.\n`)
    process.kill(process.pid, 'SIGKILL')
  })
}

/** A server that runs for months makes the partitions of the next ones. */
function keepPartitions({ databaseUrl, log }: OpenParts): () => Promise<void> {
  const timer = setInterval(() => {
    ensurePartitions(databaseUrl).catch((error: unknown) => log.error('partitions.failed', { error }))
  }, DAY_MS)
  return async () => clearInterval(timer)
}
