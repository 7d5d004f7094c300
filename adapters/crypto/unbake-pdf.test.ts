import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openPaper } from '#adapters/paper/paper.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { unbake } from './unbake.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const asText = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const BADGE = '{"type":["VerifiableCredential"],"name":"Één"}'
const JWS = 'eyJhbGciOiJFZERTQSJ9.eyJhIjoxMjM0NTY3fQ.c2lnbmF0dXJl'

/** One attached file, packed or plain. */
function attached(content: string | Uint8Array, { packed = true, dictionary = '', length = true } = {}) {
  const bytes = typeof content === 'string' ? utf8(content) : content
  const body = packed ? deflateSync(bytes) : bytes
  const head = `1 0 obj\n<< /Type /EmbeddedFile ${packed ? '/Filter /FlateDecode' : ''} ${length ? `/Length ${body.length}` : '/Length 9 0 R'} ${dictionary} >>\nstream\n`
  return Buffer.concat([utf8(head), body, utf8('\nendstream\nendobj\n')])
}
const pdf = (...parts: Uint8Array[]) => Buffer.concat([utf8('%PDF-1.7\n'), ...parts, utf8('%%EOF\n')])
const reason = (bytes: Uint8Array) => {
  const read = unbake(bytes)
  return read?.ok === false ? read.reason : read
}

test('what our paper has attached comes out byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (name) => {
      const credential = utf8(
        JSON.stringify({ type: ['VerifiableCredential'], name, more: 'endstream endobj' }),
      )
      const paper = await openPaper({ title: 'x', language: 'nl', author: 'y', madeAt: asInstant(0) })
      paper.write('P', 'stream endstream obj << /Type /EmbeddedFile >>')
      paper.attach({ name: 'badge.json', mediaType: 'application/vc', bytes: credential, description: 'a' })
      expect(unbake(await paper.finish('z'))).toEqual({ ok: true, credential })
    }),
    { numRuns: 15 },
  )
})

test.each([
  ['packed', {}],
  ['plain', { packed: false }],
  ['with a length elsewhere', { length: false }],
  ['with a name in numbers', { dictionary: '/Subtype /application#2Fjson' }],
])('a badge that others attached comes out: %s', (_, how) => {
  for (const content of [BADGE, JWS]) {
    const other = attached('{"receipt":1}')
    expect(unbake(pdf(other, attached(content, how)))).toEqual({ ok: true, credential: utf8(content) })
  }
})

test('the same badge attached twice is one; two badges, and what is hidden or packed otherwise, are refused', () => {
  expect(unbake(pdf(attached(BADGE), attached(BADGE, { packed: false })))).toMatchObject({ ok: true })
  expect(reason(pdf(attached(BADGE), attached(JWS)))).toBe('the PDF has more than one badge inside')
  const disguised = Buffer.from(
    attached(JWS).toString('latin1').replace('/EmbeddedFile', '/Em#62eddedFile'),
    'latin1',
  )
  expect(reason(pdf(attached(BADGE), disguised))).toBe('the PDF has more than one badge inside')
  expect(reason(pdf(utf8('2 0 obj <</Encrypt 3 0 R>> endobj\n'), attached(BADGE)))).toBe(
    'the PDF is encrypted',
  )
  expect(
    reason(pdf(attached(BADGE, { packed: false, dictionary: '/Filter [/ASCIIHexDecode /FlateDecode]' }))),
  ).toBe('a file in the PDF is packed in a way that is not read')
  expect(reason(pdf(attached('{"a":1}')))).toBe('the PDF has no badge inside')
  expect(reason(pdf(attached(BADGE).subarray(0, 100)))).toBe('the PDF is torn')
})

test('a bomb is not unpacked, and a large or tangled file takes no time', () => {
  expect(reason(pdf(attached(deflateSync(new Uint8Array(1)))))).toBe('the PDF has no badge inside')
  expect(reason(pdf(attached(new Uint8Array(20 * 1024 * 1024))))).toBe('a file in the PDF is over 1 MB')
  const many = Buffer.from('1 0 obj<</A 1>>stream\nendstream '.repeat(20_000))
  expect(reason(pdf(many, attached(BADGE)))).toBe('the PDF has too many parts')
  const files = Array.from({ length: 65 }, () => attached('{}'))
  expect(reason(pdf(...files))).toBe('the PDF has too many attached files')
  expect(reason(pdf(Buffer.alloc(11 * 1024 * 1024, 's')))).toBe('the file is over 10 MB')
})

test('whatever stands in it, there is an answer', () => {
  const bits = fc.constantFrom(
    'obj',
    ' obj',
    '<<',
    '>>',
    'stream\n',
    'endstream',
    '/Type /EmbeddedFile',
    '/Length 5',
    '/Filter /FlateDecode',
    BADGE,
    'x\u009c',
    '\r\n',
  )
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 40 }), (parts) => {
      const read = unbake(pdf(Buffer.from(parts.join(''), 'latin1')))
      if (read?.ok === true) expect(asText(read.credential)).toContain('VerifiableCredential')
      else expect(read?.reason).toMatch(/^(the PDF|a file in the PDF)/)
    }),
  )
})
