import fc from 'fast-check'
import { expect, test } from 'vitest'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { generateIssuingKey } from '#adapters/crypto/issuing-key.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { OB_EXTENSIONS_CONTEXT } from '#engine/credentials/contexts.ts'
import { buildDidDocument } from '#engine/credentials/did-document.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { standingDocument } from '#engine/verification/achievement-standing.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import { fakeSources } from '#test/verification/fake-sources.ts'
import { type AnchorSetting, anchoredBadge } from '#test/verification/sample-anchor.ts'
import {
  achievement,
  badge,
  DID,
  didDocument,
  issuingKey,
  keyOf,
  LIST,
  NOW,
  sign,
  signedBadge,
  signedToken,
  statusList,
  suite,
  verifierOf,
} from '#test/verification/sample-issuer.ts'
import { signedByAnother } from '#test/verification/signed-by-another.ts'

/** The checks that neither passed nor were beside the point, as `name: outcome code`. */
const doubts = ({ checks }: VerificationReport) =>
  checks
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
    .map(({ name, outcome, code }) => `${name}: ${outcome} ${code}`)

const HOUR_MS = 3_600_000

test('a badge of a known issuer is valid, and the report says of what it is and as of when', async () => {
  const report = await verifierOf().verify({ document: await signedBadge() })
  expect(report.verdict).toBe('valid')
  expect(report.checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'format passed',
    'schema passed',
    'proof passed',
    'issuer passed',
    'status passed',
    'validity passed',
    'anchor not_applicable',
    'achievement not_applicable',
    'image not_applicable',
    'endorsements not_applicable',
    'recipient not_applicable',
  ])
  expect(report.checks.find(({ name }) => name === 'status')?.at).toBe(NOW)
  expect(report.credential).toMatchObject({
    name: 'First aid at work',
    test: false,
    issuer: { id: DID, domain: 'badges.example.org', known: true },
    achievement: { name: 'First aid at work', version: '1' },
    subjectId: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000002',
  })
  expect(report.notProved.length).toBeGreaterThan(0)
})

test('an issuer that nobody knows leaves a good signature undecided', async () => {
  const report = await verifierOf({ trust: { look: async () => undefined } }).verify({
    document: await signedBadge(),
  })
  expect(report.verdict).toBe('undecided')
  expect(doubts(report)).toEqual(['issuer: unknown issuer-unknown'])
  expect(report.checks.find(({ name }) => name === 'proof')?.outcome).toBe('passed')
})

test('every text and number of a badge, changed one at a time, makes it invalid', async () => {
  const signed = await signedBadge({
    validUntil: asInstant(NOW + HOUR_MS),
    narrative: 'Did well.',
    results: [{ resultDescription: 'urn:x:r', value: '8' }],
  })
  const paths = leavesOf(signed)
  expect(paths.length).toBeGreaterThan(40)
  const verifier = verifierOf()
  for (const path of paths) {
    const report = await verifier.verify({ document: changedAt(signed, path, flip) as JsonObject })
    expect(report.verdict, path.join('/')).not.toBe('valid')
    // Where the name of the suite or of a context is hit, nobody can tell any more; everywhere else it is bad.
    if (path.at(-1) !== 'cryptosuite' && path.join('/') !== 'proof/0/type')
      expect(report.verdict, path.join('/')).toBe('invalid')
  }
})

test('what is changed shows in the check that it concerns', async () => {
  const signed = await signedBadge()
  const code = async (document: JsonObject) => doubts(await verifierOf().verify({ document }))
  expect(await code({ ...signed, name: 'First aid at sea' })).toContain('proof: failed proof-signature-wrong')
  expect(
    await code(changedAt(signed, ['credentialSubject', 'id'], () => 'urn:uuid:other') as JsonObject),
  ).toContain('proof: failed proof-signature-wrong')
  expect(await code({ ...signed, anchor: 'x' })).toContain('proof: failed json-ld-refused')
  expect(await code({ ...signed, issuer: 'did:web:elsewhere.example.org' })).toContain(
    'proof: failed proof-key-not-of-issuer',
  )
  expect(await code({ ...signed, proof: [] })).toContain('proof: failed proof-missing')
  expect(
    await code({ ...signed, type: ['VerifiableCredential', 'OpenBadgeCredential', 'Diploma'] }),
  ).toContain('proof: failed json-ld-refused')
  expect(
    await code(changedAt(signed, ['credentialSubject', 'achievement', 'criteria'], () => null) as JsonObject),
  ).toContain('schema: failed schema-breached')
  const { issuer: _, ...anonymous } = signed
  expect(await code(anonymous)).toEqual(['format: failed issuer-missing'])
  expect(await code({ hello: 'world' })).toEqual(['format: failed not-a-credential'])
})

