import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ownPath } from './own-path.ts'

const ORIGIN = 'https://badges.example.org'

test('a path of ours is kept, with its query and its fragment', () => {
  for (const path of ['/', '/console?x=1', '/claim#abc', '/credentials/1/'])
    expect(ownPath(path, ORIGIN)).toBe(path)
})

test('what leads elsewhere, or might, leads home', () => {
  const hostile = [
    undefined,
    '',
    'console',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%5c/..//evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '\u00a0/evil',
    `/${'x'.repeat(3000)}`,
  ]
  for (const text of hostile) expect(ownPath(text, ORIGIN)).toBe('/')
})

test('whatever is asked for, a browser ends at our origin', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '@',
    ':',
    '?',
    '#',
    'evil.example',
    '%2f',
    '\t',
    'https',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = ownPath(pieces.join(''), ORIGIN)
      expect(new URL(path, ORIGIN).origin).toBe(ORIGIN)
      expect(ownPath(path, ORIGIN)).toBe(path)
    }),
    { numRuns: 2000 },
  )
})
