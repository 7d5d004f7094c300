import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BadgeFace, type BadgeLook, badgePicture, PICTURE_SIZE, textFits } from './badge-picture.ts'
import { BADGE_SYMBOLS } from './badge-symbols.ts'
import { textWidth } from './fit-text.ts'
import { BADGE_SHAPES, DEFAULT_HOUSE_STYLE } from './house-style.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(fc.constantFrom('<svg>', '&amp;', '"', "'", ']]>', '\u0000', '\ud800', '\u202e', ' ', 'W', 'i'), {
      maxLength: 100,
    })
    .map((parts) => parts.join('')),
)
const style: fc.Arbitrary<BadgeLook> = fc
  .constantFrom(...BADGE_SHAPES)
  .map((shape) => ({ colours: DEFAULT_HOUSE_STYLE.colours, shape }))
const face: fc.Arbitrary<BadgeFace> = fc.record(
  {
    label: anyText,
    language: fc.constantFrom('nl', 'en'),
    level: anyText.map((en) => ({ name: { en }, accent: '#a5632a' })),
    symbol: fc.constantFrom(...BADGE_SYMBOLS),
  },
  { requiredKeys: ['label', 'language'] },
)

/** The names of open elements, or what is wrong: the part of XML that is written here. */
function faultOf(xml: string): string | undefined {
  const open: string[] = []
  const rest = xml.replace(
    /<(\/?)([a-zA-Z]+)((?: [a-zA-Z-]+="(?:[^"<&]|&#\d+;)*")*)(\/?)>/g,
    (_, closes: string, name: string, _attributes: string, empty: string) => {
      if (closes !== '' && open.pop() !== name) open.push('?')
      if (closes === '' && empty === '') open.push(name)
      return ''
    },
  )
  if (open.length > 0) return `open: ${open.join(' ')}`
  if (/[<>]/.test(rest) || /&(?!#\d+;)/.test(rest)) return `stray: ${rest}`
  // Production [2] of XML 1.0: Char.
  return /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(rest) ? 'no Char' : undefined
}

test('a picture is well-formed, refers to nothing but itself, and is the same for the same input', () => {
  fc.assert(
    fc.property(style, face, (held, shown) => {
      const svg = badgePicture(held, shown, 'data:image/png;base64,AA==')
      expect(faultOf(svg)).toBeUndefined()
      expect(svg.match(/(?:href|src)="[^"]*"/g)).toEqual(['href="data:image/png;base64,AA=="'])
      expect(svg.match(/url\([^)]*\)/g)).toEqual([`url(#shape-${held.shape})`])
      expect(badgePicture(held, shown, 'data:image/png;base64,AA==')).toBe(svg)
    }),
  )
})

const unescaped = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))

test('at most three lines of label and one of level, each within the view box however long the text', () => {
  fc.assert(
    fc.property(style, face, (held, shown) => {
      const lines = [
        ...badgePicture(held, shown).matchAll(
          /<text x="256" y="([\d.]+)"[^>]*font-size="(\d+)"[^>]*>([^<]*)</g,
        ),
      ].map(([, y, size, line]) => ({ y: Number(y), size: Number(size), line: unescaped(line ?? '') }))
      expect(lines.length).toBeLessThanOrEqual(shown.level === undefined ? 3 : 4)
      for (const { y, size, line } of lines) {
        expect(textWidth(line) * size).toBeLessThanOrEqual(420)
        expect(y - size).toBeGreaterThan(150)
        expect(y + size * 0.3).toBeLessThan(PICTURE_SIZE - 100)
      }
    }),
  )
})

const labelOf = (label: string) =>
  [...badgePicture(DEFAULT_HOUSE_STYLE, { label, language: 'nl' }).matchAll(/<text[^>]*>([^<]*)</g)].map(
    ([, line]) => line,
  )

test.each([
  ['Hulp', ['Hulp']],
  ['Eerste hulp op de werkplek', ['Eerste hulp op', 'de werkplek']],
  ['', []],
])('%j is written in the lines %j', (label, lines) => {
  expect(labelOf(label)).toEqual(lines)
})

test('what does not fit ends in an ellipsis, and a word that is wider than the shape is broken', () => {
  const lines = labelOf('aansprakelijkheidswaardevaststellingsveranderingen '.repeat(4))
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/^aansprakelijkheids/)
  expect(lines[2]).toMatch(/…$/)
})

test('a level word stands in the language of the picture', () => {
  const level = { name: { nl: 'Zilver', en: 'Silver' }, accent: '#b8bfc7' }
  for (const [language, word] of [
    ['nl', 'Zilver'],
    ['en', 'Silver'],
  ] as const)
    expect(badgePicture(DEFAULT_HOUSE_STYLE, { label: 'X', language, level })).toContain(`>${word}<`)
})

test('it says that text fits exactly when every word of it is on the picture, whole', () => {
  const word = fc.stringMatching(/^[A-Za-z]{1,40}$/)
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 30 }),
      fc.constantFrom(...BADGE_SHAPES),
      (words, shape) => {
        const shown: BadgeFace = { label: words.join(' '), language: 'nl' }
        const drawn = [
          ...badgePicture({ ...DEFAULT_HOUSE_STYLE, shape }, shown).matchAll(/<text[^>]*>([^<]*)</g),
        ].flatMap(([, line]) => line?.split(' ') ?? [])
        expect(textFits(shape, shown)).toBe(JSON.stringify(drawn) === JSON.stringify(words))
      },
    ),
  )
})

test.each(['de', 'nl'])('a level word that is longer than its ribbon is told, in %s', (language) => {
  const level = { name: { nl: 'Meesterlijk gevorderde', en: 'Silver' }, accent: '#b8bfc7' }
  expect(textFits('round', { label: 'X', language, level })).toBe(language === 'de')
})
