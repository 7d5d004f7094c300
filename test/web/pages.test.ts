import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  CLAIM_TOKEN,
  ENDORSE_TOKEN,
  EXPERT_TOKEN,
  INVITATION_TOKEN,
  type MockApi,
  REDEEM_CODE,
  SIGN_IN_TOKEN,
} from './mock-api.ts'
import { barriers, heading, overflow, type PagesUnderTest, startPages } from './pages-under-test.ts'
import {
  ACHIEVEMENT_ID,
  CREDENTIAL_ID,
  ISSUER_SLUG,
  PRIVATE_CREDENTIAL_ID,
  REVOKED_CREDENTIAL_ID,
} from './sample-badge.ts'
import { DRY_RUN_ID, DRY_RUN_RUNNING_ID, JOB_ID, RULE_ID } from './sample-organisation.ts'

let api: MockApi
let pages: PagesUnderTest

beforeAll(async () => {
  pages = await startPages()
  api = pages.api
})
afterAll(() => pages?.close())
beforeEach(() => api.reset())

const PAGES = [
  { path: '/', en: 'Badges that can be checked', nl: 'Badges die je kunt controleren' },
  { path: '/verify', en: 'Verify a badge', nl: 'Controleer een badge' },
  { path: `/credentials/${CREDENTIAL_ID}`, en: 'Data Detective', nl: 'Data Detective' },
  { path: `/credentials/${PRIVATE_CREDENTIAL_ID}`, en: 'Not public', nl: 'Niet openbaar' },
  { path: `/achievements/${ACHIEVEMENT_ID}`, en: 'Data Detective', nl: 'Data Detective' },
  { path: `/issuers/${ISSUER_SLUG}`, en: 'badges.example.edu', nl: 'badges.example.edu' },
  { path: `/claim#${CLAIM_TOKEN}`, en: 'Data Detective', nl: 'Data Detective' },
  { path: `/redeem#${REDEEM_CODE}`, en: 'Redeem a code', nl: 'Een code inleveren' },
  { path: `/invitation#${INVITATION_TOKEN}`, en: 'Sample College', nl: 'Sample College' },
  { path: '/catalogue', en: 'Catalogue', nl: 'Catalogus' },
  {
    path: `/expert-review#${EXPERT_TOKEN}`,
    en: 'Your view of a new badge',
    nl: 'Jouw oordeel over een nieuwe badge',
  },
  { path: '/sign-in', en: 'Sign in', nl: 'Inloggen' },
  { path: '/account', en: 'My account', nl: 'Mijn account' },
  { path: '/claim-confirmations', en: 'Is this badge theirs?', nl: 'Is deze badge van hen?' },
  {
    path: `/endorse#${ENDORSE_TOKEN}`,
    en: 'You are asked for an endorsement',
    nl: 'Je wordt om een aanbeveling gevraagd',
  },
  { path: '/nothing-here', en: 'There is nothing here', nl: 'Hier is niets' },
] as const

test.each(PAGES)('$path has its heading in both languages and no barrier, light and dark', async (each) => {
  for (const [locale, colorScheme] of [
    ['en-GB', 'light'],
    ['nl-NL', 'dark'],
  ] as const) {
    const page = await open(each.path, { locale, colorScheme, viewport: { width: 390, height: 844 } })
    await heading(page, locale === 'nl-NL' ? each.nl : each.en)
    expect(await page.getAttribute('html', 'lang')).toBe(locale.slice(0, 2))
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await page.close()
  }
})

test.each([`/claim#${CLAIM_TOKEN}`, `/credentials/${CREDENTIAL_ID}`])(
  '%s shows what the badge says of this person, with no way in for its text',
  async (path) => {
    const page = await open(path, { locale: 'nl-NL', viewport: { width: 390, height: 844 } })
    await heading(page, 'Data Detective')
    const told = await page.locator('main').textContent()
    for (const text of ['Waarvoor hij is toegekend', 'why the bus was late', '87 %', 'Able', 'Works alone.'])
      expect(told).toContain(text)
    const evidence = page.getByRole('link', { name: 'The report' })
    expect(await evidence.getAttribute('rel')).toContain('noopener')
    expect(await page.getByText('Not an address').count()).toBe(1)
    expect(await page.getByRole('link', { name: 'Not an address' }).count()).toBe(0)
    expect(await page.locator('main img[src="x"]').count()).toBe(0)
    await page.close()
  },
)

