import { deflateSync } from 'node:zlib'
import { bakePng } from '#adapters/crypto/bake-png.ts'
import { BADGE_KEYWORD, pngChunk, readPngChunks, textChunk, writePng } from '#adapters/crypto/png-chunks.ts'
import { concat, utf8 } from '#engine/shared/bytes.ts'
import { isJsonArray, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { HostileDocument } from './hostile-document.ts'
import { claimsOf, goodBadge, METHOD, signedAsIs, token, unsigned } from './hostile-issuer.ts'

/*
 * For tests and benchmarks: documents just within every bound, that take as long as they can. What counts is how long the event loop
 * is held: `npm run bench:loop`.
 */

const MEGABYTE = 1024 * 1024

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))

/** Text that fills a document up to its bound, less what else is in it. */
const long = (text: string, less = 20_000): string => text.repeat(Math.floor((MEGABYTE - less) / text.length))

const withProofs = (badge: JsonObject, count: number): JsonObject => {
  const { proof = null } = badge
  const [one = null] = isJsonArray(proof) ? proof : [proof]
  return { ...badge, proof: Array.from({ length: count }, () => one) }
}

const LARGE: readonly HostileDocument[] = [
  {
    name: 'eight JCS proofs over a megabyte',
    bytes: async () => json(withProofs(signedAsIs(unsigned({ name: long('x') })), 8)),
    refused: ['issuer-unknown'],
    isProved: true,
  },
  {
    name: 'eight JCS proofs over thousands of texts',
    bytes: async () => {
      const texts = Array.from({ length: 3700 }, (_, at) => `${at}${'\u{1F393}'.repeat(60)}`)
      return json(withProofs(signedAsIs(unsigned({ name: texts })), 8))
    },
    refused: ['issuer-unknown'],
    isProved: true,
  },
  {
    name: 'eight canonicalised proofs over thousands of texts',
    bytes: async () => {
      const name = Array.from({ length: 3700 }, (_, at) => `${at}${'x'.repeat(250)}`)
      return json({ ...withProofs(await goodBadge(), 8), name })
    },
    refused: ['proof-signature-wrong'],
  },
  {
    name: 'a megabyte of escapes',
    bytes: async () => utf8(JSON.stringify(unsigned({ name: 'N' })).replace('"N"', `"${long('\\n')}"`)),
    refused: ['proof-missing'],
  },
  {
    name: 'a megabyte of written-out characters',
    bytes: async () => utf8(JSON.stringify(unsigned({ name: 'N' })).replace('"N"', `"${long('\\u00e9')}"`)),
    refused: ['proof-missing'],
  },
  {
    name: 'thousands of members with long names',
    bytes: async () => {
      const members = Array.from({ length: 3700 }, (_, at): [string, Json] => [`n${at}${'x'.repeat(250)}`, 1])
      return json({ ...(await goodBadge()), ...Object.fromEntries(members) })
    },
    refused: ['json-ld-refused'],
  },
  {
    name: 'a number of a megabyte',
    bytes: async () => utf8(`{"creditsEarned":${long('9')}}`),
    refused: ['document-unreadable'],
  },
  {
    name: 'a token just below a megabyte',
    bytes: async () =>
      utf8(await token({ alg: 'EdDSA', kid: METHOD }, claimsOf(unsigned({ name: 'x'.repeat(730_000) })))),
    refused: ['issuer-unknown'],
    isProved: true,
  },
  {
    name: 'sixteen large endorsements',
    bytes: async () => {
      const one = signedAsIs({
        '@context': unsigned()['@context'] ?? null,
        type: ['VerifiableCredential', 'EndorsementCredential'],
        name: 'x'.repeat(60_000),
        issuer: unsigned()['issuer'] ?? null,
        validFrom: '2026-11-25T10:00:00Z',
        credentialSubject: { id: METHOD, type: ['EndorsementSubject'] },
      })
      return json(signedAsIs({ ...unsigned(), endorsement: Array.from({ length: 16 }, () => one) }))
    },
    refused: ['issuer-unknown'],
    isProved: true,
  },
  {
    name: 'thousands of subjects described twice',
    bytes: async () => {
      const endorsement = Array.from({ length: 600 }, (_, at) => ({
        id: `urn:x:${at % 3}`,
        type: ['Profile'],
        name: 'y'.repeat(1000),
      }))
      return json(signedAsIs(unsigned({ endorsement })))
    },
    refused: ['json-ld-refused', 'issuer-unknown', 'data-model-breached'],
    isProved: true,
  },
]

const badgeElement = (credential: string): string =>
  `<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"><![CDATA[${credential}]]></openbadges:credential>`

const svg = (name: string, inside: string | (() => string)): HostileDocument => ({
  name: `an SVG of a megabyte: ${name}`,
  bytes: async () => {
    const markup = typeof inside === 'string' ? inside : inside()
    return utf8(
      `<svg xmlns="http://www.w3.org/2000/svg">${badgeElement(JSON.stringify(await goodBadge()))}${markup}</svg>`,
    )
  },
  refused: ['issuer-unknown', 'status-unavailable', 'document-unreadable', 'proof-key-unknown'],
  isProved: true,
})

