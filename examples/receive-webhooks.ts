/**
 * Receives webhooks of Waarmerk, with the library of Standard Webhooks and nothing of the product, so read it, change it,
 * or do the same in another language.
 *
 *   npm install standardwebhooks
 *   WEBHOOK_SECRET=whsec_… node examples/receive-webhooks.ts
 *       listens on port 8080, and prints what it is told
 */
import { createServer, type Server } from 'node:http'
import { Webhook } from 'standardwebhooks'

interface WebhookMessage {
  readonly type: string
  readonly timestamp: string
  readonly version: '1'
  readonly data: Readonly<Record<string, unknown>>
}

/** Ids that were seen. A real receiver keeps them in its database, in the transaction of what it does. */
const seen = new Set<string>()

/** Answers 204 to what was signed with the secret, and hands it on once; 401 to everything else. */
export function createReceiver(secret: string, receive: (message: WebhookMessage) => void): Server {
  const webhook = new Webhook(secret)
  return createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const id = String(request.headers['webhook-id'])
    let message: WebhookMessage
    try {
      // Over the bytes as they came: JSON that was parsed and written again is not what was signed.
      message = webhook.verify(Buffer.concat(chunks).toString(), {
        'webhook-id': id,
        'webhook-timestamp': String(request.headers['webhook-timestamp']),
        'webhook-signature': String(request.headers['webhook-signature']),
      }) as WebhookMessage
    } catch {
      response.writeHead(401).end()
      return
    }
    if (!seen.has(id)) {
      receive(message)
      seen.add(id)
    }
    response.writeHead(204).end()
  })
}

if (import.meta.main) {
  const secret = process.env['WEBHOOK_SECRET'] ?? ''
  createReceiver(secret, ({ type, data }) => console.log(type, data)).listen(8080)
}