test('pages run under the real security headers: nothing is refused by them, nothing comes from elsewhere', async () => {
  const page = await pages.blank()
  const refused: string[] = []
  const foreign: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) refused.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(api.origin) && !/^(?:data|blob):/.test(request.url()))
      foreign.push(request.url())
  })
  await page.goto(`${api.origin}/credentials/${CREDENTIAL_ID}`)
  await heading(page, 'Data Detective')
  await page.goto(`${api.origin}/verify`)
  await heading(page, 'Verify a badge')
  expect({ refused, foreign }).toEqual({ refused: [], foreign: [] })
  await page.close()
})

test('a badge is verified by keyboard alone, and the domain is the headline', async () => {
  const page = await open('/verify')
  await heading(page, 'Verify a badge')
  const field = page.getByLabel('Or paste a link or the text of a badge')
  await tabTo(page, field)
  await page.keyboard.type('{"name":"a badge"}')
  await tabTo(page, page.getByRole('button', { name: 'Verify', exact: true }))
  await page.keyboard.press('Enter')
  const headline = await heading(page, 'badges.example.edu')
  expect(await headline.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
  await page
    .getByText(/^The document is unaltered, signed by a key that badges.example.edu published/)
    .waitFor()
  await page
    .getByText('Not known to be independent: the chain may be run by the issuer or its service.')
    .waitFor()
  expect(await page.getByText('not revoked as of 25 November 2026').count()).toBeGreaterThan(0)
  expect(await page.title()).toBe('Valid: badges.example.edu · Waarmerk')
  expect(api.calls.map(({ path, body }) => [path, body])).toEqual([
    ['/v1/verify', '{"credential":{"name":"a badge"}}'],
  ])
  expect(await barriers(page)).toEqual([])
  await page.close()
})

test('a changed badge is red, and says which check failed', async () => {
  const page = await open('/verify')
  await page.locator('input[type=file]').setInputFiles({
    name: 'badge.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"x":"tampered"}'),
  })
  await heading(page, 'badges.example.edu')
  await page.getByText('Not valid', { exact: true }).waitFor()
  await page.getByText('Do not rely on this document. What failed: Signature.').waitFor()
  const failed = page.getByRole('listitem').filter({ hasText: 'Failed' })
  expect(await failed.count()).toBe(1)
  expect(await failed.textContent()).toContain('one of the two was altered')
  expect(await barriers(page)).toEqual([])
  await page.close()
})

test('an unknown issuer on the own machine stays undecided and is marked as a test', async () => {
  const page = await open(`/verify?url=${encodeURIComponent('http://localhost:3000/unknown-issuer')}`, {
    locale: 'nl-NL',
  })
  await heading(page, 'localhost:3000')
  await page.getByRole('status').filter({ hasText: 'Niet vast te stellen' }).waitFor()
  await page.getByText('TEST', { exact: true }).waitFor()
  await page.getByText('Dat wie deze badge laat zien, hem ook heeft verdiend.').waitFor()
  expect(JSON.parse(api.calls[0]?.body ?? '')).toEqual({ url: 'http://localhost:3000/unknown-issuer' })
  await page.close()
})

test('what holds no badge is refused in the language, by its code', async () => {
  const page = await open('/verify', { locale: 'nl-NL' })
  await page.getByLabel('Of plak een link of de tekst van een badge').fill('{"x":"no-badge"}')
  await page.getByRole('button', { name: 'Controleren', exact: true }).click()
  const alert = page.getByRole('alert')
  await alert.filter({ hasText: 'Hier is geen badge uit te lezen.' }).waitFor()
  await page.close()
})

