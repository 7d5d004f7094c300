import { expect, test } from 'vitest'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import type { IssuerHistory } from '#engine/anchoring/issuer-history.ts'
import { deriveIssuerId } from '#engine/anchoring/issuer-id.ts'
import { buildDidDocument } from '#engine/credentials/did-document.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import type { IssuerHistories } from '#services/ports/verification-sources.ts'
import { anchoredBadge } from '#test/verification/sample-anchor.ts'
import {
  anchoringKey,
  DID,
  issuingKey,
  keyOf,
  NOW,
  statusList,
  verifierOf,
} from '#test/verification/sample-issuer.ts'
import type { VerifierNeeds } from './verify-credential.ts'

const NUMBER = deriveIssuerId(DID, anchoringKey.address, keccak256)
/** When `sample-anchor.ts` says that the batch was anchored, and `sample-issuer.ts` that the proof was made. */
const ANCHORED = NOW - 60_000

const published = (validFrom: number, validUntil: number) => ({
  verificationMethod: issuingKey.verificationMethod,
  validFrom: asInstant(validFrom),
  validUntil: asInstant(validUntil),
})

const history = (change: Partial<IssuerHistory> = {}): IssuerHistory => ({
  did: DID,
  firstKey: anchoringKey.address,
  metadata: [],
  issuingKeys: [published(ANCHORED - 1000, NOW + 1000)],
  ...change,
})

const saying = (answer: Awaited<ReturnType<IssuerHistories['readHistory']>>): IssuerHistories => ({
  readHistory: async () => answer,
})

/** Verifies the anchored sample badge with its site gone. */
async function verifyWithoutSite(
  change: Partial<VerifierNeeds> = {},
  setting: Parameters<typeof anchoredBadge>[0] = {},
): Promise<VerificationReport> {
  const { document, receipt, needs } = await anchoredBadge(setting)
  return verifierOf({
    ...needs,
    resolver: { resolve: async () => 'unavailable' },
    statusLists: { fetch: async () => 'unavailable' },
    trust: { look: async (id) => (id === NUMBER ? { by: 'list' } : undefined) },
    histories: saying(history()),
    ...change,
  }).verify({ document, receipt })
}

const codes = (report: VerificationReport) =>
  Object.fromEntries(report.checks.map(({ name, code }) => [name, code]))

test.each(['unavailable', 'not_found'] as const)(
  'a badge is valid when its did.json is %s, by what the chain records of an issuer that is known by its number',
  async (answer) => {
    const report = await verifyWithoutSite({ resolver: { resolve: async () => answer } })
    expect(report.verdict).toBe('valid')
    expect(codes(report)).toMatchObject({
      proof: 'signature-holds-by-chain',
      issuer: 'issuer-known-on-chain',
      status: 'not-revoked-on-chain',
      anchor: 'anchored-not-independent',
    })
    expect(report.credential?.issuer).toMatchObject({ recordedAs: NUMBER, domain: 'badges.example.org' })
  },
)

test('knowing the DID or its domain is not enough, as anybody can record it on a chain', async () => {
  const report = await verifyWithoutSite({
    trust: { look: async (id) => (id === DID ? { by: 'list' } : undefined) },
  })
  expect(report.verdict).toBe('undecided')
  expect(codes(report)).toMatchObject({ proof: 'signature-holds-by-chain', issuer: 'issuer-recorded-only' })
})

test('while did.json can be read it is what counts, and the chain is not asked for keys', async () => {
  const { needs } = await anchoredBadge({})
  const report = await verifyWithoutSite({
    ...needs,
    trust: { look: async (id) => (id === DID ? { by: 'list' } : undefined) },
    histories: { readHistory: () => Promise.reject(new Error('asked')) },
  })
  expect(codes(report)).toMatchObject({ proof: 'signature-holds', issuer: 'issuer-known' })
  // Still without its status list: the chain stands in for that.
  expect(codes(report)).toMatchObject({ status: 'not-revoked-on-chain' })
  expect(report.verdict).toBe('valid')
})

