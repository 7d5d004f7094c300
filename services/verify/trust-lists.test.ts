import { describe, expect, test } from 'vitest'
import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { signPlainJson } from '#adapters/crypto/sign-plain-json.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { fakeSources, type Served } from '#test/verification/fake-sources.ts'
import { anchoredBadge } from '#test/verification/sample-anchor.ts'
import {
  DID,
  didDocument,
  issuingKey,
  NOW,
  seed,
  signedBadge,
  statusList,
  verifierOf,
} from '#test/verification/sample-issuer.ts'
import {
  PUBLISHER,
  signTrustList,
  trustList,
  unsignedTrustList,
} from '#test/verification/sample-trust-list.ts'

/** Nobody is known but by a list. */
const trust = { look: async () => undefined }

/** A publisher whose site does not answer. */
const OFF = 'did:web:off.example.org'

async function verify(json: Json | undefined, keys: readonly string[] = [PUBLISHER]) {
  const web = new Map<string, Served>([
    [DID, didDocument()],
    [OFF, 'unavailable'],
  ])
  const report = await verifierOf({ trust, resolver: fakeSources(web) }).verify({
    document: await signedBadge(),
    trustLists: [{ from: 'list.json', json }],
    trustKeys: keys,
  })
  const issuer = report.checks.find(({ name }) => name === 'issuer')
  return { report, issuer, list: report.trustLists[0] }
}

describe('a signed list', () => {
  test('makes its issuers known, and the report says which list, of whom, as of when', async () => {
    const { report, issuer, list } = await verify(trustList())
    expect(report.verdict).toBe('valid')
    expect(issuer).toMatchObject({ outcome: 'passed', code: 'issuer-listed' })
    expect(issuer?.detail).toContain('“Sample schools”, version 3')
    expect(issuer?.sources).toMatchObject([
      { kind: 'trust-list', name: 'Sample schools', at: NOW - 86_400_000 },
    ])
    expect(list).toMatchObject({ code: 'trust-list-holds', publisher: { id: PUBLISHER }, issuers: 1 })
    expect(report.credential?.issuer).toMatchObject({
      knownBy: 'list',
      listed: { name: 'Sample Institute', brin: '00AA', ror: 'https://ror.org/012345678' },
    })
    expect(report.notProved.join()).toContain('That the trust list is right')
  })

  const day = (offset: number) => formatInstant(asInstant(NOW + offset * 86_400_000))
  const tampered: JsonObject = { ...trustList(), name: 'Other schools' }
  const foreign = signPlainJson(unsignedTrustList(), {
    verificationMethod: didKeyMethod(issuingKeyOf(seed(41)).publicKeyMultibase),
    secretKey: seed(41),
    created: NOW,
  })
  const { proof } = trustList()
  const offList = signPlainJson(unsignedTrustList({ publisher: { id: OFF } }), {
    verificationMethod: `${OFF}#key`,
    secretKey: seed(42),
    created: NOW,
  })
  test.each<[string, 'failed' | 'unknown', Json | undefined]>([
    ['trust-list-expired', 'failed', trustList({ validUntil: day(0) })],
    ['trust-list-not-begun', 'failed', trustList({ validFrom: day(1) })],
    ['trust-list-unsigned', 'failed', unsignedTrustList()],
    ['trust-list-unsigned', 'failed', { ...trustList(), proof: [proof ?? null, proof ?? null] }],
    ['trust-list-altered', 'failed', tampered],
    ['trust-list-malformed', 'failed', { ...trustList(), note: 'x' }],
    ['trust-list-malformed', 'failed', [trustList()]],
    ['trust-list-unreadable', 'failed', undefined],
    // Signed well, by another key than the publisher's.
    ['trust-list-proof-refused', 'failed', foreign],
    ['trust-list-proof-refused', 'failed', withProof({ cryptosuite: 'eddsa-rdfc-2022' })],
    ['trust-list-proof-refused', 'failed', withProof({ proofPurpose: 'authentication' })],
    ['trust-list-proof-refused', 'failed', withProof({ note: 'x'.repeat(5000) })],
    ['trust-list-key-unavailable', 'unknown', offList],
  ])('that is %s counts for nothing', async (code, outcome, json) => {
    const { report, issuer, list } = await verify(json, [PUBLISHER, OFF])
    expect(list).toMatchObject({ from: 'list.json', outcome, code })
    expect(report.verdict).toBe('undecided')
    expect(issuer).toMatchObject({ outcome: 'unknown', code: 'issuer-unknown' })
    expect(issuer?.detail).toContain('counts for nothing')
  })

  test('is worth nothing under a key that nobody named', async () => {
    for (const keys of [[], [DID], [didKeyOf(issuingKeyOf(seed(41)).publicKeyMultibase)]])
      expect((await verify(trustList(), keys)).list).toMatchObject({ code: 'trust-list-key-unnamed' })
  })

  test('may be believed by one key of its publisher alone', async () => {
    const [only] = [`${PUBLISHER}#${PUBLISHER.slice('did:key:'.length)}`]
    expect((await verify(trustList(), [only])).list).toMatchObject({ code: 'trust-list-holds' })
  })

  test('of a publisher with a did:web is checked by the keys that the site gives', async () => {
    const list = signPlainJson(unsignedTrustList({ publisher: { id: DID } }), {
      verificationMethod: issuingKey.verificationMethod,
      secretKey: seed(1),
      created: NOW,
    })
    expect((await verify(list, [DID])).list).toMatchObject({
      code: 'trust-list-holds',
      publisher: { domain: 'badges.example.org' },
    })
  })

  test('vouches for the dates that it says, by the date of the badge', async () => {
    const [badge] = [await signedBadge()]
    const issued = NOW - 86_400_000
    const codeFor = async (entry: JsonObject) => {
      const json = trustList({ issuers: [{ name: 'A', ids: [DID], ...entry }] })
      const { checks } = await verifierOf({ trust }).verify({
        document: badge,
        trustLists: [{ from: 'list.json', json }],
        trustKeys: [PUBLISHER],
      })
      return checks.find(({ name }) => name === 'issuer')?.code
    }
    expect(await codeFor({ until: formatInstant(asInstant(issued)) })).toBe('issuer-unknown')
    expect(await codeFor({ until: formatInstant(asInstant(issued + 1000)) })).toBe('issuer-listed')
    expect(await codeFor({ since: formatInstant(asInstant(issued + 1000)) })).toBe('issuer-unknown')
  })

  test('that names a domain and not its issuers vouches for them where it says so', async () => {
    const of = async (entry: JsonObject) =>
      (await verify(trustList({ issuers: [{ name: 'A', domain: 'badges.example.org', ...entry }] }))).issuer
        ?.code
    expect(await of({ wholeDomain: true })).toBe('issuer-listed')
    expect(await of({ ids: ['did:web:badges.example.org:issuers:other'] })).toBe('issuer-unknown')
  })

  test('may know an issuer by its number on chain, where the anchor and the DID vouch for it', async () => {
    const { document, receipt, needs } = await anchoredBadge({})
    const number = String(receipt['issuerId'])
    const verifyWith = async (onChain: string) => {
      const json = trustList({ issuers: [{ name: 'A school', onChain: [onChain], brin: '00AA' }] })
      return verifierOf({ ...needs, trust }).verify({
        document,
        receipt,
        trustLists: [{ from: 'list.json', json }],
        trustKeys: [PUBLISHER],
      })
    }
    const report = await verifyWith(number.toUpperCase().replace('0X', '0x'))
    expect(report.checks.find(({ name }) => name === 'issuer')).toMatchObject({
      outcome: 'passed',
      code: 'issuer-known-by-number',
    })
    expect(report.credential?.issuer).toMatchObject({ knownAs: number, listed: { brin: '00AA' } })
    expect((await verifyWith(`0x${'11'.repeat(20)}`)).verdict).toBe('undecided')
  })

  test('of the verifier itself is hashed once, and still ends on time', async () => {
    const json = trustList()
    let now = NOW
    let reads = 0
    const verifier = verifierOf({
      trust,
      clock: { now: () => now },
      statusLists: { fetch: async () => statusList() },
      resolver: fakeSources(new Map([[DID, didDocument()]])),
      trustLists: {
        keys: [PUBLISHER],
        read: async () => {
          reads += 1
          return [{ from: 'kept.json', json }]
        },
      },
    })
    const document = await signedBadge()
    const codes = async () => (await verifier.verify({ document })).trustLists.map(({ code }) => code)
    expect(await codes()).toEqual(['trust-list-holds'])
    now = asInstant(NOW + 10 * 86_400_000)
    expect(await codes()).toEqual(['trust-list-expired'])
    expect(reads).toBe(2)
  })
})