test('a badge is claimed by keyboard alone', async () => {
  const page = await open(`/claim#${CLAIM_TOKEN}`)
  await heading(page, 'Data Detective')
  await page.getByText('A rule decided this').waitFor()
  await page.getByText('Nobody but you and the issuer sees this badge here until you share it.').waitFor()
  await tabTo(page, page.getByRole('button', { name: 'Accept the badge' }))
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/credentials/${CREDENTIAL_ID}`)
  await page.getByRole('heading', { name: 'Share links' }).waitFor()
  expect(page.url()).not.toContain(CLAIM_TOKEN)
  expect(api.calls.map(({ path }) => path)).toEqual([`/v1/claims/${CLAIM_TOKEN}/accept`])
  await page.close()
})

test('a claim is rejected only after a question', async () => {
  const page = await open(`/claim#${CLAIM_TOKEN}`)
  await page.getByRole('button', { name: 'Reject it' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reject this badge?' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(api.calls).toEqual([])
  await page.getByRole('button', { name: 'Reject it' }).click()
  await dialog.getByRole('button', { name: 'Reject it' }).click()
  await page.getByText('You have rejected this badge. The issuer has been told.').waitFor()
  await page.close()
})

test('a scanned code is redeemed by pressing, once signed in; nothing happens by opening the link', async () => {
  const page = await open(`/redeem#${REDEEM_CODE}`)
  await heading(page, 'Redeem a code')
  await page.getByText('Sign in first', { exact: true }).waitFor()
  // Meanwhile the link of the mail was opened in another tab.
  api.signIn('earner')
  await page.getByRole('button', { name: 'I have signed in' }).click()
  const field = page.getByLabel('Your code')
  expect(await field.inputValue()).toBe(REDEEM_CODE)
  expect(api.calls).toEqual([])
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Redeem', exact: true }).click()
  await page.getByText('“Open day” was redeemed for you.').waitFor()
  expect(await barriers(page)).toEqual([])
  expect(api.calls.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
    ['/v1/codes/redeem', { code: REDEEM_CODE }],
  ])

  await page.getByRole('button', { name: 'Redeem another code' }).click()
  await field.fill('wrong')
  await page.getByRole('button', { name: 'Redeem', exact: true }).click()
  await page.getByText('There is no such code. Look at it again.').first().waitFor()
  await field.fill(REDEEM_CODE)
  await page.getByRole('button', { name: 'Redeem', exact: true }).click()
  await page.getByText('You redeemed “Open day” on 25 November 2026. A code counts once.').waitFor()
  await page.close()
})

test('the earner shares a badge; creating calls carry an idempotency key', async () => {
  api.signIn('earner')
  const page = await open(`/credentials/${CREDENTIAL_ID}`)
  await page.getByRole('switch', { name: 'Public' }).click()
  await page.getByText('Only you and the issuer see this page here').waitFor()
  await page.getByRole('button', { name: 'Make a share link' }).click()
  const link = page.getByLabel('Share link', { exact: true })
  await link.waitFor()
  expect(await link.inputValue()).toContain('?share=sample-share')
  const [change, made] = api.calls
  expect(change).toMatchObject({ method: 'PUT', body: '{"visibility":"private","omits":[]}' })
  expect(made?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/)
  expect(await barriers(page)).toEqual([])
  await page.close()
})

test('a badge page verifies the document that it shows, with its receipt', async () => {
  const page = await open(`/credentials/${CREDENTIAL_ID}`)
  await page.getByRole('button', { name: 'Verify now' }).click()
  await page.getByRole('heading', { name: 'What was checked' }).waitFor()
  const sent = JSON.parse(api.calls[0]?.body ?? '') as Record<string, unknown>
  expect(Object.keys(sent).sort()).toEqual(['credential', 'receipt'])
  expect(await page.locator('main img[src="x"]').count()).toBe(0)
  await page.close()
})

test('a revoked badge says so first, with the reason', async () => {
  const page = await open(`/credentials/${REVOKED_CREDENTIAL_ID}`)
  await page.getByText('Reason: Awarded to the wrong person.').waitFor()
  await page.getByText('TEST', { exact: true }).waitFor()
  await page.close()
})

test('an endorser brings back what was signed elsewhere', async () => {
  const page = await open(`/endorse#${ENDORSE_TOKEN}`)
  await page.getByText('sha256-LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=').waitFor()
  const field = page.getByLabel('Signed document (JSON, or JWS)')
  const send = page.getByRole('button', { name: 'Send the signed document' })
  await field.fill('{"type":["EndorsementCredential"]}')
  await send.click()
  await page.getByText('The document carries no proof. Sign it first.').waitFor()
  await field.fill('{"type":["EndorsementCredential"],"proof":{}}')
  await send.click()
  await page.getByText('Your endorsement was accepted. Sample College decides').waitFor()
  await page.close()
})

test('a sign-in link opens the console; its token leaves the address', async () => {
  const page = await open(`/sign-in#${SIGN_IN_TOKEN}`)
  await page.waitForURL('**/console/sample/overview')
  await heading(page, 'Overview')
  await page
    .getByRole('listitem')
    .filter({ hasText: /^Evaluated 412$/ })
    .waitFor()
  expect(page.url()).not.toContain(SIGN_IN_TOKEN)
  await page.close()
})

test('a used sign-in link offers a new one', async () => {
  const page = await open('/sign-in#used-up-token-0000000000')
  await page.getByText('This link was used already or is too old.').waitFor()
  await page.getByRole('link', { name: 'Ask for a new link' }).click()
  await page.getByLabel('E-mail address').waitFor()
  await page.close()
})

test('the console shows how a rule does and how far its backfill is, and stops it after a question', async () => {
  api.reset()
  api.signIn('member')
  const page = await open('/console/sample/rules')
  await page.getByText('No event matches this rule any more').waitFor()
  await page.getByText('40 of 160 people').waitFor()
  await page.getByText('95 in 100 within 200 ms').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Stop: Data Detective, 1' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click()
  await page.getByText('It is stopped.').waitFor()
  expect(api.calls.map(({ method, path }) => `${method} ${path}`)).toContain(`POST /v1/jobs/${JOB_ID}/cancel`)
  await page.close()
})

test('the page of a rule has no barrier in both languages, light and dark, on a narrow screen', async () => {
  api.signIn('member')
  for (const [locale, colorScheme, done, title] of [
    ['en-GB', 'light', 'The dry run is done: everybody was looked at.', 'Compare two versions'],
    ['nl-NL', 'dark', 'Het proefdraaien is klaar: iedereen is bekeken.', 'Twee versies vergelijken'],
  ] as const) {
    const page = await open(`/console/sample/rules/${RULE_ID}?dryRun=${DRY_RUN_ID}`, {
      locale,
      colorScheme,
      viewport: { width: 390, height: 844 },
    })
    await heading(page, 'Data Detective')
    await page.getByText(done).waitFor()
    await page.getByRole('region', { name: title }).getByText('/when/distinctOf').first().waitFor()
    for (const person of await page.locator('details').all()) await person.evaluate(openDetails)
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await page.close()
  }
})

test('a dry run is started by keyboard alone, from the version that was chosen', async () => {
  api.signIn('member')
  const page = await open(`/console/sample/rules/${RULE_ID}`)
  await heading(page, 'Data Detective')
  const tryOut = page.getByRole('button', { name: 'Dry run: Data Detective, 2' })
  await tryOut.focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('region', { name: 'Dry run on past events' })
  expect(await form.getByLabel('Version').inputValue()).toBe('2')
  // The focus went along: the form is the next stop.
  await page.keyboard.press('Tab')
  expect(
    await form.getByLabel('Version').evaluate((element) => element === element.ownerDocument.activeElement),
  ).toBe(true)
  await form.getByLabel('Events from (empty: all)').fill('2026-09-01')
  await form.getByLabel('Events up to (empty: now)').fill('2026-08-01')
  await tabTo(page, form.getByRole('button', { name: 'Start the dry run' }))
  await page.keyboard.press('Enter')
  await form.getByText('This day lies before the first one.').waitFor()
  await form.getByLabel('Events up to (empty: now)').fill('2026-11-01')
  await tabTo(page, form.getByRole('button', { name: 'Start the dry run' }))
  await page.keyboard.press('Enter')
  await form.getByText('The dry run is done: everybody was looked at.').waitFor()
  await form.getByRole('row', { name: 'Would no longer be awarded 3' }).waitFor()
  expect(api.calls.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
    [
      '/v1/rules/dry-runs',
      // From the first moment of a day in Amsterdam to the last of another.
      { ruleId: RULE_ID, version: 2, from: '2026-08-31T22:00:00.000Z', to: '2026-11-01T22:59:59.999Z' },
    ],
  ])
  await page.close()
})

