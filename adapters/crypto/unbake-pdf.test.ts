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
  // Of this name the packer keeps the bytes as they are, and so the words that end a stream.
  const kept = '𔐐𖩐ਐ𝗐𙐙ࠐꠐࠑࠐ'
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
    { numRuns: 15, examples: [[kept]] },
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

const stream = (number: number, dictionary: string, content: string) =>
  Buffer.concat([
    utf8(`${number} 0 obj\n<< ${dictionary} /Length ${utf8(content).length} >>\nstream\n`),
    utf8(content),
    utf8('\nendstream\nendobj\n'),
  ])
const specification = (file: string) => utf8(`8 0 obj\n<< /Type /Filespec /F (a) /EF ${file} >>\nendobj\n`)
const packedObject = (text: string) => {
  const body = deflateSync(utf8(text))
  const head = `9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${body.length} >>\nstream\n`
  return Buffer.concat([utf8(head), body, utf8('\nendstream\nendobj\n')])
}

test('an attached file need not say of itself that it is one, and its description may be long', () => {
  const plain = stream(7, '', BADGE)
  const credential = utf8(BADGE)
  expect(reason(pdf(plain))).toBe('the PDF has no badge inside')
  for (const file of ['<< /F 7 0 R >>', '<</F 7 0 R/UF 7 0 R>>'])
    expect(unbake(pdf(plain, specification(file)))).toEqual({ ok: true, credential })
  expect(unbake(pdf(plain, packedObject('8 0 << /Type /Filespec /EF << /F 7 0 R >> >>')))).toEqual({
    ok: true,
    credential,
  })
  const second = stream(7, '', JWS)
  const two = 'the PDF has more than one badge inside'
  expect(reason(pdf(attached(BADGE), second, specification('<< /F 7 0 R >>')))).toBe(two)
  expect(reason(pdf(attached(BADGE), second, packedObject('8 0 <</EF<</F 7 0 R>>>>')))).toBe(two)
  expect(reason(pdf(attached(BADGE), second, packedObject('8 0 <</#45F<</F 7 0 R>>>>')))).toBe(two)
  const long = `/Type /EmbeddedFile /Desc (${'x'.repeat(5000)})`
  expect(reason(pdf(attached(BADGE), stream(7, long, JWS)))).toBe(two)
})

test('what hides from this reader a file that another may find is refused', () => {
  const undescribed = 'a part of the PDF is described in a way that is not read'
  const unnamed = 'the PDF names an attached file in a way that is not read'
  const long = `/Type /EmbeddedFile /Desc (${'x'.repeat(70_000)})`
  expect(reason(pdf(attached(BADGE), stream(7, long, JWS)))).toBe(undescribed)
  expect(reason(pdf(attached(BADGE), stream(7, '/Type /EmbeddedFile /Desc (1 0 obj <<)', JWS)))).toBe(
    undescribed,
  )
  const commented = stream(7, '', JWS).toString('latin1').replace('>>\nstream', '>> % x\nstream')
  expect(reason(pdf(attached(BADGE), Buffer.from(commented, 'latin1')))).toBe(undescribed)
  for (const file of ['6 0 R', '<< /F 5 0 R >>', '<< /F % 1\n7 0 R >>', '<< >>'])
    expect([file, reason(pdf(attached(BADGE), stream(7, '', JWS), specification(file)))]).toEqual([
      file,
      unnamed,
    ])
  const many = Array.from({ length: 65 }, () => specification('<< /F 1 0 R >>'))
  expect(reason(pdf(attached(BADGE), ...many))).toBe(unnamed)
  // Of two objects with one number, the tables say which counts.
  expect(reason(pdf(stream(7, '', BADGE), stream(7, '', JWS), specification('<< /F 7 0 R >>')))).toBe(unnamed)
  expect(
    reason(pdf(stream(7, '', BADGE), utf8('7 0 obj null endobj\n'), specification('<< /F 7 0 R >>'))),
  ).toBe(unnamed)
  const otherwise = stream(9, '/Type /ObjStm /Filter /LZWDecode', 'x')
  expect(reason(pdf(attached(BADGE), otherwise))).toBe(
    'a part of the PDF is packed in a way that is not read',
  )
})

test('a bomb is not unpacked, and a large or tangled file takes no time', () => {
  expect(reason(pdf(attached(deflateSync(new Uint8Array(1)))))).toBe('the PDF has no badge inside')
  expect(reason(pdf(attached(new Uint8Array(20 * 1024 * 1024))))).toBe('a file in the PDF is over 1 MB')
  const many = Buffer.from('1 0 obj<</A 1>>stream\nendstream '.repeat(20_000))
  expect(reason(pdf(many, attached(BADGE)))).toBe('the PDF has too many parts')
  expect(reason(pdf(Buffer.alloc(2 * 1024 * 1024, '#41'), attached(BADGE)))).toBe(
    'the PDF has too many parts',
  )
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
    '1 0 obj',
    '/EF',
    '/EF<</F 1 0 R>>',
    '/Type /ObjStm',
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
      else expect(read?.reason).toMatch(/^(the PDF|a (file|part) (in|of) the PDF)/)
    }),
  )
})
