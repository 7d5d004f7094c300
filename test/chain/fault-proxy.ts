import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of a question: handed on as it is, or not. */
export type Trouble =
  | { readonly kind: 'none' }
  /** The connection is cut before anybody hears of it. */
  | { readonly kind: 'down' }
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  | { readonly kind: 'slow'; readonly ms: number }
  /** The node does as it is told, and the answer is lost. */
  | { readonly kind: 'answer-lost' }
  /** Somebody lies about the result. */
  | { readonly kind: 'lie'; readonly result: (truth: unknown) => unknown }

export interface FaultProxy {
  readonly url: string
  /** Which trouble a call of this method meets from now on. */
  trouble(decide: (method: string, params: readonly unknown[]) => Trouble): void
  /** No trouble any more. */
  heal(): void
  readonly asked: string[]
  close(): void
}

/** A node behind a bad line, or a bad node. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const none = (): Trouble => ({ kind: 'none' })
  let decide: (method: string, params: readonly unknown[]) => Trouble = none
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const { id, method, params } = JSON.parse(body)
    asked.push(method)
    const trouble = decide(method, params)
    if (trouble.kind === 'down') return request.socket.destroy()
    if (trouble.kind === 'status') return response.writeHead(trouble.status).end(trouble.body)
    const answer = await fetch(upstream, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const text = await answer.text()
    if (trouble.kind === 'answer-lost') return request.socket.destroy()
    if (trouble.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, trouble.ms))
    if (trouble.kind !== 'lie') return response.end(text)
    const result = trouble.result(JSON.parse(text).result ?? null)
    return response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trouble: (next) => {
      decide = next
    },
    heal: () => {
      decide = none
    },
    asked,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
