import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { OB_SCOPES } from '#engine/open-badges-api/scopes.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { HostCredentials } from '#services/open-badges-api/host-credentials.ts'
import type { BadgeHosts, HostPage } from '#services/ports/badge-host.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { HostConnection } from '#services/ports/host-connection-store.ts'
import type { HostFetch, OpenHostFetch } from '#services/ports/host-fetch-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Pause } from '#services/ports/pause.ts'
import type { Random } from '#services/ports/random.ts'
import { HOST_PAGE } from './fetch-badges.ts'
import type { UseHost } from './use-host.ts'

export interface RunHostFetchesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly pause: Pause
  readonly hosts: Pick<BadgeHosts, 'credentials'>
  readonly useHost: Pick<UseHost, 'withToken'>
  readonly hostCredentials: Pick<HostCredentials, 'upsert'>
}

/** Fetches that run at a time in one process; of one account there is one, over all processes. */
const AT_ONCE = 4
/** So long for one badge, within what is left of a claim: whoever is asked about it may hang, as often as it names somebody. */
const BADGE_MS = 20 * SECOND_MS
/** So long for a page: then it is given back where it stands, and those who wait have their turn. */
const PAGE_MS = MINUTE_MS
/** How long the others may have to wait while pages are fetched: then it is looked for what else is due. */
const LOOK_MS = 250
/** How long pages may still take when the process is about to end. */
const END_MS = 4 * SECOND_MS
/** A worker has so long for a page, or for one badge of it; then somebody else takes the page up. */
const CLAIM_MS = MINUTE_MS
/** Failures in a row: after 1, 2, 4 … seconds it is tried again. */
const MOST_ATTEMPTS = 8
/** A list that goes on for longer has no end. */
const MOST_BADGES = 10_000
/** Badges in a row that were too large even alone: a host of which all are ignores what it is asked for. */
const MOST_LARGE = 20
const LOOK_AGAIN_MS = { least: 50, most: SECOND_MS }

/** Trying again helps none of these. */
const FINAL: ReadonlySet<string> = new Set([
  errors.notFound.code,
  errors.fetchRefused.code,
  errors.hostConnectionLost.code,
  errors.hostScopeMissing.code,
])
/** What was refused for one of these may be taken another time: the next fetch looks at it again. */
const PASSING: readonly string[] = [
  errors.pushedBadgeUndecided.code,
  errors.tooManyImported.code,
  // Where too much waits to be read, or a document was given up: that says nothing of it.
  errors.unavailable.code,
  errors.rateLimited.code,
  'internal',
]

type Connection = Pick<HostConnection, 'id' | 'accountId' | 'baseUrl' | 'fetchedTotal'>

/**
 * The step that fetches badges from connected hosts: a page a pass, each badge verified before it is kept. How far it has come is
 * written after each page: whoever dies before that leaves the page to the next worker, for whom what was kept is known. Before
 * each badge it looks whether somebody has stopped it; what was kept of the page by then is counted.
 * Pages are fetched beside each other, and a pass ends with the first of them: a host that is slow holds up nobody else's.
 *
 * `since` means "issued after", and a badge may come to a host long after it was issued. So after a fetch of what is new the
 * host is asked how many badges there are: where those of then and the ones that are new here do not come to that, everything is
 * fetched. What was known, refused or replaced may have been counted then, so it is not counted again.
 */