test('what names the schema that it keeps to is held to it, and one that nobody knows is told of', async () => {
  const address =
    'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json'
  const naming = async (id: string, change: object = {}) => {
    const unsigned = buildBadgeCredential(badge())
    const contexts = [...(unsigned['@context'] as readonly string[]), OB_EXTENSIONS_CONTEXT]
    const credentialSchema = [{ id, type: '1EdTechJsonSchemaValidator2019' }]
    const document = { ...unsigned, '@context': contexts, credentialSchema, ...change }
    // Signed as it is: what is unfit, nobody here would sign.
    const signed = await suite.sign(document as unknown as PreparedCredential, issuingKey, NOW)
    return verifierOf().verify({ document: signed })
  }
  expect(await naming(address)).toMatchObject({ verdict: 'valid' })
  const breached = await naming(address, { evidence: [{ type: ['Evidence'], name: 7 }] })
  expect([breached.verdict, doubts(breached)]).toEqual(['invalid', ['schema: failed named-schema-breached']])
  const unknown = await naming('https://schemas.example.org/badge.json')
  // That one is told, and does not decide: the signature does.
  expect([unknown.verdict, doubts(unknown)]).toEqual(['valid', ['schema: unknown schema-unknown']])
})

test('a key that the document brings along counts for nothing', async () => {
  const stranger = keyOf(DID, 9)
  const signed = await sign(buildBadgeCredential(badge()), stranger)
  expect(doubts(await verifierOf().verify({ document: signed }))).toContain('proof: failed proof-key-unknown')
  const own = didKeyOf(stranger.publicKeyMultibase)
  const byDidKey = await sign(buildBadgeCredential(badge()), keyOf(own, 9))
  expect(doubts(await verifierOf().verify({ document: byDidKey }))).toContain(
    'proof: failed proof-key-not-of-issuer',
  )
})

test('an issuer with a did:key is resolved without asking anybody, and stays unknown', async () => {
  const { publicKeyMultibase } = keyOf('x', 9)
  const did = didKeyOf(publicKeyMultibase)
  const signed = await sign(buildBadgeCredential(badge({ issuer: { did, name: 'Somebody' } })), keyOf(did, 9))
  const resolve = async (asked: string) => (asked === DID ? didDocument() : expect.unreachable())
  const report = await verifierOf({ resolver: { resolve } }).verify({ document: signed })
  // The list is the sample institute's, so it says nothing about a badge of somebody else.
  expect(doubts(report)).toEqual(['issuer: unknown issuer-unknown', 'status: unknown status-untrusted'])
  expect(report.credential?.issuer?.domain).toBeUndefined()
})

test('a DID that cannot be fetched leaves a badge undecided, and one that is gone makes it invalid', async () => {
  const document = await signedBadge()
  const away = await verifierOf({ resolver: { resolve: async () => 'unavailable' } }).verify({ document })
  expect([away.verdict, ...doubts(away)]).toEqual([
    'undecided',
    'proof: unknown issuer-unavailable',
    'status: unknown status-not-looked-up',
  ])
  const gone = await verifierOf({ resolver: { resolve: async () => 'not_found' } }).verify({ document })
  expect(gone.verdict).toBe('invalid')
  const other = await verifierOf({
    resolver: { resolve: async () => ({ ...didDocument(), id: 'did:web:elsewhere.example.org' }) },
  }).verify({ document })
  expect(other.verdict).toBe('invalid')
})

test('a retired key still vouches for what it signed, a compromised one no more', async () => {
  const document = await signedBadge()
  const verdict = async (state: Parameters<typeof didDocument>[0]) =>
    (await verifierOf({ resolver: { resolve: async () => didDocument(state) } }).verify({ document })).verdict
  expect(await verdict({ kind: 'retired' })).toBe('valid')
  expect(await verdict({ kind: 'compromised', since: asInstant(NOW - HOUR_MS) })).toBe('invalid')
})

