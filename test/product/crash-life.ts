import { setTimeout as sleep } from 'node:timers/promises'
import { expect, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { CrashPoint } from '#services/ports/crash-points.ts'
import type { ApiAnswer } from './api-caller.ts'
import { databaseUrl } from './crash-comparison.ts'
import type { CrashStage } from './crash-stage.ts'

/** One life of the product, which ends at a point. */
export interface Life<T> {
  /** Goes on in later lives where this one was too short. */
  readonly act: Promise<T>
  readonly death: Promise<void>
}

export function dieAt(stage: CrashStage, point: CrashPoint): Life<void>
export function dieAt<T>(stage: CrashStage, point: CrashPoint, act: () => Promise<T>): Life<T>
export function dieAt(
  stage: CrashStage,
  point: CrashPoint,
  act: () => Promise<unknown> = async () => undefined,
): Life<unknown> {
  const product = stage.start({ CRASH_AT: point })
  const acted = act()
  // Awaited at the end; whoever is at fault before that fails the test there.
  acted.catch(() => {})
  const death = async () => {
    const gaveUp = acted.then(() => new Promise<never>(() => {}))
    expect(await Promise.race([product.ended, gaveUp])).toEqual({ code: null, signal: 'SIGKILL' })
    expect(product.complained()).toBe(`Killed at ${point}.\n`)
  }
  return { act: acted, death: death() }
}

/** Tries until it is answered with one of these; a broken connection and a product on its way up say nothing. */
export async function taken(call: () => Promise<ApiAnswer>, statuses: readonly number[]): Promise<ApiAnswer> {
  for (let left = 900; left > 0; left--) {
    const answer = await call().catch(() => undefined)
    if (answer !== undefined && statuses.includes(answer.status)) return answer
    const isEarly = answer?.body?.code === 'idempotency-in-progress'
    if (answer !== undefined && answer.status < 500 && !isEarly)
      throw new Error(`Refused: ${answer.status} ${JSON.stringify(answer.body)}`)
    await sleep(100)
  }
  throw new Error('Not answered after all this time.')
}

export const waited = <T>(look: () => Promise<T>): Promise<T> =>
  vi.waitFor(look, { timeout: 90_000, interval: 150 })

/** Asks the database of a product that may be away. */
export const asked = (
  stage: CrashStage,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> =>
  waited(async () =>
    withClient(await databaseUrl(stage.dataFolder), async (client) => (await client.query(sql, values)).rows),
  )
