import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMarkdown, type Span } from './markdown.ts'

test('headings, lists and emphasis are read', () => {
  expect(
    readMarkdown('# To earn it\n\n1. Do *this*\n2. and **that**\n\nSee [here](https://example.org/a).'),
  ).toEqual([
    { kind: 'heading', spans: [{ kind: 'text', text: 'To earn it' }] },
    {
      kind: 'list',
      ordered: true,
      items: [
        [
          { kind: 'text', text: 'Do ' },
          { kind: 'emphasis', text: 'this' },
        ],
        [
          { kind: 'text', text: 'and ' },
          { kind: 'strong', text: 'that' },
        ],
      ],
    },
    {
      kind: 'paragraph',
      spans: [
        { kind: 'text', text: 'See ' },
        { kind: 'link', text: 'here', href: 'https://example.org/a' },
        { kind: 'text', text: '.' },
      ],
    },
  ])
})

test('HTML and script links stay the text that they are', () => {
  const text = '<script>alert(1)</script> [x](javascript:alert(1))'
  expect(spansOf(text)).toEqual([{ kind: 'text', text }])
})

test('whatever is written, only http and https can be followed', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '**',
      '`',
      '\n',
      '- ',
      '1. ',
      '# ',
      'javascript:',
      'https://a.b',
      'data:',
    ),
    fc.string({ maxLength: 6 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      for (const span of spansOf(pieces.join('')))
        if (span.kind === 'link') expect(new URL(span.href).protocol).toMatch(/^https?:$/)
    }),
  )
})

test('no word of plain text is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 20 }), (words) => {
      const spans = spansOf(words.join(' '))
      expect(spans.map(({ text }) => text).join('')).toBe(words.join(' '))
    }),
  )
})

const spansOf = (markdown: string): readonly Span[] =>
  readMarkdown(markdown).flatMap((block) => (block.kind === 'list' ? block.items.flat() : block.spans))