const SVGS: readonly HostileDocument[] = [
  svg('elements', () => long('<g/>', MEGABYTE * 0.76)),
  svg('attributes', () =>
    long(`<g ${Array.from({ length: 500 }, (_, at) => `a${at}=""`).join(' ')}/>`, MEGABYTE * 0.6),
  ),
  svg('references', () => `<text>${long('&#60;', 200_000)}</text>`),
  svg('references in attributes', () => long(`<g a="${'&#60;'.repeat(50)}"/>`, 200_000)),
  svg('a stylesheet', () => `<style>${long('a{fill:url(#b)}', 200_000)}</style>`),
  svg('brackets in a stylesheet', () => `<style>${long('url("', 200_000)}</style>`),
  svg('colours', () => long('<g fill="url(#abcdefgh)"/>', 400_000)),
  svg('comments', () => long('<!---->', MEGABYTE * 0.65)),
  {
    name: 'an SVG around a picture of nine megabytes',
    bytes: async () =>
      utf8(
        `<svg xmlns="http://www.w3.org/2000/svg">${badgeElement(JSON.stringify(await goodBadge()))}<image href="data:image/png;base64,${'A'.repeat(9 * MEGABYTE)}"/></svg>`,
      ),
    refused: ['issuer-unknown', 'status-unavailable'],
    isProved: true,
  },
  {
    name: 'an SVG around a badge of a megabyte of references',
    bytes: async () =>
      utf8(
        `<svg xmlns="http://www.w3.org/2000/svg"><openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">${'&lt;'.repeat(80_000)}</openbadges:credential></svg>`,
      ),
    refused: ['document-unreadable'],
  },
]

/** One grey point. */
const PLAIN_PNG = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
)

const PICTURES: readonly HostileDocument[] = [
  {
    name: 'a PNG of ten megabytes in tiny chunks',
    bytes: async () => {
      const baked = bakePng(PLAIN_PNG, JSON.stringify(await goodBadge()))
      const [header, ...rest] = (readPngChunks(baked) ?? []).map(({ bytes }) => bytes)
      const tiny = pngChunk('teXt', new Uint8Array())
      const many = new Uint8Array(tiny.length * 850_000)
      for (let at = 0; at < many.length; at += tiny.length) many.set(tiny, at)
      return writePng([header ?? new Uint8Array(), many, ...rest])
    },
    refused: ['issuer-unknown', 'status-unavailable', 'image-swapped', 'document-unreadable'],
    isProved: true,
  },
  {
    name: 'a PNG of ten megabytes in texts',
    bytes: async () => {
      const baked = bakePng(PLAIN_PNG, JSON.stringify(await goodBadge()))
      const [header, ...rest] = (readPngChunks(baked) ?? []).map(({ bytes }) => bytes)
      const text = textChunk('Comment', '')
      const many = new Uint8Array(text.length * 400_000)
      for (let at = 0; at < many.length; at += text.length) many.set(text, at)
      return writePng([header ?? new Uint8Array(), many, ...rest])
    },
    refused: ['issuer-unknown', 'status-unavailable', 'image-swapped', 'document-unreadable'],
    isProved: true,
  },
  {
    name: 'a PNG around a damaged badge of nine megabytes',
    bytes: async () => {
      const [header, ...rest] = (readPngChunks(PLAIN_PNG) ?? []).map(({ bytes }) => bytes)
      return writePng([
        header ?? new Uint8Array(),
        textChunk(BADGE_KEYWORD, 'x'.repeat(9 * MEGABYTE)),
        ...rest,
      ])
    },
    refused: ['document-unreadable'],
  },
]

const pdf = (name: string, parts: () => Uint8Array): HostileDocument => ({
  name: `a PDF: ${name}`,
  bytes: async () => concat(utf8('%PDF-1.7\n'), parts()),
  refused: ['document-unreadable', 'document-too-large'],
})

const stream = (number: number, dictionary: string, body: Uint8Array): Uint8Array =>
  concat(
    utf8(`${number} 0 obj\n<<${dictionary}/Length ${body.length}>>\nstream\n`),
    body,
    utf8('\nendstream\nendobj\n'),
  )

const PDFS: readonly HostileDocument[] = [
  pdf('sixty-four files that unpack to a megabyte each', () => {
    const packed = deflateSync(new Uint8Array(MEGABYTE - 1))
    return concat(
      ...Array.from({ length: 64 }, (_, at) =>
        stream(at + 1, '/Type/EmbeddedFile/Filter/FlateDecode', packed),
      ),
    )
  }),
  pdf('objects that unpack to four megabytes', () => {
    const packed = deflateSync(utf8('/Type /Font '.repeat(80_000)))
    return concat(
      ...Array.from({ length: 4 }, (_, at) => stream(at + 1, '/Type/ObjStm/Filter/FlateDecode', packed)),
    )
  }),
  pdf('four thousand streams with long dictionaries', () =>
    concat(
      ...Array.from({ length: 4000 }, (_, at) =>
        stream(at + 1, `/A (${'('.repeat(90)}${')'.repeat(90)})`, new Uint8Array()),
      ),
    ),
  ),
  pdf('ten megabytes of the first letter of a word', () => new Uint8Array(9.9 * MEGABYTE).fill(0x73)),
]

export const HEAVY_DOCUMENTS: readonly HostileDocument[] = [...LARGE, ...SVGS, ...PICTURES, ...PDFS]