test.each([
  ['a block held before', {}, true, 'passed signature-holds-by-block'],
  ['nobody shows a receipt of', {}, false, 'failed proof-key-revoked'],
  ['no block holds', { chain: 'unknown_batch' }, true, 'failed proof-key-revoked'],
  ['a silent chain may hold', { chain: 'unavailable' }, true, 'unknown proof-key-unwitnessed'],
] as const)('a badge under a compromised key that %s', async (_name, setting, isHanded, expected) => {
  const { document, receipt, needs } = await anchoredBadge({ independent: true, ...setting })
  const resolver = {
    resolve: async () => didDocument({ kind: 'compromised', since: asInstant(NOW + HOUR_MS) }),
  }
  const verifier = verifierOf({ ...needs, resolver })
  const { checks } = await verifier.verify({ document, ...(isHanded ? { receipt } : {}) })
  const proof = checks.find(({ name }) => name === 'proof')
  expect(`${proof?.outcome} ${proof?.code}`).toBe(expected)
})

async function listWithTtl(ttl: number | string, revoked: readonly number[] = []): Promise<JsonObject> {
  const { credentialSubject: subject = null, ...list } = withoutProof(await statusList(revoked))
  return sign({ ...list, credentialSubject: { ...(subject as JsonObject), ttl } })
}

test.each([
  ['revoked', () => statusList([94_567]), 'status: failed revoked'],
  ['not revoked, with its neighbours revoked', () => statusList([94_566, 94_568]), undefined],
  ['a list that may be kept for no time', () => listWithTtl(0), undefined],
  ['a ttl that is no number', () => listWithTtl('300000'), 'status: unknown status-untrusted'],
  ['a ttl below zero', () => listWithTtl(-1), 'status: unknown status-untrusted'],
  ['revoked, with a ttl that is no number', () => listWithTtl('x', [94_567]), 'status: failed revoked'],
  ['a list that cannot be fetched', async () => 'unavailable' as const, 'status: unknown status-unavailable'],
  [
    'a list that was changed after signing',
    async () => ({ ...(await statusList()), validFrom: '2026-01-01T00:00:00Z' }),
    'status: unknown status-untrusted',
  ],
  [
    'a list without a proof',
    async () => ({ ...(await statusList()), proof: [] }),
    'status: unknown status-untrusted',
  ],
  [
    'a list by somebody else',
    () =>
      statusList(
        [],
        didKeyOf(keyOf('x', 9).publicKeyMultibase),
        keyOf(didKeyOf(keyOf('x', 9).publicKeyMultibase), 9),
      ),
    'status: unknown status-untrusted',
  ],
  [
    'a set bit in a list by somebody else that the badge names',
    () =>
      statusList(
        [94_567],
        didKeyOf(keyOf('x', 9).publicKeyMultibase),
        keyOf(didKeyOf(keyOf('x', 9).publicKeyMultibase), 9),
      ),
    'status: failed revoked',
  ],
  [
    'another list of the same issuer in its place',
    async () => sign({ ...withoutProof(await statusList()), id: `${LIST}0` }),
    'status: unknown status-untrusted',
  ],
  [
    'a list as long as those of the Digital Credentials Consortium',
    () => statusList([], DID, issuingKey, 100_000),
    undefined,
  ],
  [
    'a list in which few can hide',
    () => statusList([], DID, issuingKey, 100_000 - 8),
    'status: unknown status-untrusted',
  ],
  [
    'a set bit in a list in which few can hide',
    () => statusList([94_567], DID, issuingKey, 100_000 - 8),
    'status: failed revoked',
  ],
  ['the badge itself as its list', () => signedBadge(), 'status: unknown status-untrusted'],
  ['a token that is none', async () => 'a.b.c', 'status: unknown status-untrusted'],
])('%s', async (_name, fetch, doubt) => {
  const report = await verifierOf({ statusLists: { fetch } }).verify({ document: await signedBadge() })
  expect(doubts(report)).toEqual(doubt === undefined ? [] : [doubt])
})