test('a dry run that goes on says how far it is and what it has found so far, and can be cancelled', async () => {
  api.signIn('member')
  const page = await open(`/console/sample/rules/${RULE_ID}?dryRun=${DRY_RUN_RUNNING_ID}`)
  const form = page.getByRole('region', { name: 'Dry run on past events' })
  await form.getByRole('progressbar', { name: '40 of 160 people were looked at.' }).waitFor()
  await form.getByText('People who would get the badge').waitFor()
  expect(await barriers(page)).toEqual([])
  await form.getByRole('button', { name: 'Cancel the dry run: Data Detective' }).click()
  await page.getByText('The dry run is cancelled.').waitFor()
  expect(api.calls.map(({ path }) => path)).toEqual([`/v1/jobs/${DRY_RUN_RUNNING_ID}/cancel`])
  await page.close()
})

test('a version comes into force only after a question, with or without what happened before', async () => {
  api.signIn('member')
  const page = await open(`/console/sample/rules/${RULE_ID}`, { locale: 'nl-NL' })
  await page.getByRole('button', { name: 'Activeren: Data Detective, 3' }).click()
  const dialog = page.getByRole('dialog', { name: 'Deze versie activeren?' })
  await dialog.getByLabel('Ook naar gebeurtenissen van eerder kijken').uncheck()
  expect(await barriers(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Activeren' }).click()
  await page.getByText('De regel is actief.').waitFor()
  await page.getByRole('button', { name: 'Meelopen beëindigen: Data Detective, 2' }).click()
  await page.getByText('De versie is weer een concept.').waitFor()
  expect(api.calls.map(({ path, body }) => [path, body])).toEqual([
    [`/v1/rules/${RULE_ID}/versions/3/activate`, '{"backfill":false}'],
    [`/v1/rules/${RULE_ID}/versions/2/unshadow`, ''],
  ])
  await page.close()
})

test('an award is explained where it is approved, when it is asked for', async () => {
  api.signIn('member')
  const page = await open('/console/sample/awards', { locale: 'nl-NL' })
  const why = page.getByRole('button', { name: /^Waarom\?/ }).first()
  await why.waitFor()
  expect(await page.getByText('3 van 3 workshops afgerond.').count()).toBe(0)
  await why.click()
  await page.getByText('3 van 3 workshops afgerond.').waitFor()
  expect(
    await page.getByRole('button', { name: /^De redenen verbergen/ }).getAttribute('aria-expanded'),
  ).toBe('true')
  expect(await barriers(page)).toEqual([])
  await page.close()
})

test('the console says how far somebody is, whether that is still possible, and until when', async () => {
  api.reset()
  api.signIn('member')
  const page = await open('/console/sample/why')
  await page.getByLabel('E-mail address of the person').fill('noor@example.org')
  await page.getByRole('combobox', { name: 'Achievement' }).selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Look it up' }).click()
  const rule = page.getByRole('region', { name: 'Data Detective' })
  await rule.getByText('Can be met', { exact: true }).waitFor()
  await rule.getByText('Counts until').waitFor()
  await rule.getByText('30 June 2027').waitFor()
  await rule.getByText('How it was worked out').click()
  await rule.getByText('2 more events are needed before this says anything').waitFor()
  await rule.getByText(/^Since .*3 November 2026.* something stands against it, for good$/).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.close()
})

test('an invitation is accepted by whoever signed in with its address, and says so to others', async () => {
  const page = await open(`/invitation#${INVITATION_TOKEN}`)
  await heading(page, 'Sample College')
  await page.getByText('Sign in first', { exact: true }).waitFor()
  expect(await page.getByLabel('E-mail address').inputValue()).toBe('noor@example.org')
  expect(await page.getByRole('button', { name: 'Accept the invitation' }).count()).toBe(0)
  // Meanwhile somebody signed in in another tab: with another address, then with the right one.
  api.signIn('member')
  await page.getByRole('button', { name: 'I have signed in' }).click()
  await page.getByText('This is for another address').waitFor()
  expect(await barriers(page)).toEqual([])
  api.signIn('earner')
  await page.getByRole('button', { name: 'I have signed in' }).click()
  const accept = page.getByRole('button', { name: 'Accept the invitation' })
  await accept.waitFor()
  expect(await barriers(page)).toEqual([])
  expect(api.calls).toEqual([])
  await tabTo(page, accept)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/console/sample/overview')
  expect(page.url()).not.toContain(INVITATION_TOKEN)
  expect(api.calls.map(({ path }) => path)).toEqual([`/v1/invitation-links/${INVITATION_TOKEN}/accept`])
  await page.close()
})

test('the catalogue is filtered by keyboard, and its address says how', async () => {
  const page = await open('/catalogue', { locale: 'nl-NL' })
  await page.getByRole('link', { name: 'Datadetective' }).waitFor()
  await page.getByLabel('Woorden').fill('data')
  await page.getByLabel('EQF-niveau').selectOption({ label: '4 (1)' })
  await page.getByLabel('Woorden').press('Enter')
  await page.waitForURL(/catalogue\?/)
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ q: 'data', eqf: '4' })
  await page.getByRole('link', { name: 'Volgende pagina' }).waitFor()
  await page.goto(`${api.origin}/catalogue?eqf=9`)
  await page.getByText('Geen badge past bij deze filters.').waitFor()
  expect(await page.getByLabel('EQF-niveau').inputValue()).toBe('9')
  await page.getByRole('button', { name: 'Filters wissen' }).click()
  await page.getByRole('link', { name: 'Datadetective' }).waitFor()
  await page.close()
})