function withProof(change: JsonObject): JsonObject {
  const list = trustList()
  return { ...list, proof: { ...(list['proof'] as JsonObject), ...change } }
}

test('a list with its proof can be signed anew', () => {
  const list = trustList()
  expect(signTrustList(list)).toEqual(list)
})

test('the publisher of a list of the operator is looked up apart from what a document may fetch', async () => {
  const { publicKeyMultibase, secretKey } = issuingKeyOf(seed(43))
  const id = `${OFF}#${publicKeyMultibase}`
  const json = signPlainJson(unsignedTrustList({ publisher: { id: OFF } }), {
    verificationMethod: id,
    secretKey,
    created: asInstant(NOW - 86_400_000),
  })
  const publisher = {
    id: OFF,
    verificationMethod: [{ id, type: 'Multikey', controller: OFF, publicKeyMultibase }],
    assertionMethod: [id],
  }
  // To the document at hand nobody answers any more.
  const spent = fakeSources(new Map<string, Served>([[OFF, 'unavailable']]))
  const lists = { keys: [OFF], read: async () => [{ from: 'kept.json', json }] }
  const codeWith = async (trustLists: typeof lists & { resolver?: typeof spent }) => {
    const verifier = verifierOf({ trust, resolver: spent, trustLists })
    const { trustLists: reports } = await verifier.verify({ document: await signedBadge() })
    return reports[0]?.code
  }
  expect(await codeWith({ ...lists, resolver: fakeSources(new Map([[OFF, publisher]])) })).toBe(
    'trust-list-holds',
  )
  expect(await codeWith(lists)).not.toBe('trust-list-holds')
})
