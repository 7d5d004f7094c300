import { afterEach, expect, test } from 'vitest'
import type { Mail } from '#services/ports/mailer.ts'
import { type SmtpInbox, type SmtpInboxOptions, startSmtpInbox } from '#test/mail/smtp-inbox.ts'
import { createSmtpMailer, heldMailer, type OpenMailer } from './smtp-mailer.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close()
})

async function setUp(options?: SmtpInboxOptions): Promise<{ inbox: SmtpInbox; mailer: OpenMailer }> {
  const inbox = await startSmtpInbox(options)
  const mailer = createSmtpMailer({ url: inbox.url, from: 'Sample badges <badges@issuer.example>' })
  open.push(inbox, mailer)
  return { inbox, mailer }
}

const mail = (change: Partial<Mail> = {}): Mail => ({
  messageId: '<0193d1a0-0000-7000-8000-000000000001@issuer.example>',
  to: 'anna@example.org',
  subject: 'Je badge “Zorg & techniek” ligt klaar',
  text: 'Haal hem op: https://issuer.example/claims/1\n',
  html: '<p>Haal hem <a href="https://issuer.example/claims/1">op</a></p>',
  ...change,
})

test('a mail arrives whole, under its own message id and marked as automatic', async () => {
  const { inbox, mailer } = await setUp()
  expect(await mailer.send(mail())).toEqual({ state: 'sent' })
  const received = await inbox.waitFor('anna@example.org')
  expect(received).toMatchObject({
    from: 'badges@issuer.example',
    to: ['anna@example.org'],
    subject: mail().subject,
  })
  expect(received.messageId).toBe(mail().messageId)
  expect(received.text).toContain('https://issuer.example/claims/1')
  expect(received.html).toContain('href="https://issuer.example/claims/1"')
  expect(received.headers['auto-submitted']).toBe('auto-generated')
})

test('an address that is none, or more than one, is refused for good', async () => {
  const { inbox, mailer } = await setUp()
  for (const to of [
    'anna@example.org, eve@example.net',
    'anna@example.org\r\nBcc: eve@example.net',
    'no address',
  ]) {
    expect(await mailer.send(mail({ to }))).toEqual({
      state: 'failed',
      retry: false,
      reason: 'address refused',
    })
  }
  expect(inbox.mails).toEqual([])
})

test('a subject cannot carry a header', async () => {
  const { inbox, mailer } = await setUp()
  await mailer.send(mail({ subject: 'Badge\r\nBcc: eve@example.net' }))
  const received = await inbox.waitFor('anna@example.org')
  expect(received.headers).not.toHaveProperty('bcc')
  expect(received.to).toEqual(['anna@example.org'])
})

test.each([
  [450, true],
  [550, false],
])('an answer of %i is worth another try: %s', async (code, retry) => {
  const { mailer } = await setUp({ refuse: () => code })
  const outcome = await mailer.send(mail())
  // A refused recipient is no address, where the answer says nothing closer.
  const dead = retry ? {} : { deadAddress: String(code) }
  expect(outcome).toEqual({ state: 'failed', retry, reason: `answer ${code}`, ...dead })
})

test('a mailbox refused for one does not stop the mail for another', async () => {
  const { inbox, mailer } = await setUp({ refuse: (to) => (to.startsWith('gone') ? 550 : undefined) })
  await mailer.send(mail({ to: 'gone@example.org' }))
  expect(await mailer.send(mail())).toEqual({ state: 'sent' })
  await inbox.waitFor('anna@example.org')
})

test('a refused sign-in is worth another try: an administrator can mend it', async () => {
  const { inbox } = await setUp({ account: { user: 'badges', password: 'right' } })
  const mailer = createSmtpMailer({ url: inbox.url.replace('right', 'wrong'), from: 'badges@issuer.example' })
  open.push(mailer)
  expect(await mailer.send(mail())).toEqual({ state: 'failed', retry: true, reason: 'sign-in refused' })
})

test('a mail server that is gone is worth another try, and the reason tells no address', async () => {
  const { inbox, mailer } = await setUp()
  await inbox.close()
  const outcome = await mailer.send(mail())
  expect(outcome).toMatchObject({ state: 'failed', retry: true })
  expect(JSON.stringify(outcome)).not.toContain('anna')
})

test('without a mail server a mail is held', async () => {
  expect(await heldMailer.send(mail())).toEqual({ state: 'held' })
})

test('what comes back finds its mail by the Return-Path; a sender that is too long, or unwanted, goes without', async () => {
  const returnTag = 'b-00000000000000000000000000-0000000000000000'
  const { inbox, mailer } = await setUp()
  await mailer.send(mail({ returnTag }))
  const received = await inbox.waitFor('anna@example.org')
  expect(received.returnPath).toBe(`badges+${returnTag}@issuer.example`)
  expect(received.from).toBe('badges@issuer.example')

  const long = `${'a'.repeat(20)}@issuer.example`
  const untagged: [string, object, object][] = [
    [long, {}, {}],
    ['badges@issuer.example', { returnTags: false }, {}],
    ['badges@issuer.example', {}, { refuseSender: (from: string) => (from.includes('+') ? 550 : undefined) }],
  ]
  for (const [from, settings, server] of untagged) {
    const other = await startSmtpInbox(server)
    const sender = createSmtpMailer({ url: other.url, from, ...settings })
    open.push(other, sender)
    expect(await sender.send(mail({ returnTag }))).toEqual({ state: 'sent' })
    expect((await other.waitFor('anna@example.org')).returnPath).toBe(from)
  }
})

test('a sender that is refused whatever it is fails as ever', async () => {
  const { mailer } = await setUp({ refuseSender: () => 550 })
  expect(await mailer.send(mail({ returnTag: 'b-0' }))).toEqual({
    state: 'failed',
    retry: false,
    reason: 'answer 550',
  })
})