test('a list with a base proof says nothing, as no verifier takes one', async () => {
  const { publicKeyMultibase, secretKey } = generateIssuingKey('P-256')
  const key = signingKeyOf(DID, secretKey, undefined, 'P-256')
  const { proof: _, ...list } = await statusList()
  const signed = (cryptosuite: 'ecdsa-sd-2023' | 'ecdsa-rdfc-2019') =>
    suite.sign(list as unknown as PreparedCredential, key, NOW, { cryptosuite })
  const document = await signedBadge()
  const issuer = buildDidDocument({
    did: DID,
    issuingKeys: [issuingKey.publicKeyMultibase, publicKeyMultibase].map((key) => ({
      publicKeyMultibase: key,
      state: { kind: 'active' },
    })),
    anchoring: [],
  })
  const doubtsWith = async (served: JsonObject) => {
    const sources = fakeSources(new Map([[DID, issuer]]))
    const verifier = verifierOf({ resolver: sources, statusLists: { fetch: async () => served } })
    return doubts(await verifier.verify({ document }))
  }
  expect(await doubtsWith(await signed('ecdsa-rdfc-2019'))).toEqual([])
  expect(await doubtsWith(await signed('ecdsa-sd-2023'))).toEqual(['status: unknown status-untrusted'])
})

test('no address that a document names is followed before its proof holds', async () => {
  const asked: string[] = []
  const statusLists = {
    fetch: async (url: string) => {
      asked.push(url)
      return 'unavailable' as const
    },
  }
  await verifierOf({ statusLists }).verify({ document: { ...(await signedBadge()), name: 'changed' } })
  expect(asked).toEqual([])
  await verifierOf({ statusLists }).verify({ document: await signedBadge() })
  expect(asked).toEqual([LIST])
})

test.each([
  ['ftp://badges.example.org/list', '5'],
  ['http://badges.example.org/list', '5'],
  [LIST, '-1'],
  [LIST, '99999999999'],
  [LIST, '5.5'],
])('a status at %s, index %s, is malformed', async (list, index) => {
  const unsigned = buildBadgeCredential(badge())
  const status = {
    ...(unsigned['credentialStatus'] as JsonObject),
    statusListCredential: list,
    statusListIndex: index,
  }
  // Ours are held to the data model before they are signed; others' are not.
  const unfit = { ...unsigned, credentialStatus: status } as unknown as PreparedCredential
  const document = await suite.sign(unfit, issuingKey, NOW)
  expect(doubts(await verifierOf().verify({ document }))).toEqual(['status: failed status-malformed'])
})

const entryFor = (statusPurpose: string, more: JsonObject = {}): JsonObject => ({
  type: 'BitstringStatusListEntry',
  statusPurpose,
  statusListIndex: '94567',
  statusListCredential: `${LIST}-${statusPurpose}`,
  ...more,
})

const SEVERAL_BITS = { statusSize: 2, statusMessage: [] }

/** Lists of one purpose each, at an address that ends in it. */
const listsWith = (set: readonly string[]) => ({
  fetch: async (url: string): Promise<JsonObject> => {
    const purpose = url.slice(LIST.length + 1)
    const { proof: _, ...list } = await statusList(set.includes(purpose) ? [94_567] : [])
    const subject = { ...(list['credentialSubject'] as JsonObject), statusPurpose: purpose }
    return sign({ ...list, id: url, credentialSubject: subject })
  },
})

test.each<[readonly JsonObject[], readonly string[], string, string]>([
  [[entryFor('revocation')], [], 'not-revoked', 'valid'],
  [[entryFor('revocation')], ['revocation'], 'revoked', 'invalid'],
  [[entryFor('suspension')], [], 'not-suspended', 'valid'],
  [[entryFor('suspension')], ['suspension'], 'suspended', 'invalid'],
  [[entryFor('suspension'), entryFor('revocation')], [], 'not-revoked', 'valid'],
  [[entryFor('suspension'), entryFor('revocation')], ['suspension'], 'suspended', 'invalid'],
  [[entryFor('suspension'), entryFor('revocation')], ['suspension', 'revocation'], 'revoked', 'invalid'],
  [[entryFor('refresh')], [], 'status-of-other-purpose', 'valid'],
  [[entryFor('refresh')], ['refresh'], 'status-of-other-purpose', 'valid'],
  [[entryFor('message', SEVERAL_BITS)], ['message'], 'status-of-other-purpose', 'valid'],
  [[entryFor('message', SEVERAL_BITS), entryFor('revocation')], ['message'], 'not-revoked', 'valid'],
  [[...Array(4).fill(entryFor('refresh')), entryFor('revocation')], [], 'not-revoked', 'valid'],
  [Array(5).fill(entryFor('revocation')), [], 'status-malformed', 'invalid'],
  [[entryFor('refresh'), entryFor('revocation')], ['refresh', 'revocation'], 'revoked', 'invalid'],
  [[entryFor('refresh'), entryFor('suspension')], ['refresh'], 'not-suspended', 'valid'],
  [[entryFor('refresh'), entryFor('suspension', { statusSize: 2 })], [], 'status-unsupported', 'undecided'],
])('of the entries %j with the bits of %j set: %s, %s', async (credentialStatus, set, code, verdict) => {
  // The schema knows one entry, and what is signed here is held to it; others sign tokens.
  const document = await signedToken({ ...buildBadgeCredential(badge()), credentialStatus })
  const report = await verifierOf({ statusLists: listsWith(set) }).verify({ document })
  expect(report.checks.find(({ name }) => name === 'status')).toMatchObject({ code })
  expect(report.verdict).toBe(verdict)
})

