import { constants, createDeflateRaw, crc32 as zlibCrc } from 'node:zlib'
import { bakePng } from '#adapters/crypto/bake-png.ts'
import { bakeSvg } from '#adapters/crypto/bake-svg.ts'
import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { toBase64Url } from '#adapters/crypto/multibase.ts'
import { BADGE_KEYWORD, readPngChunks, textChunk, writePng } from '#adapters/crypto/png-chunks.ts'
import { concat, utf8 } from '#engine/shared/bytes.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { seed } from '#test/verification/sample-issuer.ts'
import { DISGUISES } from './disguises.ts'
import { HEAVY_DOCUMENTS } from './heavy-documents.ts'
import type { HostileDocument } from './hostile-document.ts'
import {
  claimsOf,
  goodBadge,
  HOSTILE,
  HOSTILE_KEY,
  hmacWithPublicKey,
  LIST,
  METHOD,
  PUBLIC_BYTES,
  signedAsIs,
  token,
  unsigned,
} from './hostile-issuer.ts'

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))
const text = (value: string) => async () => utf8(value)
const document = (make: () => Promise<JsonObject> | JsonObject) => async () => json(await make())
const changed = (change: JsonObject) => document(async () => ({ ...(await goodBadge()), ...change }))
const asIs = (change: JsonObject) => document(() => signedAsIs(unsigned(change)))

const V2 = 'https://www.w3.org/ns/credentials/v2'
const OB = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
const withContext = (...more: readonly Json[]): JsonObject => ({ '@context': [V2, OB, ...more] })

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

/** Of a value that is no JSON-LD, or none that the data model allows. */
const CONTEXT_CODES = ['json-ld-refused', 'data-model-breached', 'not-a-credential']

