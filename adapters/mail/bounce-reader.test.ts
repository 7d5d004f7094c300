import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliveryReport } from '#test/mail/delivery-report.ts'
import { bounceReader } from './bounce-reader.ts'

const read = (text: string) => bounceReader.read(new TextEncoder().encode(text))
const about = { messageId: '<claim.0195f3a0@issuer.example>', recipient: 'Ann@example.org' }

test('a report tells of which mail it is, to whom, and what became of it', async () => {
  for (const whole of [false, true])
    expect(await read(deliveryReport({ ...about, whole }))).toEqual([
      {
        messageId: about.messageId,
        tags: [],
        recipient: 'ann@example.org',
        action: 'failed',
        status: '5.1.1',
      },
    ])
})

test('a report without a Message-ID is known by the address that it was sent to', async () => {
  const to = 'Badges <badges+B-0A-1@issuer.example>'
  expect(await read(deliveryReport({ recipient: about.recipient, to }))).toMatchObject([{ tags: ['b-0a-1'] }])
  const passed = deliveryReport({ recipient: about.recipient }).replace(
    'To: no-reply@localhost',
    'To: postmaster@issuer.example\r\nDelivered-To: badges+b-0a-2@issuer.example',
  )
  expect(await read(passed)).toMatchObject([{ tags: ['b-0a-2'] }])
})

test('what is no report is none: a mail, a holiday reply, a report without what it is about', async () => {
  const report = deliveryReport(about)
  for (const text of [
    '',
    'Hello',
    'Subject: I am away\r\n\r\nBack on Monday.',
    report.replace('multipart/report', 'multipart/mixed'),
    report.replace('message/delivery-status', 'text/plain'),
    report.replace('Message-ID:', 'X-Message-ID:'),
    report.replace('Action: failed', 'Nothing: happened'),
  ])
    expect([text.slice(0, 40), await read(text)]).toEqual([text.slice(0, 40), undefined])
})

test('whatever comes is read or not, and never breaks the reader', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(1_000), async (noise, at) => {
      const report = new TextEncoder().encode(deliveryReport(about))
      const from = at % report.length
      report.set(noise.slice(0, report.length - from), from)
      const found = await bounceReader.read(report)
      expect(found === undefined || found.length > 0).toBe(true)
    }),
    { numRuns: 50 },
  )
})