const CREDENTIALS = 'https://www.w3.org/2018/credentials#'
const DATE_TIME = 'http://www.w3.org/2001/XMLSchema#dateTime'

/** The same statements to JSON-LD, and others to whoever reads the JSON: the signature alone would still hold. */
test.each<[string, (document: JsonObject) => JsonObject]>([
  [
    'an end under its full name',
    ({ validUntil, ...rest }) => ({
      ...rest,
      [`${CREDENTIALS}validUntil`]: { '@value': validUntil ?? '', '@type': DATE_TIME },
    }),
  ],
  [
    'a status under its full name',
    ({ credentialStatus, ...rest }) => ({
      ...rest,
      [`${CREDENTIALS}credentialStatus`]: credentialStatus ?? '',
    }),
  ],
  [
    'a status under a name of its own',
    ({ credentialStatus, ...rest }) => ({
      ...rest,
      '@context': [
        ...(rest['@context'] as Json[]),
        { other: { '@id': `${CREDENTIALS}credentialStatus`, '@type': '@id' } },
      ],
      other: credentialStatus ?? '',
    }),
  ],
  [
    'a member that a context of its own makes void',
    (document) => ({
      ...document,
      '@context': [...(document['@context'] as Json[]), { degree: null }],
      degree: 'Doctor',
    }),
  ],
  [
    'a context of its own further down',
    (document) =>
      changedAt(document, ['credentialSubject'], (subject) => ({
        ...(subject as JsonObject),
        '@context': { degree: null },
        degree: 'Doctor',
      })) as JsonObject,
  ],
  ['an id under its keyword', ({ id, ...rest }) => ({ ...rest, '@id': id ?? '' })],
  [
    'an end that is moved to a second node of the same id',
    ({ validUntil, ...rest }) => ({
      ...rest,
      credentialSubject: {
        ...(rest['credentialSubject'] as JsonObject),
        '@included': [{ id: rest['id'] ?? '', validUntil: validUntil ?? '' }],
      },
    }),
  ],
])('%s does not pass for what was signed', async (_name, disguise) => {
  // Expired and revoked: a reader who overlooks either would take it for valid.
  const signed = await signedBadge({ validUntil: asInstant(NOW - 1000) })
  const report = await verifierOf({ statusLists: { fetch: () => statusList([94_567]) } }).verify({
    document: disguise(signed),
  })
  expect(doubts(report)).toContain('proof: failed json-ld-refused')
})

test('a member that says nothing to JSON-LD does not pass unseen', async () => {
  const report = await verifierOf().verify({ document: { ...(await signedBadge()), degree: null } })
  expect(report.verdict).toBe('invalid')
})

test('a node of the same id as the badge elsewhere in it, which could hold what was taken from it, is refused', async () => {
  const unsigned = buildBadgeCredential(badge({ validUntil: asInstant(NOW - 1000) }))
  const types = ['Evidence', 'VerifiableCredential', 'OpenBadgeCredential']
  const evidence = [{ id: unsigned['id'] ?? '', type: types, name: 'Itself' }]
  // We would not sign it: another issuer may.
  const { validUntil, ...moved } = await signedByAnother({ ...unsigned, evidence })
  const document = { ...moved, evidence: [{ ...evidence[0], validUntil: validUntil ?? '' }] } as JsonObject
  expect(doubts(await verifierOf().verify({ document }))).toEqual([
    'proof: failed json-ld-refused',
    'status: unknown status-not-looked-up',
  ])
})

