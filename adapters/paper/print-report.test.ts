import { expect, test } from 'vitest'
import { signedBadge, verifierOf } from '#test/verification/sample-issuer.ts'
import { PUBLISHER, trustList } from '#test/verification/sample-trust-list.ts'
import { printReport } from './print-report.ts'

const PAGE = 'https://badges.example.org/verify?url=https%3A%2F%2Fbadges.example.org%2Fcredentials%2F1'

async function report() {
  return verifierOf({ trust: { look: async () => undefined } }).verify({
    document: await signedBadge(),
    trustLists: [{ from: 'list.json', json: trustList() }],
    trustKeys: [PUBLISHER],
  })
}
const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

test('a report is a tagged PDF in the language of its reader, and the same for the same report', async () => {
  const found = await report()
  const dutch = await printReport(found, { language: 'nl', page: PAGE })
  expect(asText(dutch)).toMatch(/^%PDF-1\.7\n/)
  expect(asText(dutch)).toContain('/Lang (nl)')
  expect(asText(dutch)).toContain('/Marked true')
  for (const role of ['Document', 'H1', 'H2', 'H3', 'P', 'L', 'Figure'])
    expect(asText(dutch)).toContain(`/S /${role}\n`)
  expect(asText(dutch)).not.toMatch(/\/BaseFont \/Helvetica/)
  expect(await printReport(found, { language: 'nl', page: PAGE })).toEqual(dutch)
  const english = await printReport(found, { language: 'en' })
  expect(asText(english)).toContain('/Lang (en)')
  // Without a page there is nothing to scan.
  expect(asText(english)).not.toContain('/S /Figure\n')
})

test('what cannot be read is a report too, and names that are long or strange do not break it', async () => {
  const found = await verifierOf().verify({ document: { a: 1 } })
  expect(asText(await printReport(found, { language: 'nl' }))).toMatch(/^%PDF/)
  const { credential, ...rest } = await report()
  for (const name of ['x'.repeat(50_000), '學校 مدرسة 👩‍🏫', '\u202Egpj\n\n\n'])
    await printReport(
      {
        ...rest,
        ...(credential === undefined ? {} : { credential: { ...credential, name, achievement: { name } } }),
      },
      { language: 'en' },
    )
})

test('a presentation is printed with each credential in it, and a newer text is told before anything else', async () => {
  const inside = await report()
  const { verdict, checks } = inside
  const refreshed = { at: 'https://badges.example.org/refresh/1', from: '0x00', verdict, checks } as const
  const presentation = {
    verdict: 'undecided',
    checkedAt: inside.checkedAt,
    checks: [{ name: 'proof', outcome: 'passed', code: 'presentation-signed', detail: 'It is.' }],
    holder: 'did:web:holder.example.org',
    credentials: [inside, { ...inside, refreshed }],
    notProved: ['That it was made for you, and now: no challenge was given.'],
  } as const
  const [alone, shown] = await Promise.all(
    [inside, presentation].map(async (each) => asText(await printReport(each, { language: 'nl' }))),
  )
  const headings = (paper: string | undefined) => paper?.match(/\/S \/H2\n/g)?.length ?? 0
  // Two credentials as if each had come alone, a heading for each, its newer text, and two of the presentation.
  expect(headings(shown)).toBe(2 * headings(alone) + 2 + 1 + 2)
})

test('a badge that has its name in two languages is printed with both, and with one where they are the same', async () => {
  const { credential, ...rest } = await report()
  if (credential === undefined) return expect.unreachable()
  const own = 'עזרה ראשונה'
  // What reads it aloud has the letters in their order.
  const actual = Buffer.from(own, 'utf16le').swap16()
  for (const language of ['nl', 'en'] as const) {
    const print = (inLanguages: NonNullable<typeof credential.inLanguages>) => {
      const named = { ...credential, achievement: { ...credential.achievement, name: own }, inLanguages }
      return printReport({ ...rest, credential: named }, { language })
    }
    const both = await print([{ language, name: 'EHBO' }])
    expect(asText(both)).toContain(': EHBO)')
    expect(Buffer.from(both).includes(actual)).toBe(true)
    const rows = (paper: Uint8Array) => asText(paper).match(/\/S \/P\n/g)?.length ?? 0
    for (const same of [[], [{ language, name: own }]]) expect(rows(await print(same))).toBe(rows(both) - 1)
  }
})
