import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '#app/config.ts'
import { type RunningProduct, type StartOptions, startProduct } from '#app/start-product.ts'
import type { Principal, Right } from '#engine/access/rights.ts'
import { RIGHTS } from '#engine/access/rights.ts'
import type { AccountId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import { startSmtpInbox } from '#test/mail/smtp-inbox.ts'
import { createTestDatabase } from '#test/postgres/test-database.ts'
import { ApiCaller } from './api-caller.ts'

export type Inbox = Awaited<ReturnType<typeof startSmtpInbox>>

export interface TestProduct {
  readonly running: RunningProduct
  readonly url: string
  readonly inbox: Inbox
  /** Makes an organisation with an owner and an API key with these rights (default: all). */
  readonly organisation: (slug: string, rights?: readonly Right[]) => Promise<TestOrganisation>
  readonly stop: () => Promise<void>
}

export interface TestOrganisation {
  readonly id: OrganisationId
  readonly rootUnit: UnitId
  readonly apiKey: string
  readonly api: ApiCaller
}

export const OPERATOR: Principal = { kind: 'operator' }

/** The whole product in this process, on a database of its own, an embedded chain and a real mail server. */
export async function startTestProduct(
  settings: Readonly<Record<string, string>> = {},
  parts: StartOptions = { api: true, worker: true },
): Promise<TestProduct> {
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-product-'))
  const database = await createTestDatabase()
  const inbox = await startSmtpInbox()
  const port = await freePort()
  const running = await startProduct(
    readConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATA_DIR: folder,
      DATABASE_URL: database.url,
      PORT: String(port),
      SMTP_URL: inbox.url,
      BATCH_MAX_AGE_S: '1',
      SWEEP_INTERVAL_MS: '500',
      ...settings,
    }),
    parts,
  )
  const { url } = running
  return {
    running,
    url,
    inbox,
    organisation: async (slug, rights = RIGHTS) => {
      const { routes } = running.product
      const owner = await running.parts.database.asWorker((stores) =>
        stores.access.accountOf(
          { type: 'email', value: `owner@${slug}.example.org` },
          crypto.randomUUID() as AccountId,
        ),
      )
      const { organisation, rootUnit } = await routes.organisations.create(OPERATOR, {
        slug,
        name: `Test ${slug}`,
        owner,
      })
      const { text } = await routes.apiKeys.create(OPERATOR, organisation.id, { name: 'test', rights })
      return {
        id: organisation.id,
        rootUnit,
        apiKey: text,
        api: new ApiCaller(url, { authorization: `Bearer ${text}` }),
      }
    },
    stop: async () => {
      await running.stop()
      await inbox.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
