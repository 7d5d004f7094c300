import type { Page } from 'playwright-core'
import { bakePng } from '#adapters/crypto/bake-png.ts'
import type { Caller } from '#app/demo/people/caller.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ConformanceStage } from './conformance-stage.ts'
import { fetchFile, issued } from './issuer-rows.ts'
import { expectSame, expectThat, type Row } from './row.ts'
import { addressOf, type DataModel, SAMPLE, type SampleState } from './sample-badges.ts'

const STATES = ['valid', 'expired', 'revoked'] as const

/** What is to be told of each: the verdict, and what the check that decides says. */
const EXPECTED: Readonly<Record<SampleState, readonly [verdict: string, status: string, validity: string]>> =
  {
    valid: ['valid', 'not-revoked', 'in-date'],
    expired: ['invalid', 'not-revoked', 'expired'],
    revoked: ['invalid', 'revoked', 'in-date'],
  }

const statusRow = (id: string, model: DataModel): Row => ({
  id,
  title: `Tell valid, expired and revoked badges apart (VC Data Model ${model})`,
  play: async (stage) => {
    for (const state of STATES) {
      const report = await reportOf(stage, model, state)
      expectSame(
        `the ${state} badge`,
        [report.verdict, code(report, 'status'), code(report, 'validity')],
        EXPECTED[state],
      )
    }
    return 'each by its address'
  },
})

const shownRow = (id: string, model: DataModel): Row => ({
  id,
  title: `Show image, name, description, issuer, date and status (VC Data Model ${model})`,
  play: async (stage) => {
    const page = await stage.pageOf()
    for (const state of STATES) {
      await page.goto(`${stage.url}/verify?url=${encodeURIComponent(addressOf(model, state))}`)
      await expectShown(page, stage, model, state)
    }
    const { bytes, learner } = await keptPicture(stage, model)
    await page.goto(`${stage.url}/verify`)
    const file = { name: 'badge.png', mimeType: 'image/png', buffer: Buffer.from(bytes) }
    await page.locator('input[type=file]').setInputFiles(file)
    await expectShown(page, stage, model, 'valid')
    const widths = await page
      .locator('main img')
      .evaluateAll((all) => all.map((each) => (each as HTMLImageElement).naturalWidth))
    expectThat('the picture that it is baked into is shown', widths[0] !== undefined && widths[0] > 0)

    const kept = await bring(learner, bytes)
    expectSame('the name that the backpack shows', kept.badge.name, SAMPLE.name)
    stage.kept.set(`imported ${model}`, kept.badge.id)
    return 'on the page of each in a real browser, with its picture where it is baked in'
  },
})

const startedRow = (id: string, model: DataModel): Row => ({
  id,
  title: `Whoever looks can start the verification (VC Data Model ${model})`,
  play: async (stage) => {
    const page = await stage.pageOf()
    await page.goto(`${stage.url}/verify`)
    await page.getByRole('textbox').last().fill(addressOf(model, 'valid'))
    await page.getByRole('button', { name: 'Verify', exact: true }).click()
    await expectShown(page, stage, model, 'valid')

    const { learner } = issued(stage)
    const again = await learner.post(`/v1/backpack/imported/${stage.kept.get(`imported ${model}`)}/recheck`)
    expectSame('asking for it in the backpack', again.status, 200)
    const { report } = again.body
    expectSame(
      'what it finds',
      [code(report, 'validity'), code(report, 'status')],
      ['in-date', 'not-revoked'],
    )
    return 'by a button, on the page and in the backpack: not expired, not revoked'
  },
})

/** What the page says of each: the word of the verdict, and the sentences about dates and status. */
const WORDS: Readonly<Record<SampleState, readonly string[]>> = {
  valid: ['Valid', 'It is valid until', 'Not revoked, as of'],
  expired: ['Not valid', 'It expired on', 'Not revoked, as of'],
  revoked: ['Not valid', 'It is valid until', 'The issuer has revoked it'],
}

/** Waits for the verdict, and looks for everything that a person is to see. */
async function expectShown(
  page: Page,
  stage: ConformanceStage,
  model: DataModel,
  state: SampleState,
): Promise<void> {
  const badge = JSON.parse(new TextDecoder().decode(stage.samples.get(addressOf(model, state)))) as JsonObject
  const from = new Date(`${badge['awardedDate'] ?? badge['issuanceDate']}`)
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(from)
  await page.locator('#verdict').waitFor()
  const words = (await page.locator('main').textContent()) ?? ''
  const { name, description, issuerName } = SAMPLE
  for (const word of [name, description, issuerName, day, ...WORDS[state]])
    expectThat(`the page of the ${state} badge shows "${word}"`, words.includes(word))
  expectSame('the verdict', await page.locator('main [role=status]').first().textContent(), WORDS[state][0])
}

export const DISPLAYER_ROWS: readonly Row[] = [
  statusRow('DIS-1', '2.0'),
  shownRow('DIS-2', '2.0'),
  startedRow('DIS-3', '2.0'),
  statusRow('DIS-4', '1.1'),
  shownRow('DIS-5', '1.1'),
  startedRow('DIS-6', '1.1'),
  {
    id: 'DIS-7',
    title: 'Verify eddsa-rdfc-2022',
    play: async (stage) => {
      const report = await reportOf(stage, '2.0', 'valid')
      expectSame('the proof', code(report, 'proof'), 'signature-holds')
      const file = await fetchFile(
        stage,
        `/v1/credentials/${issued(stage).credentialId}/document?format=json`,
      )
      const document = JSON.parse(new TextDecoder().decode(file.bytes))
      const changed = { ...document, name: `${document.name}!` }
      const answer = await stage.visitor.post('/v1/verify', { credential: changed })
      expectSame('a badge that was changed', code(answer.body, 'proof'), 'proof-signature-wrong')
      return 'one that holds, and one that was changed'
    },
  },
]

interface Report {
  readonly verdict: string
  readonly checks: readonly { readonly name: string; readonly code: string }[]
}

const code = ({ checks }: Pick<Report, 'checks'>, name: string): string | undefined =>
  checks.find((check) => check.name === name)?.code

async function reportOf(
  { visitor }: ConformanceStage,
  model: DataModel,
  state: SampleState,
): Promise<Report> {
  const answer = await visitor.post('/v1/verify', { url: addressOf(model, state) })
  expectSame(`the answer about the ${state} badge (${answer.text.slice(0, 200)})`, answer.status, 200)
  return answer.body
}

/** The valid badge of this model, baked into the picture of the badge that was issued here. */
async function keptPicture(stage: ConformanceStage, model: DataModel) {
  const { credentialId, learner } = issued(stage)
  const png = await fetchFile(stage, `/v1/credentials/${credentialId}/document?format=png`)
  return { bytes: bakePng(png.bytes, sampleText(stage, model)), learner }
}

function sampleText({ samples }: ConformanceStage, model: DataModel): string {
  return new TextDecoder().decode(samples.get(addressOf(model, 'valid')))
}

async function bring(learner: Caller, png: Uint8Array) {
  const answer = await learner.send('POST', '/v1/backpack/imported', png, { 'content-type': 'image/png' })
  expectSame(`bringing it (${answer.text.slice(0, 200)})`, answer.status, 201)
  return answer.body as { readonly badge: { readonly id: string; readonly name: string } }
}