export const createRunHostFetches = (needs: RunHostFetchesNeeds) => {
  const { database, clock, random, log, pause, hosts, useHost, hostCredentials } = needs
  const running = new Set<Promise<void>>()

  return async (signal?: AbortSignal): Promise<{ readonly more: boolean; readonly pauseMs?: number }> => {
    const now = clock.now()
    const free = AT_ONCE - running.size
    const claimed =
      free === 0
        ? []
        : await database.asWorker((stores) => stores.hostFetches.claim(free, now, asInstant(now + CLAIM_MS)))
    if (claimed.length > 0) crashPoint('host-fetch.claimed')
    for (const fetch of claimed) {
      const page = takePage(fetch, signal)
        .catch((error) => log.error('host_fetch.page_lost', { fetch: fetch.id, error }))
        .finally(() => running.delete(page))
      running.add(page)
    }
    if (running.size === 0) {
      const due = await database.asWorker((stores) => stores.hostFetches.nextDue())
      if (due === undefined) return { more: false }
      const { least, most } = LOOK_AGAIN_MS
      // One that is due all the same waits for another of its account, which another process holds.
      return { more: true, pauseMs: due <= now ? most : Math.min(most, Math.max(least, due - now)) }
    }
    await inTime(pause, LOOK_MS, Promise.race(running))
    if (signal?.aborted === true) await inTime(pause, END_MS, Promise.all(running))
    return { more: true }
  }

  async function takePage(claimed: OpenHostFetch, signal: AbortSignal | undefined): Promise<void> {
    // Its `nextAt` is the claim, which is renewed while there is much to do.
    let fetch = claimed
    const began = clock.now()
    /** Whether it is still for us to go on: not where somebody has stopped it, or has taken it up from us. */
    const holds = async (): Promise<boolean> => {
      const now = clock.now()
      if (fetch.nextAt - now > CLAIM_MS / 2) {
        const { connectionId, id, nextAt } = fetch
        const found = await database.asWorker((stores) => stores.hostFetches.find(connectionId))
        return found?.id === id && found.state === 'running' && found.nextAt === nextAt
      }
      const longer = { ...fetch, nextAt: asInstant(now + CLAIM_MS) }
      if (!(await save(fetch, longer))) return false
      fetch = longer
      return true
    }
    const connection = await database.asWorker((stores) => stores.hostConnections.find(fetch.connectionId))
    if (connection === undefined) return
    try {
      const page = await ask(connection, {
        limit: fetch.pageSize,
        offset: fetch.nextOffset,
        ...(fetch.since === undefined ? {} : { since: fetch.since }),
      })
      const outcomes: string[] = []
      for (const document of page.documents) {
        if (isDocument(document) && !(await holds())) return await noteStopped(counted(fetch, outcomes))
        outcomes.push(await takeInTime(connection.accountId, document, signal))
        crashPoint('host-fetch.kept')
        if (signal?.aborted === true) {
          await save(fetch, { ...fetch, nextAt: clock.now() })
          return
        }
        if (clock.now() - began >= PAGE_MS) break
      }
      if (!(await holds())) return await noteStopped(counted(fetch, outcomes))
      const isWhole = outcomes.length === page.documents.length
      crashPoint('host-fetch.before-commit')
      const turned = await turnPage(connection, fetch, isWhole ? page : { ...page, isLast: false }, outcomes)
      // Stopped while the host was counted, or in the very moment of this: it stays stopped, and what was kept is counted.
      if (!turned) await noteStopped(counted(fetch, outcomes))
      crashPoint('host-fetch.after-commit')
    } catch (error) {
      await fail(fetch, error)
    }
  }

  function ask(
    { accountId, id }: Connection,
    page: { readonly limit: number; readonly offset: number; readonly since?: Instant },
  ): Promise<HostPage> {
    return useHost.withToken(accountId, id, OB_SCOPES.readCredentials, (connection, token) =>
      hosts.credentials(connection.description, token, page),
    )
  }

  async function turnPage(
    connection: Connection,
    fetch: OpenHostFetch,
    page: HostPage,
    outcomes: readonly string[],
  ): Promise<boolean> {
    const after: OpenHostFetch = {
      ...counted(fetch, outcomes),
      nextOffset: fetch.nextOffset + outcomes.length,
      pageSize: Math.min(HOST_PAGE, fetch.pageSize * 2),
      // As it was said first: what comes or goes while the list is read shows in the next fetch, as a number that does not fit.
      total: fetch.total ?? page.total,
      hostTime: fetch.hostTime ?? page.at,
      attempts: 0,
      nextAt: clock.now(),
    }
    if (!page.isLast) {
      if (after.nextOffset >= MOST_BADGES)
        throw errors.hostRefused({
          host: new URL(connection.baseUrl).host,
          reason: `its list goes on after ${MOST_BADGES} badges`,
        })
      return save(fetch, after)
    }
    const there = fetch.since === undefined ? after.total : await countThere(connection)
    const { fetchedTotal } = connection
    const fits = there === undefined || fetchedTotal === undefined || there === fetchedTotal + after.created
    if (fetch.since === undefined || there === 'unknown' || fits)
      return finish(connection, fetch, after, there ?? after.nextOffset)
    // What was counted in this part of it is listed once more; what was kept is, too.
    return save(fetch, { ...after, since: undefined, nextOffset: 0, total: there, known: 0, refused: {} })
  }

  /** How many badges there are, where the host says that. `unknown`: it could not be asked now. */
  async function countThere(connection: Connection): Promise<number | 'unknown' | undefined> {
    try {
      return (await ask(connection, { limit: 1, offset: 0 })).total
    } catch (error) {
      if (isDatabaseAway(error)) throw error
      return 'unknown'
    }
  }

  /** Says in one transaction that it is over, and from where the next one goes on. */
  async function finish(
    { id, accountId, baseUrl }: Connection,
    before: OpenHostFetch,
    after: OpenHostFetch,
    total: number | 'unknown',
  ): Promise<boolean> {
    const now = clock.now()
    const isSettled = PASSING.every((code) => after.refused[code] === undefined)
    const { created, replaced, known, refused } = after
    return database.asWorker(async (stores) => {
      if (!(await stores.hostFetches.save(before, { ...after, state: 'done', finishedAt: now }))) return false
      const since = after.hostTime ?? after.startedAt ?? after.createdAt
      const news = isSettled && total !== 'unknown' ? { since, total } : undefined
      await stores.hostConnections.fetched(id, now, news)
      const detail = {
        host: new URL(baseUrl).host,
        ...{ created: String(created), replaced: String(replaced), known: String(known) },
        refused: String(sum(refused)),
      }
      await stores.accounts.record(accountId, {
        id: random.rowId(),
        at: now,
        action: 'connection.fetched',
        detail,
      })
      return true
    })
  }

  async function fail(fetch: OpenHostFetch, error: unknown): Promise<void> {
    if (isDatabaseAway(error)) throw error
    const now = clock.now()
    const code = error instanceof WaarmerkError ? error.code : 'internal'
    if (code === 'internal') log.error('host_fetch.broke', { fetch: fetch.id, error })
    const attempts = fetch.attempts + 1
    if (isTooLarge(error) && fetch.pageSize > 1) {
      await save(fetch, { ...fetch, pageSize: Math.ceil(fetch.pageSize / 4), nextAt: now })
      return
    }
    if (isTooLarge(error) && attempts <= MOST_LARGE) {
      // One that is too large for a page of its own is passed over, and counted.
      const passed = counted(fetch, [errors.documentTooLarge.code])
      await save(fetch, { ...passed, nextOffset: fetch.nextOffset + 1, attempts, nextAt: now })
      return
    }
    if (!FINAL.has(code) && attempts < MOST_ATTEMPTS) {
      const nextAt = asInstant(now + SECOND_MS * 2 ** (attempts - 1))
      await save(fetch, { ...fetch, state: 'queued', attempts, nextAt })
      return
    }
    const reason =
      error instanceof WaarmerkError ? { reason: error.message.slice(0, 500).toWellFormed() } : {}
    await save(fetch, { ...fetch, attempts, state: 'failed', finishedAt: now, error: { code, ...reason } })
  }

  function save(before: OpenHostFetch, after: HostFetch): Promise<boolean> {
    return database.asWorker((stores) => stores.hostFetches.save(before, after))
  }

  /** Counts what a page came to of a fetch that somebody has stopped; nothing where another worker has taken it up. */
  function noteStopped(fetch: OpenHostFetch): Promise<void> {
    return database.asWorker((stores) => stores.hostFetches.noteStopped(fetch))
  }

  /**
   * One that takes too long could not be checked now, nor one that was begun when the process ends: it is given up, and whoever is
   * asked about it is hung up on. Where it is kept in that very moment, the next fetch finds it known.
   */
  async function takeInTime(accountId: AccountId, document: Json, ending?: AbortSignal): Promise<string> {
    const late = new AbortController()
    const signal = ending === undefined ? late.signal : AbortSignal.any([late.signal, ending])
    const outcome = await inTime(pause, BADGE_MS, takeIn(accountId, document, signal))
    if (outcome === undefined) late.abort()
    return outcome ?? errors.pushedBadgeUndecided.code
  }

  /** What became of one document: `created`, `replaced`, `known`, or the code under which it was refused. */
  async function takeIn(accountId: AccountId, document: Json, signal: AbortSignal): Promise<string> {
    if (!isDocument(document)) return errors.documentUnreadable.code
    const file =
      typeof document === 'string'
        ? { bytes: utf8(document), mediaType: 'application/jwt' }
        : { bytes: utf8(JSON.stringify(document)), mediaType: 'application/vc' }
    try {
      const outcome = await hostCredentials.upsert(accountId, file, signal)
      return outcome === 'older' || outcome === 'same' ? 'known' : outcome
    } catch (error) {
      if (isDatabaseAway(error)) throw error
      if (error instanceof WaarmerkError) return error.code
      // One badge is at fault, and keeps nobody from the others.
      log.error('host_fetch.badge_broke', { error })
      return 'internal'
    }
  }
}

/** Undefined where the work takes longer: then it is for the caller to end it, or goes on by itself. */
async function inTime<Result>(pause: Pause, ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const over = new AbortController()
  try {
    return await Promise.race([work, pause(ms, over.signal).then(() => undefined)])
  } finally {
    over.abort()
  }
}

const isDocument = (given: Json): given is JsonObject | string =>
  typeof given === 'string' || isJsonObject(given)

function counted(fetch: OpenHostFetch, outcomes: readonly string[]): OpenHostFetch {
  const counts = { created: fetch.created, replaced: fetch.replaced, known: fetch.known }
  const refused = { ...fetch.refused }
  for (const outcome of outcomes)
    if (outcome === 'created' || outcome === 'replaced' || outcome === 'known') counts[outcome]++
    else refused[outcome] = (refused[outcome] ?? 0) + 1
  return { ...fetch, ...counts, refused }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof WaarmerkError &&
  error.code === errors.fetchFailed.code &&
  error.parameters['reason'] === 'too-large'

const isDatabaseAway = (error: unknown): boolean =>
  error instanceof WaarmerkError && error.code === errors.databaseUnavailable.code

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0)
