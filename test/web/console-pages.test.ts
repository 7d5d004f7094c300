import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { AchievementDefinition, Comment } from '#api/schemas/achievements.ts'
import { NewMandate } from '#api/schemas/assessors.ts'
import { ChangeConfirmation } from '#api/schemas/award-changes.ts'
import { NewRepair } from '#api/schemas/blast-radius.ts'
import { ListingChange, NewCopy, NewShare } from '#api/schemas/catalogue.ts'
import { NewExpertReview } from '#api/schemas/expert-reviews.ts'
import { barriers, heading, overflow, type PagesUnderTest, startPages } from './pages-under-test.ts'
import { ACHIEVEMENT_ID } from './sample-badge.ts'
import { CHANGE_ID, DIGEST, eqf4, SHARE_ID, SOURCE_ID } from './sample-console.ts'
import { LEFT_MEMBER, REVIEWED_ACHIEVEMENT_ID } from './sample-organisation.ts'

let pages: PagesUnderTest

beforeAll(async () => {
  pages = await startPages()
})
afterAll(() => pages?.close())
beforeEach(() => {
  pages.api.reset()
  pages.api.signIn('member')
})

const own = `/v1/achievements/${ACHIEVEMENT_ID}`
const NARROW = { width: 390, height: 844 }

test('a list of awards is confirmed with the digest of what stands there; no barrier in both languages', async () => {
  for (const [locale, colorScheme, title] of [
    ['nl-NL', 'dark', 'Veel tegelijk'],
    ['en-GB', 'light', 'Changes of many'],
  ] as const) {
    const page = await pages.open(`/console/sample/award-changes?change=${CHANGE_ID}`, {
      locale,
      colorScheme,
      viewport: NARROW,
    })
    await heading(page, title)
    await page.getByRole('table').waitFor()
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    if (locale === 'nl-NL') continue
    await press(page, /^Confirm/)
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('It is confirmed, and being done.').waitFor()
    expect(ChangeConfirmation.parse(sent(`/v1/award-changes/${CHANGE_ID}/confirm`))).toEqual({
      digest: DIGEST,
    })
  }
})

test('the address says what is doubted, and a list of repairs is made by verdict and for single awards', async () => {
  const address = `/console/sample/blast-radius?kind=source&id=${SOURCE_ID}`
  const dutch = await pages.open(address, { locale: 'nl-NL', colorScheme: 'dark', viewport: NARROW })
  await dutch.getByRole('heading', { name: 'Er rust één toekenning op' }).waitFor()
  expect(await barriers(dutch)).toEqual([])
  expect(await overflow(dutch)).toBeLessThanOrEqual(0)

  const page = await pages.open(address)
  const repair = page.getByRole('region', { name: 'Repair in one step' })
  await repair.getByLabel('Would not stand without it').selectOption('revoke')
  await page.getByRole('combobox', { name: /^What to do: Data Detective/ }).selectOption('leave')
  await repair.getByLabel('Reason').fill('Not real.')
  await press(page, 'Make the list')
  await page.waitForURL('**/award-changes?*')
  expect(NewRepair.parse(sent('/v1/blast-radius/repairs'))).toMatchObject({
    about: { kind: 'source', id: SOURCE_ID },
    perVerdict: { falls: 'revoke', stands: 'leave', unknown: 'leave' },
    awards: [{ action: 'leave' }],
    reason: 'Not real.',
  })
})

test('from an approval a link leads to all that its author approved, also after they left', async () => {
  const page = await pages.open('/console/sample/awards')
  await page.getByRole('link', { name: `What rests on it? Data Detective, ${LEFT_MEMBER}` }).click()
  await page.waitForURL('**/blast-radius?*')
  await page.getByRole('heading', { name: 'One award rests on it' }).waitFor()
  expect(await page.getByLabel('Which one').inputValue()).toBe(LEFT_MEMBER)
  // Of a person it is not worked out what would be without them.
  expect(await page.getByRole('combobox', { name: 'Would not stand without it' }).count()).toBe(0)
  expect(sent('/v1/blast-radius')).toEqual({ kind: 'assessor', id: LEFT_MEMBER })
})

test('assessors, experts, comments and shares stand with an achievement; no barrier in both languages', async () => {
  const parts = {
    nl: ['Beoordelaars', 'Catalogus en delen', 'Opmerkingen en stappen', 'Deskundigen van buiten'],
    en: ['Assessors', 'Catalogue and sharing', 'Comments and steps', 'Experts from outside'],
  }
  for (const [locale, colorScheme, names] of [
    ['nl-NL', 'dark', parts.nl],
    ['en-GB', 'light', parts.en],
  ] as const) {
    const page = await pages.open('/console/sample/achievements', { locale, colorScheme, viewport: NARROW })
    for (const name of names)
      await page
        .getByRole('button', { name: new RegExp(`^${name}: `) })
        .first()
        .click()
    for (const shown of ['Assessor 1', 'expert2@example.org', 'First aid'])
      await page.getByRole('heading', { name: shown }).waitFor()
    await page.getByText('Say by when.').waitFor()
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBeLessThanOrEqual(0)
  }
})