test('a domain with a new owner, whose did.json has other keys, changes nothing for who knows the number', async () => {
  const theirs = buildDidDocument({
    did: DID,
    issuingKeys: [{ publicKeyMultibase: keyOf(DID, 9).publicKeyMultibase, state: { kind: 'active' } }],
  })
  const sold = { resolve: async () => theirs }
  expect((await verifyWithoutSite({ resolver: sold })).verdict).toBe('valid')
  // Who does not know it believes the site: the key is not one of its keys.
  const report = await verifyWithoutSite({ resolver: sold, trust: { look: async () => ({ by: 'list' }) } })
  expect(report.verdict).toBe('valid')
  const unknown = await verifyWithoutSite({ resolver: sold, trust: { look: async () => undefined } })
  expect(codes(unknown)).toMatchObject({ proof: 'proof-key-unknown' })
})

test.each([[[]], [[94_567]]])(
  'a list that the new owner of the domain signs, with %j set, says nothing',
  async (set) => {
    const theirs = keyOf(DID, 9)
    const did = buildDidDocument({
      did: DID,
      issuingKeys: [{ publicKeyMultibase: theirs.publicKeyMultibase, state: { kind: 'active' } }],
    })
    const sold = {
      resolver: { resolve: async () => did },
      statusLists: { fetch: () => statusList(set, DID, theirs) },
    }
    // The chain decides, and where it can say nothing of today, nobody does.
    const report = await verifyWithoutSite(sold)
    expect([report.verdict, codes(report)['status']]).toEqual(['valid', 'not-revoked-on-chain'])
    const silent = await verifyWithoutSite(sold, { unrevocable: true })
    expect([silent.verdict, codes(silent)['status']]).toEqual(['undecided', 'status-untrusted'])
    const revoked = await verifyWithoutSite(sold, { revoked: 'leaf' })
    expect([revoked.verdict, codes(revoked)['status']]).toEqual(['invalid', 'status-untrusted'])
  },
)

test('a key that did.json calls compromised stays so, whatever the chain records', async () => {
  const { publicKeyMultibase } = issuingKey
  const document = buildDidDocument({
    did: DID,
    issuingKeys: [{ publicKeyMultibase, state: { kind: 'compromised', since: asInstant(NOW - 1) } }],
  })
  const report = await verifyWithoutSite({ resolver: { resolve: async () => document } })
  expect(codes(report)).toMatchObject({ proof: 'proof-key-revoked' })
})

test.each([
  ['ended before the proof was made', published(0, NOW), 'invalid', 'proof-key-revoked'],
  ['begins after the proof was made', published(NOW + 1, NOW + 2), 'invalid', 'proof-key-not-begun'],
  [
    'counts from the very moment of the anchor on',
    published(ANCHORED, NOW + 1),
    'valid',
    'signature-holds-by-chain',
  ],
  ['began after the anchor', published(ANCHORED + 1, NOW + 1), 'undecided', 'proof-key-unwitnessed'],
] as const)('a key that %s', async (_name, key, verdict, code) => {
  const report = await verifyWithoutSite({ histories: saying(history({ issuingKeys: [key] })) })
  expect([report.verdict, codes(report)['proof']]).toEqual([verdict, code])
})

test.each([
  ['never published the key', saying(history({ issuingKeys: [] })), 'proof-key-unrecorded'],
  ['is of another DID', saying(history({ did: 'did:web:elsewhere.example' })), 'issuer-unavailable'],
  ['names another first key', saying(history({ firstKey: `0x${'12'.repeat(20)}` })), 'issuer-unavailable'],
  ['is not there', saying('unknown_issuer'), 'issuer-unavailable'],
  ['cannot be read', saying('unavailable'), 'issuer-unavailable'],
])('a record that %s leaves the badge undecided', async (_name, histories, code) => {
  const report = await verifyWithoutSite({ histories })
  expect([report.verdict, codes(report)['proof']]).toEqual(['undecided', code])
})

test('what the chain has revoked is invalid, and what an account of nobody anchored says nothing of keys', async () => {
  const revoked = await verifyWithoutSite({}, { revoked: 'leaf' })
  expect(revoked.verdict).toBe('invalid')
  expect(codes(revoked)).toMatchObject({ proof: 'signature-holds-by-chain', anchor: 'anchor-revoked' })
  const stranger = await verifyWithoutSite({}, { unauthorised: true })
  expect(codes(stranger)).toMatchObject({ proof: 'issuer-unavailable', anchor: 'anchor-unauthorised' })
})

