import type { HostConnectionId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { createEndorser } from '#test/product/endorser.ts'
import { strangersBadgeOf } from '#test/product/strangers-badge.ts'
import { startTestProduct } from '#test/product/test-product.ts'
import type { TestBadgeHost } from './badge-host.ts'
import { Visitor } from './visitor.ts'

export interface Told {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at answers of every shape
  readonly body: any
}

export type Connecting = Awaited<ReturnType<typeof startConnecting>>

/** For tests: a person who connects their backpack to others, at a product of their own. */
export async function startConnecting(name: string) {
  const product = await startTestProduct()
  const here = await new Visitor(product).signIn(`${name}@example.org`)
  const ask = async (method: string, path: string, body?: unknown, by = here): Promise<Told> => {
    const answer = await by.send(method, path, body)
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const finish = (id: string, query: string, by = here) =>
    ask('POST', `/v1/connections/${id}/finish`, { query }, by)
  /** Waits until a fetch is over. */
  const over = async (id: string) => {
    for (;;) {
      const { body } = await ask('GET', `/v1/connections/${id}/fetch`)
      if (body.finishedAt !== null) return body
      await new Promise((settle) => setTimeout(settle, 25))
    }
  }
  const stranger = createEndorser()
  return {
    product,
    here,
    ask,
    finish,
    over,
    /** Fetches, until that is over. */
    fetched: async (id: string, body = {}) => {
      const started = await ask('POST', `/v1/connections/${id}/fetch`, body)
      if (started.status !== 202) throw new Error(`No fetch was begun: ${JSON.stringify(started)}`)
      return over(id)
    },
    /** Connects to a host that asks nobody. */
    connectedTo: async (host: TestBadgeHost, by = here): Promise<HostConnectionId> => {
      const { body } = await ask('POST', '/v1/connections', { url: host.url }, by)
      const state = new URL(body.authorizeUrl).searchParams.get('state')
      const finished = await finish(body.connection.id, `code=x&state=${state}`, by)
      if (finished.body.state !== 'connected')
        throw new Error(`Not connected: ${JSON.stringify(finished.body)}`)
      return body.connection.id
    },
    /** Says yes once more at a host that asks nobody. */
    saidYesAgain: async (id: string): Promise<Told> => {
      const { body } = await ask('POST', `/v1/connections/${id}/again`)
      return finish(id, `code=x&state=${new URL(body.authorizeUrl).searchParams.get('state')}`)
    },
    stranger,
    /** Badges of a stranger; the first is the oldest. */
    strangersBadges: (count: number, year = 2025): Promise<JsonObject[]> =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          stranger.sign({
            ...strangersBadgeOf(stranger.did),
            validFrom: new Date(Date.UTC(year, 0, 1, 0, n)).toISOString(),
          }),
        ),
      ),
    /** Ends all but the first so many: an account has room for 20. */
    endConnections: async (but: number) => {
      for (const { id } of (await ask('GET', '/v1/connections')).body.items.slice(but))
        await ask('DELETE', `/v1/connections/${id}`)
    },
    stop: () => product.stop(),
  }
}