test('an expert answers with remarks where they do not simply agree, and is thanked', async () => {
  const page = await open(`/expert-review#${EXPERT_TOKEN}`)
  await page.getByLabel('I do not agree').check()
  await page.getByLabel('Your name').fill('Sam de Vries')
  await page.getByRole('button', { name: 'Send my answer' }).click()
  await page.getByText('Say what you would like to be different.').waitFor()
  await page.getByLabel('Your remarks').fill('Name the protocol.')
  await page.getByRole('button', { name: 'Send my answer' }).click()
  await page.getByText('Thank you. Sample College has your answer.').waitFor()
  expect(api.calls.map(({ path }) => path)).toEqual([`/v1/expert-review-links/${EXPERT_TOKEN}/answer`])
  expect(JSON.parse(api.calls[0]?.body ?? '')).toMatchObject({
    verdict: 'disagrees',
    remarks: 'Name the protocol.',
    name: 'Sam de Vries',
  })
  await page.close()
})

test('an invitation is declined after a question, without an account; an unknown one says so', async () => {
  const page = await open(`/invitation#${INVITATION_TOKEN}`, { locale: 'nl-NL' })
  await page.getByRole('button', { name: 'Afwijzen' }).click()
  const dialog = page.getByRole('dialog', { name: 'Deze uitnodiging afwijzen?' })
  await dialog.getByRole('button', { name: 'Afwijzen' }).click()
  await page.getByText('Deze uitnodiging is afgewezen.').waitFor()
  await page.goto(`${api.origin}/invitation#another-token-0000000000`)
  await page.reload()
  await page.getByText('Deze uitnodiging is niet bekend.').first().waitFor()
  await page.close()
})

