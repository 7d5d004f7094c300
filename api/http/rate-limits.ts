import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, MemoryStore, rateLimit, type Store } from 'express-rate-limit'
import { errors } from '#engine/errors/catalogue.ts'
import { HOUR_MS } from '#engine/shared/duration.ts'
import type { ShownCredentials } from './authentication.ts'
import type { RateLimits } from './http-limits.ts'

const WINDOW_MS = 60_000

/** How much more wrong keys of one prefix are borne than of one address: prefixes are public, owners must not be locked out. */
const PREFIX_FACTOR = 10
const PREFIX_LENGTH = 12

/** How much more wrong secrets are borne of an address than of one caller: a lecture hall has one address. */
const ADDRESS_FACTOR = 10

/** Counts live in this process and start anew with it; each process has its own. */
export interface RateLimiter {
  /** Per caller, or per address for nobody in particular (`response.locals.caller`). Sets the RateLimit headers. */
  readonly perCaller: RequestHandler
  /**
   * Counts a credential that was looked up and is wrong; refuses with rate-limited once there were too many. Good ones are
   * never asked here: a whole school has one address, and must not pay for the dead cookies of one of its computers.
   * That the lookup comes first gives a guesser nothing: keys have 192 bits of chance and sessions 256, so what is limited
   * is noise and not the odds, and whether a credential is good was never hidden from whoever has it. It costs one read by
   * an index, and none for what is no key at all.
   */
  countWrong(request: Request, shown: ShownCredentials): Promise<void>
  /** Refuses with rate-limited whoever has shown too many wrong secrets that are no credentials (codes off a wall). */
  assertMayGuess(guesser: Guesser): Promise<void>
  countGuess(guesser: Guesser): Promise<void>
  /** Of an address: strangers may register applications, and few of them. */
  readonly registrations: RequestHandler
  close(): void
}

export interface Guesser {
  readonly request: Request
  readonly caller: string
}

export function createRateLimiter(limits: RateLimits): RateLimiter {
  const callers = new MemoryStore()
  const registering = new MemoryStore()
  const wrong = new MemoryStore()
  wrong.init({ windowMs: WINDOW_MS } as Parameters<MemoryStore['init']>[0])
  return {
    perCaller: rateLimit({
      windowMs: WINDOW_MS,
      store: callers,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      identifier: 'waarmerk',
      // It would write to the console; what it checks (IPv6 keys, proxies) is seen to here and in the tests.
      validate: false,
      keyGenerator: callerKey,
      limit: (_request, response) =>
        callerOf(response.locals) === undefined ? limits.perAddress : limits.perPrincipal,
      handler: (_request, response, next) =>
        next(
          errors.rateLimited({
            retryAfterSeconds: Number(response.getHeader('retry-after') ?? WINDOW_MS / 1000),
          }),
        ),
    }),

    registrations: rateLimit({
      windowMs: HOUR_MS,
      store: registering,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      identifier: 'waarmerk-registrations',
      validate: false,
      keyGenerator: (request) => addressOf(request),
      limit: limits.registrations,
      handler: (_request, response, next) =>
        next(errors.rateLimited({ retryAfterSeconds: Number(response.getHeader('retry-after') ?? 3600) })),
    }),

    async countWrong(request, shown) {
      if (Object.keys(shown).length === 0) return
      const counters = countersOf(request, shown, limits)
      await assertBelow(wrong, counters)
      for (const { key } of counters) await wrong.increment(key)
    },

    assertMayGuess: (guesser) => assertBelow(wrong, guessCounters(guesser, limits)),

    async countGuess(guesser) {
      for (const { key } of guessCounters(guesser, limits)) await wrong.increment(key)
    },

    close() {
      callers.shutdown()
      registering.shutdown()
      wrong.shutdown()
    },
  }
}

/** A caller, or an address of nobody in particular. */
export const callerKey = (request: Request, response: Response): string =>
  callerOf(response.locals) ?? addressOf(request)

const callerOf = (locals: Record<string, unknown>): string | undefined =>
  typeof locals['caller'] === 'string' && locals['caller'] !== 'anonymous' ? locals['caller'] : undefined

const addressOf = (request: Request): string => `address:${ipKeyGenerator(request.ip ?? '')}`

function countersOf(request: Request, shown: ShownCredentials, limits: RateLimits) {
  const counters = [{ key: addressOf(request), limit: limits.wrongCredentials }]
  const name = shown.bearer ?? shown.basic?.user
  if (name !== undefined)
    counters.push({
      key: `prefix:${name.slice(0, PREFIX_LENGTH)}`,
      limit: limits.wrongCredentials * PREFIX_FACTOR,
    })
  return counters
}

const guessCounters = ({ request, caller }: Guesser, limits: RateLimits) => [
  { key: `guess:${caller}`, limit: limits.wrongCredentials },
  { key: `guess:${addressOf(request)}`, limit: limits.wrongCredentials * ADDRESS_FACTOR },
]

async function assertBelow(
  store: Store,
  counters: readonly { readonly key: string; readonly limit: number }[],
): Promise<void> {
  for (const { key, limit } of counters) {
    const seen = await hitsOf(store, key)
    if (seen !== undefined && seen.hits >= limit)
      throw errors.rateLimited({ retryAfterSeconds: seen.seconds })
  }
}

async function hitsOf(store: Store, key: string): Promise<{ hits: number; seconds: number } | undefined> {
  const info = await store.get?.(key)
  if (info === undefined) return undefined
  const left = (info.resetTime?.getTime() ?? Date.now() + WINDOW_MS) - Date.now()
  return left <= 0 ? undefined : { hits: info.totalHits, seconds: Math.ceil(left / 1000) }
}