test('dates decide: expired, not yet valid, in date', async () => {
  const of = async (change: Parameters<typeof badge>[0]) =>
    doubts(await verifierOf().verify({ document: await signedBadge(change) }))
  expect(await of({ validUntil: asInstant(NOW - 1000) })).toEqual(['validity: failed expired'])
  expect(await of({ validFrom: asInstant(NOW + HOUR_MS) })).toEqual(['validity: failed not-yet-valid'])
  expect(await of({ validUntil: asInstant(NOW + 1000) })).toEqual([])
})

test.each<[string, AnchorSetting, string, string | undefined]>([
  ['an anchor that holds', {}, 'valid', undefined],
  [
    'a chain that cannot be asked',
    { chain: 'unavailable' },
    'undecided',
    'anchor: unknown chain-unavailable',
  ],
  [
    'a batch that is not on chain',
    { chain: 'unknown_batch' },
    'undecided',
    'anchor: unknown batch-not-on-chain',
  ],
  ['a revoked leaf', { revoked: 'leaf' }, 'invalid', 'anchor: failed anchor-revoked'],
  ['a revoked batch', { revoked: 'batch' }, 'invalid', 'anchor: failed anchor-revoked'],
  ['another size on chain', { size: 200 }, 'invalid', 'anchor: failed anchor-not-in-batch'],
  [
    'a key that may not act for the issuer',
    { unauthorised: true },
    'invalid',
    'anchor: failed anchor-unauthorised',
  ],
  [
    'an account that the issuer does not list',
    { unlisted: true },
    'invalid',
    'anchor: failed anchor-not-by-issuer',
  ],
  [
    'a receipt for another document',
    { receipt: { digest: `0x${'11'.repeat(32)}` } },
    'invalid',
    'anchor: failed receipt-mismatch',
  ],
  [
    'a receipt with another salt',
    { receipt: { salt: `0x${'11'.repeat(32)}` } },
    'invalid',
    'anchor: failed receipt-mismatch',
  ],
  [
    'a receipt with another root',
    { receipt: { root: `0x${'11'.repeat(32)}` } },
    'invalid',
    'anchor: failed receipt-mismatch',
  ],
  ['a receipt at another place', { receipt: { index: 0 } }, 'invalid', 'anchor: failed receipt-mismatch'],
  ['a receipt of another kind', { receipt: { kind: 2 } }, 'invalid', 'anchor: failed receipt-mismatch'],
  [
    'a receipt with a member too many',
    { receipt: { note: 'x' } },
    'invalid',
    'anchor: failed receipt-malformed',
  ],
])('%s', async (_name, setting, verdict, doubt) => {
  const { document, receipt, needs } = await anchoredBadge(setting)
  const report = await verifierOf(needs).verify({ document, receipt })
  expect([report.verdict, ...doubts(report)]).toEqual(doubt === undefined ? [verdict] : [verdict, doubt])
})

test('a chain that the issuer runs itself is named as not independent', async () => {
  const { document, receipt, needs } = await anchoredBadge({})
  const report = await verifierOf(needs).verify({ document, receipt })
  expect(report.checks.find(({ name }) => name === 'anchor')).toMatchObject({
    outcome: 'passed',
    code: 'anchored-not-independent',
  })
  expect(report.anchor).toMatchObject({ independent: false, size: 8 })
  const elsewhere = await anchoredBadge({ independent: true })
  const second = await verifierOf(elsewhere.needs).verify({
    document: elsewhere.document,
    receipt: elsewhere.receipt,
  })
  expect(second.checks.find(({ name }) => name === 'anchor')?.code).toBe('anchored')
})

test.each([
  ['deeper than 64', nested(65)],
  ['more than 4,000 values', { list: Array(4000).fill(1) }],
  ['longer than 1 MB', { text: 'x'.repeat(1024 * 1024 + 1) }],
  ['deeper than 64 inside a token', await signedToken({ nested: nested(65) })],
  ['more than 4,000 values inside a token', await signedToken({ list: Array(4000).fill(1) })],
])('a document %s is refused before any work', async (_name, document) => {
  const unreachable = async () => expect.unreachable()
  const verifier = verifierOf({ suite: { ...suite, verifyProofs: unreachable, verifyJwt: unreachable } })
  await expect(verifier.verify({ document })).rejects.toMatchObject({
    code: 'document-too-large',
    status: 413,
  })
})