/** Contexts, and JSON-LD that says one thing to a reader of names and another to a reader of graphs. */
const CONTEXTS: readonly HostileDocument[] = [
  ['terms that are defined by each other', withContext({ a: 'b:x', b: 'c:x', c: 'a:x' })],
  ['a context that contains itself by name', withContext({ '@import': OB })],
  ['a protected term defined anew', withContext({ credentialStatus: 'https://evil.example.net/note' })],
  ['a protected term taken away', withContext(null)],
  ['an older version of the processor', withContext({ '@version': 1.0 })],
  [
    'a base and a vocabulary',
    withContext({ '@base': 'https://evil.example.net/', '@vocab': 'https://evil.example.net/' }),
  ],
  ['a context that is not pinned', withContext('https://evil.example.net/context.json')],
  ['a context at a private address', withContext('http://169.254.169.254/latest/meta-data')],
  ['a term that no context defines', { note: 'All is well' }],
  ['a member under its full address', { 'https://www.w3.org/2018/credentials#credentialStatus': 'none' }],
  ['a keyword', { '@graph': [] }],
  ['a value that is typed as JSON', { name: { '@type': '@json', '@value': { a: 1 } } }],
  [
    'itself described in a second place',
    { evidence: [{ id: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000001', type: ['Evidence'], name: 'x' }] },
  ],
  ['contexts within contexts', withContext([['https://evil.example.net/a'], [{ x: 'y:z' }]])],
].flatMap(([name, change]) => [
  {
    name: `${name as string}, canonicalised`,
    bytes: changed(change as JsonObject),
    refused: CONTEXT_CODES,
  },
])

/** Their signatures hold, as the graph is the one that was signed. */
const SECOND_PLACES: readonly HostileDocument[] = [...DISGUISES].map(([place, make]) => ({
  name: `its end and its status moved to ${place}`,
  bytes: document(make),
  refused: ['json-ld-refused'],
}))

/** Under JCS the signature covers every byte, and holds; other verifiers would read something else in it. */
const SIGNED_CONTEXTS: readonly HostileDocument[] = [
  ['a protected term defined anew', withContext({ credentialStatus: 'https://evil.example.net/note' })],
  ['a member under its full address', { 'https://www.w3.org/2018/credentials#credentialStatus': 'none' }],
  ['a value that is typed as JSON', { name: { '@type': '@json', '@value': { a: 1 } } }],
].map(([name, change]) => ({
  name: `${name as string}, under JCS`,
  bytes: asIs(change as JsonObject),
  refused: CONTEXT_CODES,
}))

/** A clique of blank nodes, all alike: there are as many ways to label it as orders of its nodes. */
function clique(size: number): JsonObject {
  const nodes = Array.from({ length: size }, (_, at) => ({
    id: `_:b${at}`,
    type: ['Profile'],
    parentOrg: Array.from({ length: size }, (_each, to) => ({ id: `_:b${to}`, type: ['Profile'] })).filter(
      (_each, to) => to !== at,
    ),
  }))
  const [first, ...others] = nodes
  return { id: HOSTILE, type: ['Profile'], parentOrg: [first ?? {}, ...others] as unknown as Json }
}

const blankNodes = (count: number): JsonObject => ({
  evidence: Array.from({ length: count }, () => ({ type: ['Evidence'] })),
})

const SIZES: readonly HostileDocument[] = [
  { name: '20,000 blank nodes', bytes: changed(blankNodes(20_000)), refused: ['document-too-large'] },
  {
    name: '4,001 values',
    bytes: text(JSON.stringify(Array.from({ length: 4000 }, () => 1))),
    refused: ['document-too-large'],
  },
  { name: 'depth 65', bytes: text(nested(65)), refused: ['document-too-large'] },
  { name: 'depth 100,000', bytes: text('['.repeat(100_000)), refused: ['document-too-large'] },
  {
    name: 'a string of 1 MB',
    bytes: changed({ name: 'x'.repeat(1024 * 1024) }),
    refused: ['document-too-large'],
  },
  {
    name: 'a name of 1 MB for a member',
    bytes: changed({ ['x'.repeat(1024 * 1024)]: 1 }),
    refused: ['document-too-large'],
  },
  {
    name: 'a clique of blank nodes below every bound',
    bytes: document(async () => ({ ...(await goodBadge()), issuer: clique(24) })),
    refused: ['json-ld-refused', 'canonicalisation-too-slow'],
  },
  {
    name: 'contexts in more places than there are credentials',
    bytes: changed({
      evidence: Array.from({ length: 200 }, () => ({ '@context': V2, type: ['Evidence'] })),
    }),
    refused: ['json-ld-refused'],
  },
  {
    name: 'a token of 1 MB',
    bytes: async () =>
      utf8(await token({ alg: 'EdDSA', kid: METHOD }, claimsOf(unsigned({ name: 'x'.repeat(1024 * 1024) })))),
    refused: ['document-too-large'],
  },
  {
    name: 'a token with 5,000 values inside',
    bytes: async () => utf8(await token({ alg: 'EdDSA', kid: METHOD }, claimsOf(unsigned(blankNodes(2500))))),
    refused: ['document-too-large'],
  },
  {
    name: 'a token of depth 1,000',
    bytes: async () => utf8(await token({ alg: 'EdDSA', kid: METHOD }, nested(1000))),
    refused: ['proof-malformed'],
  },
]

const STRICT_JSON: readonly HostileDocument[] = [
  ['a member that stands there twice', '{"type":["VerifiableCredential"],"type":["Other"]}'],
  ['a prototype', '{"__proto__":{"verdict":"valid"},"type":["VerifiableCredential"]}'],
  ['half a character', '{"name":"\\ud800"}'],
  ['NUL', '{"name":"a\\u0000b"}'],
  ['a number beyond all numbers', '{"creditsEarned":1e999}'],
  ['a number that no double holds', '{"creditsEarned":9007199254740993}'],
  ['something behind the document', '{} {}'],
  ['a byte order mark', '\ufeff{}'],
  ['JSON5', "{name: 'x'}"],
  ['nothing', ''],
  ['a list of badges', '[{}]'],
].map(([name = '', content = '']) => ({
  name,
  bytes: text(content),
  refused: ['document-unreadable'],
}))

const PROOFS: readonly HostileDocument[] = [
  {
    name: 'a hundred proofs',
    bytes: document(async () => {
      const { proof, ...bare } = await goodBadge()
      const [one] = proof as readonly Json[]
      return { ...bare, proof: Array.from({ length: 100 }, () => one ?? null) }
    }),
    refused: ['proof-malformed'],
  },
  {
    name: 'a good proof beside one of somebody else',
    bytes: document(async () => {
      const { proof, ...bare } = await goodBadge()
      const other = { ...(proof as readonly JsonObject[])[0], verificationMethod: OTHER_METHOD }
      return { ...bare, proof: [...(proof as readonly Json[]), other] }
    }),
    refused: ['proof-key-not-of-issuer', 'proof-signature-wrong'],
  },
  {
    name: 'a proof that builds on itself',
    bytes: document(async () => withProof(await goodBadge(), { id: 'urn:a', previousProof: 'urn:a' })),
    refused: ['proof-chain-broken'],
  },
  {
    name: 'a proof made to authenticate',
    bytes: document(async () => withProof(await goodBadge(), { proofPurpose: 'authentication' })),
    refused: ['proof-purpose-wrong'],
  },
  {
    name: 'a proof of another suite over the same bytes',
    bytes: document(async () => withProof(await goodBadge(), { cryptosuite: 'eddsa-jcs-2022' })),
    refused: ['proof-signature-wrong'],
  },
  {
    name: 'a suite for another kind of key',
    bytes: document(async () => withProof(await goodBadge(), { cryptosuite: 'ecdsa-rdfc-2019' })),
    refused: ['proof-key-unusable'],
  },
  {
    name: 'a value of a megabyte of base58',
    bytes: document(async () => withProof(await goodBadge(), { proofValue: `z${'2'.repeat(900_000)}` })),
    refused: ['proof-value-malformed'],
  },
  {
    name: 'another holder',
    bytes: document(async () => {
      const badge = await goodBadge()
      const subject = badge['credentialSubject'] as JsonObject
      return { ...badge, credentialSubject: { ...subject, id: 'did:example:mallory' } }
    }),
    refused: ['proof-signature-wrong'],
  },
  {
    name: 'another issuer over a good signature',
    bytes: changed({
      issuer: { id: 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH', type: ['Profile'] },
    }),
    refused: ['proof-key-not-of-issuer'],
  },
  {
    name: 'no status any more',
    bytes: document(async () => {
      const { credentialStatus: _, ...rest } = await goodBadge()
      return rest
    }),
    refused: ['proof-signature-wrong'],
  },
]

const OTHER_KEY = issuingKeyOf(seed(61))
const OTHER_METHOD = didKeyMethod(OTHER_KEY.publicKeyMultibase)

function withProof(badge: JsonObject, change: JsonObject): JsonObject {
  const [proof] = badge['proof'] as readonly JsonObject[]
  return { ...badge, proof: [{ ...proof, ...change }] }
}

const jws = (name: string, refused: readonly string[], make: () => Promise<string>): HostileDocument => ({
  name: `a token: ${name}`,
  bytes: async () => utf8(await make()),
  refused,
})

const claims = () => claimsOf(unsigned())
const embedded = (): JsonObject => ({ kty: 'OKP', crv: 'Ed25519', x: toBase64Url(PUBLIC_BYTES) })

const TOKENS: readonly HostileDocument[] = [
  jws(
    'signed by nobody',
    ['proof-algorithm-refused'],
    async () => `${(await token({ alg: 'none', kid: METHOD }, claims())).split('.').slice(0, 2).join('.')}.`,
  ),
  jws('HS256 with the public key as secret', ['proof-algorithm-refused'], () =>
    token({ alg: 'HS256', kid: METHOD }, claims(), hmacWithPublicKey),
  ),
  jws('ES256 by name, with an Ed25519 key', ['proof-key-unusable'], () =>
    token({ alg: 'ES256', kid: METHOD }, claims()),
  ),
  jws('RS256 by name, with an Ed25519 key', ['proof-key-unusable'], () =>
    token({ alg: 'RS256', kid: METHOD }, claims()),
  ),
  jws('a list of algorithms', ['proof-algorithm-refused'], () =>
    token({ alg: ['none', 'EdDSA'], kid: METHOD }, claims()),
  ),
  jws('a key that leads elsewhere', ['proof-key-not-of-issuer'], () =>
    token({ alg: 'EdDSA', kid: OTHER_METHOD }, claims()),
  ),
  jws('a key at an address', ['proof-key-not-of-issuer'], () =>
    token({ alg: 'EdDSA', kid: 'https://evil.example.net/key.json' }, claims()),
  ),
  jws('a key that it brings along', ['proof-key-unknown'], () =>
    token({ alg: 'EdDSA', jwk: embedded() }, claims()),
  ),
  jws('a key set at an address', ['proof-key-unknown'], () =>
    token({ alg: 'EdDSA', jku: 'https://evil.example.net/jwks.json' }, claims()),
  ),
  jws('an extension that must be understood', ['proof-malformed'], () =>
    token({ alg: 'EdDSA', kid: METHOD, crit: ['evil'], evil: true }, claims()),
  ),
  jws('a payload that is not encoded', ['proof-malformed'], () =>
    token({ alg: 'EdDSA', kid: METHOD, crit: ['b64'], b64: false }, claims()),
  ),
  jws('another holder in its claims', ['jwt-claims-differ'], () =>
    token({ alg: 'EdDSA', kid: METHOD }, { ...claims(), sub: 'did:example:mallory' }),
  ),
  jws('another issuer in its claims', ['jwt-claims-differ'], () =>
    token({ alg: 'EdDSA', kid: METHOD }, { ...claims(), iss: 'did:web:badges.example.org' }),
  ),
  jws('a claim that stands there twice', ['proof-malformed'], () =>
    token(
      { alg: 'EdDSA', kid: METHOD },
      JSON.stringify(claims()).replace('{', '{"issuer":"did:web:badges.example.org",'),
    ),
  ),
  jws('a prototype', ['proof-malformed'], () =>
    token({ alg: 'EdDSA', kid: METHOD }, JSON.stringify(claims()).replace('{', '{"__proto__":{"a":1},')),
  ),
  jws('one whose payload is a token', ['proof-malformed'], async () =>
    token({ alg: 'EdDSA', kid: METHOD, cty: 'JWT' }, await token({ alg: 'EdDSA', kid: METHOD }, claims())),
  ),
]

const svg =
  (inside: string, before = '') =>
  async () => {
    const plain = `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">`
    // Put in afterwards, as what is not well-formed is not baked.
    const baked = bakeSvg(`${plain}<g/></svg>`, JSON.stringify(await goodBadge()))
    return utf8(baked.replace('<g/>', () => inside))
  }

const SVGS: readonly HostileDocument[] = [
  ['a script', '<script>alert(1)</script>'],
  ['a script under another prefix', '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>'],
  ['a handler', '<rect width="1" height="1" onload="alert(1)"/>'],
  ['a handler without a space', '<rect width="1"/onclick=alert(1) />'],
  ['a foreign object', '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'],
  ['a picture from elsewhere', '<image href="https://evil.example.net/pixel.png"/>'],
  ['a shape from elsewhere', '<use xlink:href="https://evil.example.net/a.svg#b"/>'],
  ['a link that runs', '<a href="javascript:alert(1)"><rect/></a>'],
  ['a link that runs, in disguise', '<a href="&#106;avascript:alert(1)"><rect/></a>'],
  ['an SVG inside the SVG', '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>'],
  ['a style from elsewhere', '<style>@import "https://evil.example.net/a.css";</style>'],
  [
    'a font from elsewhere',
    '<style>@font-face{font-family:a;src:url( "https://evil.example.net/a.woff2")}</style>',
  ],
  ['a handler after a bracket', '<rect a=">" onload="alert(1)"/>'],
  [
    'a picture from elsewhere under another prefix',
    '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="https://evil.example.net/pixel.png"/>',
  ],
  [
    'a set of pictures from elsewhere',
    '<style>rect{background:image-set("https://evil.example.net/x.png" 1x)}</style>',
  ],
  ['a style from elsewhere, in disguise', '<style>@\\69mport "https://evil.example.net/a.css";</style>'],
  ['a style from elsewhere, in two pieces', '<style>@im<!-- -->port "a.css";</style>'],
  ['a style from elsewhere, in CDATA', '<style>@im<![CDATA[port "a.css";]]></style>'],
  ['a colour from elsewhere', '<rect fill="url(https://evil.example.net/a.svg#b)"/>'],
  ['a colour from elsewhere, in disguise', '<rect fill="u\\72l(https://evil.example.net/a.svg#b)"/>'],
  ['a style attribute from elsewhere', '<rect style="fill:url(&#34;//evil.example.net/a.svg#b&#34;)"/>'],
  ['another base', '<g xml:base="https://evil.example.net/a.svg"><use href="#b"/></g>'],
  [
    'a picture of HTML',
    '<h:picture xmlns:h="http://www.w3.org/1999/xhtml"><h:source srcset="https://evil.example.net/a"/></h:picture>',
  ],
  ['something after its end', '</svg><script>alert(1)</script><svg>'],
  ['references after its end', `</svg>${'&#60;'.repeat(20_000)}<svg>`],
  ['an animated address', '<a><set attributeName="href" to="javascript:alert(1)"/></a>'],
].map(([name = '', inside = '']) => ({
  name: `an SVG with ${name}`,
  bytes: svg(inside),
  refused: ['document-unreadable'],
}))

const SVG_FORMS: readonly HostileDocument[] = [
  {
    name: 'an SVG with entities that grow',
    bytes: async () =>
      utf8(
        `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>`,
      ),
    refused: ['document-unreadable'],
  },
  {
    name: 'an SVG with an entity from a file',
    bytes: text(
      '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>',
    ),
    refused: ['document-unreadable'],
  },
  {
    name: 'an SVG with two badges',
    bytes: async () => {
      const baked = new TextDecoder().decode(await svg('<rect/>')())
      const element = /<openbadges:credential>.*<\/openbadges:credential>/s.exec(baked)?.[0] ?? ''
      return utf8(baked.replace('<rect/>', `<rect/>${element}`))
    },
    refused: ['document-unreadable'],
  },
  {
    name: 'an SVG of more than a megabyte',
    bytes: async () =>
      utf8(new TextDecoder().decode(await svg('<rect/>')()).replace('<rect/>', '<g/>'.repeat(300_000))),
    refused: ['document-unreadable'],
  },
  {
    name: 'an SVG in another encoding',
    bytes: svg('<rect/>', '<?xml version="1.0" encoding="utf-7"?>'),
    refused: ['document-unreadable'],
  },
  {
    name: 'an SVG with a stylesheet from elsewhere',
    bytes: svg('<rect/>', '<?xml-stylesheet href="https://evil.example.net/a.css"?>'),
    refused: ['document-unreadable'],
  },
  {
    name: 'an SVG of a hundred thousand open elements',
    bytes: text(`<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(100_000)}`),
    refused: ['document-unreadable'],
  },
  {
    name: 'HTML with an SVG in it',
    bytes: async () =>
      utf8(`<html><script>alert(1)</script>${new TextDecoder().decode(await svg('<rect/>')())}</html>`),
    refused: ['document-unreadable'],
  },
]

/** One grey point. */
const PLAIN_PNG = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
)

const baked = async () => bakePng(PLAIN_PNG, JSON.stringify(await goodBadge()))
const chunksOf = (png: Uint8Array) => (readPngChunks(png) ?? []).map(({ bytes }) => bytes)

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(utf8(type), data)
  const whole = new Uint8Array(body.length + 8)
  const view = new DataView(whole.buffer)
  view.setUint32(0, data.length)
  whole.set(body, 4)
  view.setUint32(body.length + 4, zlibCrc(body))
  return whole
}

const PNGS: readonly HostileDocument[] = [
  {
    name: 'a PNG with two badges',
    bytes: async () => {
      const [header, badge, ...rest] = chunksOf(await baked())
      const second = textChunk(BADGE_KEYWORD, JSON.stringify(await goodBadge({ name: 'Another' })))
      return writePng([header, badge, second, ...rest].filter((each) => each !== undefined))
    },
    refused: ['document-unreadable'],
  },
  {
    name: 'a PNG with a bomb for a badge',
    bytes: async () => {
      const [header, , ...rest] = chunksOf(await baked())
      const bomb = chunk('iTXt', concat(utf8(BADGE_KEYWORD), Uint8Array.of(0, 1, 0, 0, 0), await zeros(1024)))
      return writePng([header, bomb, ...rest].filter((each) => each !== undefined))
    },
    refused: ['document-unreadable'],
  },
  {
    name: 'a PNG that is torn',
    bytes: async () => (await baked()).subarray(0, 300),
    refused: ['document-unreadable'],
  },
  {
    name: 'a PNG whose badge was changed',
    bytes: async () => {
      const png = (await baked()).slice()
      png[120] = (png[120] ?? 0) ^ 1
      return png
    },
    refused: ['document-unreadable'],
  },
  {
    name: 'a PNG with a length that leads out of the file',
    bytes: async () => {
      const png = (await baked()).slice()
      new DataView(png.buffer).setUint32(33, 0xfffffff0)
      return png
    },
    refused: ['document-unreadable'],
  },
  {
    name: 'a PNG with a ZIP behind it',
    bytes: async () => concat(await baked(), utf8('PK\u0003\u0004'), new Uint8Array(64)),
    refused: ['document-unreadable'],
  },
  {
    name: 'another picture around a good badge',
    bytes: async () => {
      const image = { id: `https://stranger.example.net/images/${'ab'.repeat(32)}.png`, type: 'Image' }
      const bare = unsigned()
      const subject = bare['credentialSubject'] as JsonObject
      const achievement = { ...(subject['achievement'] as JsonObject), image }
      const badge = await goodBadge({ credentialSubject: { ...subject, achievement } })
      return bakePng(PLAIN_PNG, JSON.stringify(badge))
    },
    refused: ['image-swapped'],
    isProved: true,
  },
  {
    name: 'a PDF with a badge in it',
    bytes: async () => concat(utf8('%PDF-1.7\n'), json(await goodBadge())),
    refused: ['document-unreadable'],
  },
  {
    name: 'a GIF with an SVG in it',
    bytes: async () => concat(utf8('GIF89a'), await svg('<rect/>')()),
    refused: ['document-unreadable'],
  },
  {
    name: 'a ZIP',
    bytes: async () => concat(utf8('PK\u0003\u0004'), json(await goodBadge())),
    refused: ['document-unreadable'],
  },
]

/** What a good signature covers is asked for, and only where it is an address of the open web. */
const STATUSES: readonly HostileDocument[] = [
  ['a file', 'file:///etc/passwd'],
  ['a script', 'javascript:alert(1)'],
  ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data'],
  ['no address', 'not an address'],
].map(([name = '', statusListCredential = '']) => ({
  name: `a status list at ${name}`,
  bytes: asIs({
    credentialStatus: {
      id: 'urn:a',
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '7',
      statusListCredential,
    },
  }),
  refused: ['status-malformed'],
  isProved: true as const,
}))

const entry = (statusListIndex: Json): JsonObject => ({
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex,
  statusListCredential: LIST,
})

const MORE_STATUSES: readonly HostileDocument[] = [
  {
    name: 'a hundred status lists',
    bytes: asIs({ credentialStatus: Array.from({ length: 100 }, (_, at) => entry(String(at))) }),
    refused: ['status-malformed'],
    isProved: true,
  },
  {
    name: 'an index that is no index',
    bytes: asIs({ credentialStatus: entry('-1') }),
    refused: ['status-malformed'],
    isProved: true,
  },
]

/** Endorsements of endorsements of endorsements: only those of the badge are looked at. */
function endorsing(depth: number): JsonObject {
  const bare: JsonObject = {
    '@context': [V2, OB],
    id: `urn:uuid:7f0a1d5e-0000-4000-8000-0000000001${String(depth).padStart(2, '0')}`,
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'An endorsement',
    issuer: HOSTILE,
    validFrom: '2026-11-25T10:00:00Z',
    credentialSubject: { id: HOSTILE, type: ['EndorsementSubject'] },
  }
  return signedAsIs(depth === 0 ? bare : { ...bare, endorsement: [endorsing(depth - 1)] })
}

const NESTS: readonly HostileDocument[] = [
  {
    name: 'endorsements within endorsements',
    bytes: document(async () => signedAsIs({ ...unsigned(), endorsement: [endorsing(15)] })),
    refused: ['issuer-unknown'],
    isProved: true,
  },
  {
    name: 'thirty endorsements',
    bytes: document(() =>
      signedAsIs({ ...unsigned(), endorsement: Array.from({ length: 30 }, () => endorsing(0)) }),
    ),
    refused: ['endorsements-left-out'],
    isProved: true,
  },
  {
    name: 'names that hide and turn around',
    bytes: asIs({
      name: '\u202Egpj.egdab\u200b\u2066',
      issuer: { id: HOSTILE, type: ['Profile'], name: '\u200b' },
    }),
    refused: ['issuer-unknown'],
    isProved: true,
  },
  {
    name: 'ids that run when somebody clicks on them',
    bytes: asIs({
      id: 'javascript:alert(1)',
      issuer: {
        id: HOSTILE,
        type: ['Profile'],
        url: 'javascript:alert(1)',
        name: '<img src=x onerror=alert(1)>',
      },
    }),
    refused: ['issuer-unknown'],
    isProved: true,
  },
]

export const HOSTILE_DOCUMENTS: readonly HostileDocument[] = [
  ...CONTEXTS,
  ...SECOND_PLACES,
  ...SIGNED_CONTEXTS,
  ...SIZES,
  ...STRICT_JSON,
  ...PROOFS,
  ...TOKENS,
  ...SVGS,
  ...SVG_FORMS,
  ...PNGS,
  ...STATUSES,
  ...MORE_STATUSES,
  ...NESTS,
  ...HEAVY_DOCUMENTS,
]

/** So many megabytes of zeros as zlib packs them, made from one packed megabyte. */
async function zeros(megabytes: number): Promise<Uint8Array> {
  const one = await packedMegabyte()
  return concat(...Array.from({ length: megabytes }, () => one))
}

let packed: Promise<Uint8Array> | undefined
function packedMegabyte(): Promise<Uint8Array> {
  packed ??= new Promise((resolve, reject) => {
    const parts: Uint8Array[] = []
    const deflate = createDeflateRaw({ level: 9 })
    deflate.on('data', (part: Uint8Array) => parts.push(part)).on('error', reject)
    deflate.write(new Uint8Array(1024 * 1024))
    // Ends on a byte, and remembers nothing of what was before: such blocks can follow each other.
    deflate.flush(constants.Z_FULL_FLUSH, () => resolve(concat(...parts)))
  })
  return packed
}

/** A status list of two gigabytes of zeros in two megabytes of gzip. */
export async function statusListBomb(): Promise<string> {
  const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)
  return `u${toBase64Url(concat(header, await zeros(2048)))}`
}

export const STRANGERS_KEY = didKeyOf(HOSTILE_KEY.publicKeyMultibase)