test('the page of people has no barrier in both languages, light and dark, on a narrow screen', async () => {
  api.signIn('member')
  for (const [locale, colorScheme, title, teacher, invite] of [
    ['en-GB', 'light', 'People', 'Change: Teacher', 'Invite somebody'],
    ['nl-NL', 'dark', 'Mensen', 'Wijzigen: Teacher', 'Iemand uitnodigen'],
  ] as const) {
    const page = await open('/console/sample/people', {
      locale,
      colorScheme,
      viewport: { width: 390, height: 844 },
    })
    await heading(page, title)
    await page.getByRole('button', { name: teacher }).click()
    await page.getByRole('button', { name: invite }).click()
    await page.getByRole('heading', { name: 'kim@example.org' }).waitFor()
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await page.close()
  }
})

test('a group is moved, and a second person asked for, with what was seen; no barrier in both languages', async () => {
  api.signIn('member')
  const page = await open('/console/sample/organisation')
  await page.getByRole('button', { name: 'Change: Evening courses' }).click()
  const form = page.getByRole('region', { name: 'Change Evening courses' })
  await form.getByLabel('Below').selectOption({ label: '\u00A0\u00A0Faculty of Science' })
  await form.getByRole('button', { name: 'Save' }).click()
  await page.getByText('It is changed. Who has rights above it has them here.').waitFor()
  await page.getByLabel('to make the new issuing key for which somebody asked').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()
  expect(
    api.calls.map(({ method, headers, body }) => [method, headers['if-match'], JSON.parse(body)]),
  ).toEqual([
    ['PATCH', '"v1"', { name: 'Evening courses', parentId: '0197a2c0-0000-4000-8000-00000000b101' }],
    [
      'PATCH',
      '"v4"',
      {
        secondPerson: { activateRule: true, publishAchievement: false, changeKey: true, bulkRevoke: false },
        deadRuleDays: 30,
        eventRetention: null,
      },
    ],
  ])
  expect(await barriers(page)).toEqual([])
  await page.close()
  const dutch = await open('/console/sample/organisation', {
    locale: 'nl-NL',
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
  })
  await dutch.getByLabel('om de nieuwe ondertekensleutel te maken waar iemand om vroeg').waitFor()
  expect(await barriers(dutch)).toEqual([])
  expect(await overflow(dutch)).toBeLessThanOrEqual(0)
  await dutch.close()
})

