import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

/** One request that a receiver got, as it came. */
export interface Received {
  readonly id: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look at payloads of every type, and their schema is what they test
  readonly payload: any
}

export type AnswerRequest = (
  received: Received,
  response: ServerResponse,
  request: IncomingMessage,
) => void | Promise<void>

/** Somebody else's server, that answers as a test says. */
export interface WebhookReceiver {
  readonly url: string
  readonly received: Received[]
  answer: AnswerRequest
  of(type: string): readonly Received[]
  close(): Promise<void>
}

export const answerWith =
  (status: number, body = '', headers: Record<string, string> = {}): AnswerRequest =>
  (_received, response) => {
    response.writeHead(status, headers).end(body)
  }

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    )
    const received = {
      id: headers['webhook-id'] ?? '',
      path: request.url ?? '',
      headers,
      text,
      payload: JSON.parse(text),
    }
    receiver.received.push(received)
    await receiver.answer(received, response, request)
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.address() as AddressInfo
  const receiver: WebhookReceiver = {
    url: `http://localhost:${port}/hook`,
    received: [],
    answer: answerWith(204),
    of: (type) => receiver.received.filter(({ payload }) => payload.type === type),
    close: async () => {
      server.closeAllConnections()
      await new Promise((settle) => server.close(settle))
    },
  }
  return receiver
}

/** What the library of Standard Webhooks says: the payload, or false. Its clock is the real one. */
export function verifiedBy(secret: string, { text, headers }: Received): unknown {
  try {
    return new Webhook(secret).verify(text, { ...headers })
  } catch {
    return false
  }
}
