import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { runWaarmerk } from '#test/product/waarmerk-command.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let browser: Browser
let folder: string
let badge: string
let achievementId: string
beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-withdrawal-'))
  const { api } = await product.organisation('withdrawal-school')
  const firstAid = await setUpFirstAid(api, 'withdrawal-academy')
  achievementId = firstAid.achievementId
  await api.post('/v1/events', earning('ann'))
  const award = await awardOf(api, 'ann')
  const { bytes } = await api.get(`/credentials/${award.credentialId}`, { accept: 'application/json' })
  badge = new TextDecoder().decode(bytes)
  await writeFile(join(folder, 'badge.json'), badge)
  await api.post(`/v1/rules/${firstAid.ruleId}/pause`)
  const reason = 'The test was leaked.'
  const withdrawn = await api.post(`/v1/achievements/${achievementId}/versions/1/withdraw`, { reason })
  expect(withdrawn.status).toBe(200)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('anybody reads of a withdrawal beside the achievement, and a draft says nothing', async () => {
  const stranger = new ApiCaller(product.url)
  const { status, body, headers } = await stranger.get(`/achievements/${achievementId}/standing`)
  expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  expect(body).toMatchObject({
    achievement: `${product.url}/achievements/${achievementId}`,
    issuer: expect.stringMatching(/^did:web:localhost%3A\d+:issuers:withdrawal-academy$/),
    versions: [{ version: '1', state: 'withdrawn', reason: 'The test was leaked.' }],
  })
  expect((await stranger.get(`/achievements/${crypto.randomUUID()}/standing`)).status).toBe(404)
})

test('the command line tells the reason, and the badge is no less valid', async () => {
  const argv = ['verify', join(folder, 'badge.json'), '--trust', 'localhost']
  const { code, out } = await runWaarmerk(argv)
  expect(out).toContain('(achievement-withdrawn)')
  expect(out).toContain('The test was leaked.')
  expect(code).toBe(0)
  const offline = await runWaarmerk([...argv, '--offline'])
  expect(offline.out).toContain('(achievement-not-looked-up)')
})

test('the page of the verifier tells it', async () => {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await page.goto(`${product.url}/verify`)
  await page.getByLabel('Or paste a link or the text of a badge').fill(badge)
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await page.getByText('The issuer stands no longer behind this achievement.').waitFor()
  await page.getByText('The test was leaked.').waitFor()
})
