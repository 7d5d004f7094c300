import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { webhookMac } from '#adapters/crypto/webhook-mac.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { webhookBody, webhookHeaders } from './webhook-message.ts'

const now = asInstant(Date.now())
const secretText = (secret: Uint8Array) => `whsec_${Buffer.from(secret).toString('base64')}`
const secret = fc.uint8Array({ minLength: 24, maxLength: 64 })
const event = fc.record({
  id: fc.uuid(),
  type: fc.constantFrom('award.issued', 'webhook.test'),
  at: fc.integer({ min: 0, max: now }).map(asInstant),
  data: fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean())),
})

test('the library of Standard Webhooks signs alike, and finds good what any of the secrets signed', () => {
  fc.assert(
    fc.property(event, fc.array(secret, { minLength: 1, maxLength: 2 }), (told, secrets) => {
      const body = webhookBody(told, '1')
      const headers = { ...webhookHeaders(told.id, now, body, secrets, webhookMac) }
      const text = new TextDecoder().decode(body)
      for (const [at, each] of secrets.entries()) {
        const library = new Webhook(secretText(each))
        expect(headers['webhook-signature']?.split(' ')[at]).toBe(library.sign(told.id, new Date(now), text))
        expect(library.verify(text, headers)).toMatchObject({ type: told.type, version: '1' })
      }
    }),
  )
})

test('the same event has the same bytes, in whatever order its members were kept', () => {
  const told = { id: 'x', type: 'award.issued', at: now }
  const one = webhookBody({ ...told, data: { a: 1, b: 'é' } }, '1')
  expect(webhookBody({ ...told, data: { b: 'é', a: 1 } }, '1')).toEqual(one)
})
