import type { Parts } from '#app/compose/parts.ts'
import { compose, type Product } from '#app/compose.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { TestProduct } from './test-product.ts'

/** The use cases of a running product once more, with some parts exchanged: its steps run when a test says so. */
export function composeAgain(product: TestProduct, parts: Partial<Parts>): Product {
  return compose({
    ...product.running.parts,
    settings: {
      publicUrl: product.url,
      batchMaxAgeS: 1,
      batchMaxLeaves: 256,
      fetchLocalhost: true,
      backfillSubjectsPerS: 0,
      invitationDays: 14,
    },
    ...parts,
  })
}

/** The database, but with stores that a test has tampered with, for workers only. */
export const withStores = (database: Database, tamper: (stores: Stores) => Stores): Database => ({
  ...database,
  asWorker: (work) => database.asWorker((stores) => work(tamper(stores))),
})

/** The database, and how often its workers asked a store for something: a list must not ask more often for more rows. */
export function countingCalls(database: Database): {
  readonly database: Database
  readonly calls: () => number
} {
  let calls = 0
  const counted = <T extends object>(store: T): T =>
    new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...asked: unknown[]) => {
          calls++
          return member.apply(target, asked)
        }
      },
    })
  const all = (stores: Stores): Stores =>
    Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, counted(store)])) as never
  return {
    database: {
      ...database,
      asWorker: (work) => database.asWorker((stores) => work(all(stores))),
      inOrganisation: (id, work) => database.inOrganisation(id, (stores) => work(all(stores))),
      readingInOrganisation: (id, work) => database.readingInOrganisation(id, (stores) => work(all(stores))),
    },
    calls: () => calls,
  }
}

/** A clock that stands where it is put, beginning now. */
export interface SetClock extends Clock {
  readonly advance: (ms: number) => void
}

export function setClock(): SetClock {
  let at: Instant = asInstant(Date.now())
  return {
    now: () => at,
    advance: (ms) => {
      at = asInstant(at + ms)
    },
  }
}