test('the house style is shown as it will be drawn, tells when it cannot be read, and is decided with what was seen', async () => {
  api.signIn('member')
  const page = await open('/console/sample/organisation')
  const example = page.getByRole('img', { name: 'Example', exact: true })
  const before = await example.innerHTML()
  await page.getByLabel('Letters').fill('#777777')
  await page.getByText('Letters and ground are 2.3 : 1 apart, and need 4.5 : 1.').waitFor()
  await page.getByRole('button', { name: /^Letters in #.* instead$/ }).click()
  await page.getByText('apart: readable.').waitFor()
  await page.getByLabel('Letters').fill('#ffeecc')
  await page.getByLabel('Shape').selectOption({ label: 'Round' })
  await page.getByText('apart: readable.').waitFor()
  expect(await example.innerHTML()).not.toBe(before)
  await page.getByRole('button', { name: 'Add a level' }).click()
  const level = page.getByRole('group', { name: 'Level 2' })
  await level.getByLabel('In Dutch').fill('Goud')
  await level.getByLabel('In English').fill('Gold')
  await page.getByRole('img', { name: 'Example: Gold' }).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Use this style' }).click()
  await page.getByText('The house style is saved.').waitFor()
  const [sent] = api.calls
  expect([sent?.method, sent?.path, sent?.headers['if-match']]).toEqual([
    'PUT',
    '/v1/organisations/house-style',
    '"v3"',
  ])
  expect(JSON.parse(sent?.body ?? '')).toEqual({
    colours: { primary: '#1d3f66', secondary: '#f5d9b8', text: '#ffeecc' },
    shape: 'round',
    levels: [
      { name: { nl: 'Brons', en: 'Bronze' }, accent: '#a5632a' },
      { name: { nl: 'Goud', en: 'Gold' }, accent: '#f5d9b8' },
    ],
    logo: null,
  })
  await page.close()
})

test('somebody is invited by keyboard alone, to the least unless more is chosen', async () => {
  api.signIn('member')
  const page = await open('/console/sample/people')
  await page.getByRole('heading', { name: 'kim@example.org' }).waitFor()
  await tabTo(page, page.getByRole('button', { name: 'Invite somebody' }))
  await page.keyboard.press('Enter')
  const form = page.getByRole('region', { name: 'Invite somebody' })
  await form.getByLabel('E-mail address').focus()
  await page.keyboard.press('Enter')
  await form.getByText('Write a whole e-mail address, such as name@example.org.').waitFor()
  await page.keyboard.type('new@example.org')
  await form.getByLabel('Role').selectOption({ label: 'Teacher' })
  await tabTo(page, form.getByRole('button', { name: 'Send the invitation' }))
  await page.keyboard.press('Enter')
  await page.getByText('The invitation is on its way.').waitFor()
  const [sent] = api.calls
  expect(JSON.parse(sent?.body ?? '')).toEqual({
    email: 'new@example.org',
    language: 'en',
    roleId: '0197a2c0-0000-4000-8000-00000000b202',
  })
  expect(sent?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/)
  await page.close()
})

test('a member is changed with what was seen, removed after a question; a refusal is worded', async () => {
  api.signIn('member')
  const page = await open('/console/sample/people')
  await page.getByRole('button', { name: 'Change: sam@example.org' }).click()
  const form = page.getByRole('region', { name: 'Change what sam@example.org may do' })
  await form.getByLabel('Award', { exact: true }).check()
  expect(await barriers(page)).toEqual([])
  await form.getByRole('button', { name: 'Save' }).click()
  await page.getByText('It is changed. It counts at once.').waitFor()
  await page.getByRole('button', { name: 'Remove: sam@example.org' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('The member is removed.').waitFor()
  expect(api.calls.map(({ method, path, body }) => [method, path.slice(-4), body])).toEqual([
    ['PATCH', 'b301', '{"rights":["read","award"]}'],
    ['DELETE', 'b301', ''],
  ])
  expect(api.calls[0]?.headers['if-match']).toBe('"v3"')

  await page.getByRole('button', { name: 'New role' }).click()
  const made = page.getByRole('region', { name: 'New role' })
  await made.getByLabel('Name').fill('TEACHER')
  await made.getByRole('button', { name: 'Make the role' }).click()
  await made.getByText('There is a role of this name already.').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.close()
})

test('whoever may award sees every question about badges, and first the one that lapses first', async () => {
  api.reset()
  api.signIn('member')
  const page = await open('/claim-confirmations')
  await page.getByRole('heading', { name: 'Asked first' }).waitFor()
  expect(await page.getByRole('heading', { level: 2, name: /^Asked/ }).allTextContents()).toEqual([
    'Asked first',
    'Asked later',
    'Asked last',
  ])
  await page.close()
})

test('the editor of an achievement tells what is missing, and sends what was said', async () => {
  api.reset()
  api.signIn('member')
  const page = await open('/console/sample/achievements')
  await page.getByRole('button', { name: 'Edit the draft: Data Detective' }).click()
  await page.getByLabel('Type of badge').selectOption('regular')
  await page.getByLabel('a skill').check()
  await page.getByRole('group', { name: 'English' }).getByLabel('Purpose').fill('More people who read data.')
  const outcomes = page.getByLabel('Learning outcomes, one on each line')
  await outcomes.first().fill('Cleans a data set.\nDraws a chart.')
  await page.getByLabel('Workload').fill('2,5')
  await page.getByRole('button', { name: 'Add a criterion' }).click()
  const criterion = page.getByRole('group', { name: 'Criterion 1' })
  await criterion.getByLabel('What somebody does (English)').fill('Cleans a data set')
  await criterion.getByLabel('Kind of evidence').selectOption('product')
  await criterion.getByLabel('Somebody else can look at it again').check()
  await page.getByRole('button', { name: 'What is missing?' }).click()
  await page.getByText('/audience').waitFor()
  await page.getByText('Time-bound: say by when.').waitFor()
  await criterion.getByLabel('By when').fill('P10W')
  await page.getByRole('button', { name: 'What is missing?' }).click()
  await page.getByText('Nothing is missing.').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Save the draft' }).click()
  await page.getByText('The draft is saved.').waitFor()
  const sent = api.calls.at(-1)
  expect([sent?.method, sent?.headers['if-match']]).toEqual(['PUT', '"v1"'])
  const { definition } = JSON.parse(sent?.body ?? '') as { definition: Record<string, unknown> }
  expect(definition).toEqual({
    language: 'en',
    name: { en: 'Data Detective', nl: 'Datadetective' },
    description: { en: 'Finds, cleans and explains open data.', nl: 'Vindt en verklaart open data.' },
    criteria: { en: 'Finish three workshops.', nl: 'Rond drie workshops af.' },
    achievementType: 'Badge',
    tags: ['data'],
    alignments: [],
    badgeType: 'regular',
    recognises: ['skill'],
    purpose: { en: 'More people who read data.' },
    learningOutcomes: [{ en: 'Cleans a data set.' }, { en: 'Draws a chart.' }],
    workload: { unit: 'ects', amount: 2.5 },
    criteriaItems: [
      {
        id: expect.stringMatching(/^c-[0-9a-f]{8}$/),
        text: { en: 'Cleans a data set' },
        evidence: 'product',
        due: 'P10W',
        reviewable: true,
      },
    ],
  })
  await page.close()
})

test('a version is handed in by who has seen it, and withdrawn with a reason', async () => {
  api.reset()
  api.signIn('member')
  const page = await open('/console/sample/achievements', { locale: 'nl-NL' })
  await page.getByRole('button', { name: 'Indienen: Datadetective, 2' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Indienen' }).click()
  await page.getByText('De versie is in beoordeling.').waitFor()
  await page.getByRole('button', { name: 'Terugtrekken: Datadetective, 1' }).click()
  const withdraw = page.getByRole('dialog', { name: 'Deze versie terugtrekken?' })
  await withdraw.getByLabel('Reden').fill('De toets lag op straat.')
  await withdraw.getByRole('button', { name: 'Terugtrekken' }).click()
  await page.getByText('De versie is teruggetrokken.').waitFor()
  // While the dialog fades away, its words have little contrast.
  await withdraw.waitFor({ state: 'detached' })
  expect(
    api.calls.map(({ path, headers, body }) => [path.split('/versions').at(-1), headers['if-match'], body]),
  ).toEqual([
    ['/2/submit', '"v1"', ''],
    ['/1/withdraw', '"v3"', '{"reason":"De toets lag op straat."}'],
  ])
  expect(await barriers(page)).toEqual([])
  await page.close()
})

test('a chosen language is remembered', async () => {
  const page = await open('/verify')
  await page.getByLabel('Language').selectOption('nl')
  await heading(page, 'Controleer een badge')
  await page.reload()
  await heading(page, 'Controleer een badge')
  await page.close()
})

/** Goes there as a keyboard does, one stop at a time. */
async function tabTo(page: Page, target: ReturnType<Page['locator']>): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('The keyboard does not get there.')
}

const openDetails = (element: unknown): void => {
  Object.assign(element as object, { open: true })
}

const open = (path: string, options?: BrowserContextOptions): Promise<Page> => pages.open(path, options)
