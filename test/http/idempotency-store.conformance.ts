import { describe, expect, test } from 'vitest'
import { utf8 } from '#engine/shared/bytes.ts'
import type { IdempotencyStore, StoredAnswer } from '#services/ports/idempotency.ts'

const digest = (fill: number) => new Uint8Array(32).fill(fill)
const ANSWER: StoredAnswer = { status: 201, headers: { location: '/v1/things/1' }, body: utf8('{"id":1}') }

export interface IdempotencyStoreUnderTest {
  readonly store: IdempotencyStore
  /** Lets this much time pass for the store: moves its clock, or the moments that its rows hold. */
  readonly elapse?: (milliseconds: number) => Promise<void>
}

/** What every IdempotencyStore keeps to. `make` gives a store that may hold other tests' entries. */
export function idempotencyConformance(name: string, make: () => Promise<IdempotencyStoreUnderTest>): void {
  describe(`${name} as an idempotency store`, () => {
    let keys = 0
    const setUp = async () => {
      keys += 1
      return { ...(await make()), scope: `key:a POST /v1/things ${crypto.randomUUID()}`, key: `key-${keys}` }
    }
    const started = async (store: IdempotencyStore, scope: string, key: string, of = digest(1)) => {
      const start = await store.begin(scope, key, of)
      if (start.kind !== 'new') throw new Error(`Expected a new start, got ${start.kind}.`)
      return start.ticket
    }

    test('the first call is new, and until it is completed the second is told to wait', async () => {
      const { store, scope, key } = await setUp()
      await started(store, scope, key)
      expect(await store.begin(scope, key, digest(1))).toEqual({ kind: 'in-progress' })
    })

    test('a completed call is replayed byte for byte', async () => {
      const { store, scope, key } = await setUp()
      await store.complete(scope, key, await started(store, scope, key), ANSWER)
      const again = await store.begin(scope, key, digest(1))
      expect(again).toMatchObject({ kind: 'replay', answer: { status: 201, headers: ANSWER.headers } })
      if (again.kind === 'replay') expect([...again.answer.body]).toEqual([...ANSWER.body])
    })

    test('another request under the same key is a mismatch, while the first runs and after', async () => {
      const { store, scope, key } = await setUp()
      const ticket = await started(store, scope, key)
      expect(await store.begin(scope, key, digest(2))).toEqual({ kind: 'mismatch' })
      await store.complete(scope, key, ticket, ANSWER)
      expect(await store.begin(scope, key, digest(2))).toEqual({ kind: 'mismatch' })
    })

    test('an abandoned call may be tried again, also with another request', async () => {
      const { store, scope, key } = await setUp()
      await store.abandon(scope, key, await started(store, scope, key))
      expect(await store.begin(scope, key, digest(2))).toMatchObject({ kind: 'new' })
    })

    test('the same key in another scope is another key', async () => {
      const { store, scope, key } = await setUp()
      await store.complete(scope, key, await started(store, scope, key), ANSWER)
      expect(await store.begin(`${scope} other`, key, digest(2))).toMatchObject({ kind: 'new' })
    })

    test('of twenty equal calls at once exactly one is new', async () => {
      const { store, scope, key } = await setUp()
      const starts = await Promise.all(Array.from({ length: 20 }, () => store.begin(scope, key, digest(1))))
      expect(starts.filter(({ kind }) => kind === 'new')).toHaveLength(1)
      expect(starts.filter(({ kind }) => kind === 'in-progress')).toHaveLength(19)
    })

    test('a void ticket neither completes nor abandons what another call started', async () => {
      const { store, scope, key } = await setUp()
      const old = await started(store, scope, key)
      await store.abandon(scope, key, old)
      const current = await started(store, scope, key)
      await store.complete(scope, key, old, { ...ANSWER, status: 200 })
      await store.abandon(scope, key, old)
      expect(await store.begin(scope, key, digest(1))).toEqual({ kind: 'in-progress' })
      await store.complete(scope, key, current, ANSWER)
      expect(await store.begin(scope, key, digest(1))).toMatchObject({
        kind: 'replay',
        answer: { status: 201 },
      })
    })

    test('a start whose process died is over after a minute, and not before', async ({ skip }) => {
      const { store, elapse, scope, key } = await setUp()
      if (elapse === undefined) return skip('this store cannot move time')
      const dead = await started(store, scope, key)
      await elapse(50_000)
      expect(await store.begin(scope, key, digest(1))).toEqual({ kind: 'in-progress' })
      await elapse(15_000)
      const alive = await started(store, scope, key)
      await store.complete(scope, key, dead, { ...ANSWER, status: 200 })
      await store.complete(scope, key, alive, ANSWER)
      expect(await store.begin(scope, key, digest(1))).toMatchObject({
        kind: 'replay',
        answer: { status: 201 },
      })
    })
  })
}
