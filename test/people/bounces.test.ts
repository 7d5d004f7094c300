import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSmtpMailer, type OpenMailer } from '#adapters/mail/smtp-mailer.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Product } from '#app/compose.ts'
import { DAY_MS, HOUR_MS } from '#engine/shared/duration.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { deliveryReport } from '#test/mail/delivery-report.ts'
import { type SmtpInbox, startSmtpInbox } from '#test/mail/smtp-inbox.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { earning, type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain, type SetClock, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// The doors of a product, and a worker beside it with a mail server that refuses whom the test says.

let product: TestProduct
let school: TestOrganisation
let other: TestOrganisation
let academy: FirstAid
let inbox: SmtpInbox
let mailer: OpenMailer
let clock: SetClock
let worker: Product
const refused = new Map<string, number>()
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('bounce-school')
  other = await product.organisation('other-bounce-school')
  academy = await setUpFirstAid(school.api, 'bounce-academy')
  inbox = await startSmtpInbox({ refuse: (to) => refused.get(to) })
  mailer = createSmtpMailer({ url: inbox.url, from: 'badges@issuer.example' })
  clock = setClock()
  worker = composeAgain(product, { mailer, clock })
})
afterAll(async () => {
  mailer?.close()
  await inbox?.close()
  await product?.stop()
})

/** Has an organisation mail somebody. */
async function mailTo(email: string, by: TestOrganisation = school): Promise<void> {
  const asked = await by.api.post('/v1/invitations', { email, rights: ['read'] })
  expect(asked.status).toBe(201)
  await worker.steps.mail()
}
async function lastMail(email: string, by: TestOrganisation = school) {
  const { items } = (await by.api.get('/v1/mail')).body
  return items.find(({ to }: { to: string }) => to === email)
}
const handIn = (report: string, by: TestOrganisation = school) =>
  by.api.send('POST', '/v1/mail/bounces', report, { 'content-type': 'message/rfc822' })
const resend = async (email: string, by: TestOrganisation = school) => {
  const { items } = (await by.api.get('/v1/invitations')).body
  const { id } = items.find((each: { email: string }) => each.email === email)
  expect((await by.api.post(`/v1/invitations/${id}/resend`)).status).toBeLessThan(300)
  await worker.steps.mail()
}

test('an address that a server refuses is sent nothing more, until it is proven again', async () => {
  const address = 'gone@bounce.example.org'
  refused.set(address, 550)
  await mailTo(address)
  expect(await lastMail(address)).toMatchObject({ state: 'failed', reason: 'answer 550' })
  await resend(address)
  expect(await lastMail(address)).toMatchObject({ state: 'held', reason: 'address refused (550)' })
  // It is our own mail server that was told so: that counts for everybody.
  await mailTo(address, other)
  expect(await lastMail(address, other)).toMatchObject({ state: 'held' })

  // Whoever signs in by a mail that arrived has proven it. What was held goes out.
  refused.delete(address)
  await new ApiCaller(product.url).post('/v1/sign-in-links', { email: address, language: 'en' })
  await worker.steps.mail()
  const link = await inbox.waitFor(address)
  expect(link.subject).toBe('Sign in to Waarmerk')
  const token = /#([\w-]+)/.exec(link.text)?.[1]
  expect((await new ApiCaller(product.url).post('/v1/session', { token })).status).toBe(201)
  await worker.steps.mail()
  expect((await inbox.waitFor(address)).subject).toContain('You are invited')
  expect(await lastMail(address)).toMatchObject({ state: 'sent', reason: null })
})

test('a server that is busy is tried for days, and then no longer', async () => {
  const address = 'busy@bounce.example.org'
  refused.set(address, 450)
  await mailTo(address)
  expect(await lastMail(address)).toMatchObject({ state: 'waiting', reason: null })
  clock.advance(2 * DAY_MS)
  await worker.steps.mail()
  expect(await lastMail(address)).toMatchObject({ state: 'waiting' })
  refused.delete(address)
  clock.advance(HOUR_MS)
  await worker.steps.mail()
  expect(await lastMail(address)).toMatchObject({ state: 'sent' })

  refused.set(address, 450)
  await resend(address)
  clock.advance(5 * DAY_MS)
  await worker.steps.mail()
  expect(await lastMail(address)).toMatchObject({ state: 'failed', reason: 'answer 450' })
  // It says nothing of the address.
  refused.delete(address)
  await resend(address)
  expect(await lastMail(address)).toMatchObject({ state: 'sent' })
})