test('whatever JSON object comes, there is an answer, and it is never that it is valid', async () => {
  const verifier = verifierOf()
  const json = fc.jsonValue({ maxDepth: 4 })
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        fc.constantFrom('@context', 'type', 'issuer', 'credentialSubject', 'proof', 'id', 'validFrom'),
        json,
      ),
      async (extra) => {
        const base = { ...buildBadgeCredential(badge()), ...(extra as JsonObject) }
        const { verdict } = await verifier.verify({ document: base })
        expect(verdict).not.toBe('valid')
      },
    ),
    { numRuns: 100 },
  )
})

test('the sample and local issuers are marked', async () => {
  const marked = await verifierOf().verify({ document: await signedBadge({ test: true }) })
  expect(marked.credential).toMatchObject({
    name: 'TEST First aid at work',
    test: true,
    achievement: { name: 'TEST First aid at work' },
  })
  const local = 'did:web:localhost%3A3000:issuers:sample'
  const key = keyOf(local, 3)
  const document = await sign(buildBadgeCredential(badge({ issuer: { did: local, name: 'Local' } })), key)
  expect((await verifierOf().verify({ document })).credential?.test).toBe(true)
})

function withoutProof({ proof: _, ...document }: JsonObject): JsonObject {
  return document
}

function nested(depth: number): JsonObject {
  let value: JsonObject = {}
  for (let at = 0; at < depth; at++) value = { value }
  return value
}

type Path = readonly (string | number)[]

function leavesOf(value: Json, path: Path = []): Path[] {
  if (isJsonArray(value)) return value.flatMap((item, at) => leavesOf(item, [...path, at]))
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]))
  return [path]
}

function changedAt(value: Json, [first, ...rest]: Path, change: (leaf: Json) => Json): Json {
  if (first === undefined) return change(value)
  if (isJsonArray(value))
    return value.map((item, at) => (at === first ? changedAt(item, rest, change) : item))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === first ? changedAt(member, rest, change) : member,
    ]),
  )
}

/** Changes one character in the middle, within its kind. */
function flip(leaf: Json): Json {
  if (typeof leaf !== 'string') return typeof leaf === 'number' ? leaf + 1 : !leaf
  const at = Math.floor(leaf.length / 2)
  const character = leaf[at] ?? ''
  const other = /\d/.test(character) ? String((Number(character) + 1) % 10) : character === 'x' ? 'y' : 'x'
  return leaf.slice(0, at) + other + leaf.slice(at + 1)
}

test('the key of the sample issuer is what the published multikey form says', () => {
  expect(issuingKey.verificationMethod).toBe(`${DID}#${issuingKey.publicKeyMultibase}`)
  expect(issuingKey.publicKeyMultibase).toMatch(/^z6Mk/)
})

test('a withdrawn achievement is told with its reason and decides nothing; no answer is another word', async () => {
  const document = await signedBadge()
  const asked: string[] = []
  const check = async (answer: JsonObject | 'not_found' | 'unavailable', given = document) => {
    const fetchStanding = async (url: string) => {
      asked.push(url)
      return answer
    }
    const report = await verifierOf({ standings: { fetchStanding } }).verify({ document: given })
    const { code, outcome, reason } = report.checks.find(({ name }) => name === 'achievement') ?? {}
    return [report.verdict, outcome, code, ...(reason === undefined ? [] : [reason])]
  }
  const standing = (state: 'published' | 'withdrawn'): JsonObject => ({
    ...standingDocument({
      achievementId: achievement.id,
      issuerDid: DID,
      versions: [{ version: '1', state, end: { at: NOW, reason: 'The test was leaked.' } }],
    }),
  })
  expect(await check(standing('withdrawn'))).toEqual([
    'valid',
    'failed',
    'achievement-withdrawn',
    'The test was leaked.',
  ])
  expect(asked).toEqual([`${achievement.id}/standing`])
  expect(await check(standing('published'))).toEqual(['valid', 'passed', 'achievement-stands'])
  expect(await check('not_found')).toEqual(['valid', 'not_applicable', 'achievement-not-looked-up'])
  expect(await check('unavailable')).toEqual(['valid', 'unknown', 'achievement-unavailable'])
  expect(await check({ ...standing('withdrawn'), issuer: 'did:web:x.example' })).toEqual([
    'valid',
    'unknown',
    'achievement-unavailable',
  ])
  // Nothing that an altered document names is followed.
  asked.length = 0
  expect(await check(standing('withdrawn'), { ...document, name: 'Other' })).toEqual([
    'invalid',
    'not_applicable',
    'achievement-not-looked-up',
  ])
  expect(asked).toEqual([])
})
