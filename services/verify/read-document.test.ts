import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bakeSvg } from '#adapters/crypto/bake-svg.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { readDocument } from './read-document.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'
const JWS = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln'

const code = async (text: string) => {
  const read = await readDocument(utf8(text), unbake)
  return read.ok ? read.document : read.code
}

test('a badge is read from JSON, a token, and an image with either inside', async () => {
  expect(await code(' {"a": 1}\n')).toEqual({ a: 1 })
  expect(await code(`${JWS}\n`)).toBe(JWS)
  expect(await code(JSON.stringify(JWS))).toBe(JWS)
  expect(await code(bakeSvg(SVG, '{"a":1}'))).toEqual({ a: 1 })
  expect(await code(bakeSvg(SVG, JWS))).toBe(JWS)
})

test.each([
  ['nothing', '', 'document-unreadable'],
  ['a list', '[]', 'document-unreadable'],
  ['a number', '5', 'document-unreadable'],
  ['a key twice', '{"a":1,"a":2}', 'document-unreadable'],
  ['a key that pollutes', '{"__proto__":{}}', 'document-unreadable'],
  ['torn JSON', '{"a":', 'document-unreadable'],
  ['an image without a badge', SVG, 'document-unreadable'],
  ['JSON 65 deep', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'document-too-large'],
  ['more than 4,000 values', `{"a":[${'1,'.repeat(4000)}1]}`, 'document-too-large'],
  ['JSON over 1 MB', `{"a":"${'x'.repeat(1024 * 1024)}"}`, 'document-too-large'],
  ['a text in a text in a text', JSON.stringify(JSON.stringify(JSON.stringify('x'))), 'document-unreadable'],
])('%s is refused', async (_name, text, expected) => {
  expect(await code(text)).toBe(expected)
})

test('no bytes make it throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await readDocument(bytes, unbake)
    }),
  )
})
