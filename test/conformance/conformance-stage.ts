import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { type RemoteMap, readRemoteMap } from '#adapters/fetch/remote-map.ts'
import { readConfig } from '#app/config.ts'
import { Caller } from '#app/demo/people/caller.ts'
import { findOperator, type Operator } from '#app/demo/people/operator.ts'
import { type RunningProduct, startProduct } from '#app/start-product.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { SAMPLE_DOMAIN, writeSampleBadges } from './sample-badges.ts'

export interface ConformanceStage {
  readonly url: string
  readonly operator: Operator
  /** Signs people in by a link, as an operator may. */
  readonly running: RunningProduct
  /** Nobody: calls without a cookie or a key. */
  readonly visitor: Caller
  /** The badges of the samples as their addresses give them. */
  readonly samples: RemoteMap
  /** What one row leaves for the next, as the badge that was issued. */
  readonly kept: Map<string, unknown>
  /** A page of a real browser that reads English, of whoever has proven this address; else of nobody. It starts with the first. */
  readonly pageOf: (address?: string) => Promise<Page>
  /** What is to be stopped with the stage. */
  readonly ends: (() => Promise<unknown>)[]
}

/**
 * Starts the real product on an empty folder, with its own database and chain, and a map in place of the network. It is told
 * to know the issuer of the samples, as who displays badges of a partner does.
 */
export async function startConformanceStage(): Promise<ConformanceStage & { stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-conformance-'))
  const map = await writeSampleBadges(folder, Date.now() as Instant)
  const config = readConfig({
    DATA_DIR: join(folder, 'data'),
    PORT: String(await freePort()),
    LOG_LEVEL: 'warn',
    REMOTE_MAP: map,
    TRUSTED_ISSUERS: SAMPLE_DOMAIN,
  })
  const running = await startProduct(config, { api: true, worker: true })
  const { url } = running
  const ends: (() => Promise<unknown>)[] = []
  let browser: Promise<Browser> | undefined
  const startBrowser = () => {
    browser = launchBrowser()
    ends.push(async () => (await browser)?.close())
    return browser
  }
  const openPage = async (address?: string): Promise<Page> => {
    const context = await (await (browser ?? startBrowser())).newContext({
      locale: 'en-GB',
      timezoneId: 'UTC',
    })
    const page = await context.newPage()
    if (address === undefined) return page
    await page.goto(await running.product.routes.signIn.link({ type: 'email', value: address }))
    await page
      .getByRole('link', { name: /backpack/i })
      .first()
      .waitFor()
    return page
  }
  // One each: the packaged browser is one process, which ends when a context is closed.
  const pages = new Map<string, Promise<Page>>()
  const pageOf = (address = ''): Promise<Page> => {
    const page = pages.get(address) ?? openPage(address === '' ? undefined : address)
    pages.set(address, page)
    return page
  }
  return {
    url,
    running,
    operator: await findOperator(url, { ...config, DATABASE_URL: running.parts.databaseUrl }),
    visitor: new Caller(url),
    samples: readRemoteMap(map),
    kept: new Map(),
    pageOf,
    ends,
    stop: async () => {
      for (const end of ends) await end()
      await running.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