test('a report that comes later counts for the organisation that hands it in, and its owner sees it', async () => {
  const address = 'left@bounce.example.org'
  await mailTo(address)
  const { messageId } = await inbox.waitFor(address)
  const person = await signedIn(product, address)
  for (const _ of [1, 2]) {
    const taken = await handIn(deliveryReport({ messageId, recipient: address }))
    expect([taken.status, taken.body.items]).toMatchObject([
      200,
      [{ status: '5.1.1', verdict: 'undeliverable' }],
    ])
  }
  expect(await lastMail(address)).toMatchObject({ state: 'failed', reason: 'returned (5.1.1)' })
  await resend(address)
  expect(await lastMail(address)).toMatchObject({ state: 'held', reason: 'address bounced (5.1.1)' })
  const audit = (await school.api.get('/v1/audit')).body.items
  expect(audit.filter(({ action }: { action: string }) => action === 'mail.returned')).toHaveLength(1)
  // No organisation keeps another's mails away from somebody.
  await mailTo(address, other)
  expect(await lastMail(address, other)).toMatchObject({ state: 'sent' })

  const identities = async () => (await person.get('/v1/account')).body.identities
  expect(await identities()).toMatchObject([{ value: address, undeliverable: true }])
  await person.post('/v1/account/identity-codes', { email: address, language: 'en' })
  await worker.steps.mail()
  const code = /\b\d{8}\b/.exec((await codeMail(address)).text)?.[0]
  const proven = await person.post('/v1/account/identities', { email: address, code })
  expect([proven.status, proven.body?.code]).toEqual([200, undefined])
  expect(await identities()).toMatchObject([{ value: address, undeliverable: false }])
  await worker.steps.mail()
  expect(await lastMail(address)).toMatchObject({ state: 'sent' })
})

async function codeMail(address: string) {
  for (;;) {
    const mail = await inbox.waitFor(address)
    if (mail.subject.includes('code')) return mail
  }
}

test('what is held for its address is not sent any more once what it offers is taken back', async () => {
  const address = 'regret@bounce.example.org'
  const made = await school.api.post('/v1/achievements', {
    issuerId: academy.issuerId,
    slug: 'regretted',
    definition: { name: { en: 'Regretted' }, description: { en: 'X.' }, criteria: { en: 'X.' } },
  })
  await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  refused.set(address, 550)
  await mailTo(address)
  const offered = await school.api.post('/v1/direct-awards', {
    achievementId: made.body.id,
    identifier: address,
  })
  expect(offered.status).toBe(201)
  await worker.steps.mail()
  expect(await lastMail(address)).toMatchObject({ kind: 'direct-award', state: 'held' })
  const taken = await school.api.send('DELETE', `/v1/direct-awards/${offered.body.directAward.id}`, undefined)
  expect(taken.status).toBe(200)

  refused.delete(address)
  await new ApiCaller(product.url).post('/v1/sign-in-links', { email: address, language: 'en' })
  await worker.steps.mail()
  const token = /#([\w-]+)/.exec((await inbox.waitFor(address)).text)?.[1]
  expect((await new ApiCaller(product.url).post('/v1/session', { token })).status).toBe(201)
  await worker.steps.mail()
  const states = await withClient(
    product.running.parts.databaseUrl,
    async (client) =>
      (await client.query("SELECT state, recipient FROM mail WHERE kind = 'direct-award'")).rows,
  )
  expect(states).toEqual([{ state: 'failed', recipient: '' }])
})

test('a report that is late, of a full mailbox, or of a policy blocks nobody', async () => {
  const address = 'full@bounce.example.org'
  await mailTo(address)
  const { messageId } = await inbox.waitFor(address)
  const late = await handIn(
    deliveryReport({ messageId, recipient: address, action: 'delayed', status: '4.4.7' }),
  )
  expect(late.body.items).toMatchObject([{ verdict: 'nothing' }])
  expect(await lastMail(address)).toMatchObject({ state: 'sent' })
  const full = await handIn(deliveryReport({ messageId, recipient: address, status: '5.2.2', whole: true }))
  expect(full.body.items).toMatchObject([{ verdict: 'failed' }])
  expect(await lastMail(address)).toMatchObject({ state: 'failed', reason: 'returned (5.2.2)' })
  await resend(address)
  expect(await lastMail(address)).toMatchObject({ state: 'sent' })
})

test('what is forged, of another’s mail, or no report at all is answered so, and nothing changes', async () => {
  const address = 'kept@bounce.example.org'
  await mailTo(address)
  const { messageId } = await inbox.waitFor(address)
  const blocks = () =>
    withClient(
      product.running.parts.databaseUrl,
      async (client) => (await client.query('SELECT count(*)::int AS n FROM mail_block')).rows[0],
    )
  const before = await blocks()
  const good = { messageId, recipient: address }
  for (const [report, by, status, code] of [
    [deliveryReport({ ...good, messageId: '<claim.unknown@localhost>' }), school, 404, 'bounce-unknown'],
    [deliveryReport({ ...good, recipient: 'somebody@else.example.org' }), school, 404, 'bounce-unknown'],
    [deliveryReport(good), other, 404, 'bounce-unknown'],
    ['Subject: Away\r\n\r\nBack on Monday.', school, 422, 'bounce-unreadable'],
  ] as const) {
    const answer = await handIn(report, by)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  }
  const reader = await school.api.post('/v1/api-keys', { name: 'Reader', rights: ['read'] })
  const asReader = new ApiCaller(product.url, { authorization: `Bearer ${reader.body.secret}` })
  const forbidden = await handIn(deliveryReport(good), { ...school, api: asReader })
  expect([forbidden.status, forbidden.body.code]).toEqual([403, 'forbidden'])
  expect((await school.api.post('/v1/mail/bounces', {})).status).toBe(415)
  expect(await blocks()).toEqual(before)
  expect(await lastMail(address)).toMatchObject({ state: 'sent' })
  expect(school.id satisfies OrganisationId).not.toBe(other.id)
})

