import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { openPaper, PAPER } from './paper.ts'

const ABOUT = { title: 'Eerste hulp', language: 'nl', author: 'Voorbeeld', madeAt: asInstant(0) }

async function sample(words = 'Eerste hulp op de werkplek: € 10, Ελλάδα, Первая помощь') {
  const paper = await openPaper(ABOUT)
  paper.write('H1', 'Certificaat')
  paper.write('P', words, { link: 'https://example.org/' })
  paper.fact('Uitgever', 'Voorbeeld '.repeat(30), { link: 'https://example.org/' })
  paper.list(['een', 'twee'])
  paper.qrCode('https://example.org/', 'QR-code', { x: PAPER.margin, y: 400, size: 90 })
  paper.decorate((doc) => doc.rect(0, 0, 10, 10).fill('#123456'))
  paper.attach({
    name: 'a.json',
    mediaType: 'application/vc',
    bytes: new TextEncoder().encode('{}'),
    description: 'a',
  })
  const missing = paper.missing()
  return { bytes: await paper.finish('Voorbeeld'), missing }
}
const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

test('a paper is tagged, says its language and title, embeds its fonts, and is the same for the same input', async () => {
  const { bytes, missing } = await sample()
  const text = asText(bytes)
  expect(missing).toEqual([])
  expect(text).toMatch(/^%PDF-1\.7\n/)
  expect(text).toContain('/Lang (nl)')
  expect(text).toContain('/Marked true')
  expect(text).toContain('/DisplayDocTitle true')
  for (const role of ['Document', 'H1', 'P', 'Link', 'L', 'LI', 'LBody', 'Figure'])
    expect(text).toContain(`/S /${role}\n`)
  expect(text).toContain('/Alt (QR-code)')
  expect(text).toMatch(/\/FontFile2 /)
  expect(text).not.toMatch(/\/BaseFont \/Helvetica/)
  expect((await sample()).bytes).toEqual(bytes)
})

test('what no font can draw is told and is no box, and what does not fit on a page goes on on the next', async () => {
  const { bytes, missing } = await sample('漢字漢 ok')
  expect(missing).toEqual(['漢', '字'])
  // The text itself is there for who listens or copies, in UTF-16.
  expect(Buffer.from(bytes).includes(utf16('漢字漢 ok'))).toBe(true)
  const long = await sample('Lorem ipsum dolor sit amet. '.repeat(400))
  expect(asText(long.bytes).match(/\/Type \/Page\n/g)?.length).toBeGreaterThan(1)
})

test.each([
  ['Arabic', 'محمد بن عبد الله (أمستردام) ١٢٣', 'NotoSansArabic'],
  ['Hebrew', 'דוד כהן, שלום', 'NotoSansHebrew'],
  ['Devanagari', 'क्षत्रिय प्रिया शर्मा', 'NotoSansDevanagari'],
])(
  'names in %s are drawn in a font that has them, over pages too, and no other comes along',
  async (_, words, font) => {
    const { bytes, missing } = await sample(`Toegekend aan ${words} `.repeat(120))
    expect(missing).toEqual([])
    const text = asText(bytes)
    const fonts = new Set(text.match(/Inter|NotoSans(?:Arabic|Hebrew|Devanagari)/g))
    expect([...fonts].sort()).toEqual(['Inter', font].sort())
    expect(text.match(/\/Type \/Page\n/g)?.length).toBeGreaterThan(1)
    expect(Buffer.from(bytes).includes(utf16(words))).toBe(true)
  },
)

/** As a string of a PDF holds it (ISO 32000-1, 7.3.4.2). */
const utf16 = (words: string) => {
  const escapes: Readonly<Record<string, string>> = { '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r' }
  const bytes = Buffer.from(words, 'utf16le').swap16().toString('latin1')
  const written = bytes.replace(/[\b\t\n\f\r()\\]/g, (sign) => `\\${escapes[sign] ?? sign}`)
  return Buffer.from(written, 'latin1')
}