test('a clear bit says nothing where the key that anchored could set none any more', async () => {
  const report = await verifyWithoutSite({}, { unrevocable: true })
  expect(report.verdict).toBe('undecided')
  expect(codes(report)).toMatchObject({ status: 'status-untrusted', anchor: 'anchored-not-independent' })
})

test.each([
  ['an hour', 3_600_000, 'valid', 'not-revoked-on-chain'],
  ['more than an hour', 3_600_001, 'undecided', 'revocation-as-of-old-block'],
  ['years', 1e11, 'undecided', 'revocation-as-of-old-block'],
] as const)('a clear bit as of a block that is %s old', async (_name, blockAge, verdict, code) => {
  const at = asInstant(NOW - blockAge)
  const status = (report: VerificationReport) => report.checks.find(({ name }) => name === 'status')
  const gone = await verifyWithoutSite({}, { blockAge })
  expect([gone.verdict, status(gone)]).toMatchObject([verdict, { code, at }])
  // The same where did.json is there and only the list does not come.
  const { needs } = await anchoredBadge({ blockAge })
  const known = { ...needs, trust: { look: async () => ({ by: 'list' as const }) } }
  const listless = await verifyWithoutSite(known, { blockAge })
  expect([listless.verdict, status(listless)]).toMatchObject([verdict, { code, at }])
  expect(status(listless)?.detail).toContain(`${formatInstant(at)}, block 1234`)
  expect(listless.checks.find(({ name }) => name === 'anchor')?.detail).toContain(formatInstant(at))
  expect(listless.notProved.join()).toContain(
    `What the chain has held since ${formatInstant(at)}, block 1234`,
  )
})

test('what a chain was asked for is told as not proved, and what follows from a block is not', async () => {
  const endpoint = 'That the endpoint of the chain told the truth: nothing that it said was proved.'
  expect((await verifyWithoutSite()).notProved).toContain(endpoint)
  const { document, receipt, needs } = await anchoredBadge({ proved: true })
  expect((await verifierOf(needs).verify({ document, receipt })).notProved).not.toContain(endpoint)
  expect((await verifierOf(needs).verify({ document })).notProved).not.toContain(endpoint)
})

test('what an old block has as revoked stays so, and a list that comes makes its age no matter', async () => {
  const revoked = await verifyWithoutSite({}, { blockAge: 1e11, revoked: 'leaf' })
  expect(revoked.verdict).toBe('invalid')
  const { document, receipt, needs } = await anchoredBadge({ blockAge: 1e11 })
  const listed = await verifierOf(needs).verify({ document, receipt })
  expect([listed.verdict, codes(listed)['status']]).toEqual(['valid', 'not-revoked'])
})

test('without a receipt, or with one of another document, no chain is asked for keys', async () => {
  const { document, needs } = await anchoredBadge({})
  const asked = { readHistory: () => Promise.reject(new Error('asked')) }
  const gone = { resolve: async () => 'unavailable' as const }
  const verifier = verifierOf({ ...needs, resolver: gone, histories: asked })
  expect(codes(await verifier.verify({ document }))).toMatchObject({ proof: 'issuer-unavailable' })
  const other = await anchoredBadge({ receipt: { digest: `0x${'00'.repeat(32)}` } })
  const report = await verifier.verify({ document, receipt: other.receipt })
  expect(codes(report)).toMatchObject({ proof: 'issuer-unavailable', anchor: 'receipt-mismatch' })
})

test('a changed badge is invalid with its site gone as well', async () => {
  const { receipt, document, needs } = await anchoredBadge({})
  const report = await verifierOf({
    ...needs,
    resolver: { resolve: async () => 'unavailable' },
    histories: saying(history()),
  }).verify({ document: { ...document, name: 'First aid at sea' }, receipt })
  // Its digest differs, so the receipt is of another document and leads to no keys.
  expect(report.verdict).toBe('invalid')
})