test('what is asked there is what the API takes', async () => {
  const page = await pages.open('/console/sample/achievements')
  await press(page, /^Assessors: /)
  await press(page, 'Give somebody a mandate')
  const mandate = page.getByRole('region', { name: 'Give somebody a mandate' })
  await mandate.getByLabel('E-mail address').fill('noor@example.org')
  await mandate.getByLabel('Name', { exact: false }).first().fill('Noor Bakker')
  await mandate.getByLabel('Qualification').fill('Instructor')
  await mandate.getByLabel('Until').fill('2027-09-01')
  expect(await barriers(page)).toEqual([])
  await press(page, 'Give the mandate')
  await page.getByText('The mandate is given.').waitFor()
  expect(NewMandate.parse(sent(`${own}/assessors`))).toMatchObject({
    email: 'noor@example.org',
    name: 'Noor Bakker',
    until: '2027-09-01T21:59:59.000Z',
    criteria: [],
  })

  await press(page, /^End: Assessor 1/)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why it was ended').fill('Moved.')
  await dialog.getByRole('button', { name: 'End', exact: true }).click()
  await page.getByText('The mandate is ended.').waitFor()

  await press(page, /^Comments and steps: .*, 2$/)
  await page.getByLabel('Your comment').fill('Better now.')
  await press(page, 'Comment')
  await page.getByText('Your comment stands with the version.').waitFor()
  expect(Comment.parse(sent(`${own}/versions/2/comments`))).toEqual({ text: 'Better now.' })

  await press(page, /^Catalogue and sharing: /)
  await page.getByLabel('In the catalogue').selectOption('copyable')
  await page.getByText('The catalogue knows.').waitFor()
  expect(ListingChange.parse(sent(`${own}/listing`))).toEqual({ listing: 'copyable' })
  await page.getByLabel('Share with organisation').fill('other-school')
  await page.getByLabel('What for').selectOption('copy')
  await press(page, 'Share')
  await page.getByText('It is shared.').waitFor()
  expect(NewShare.parse(sent(`${own}/versions/1/shares`))).toEqual({
    organisation: 'other-school',
    kind: 'copy',
  })

  await press(page, 'Copy: First aid')
  await page.getByLabel('Issuer').selectOption({ index: 1 })
  await page.getByLabel('Short name').fill('first-aid')
  await press(page, 'Copy')
  await page.getByText('The draft is yours.').waitFor()
  expect(NewCopy.parse(sent('/v1/achievements/copies'))).toMatchObject({
    shareId: SHARE_ID,
    slug: 'first-aid',
  })
})

test('experts are asked while a version is in review, and a request is taken back after a question', async () => {
  const page = await pages.open('/console/sample/achievements')
  await press(page, 'Experts from outside: Public Speaking, 1')
  await page.getByText('0 agree, of 2 needed. 0 disagree; 1 answered about an earlier text.').waitFor()
  await press(page, 'Ask an expert')
  await page.getByLabel('E-mail address of the expert').fill('kim@example.org')
  await press(page, 'Send the request')
  await page.getByText('The request is sent.').waitFor()
  const asked = sent(`/v1/achievements/${REVIEWED_ACHIEVEMENT_ID}/versions/1/expert-reviews`)
  expect(NewExpertReview.parse(asked)).toEqual({
    email: 'kim@example.org',
    language: 'en',
  })
  await press(page, /^Take back: expert1/)
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
  await page.getByText('The request is taken back.').waitFor()
})

test('an author picks a level from a framework, says what it rests on, and describes a rubric', async () => {
  const page = await pages.open('/console/sample/achievements')
  await press(page, /^Edit the draft: /)
  await page.getByLabel('Search in frameworks').fill('eqf 4')
  await page.getByLabel('Search in frameworks').press('Enter')
  await press(page, 'Add: EQF level 4')
  await page.getByLabel('What the level rests on').selectOption('quality-assured')
  await press(page, 'Add a result')
  const result = page.getByRole('group', { name: 'Result 1' })
  await result.getByLabel('Short name, for rules').fill('talks')
  await result.getByLabel('Name (English)').fill('Talks')
  await press(page, 'Add a level')
  const level = page.getByRole('group', { name: 'Level 1, lowest first' })
  await level.getByLabel('Short name, for rules').fill('able')
  await level.getByLabel('Name (English)').fill('Able')
  await result.getByLabel('Level that is wanted at least').selectOption('able')
  expect(await barriers(page)).toEqual([])
  await press(page, 'Save the draft')
  await page.getByText('The draft is saved.').waitFor()
  const { definition } = sent(`${own}/versions/2`) as { definition: unknown }
  expect(AchievementDefinition.parse(definition)).toMatchObject({
    alignments: [{ ...eqf4, basis: 'quality-assured' }],
    resultDescriptions: [
      {
        id: 'talks',
        name: { en: 'Talks' },
        type: 'RubricCriterionLevel',
        requiredLevel: 'able',
        levels: [{ id: 'able', name: { en: 'Able' } }],
      },
    ],
  })
})

const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click()

/** The body of the last call there. */
function sent(path: string): unknown {
  const call = pages.api.calls.findLast((each) => each.path === path)
  expect(call, `${path} of ${pages.api.calls.map((each) => each.path).join(' ')}`).toBeDefined()
  return JSON.parse(call?.body ?? '')
}