test('a report is known by the signed Return-Path alone, and one with a tag that was not signed here is forged', async () => {
  const address = 'tagged@bounce.example.org'
  await mailTo(address)
  const { returnPath, messageId } = await inbox.waitFor(address)
  expect(returnPath).toMatch(/^badges\+b-[0-9a-v]{26}-[0-9a-v]{16}@issuer\.example$/)
  const forged = returnPath.replace(/.(?=@)/, (last) => (last === '0' ? '1' : '0'))
  // Also where it knows the Message-ID.
  for (const report of [
    deliveryReport({ recipient: address, to: forged }),
    deliveryReport({ recipient: address, to: forged, messageId }),
  ]) {
    const refusedReport = await handIn(report)
    expect([refusedReport.status, refusedReport.body.code]).toEqual([404, 'bounce-unknown'])
  }
  expect((await handIn(deliveryReport({ recipient: address, to: returnPath }), other)).status).toBe(404)
  expect(await lastMail(address)).toMatchObject({ state: 'sent' })

  // Passed on to an address that is none: this mail did not arrive, and nothing is said of the address itself.
  const passedOn = await handIn(deliveryReport({ recipient: 'elsewhere@example.net', to: returnPath }))
  expect(passedOn.body.items).toMatchObject([{ verdict: 'failed' }])
  await resend(address)
  const again = await inbox.waitFor(address)
  expect(again.returnPath).not.toBe(returnPath)
  const taken = await handIn(deliveryReport({ recipient: address, to: again.returnPath }))
  expect(taken.body.items).toMatchObject([{ verdict: 'undeliverable' }])
  await resend(address)
  expect(await lastMail(address)).toMatchObject({ state: 'held' })
})

test('where somebody waits for an answer it is seen that the mail did not arrive, until one does', async () => {
  const address = 'seen@bounce.example.org'
  await mailTo(address)
  const invitation = async () => {
    const { items } = (await school.api.get('/v1/invitations')).body
    const { id, mailTrouble } = items.find((each: { email: string }) => each.email === address)
    const { body } = await school.api.get(`/v1/invitations/${id}`)
    expect(body.mailTrouble).toEqual(mailTrouble)
    return mailTrouble
  }
  expect(await invitation()).toBeUndefined()
  const { returnPath } = await inbox.waitFor(address)
  await handIn(deliveryReport({ recipient: address, to: returnPath, status: '5.2.2' }))
  expect(await invitation()).toEqual({ cause: 'returned', status: '5.2.2', at: expect.any(String) })
  await resend(address)
  expect(await invitation()).toBeUndefined()
})

test('a direct award and an award tell it too; another address is the way out', async () => {
  const { achievementId } = academy
  const gone = 'typo@bounce.example.org'
  refused.set(gone, 550)
  const made = await school.api.post('/v1/direct-awards', { achievementId, identifier: `email:${gone}` })
  expect([made.status, made.body.code]).toEqual([201, undefined])
  await worker.steps.direct_awards()
  await worker.steps.mail()
  const path = `/v1/direct-awards/${made.body.directAward.id}`
  const seen = await school.api.get(path)
  expect(seen.body.mailTrouble).toEqual({ cause: 'refused', status: '550', at: expect.any(String) })
  const listed = (await school.api.get('/v1/direct-awards?state=unaccepted')).body.items
  expect(listed).toMatchObject([{ mailTrouble: { cause: 'refused' } }])
  const mended = await school.api.send(
    'PATCH',
    path,
    JSON.stringify({ identifier: 'email:right@bounce.example.org' }),
    { 'content-type': 'application/json', 'if-match': seen.headers.get('etag') ?? '' },
  )
  expect([mended.status, mended.body.directAward.mailTrouble]).toEqual([200, undefined])
  await worker.steps.mail()
  expect((await school.api.get(path)).body.mailTrouble).toBeUndefined()

  await school.api.post('/v1/events', earning('ann'))
  await worker.steps.evaluate()
  await worker.steps.issue()
  const address = (await school.api.get('/v1/mail')).body.items[0].to
  refused.set(address, 550)
  await worker.steps.mail()
  const { items } = (await school.api.get('/v1/awards')).body
  expect(items).toMatchObject([{ state: 'issued', mailTrouble: { cause: 'refused', status: '550' } }])
})
