import { expect, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { TestProduct } from './test-product.ts'

/** Waits until of every notification it is decided whether it goes out by mail: until then rows are added. */
export const notificationsDecided = (product: TestProduct): Promise<void> =>
  vi.waitFor(
    () =>
      withClient(product.running.parts.databaseUrl, async (client) => {
        const { rows } = await client.query("SELECT FROM notification WHERE mail = 'open'")
        expect(rows).toEqual([])
      }),
    { timeout: 20_000, interval: 100 },
  )
