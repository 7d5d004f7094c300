import { describe, expect, test } from 'vitest'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { notProvedKind } from '#engine/verification/not-proved-kind.ts'
import { type AnyReport, isPresentationReport } from '#engine/verification/presentation-report.ts'
import type { SignOptions } from '#services/ports/sign-options.ts'
import { fakeSources, type Served } from '#test/verification/fake-sources.ts'
import { anchoredBadge } from '#test/verification/sample-anchor.ts'
import {
  badge,
  DID,
  didDocument,
  keyOf,
  LIST,
  NOW,
  noChain,
  sign,
  signedBadge,
  statusList,
  suite,
} from '#test/verification/sample-issuer.ts'
import { createVerifier, type VerifierNeeds } from './verify-credential.ts'
import { createDocumentVerifier, type DocumentRequest, isPresentation } from './verify-document.ts'
import { createPresentationVerifier } from './verify-presentation.ts'

const HOLDER = 'did:web:holder.example.org'
const KEY = keyOf(HOLDER, 12)

const V2 = 'https://www.w3.org/ns/credentials/v2'

/** Signed by the holder: a credential that the holder says of themselves, without a proof of its own. */
const presentation = () =>
  suite.addProof(
    {
      '@context': [V2],
      type: ['VerifiablePresentation'],
      holder: HOLDER,
      verifiableCredential: [
        {
          '@context': [V2],
          type: ['VerifiableCredential'],
          issuer: HOLDER,
          credentialSubject: { id: HOLDER },
        },
      ],
    },
    KEY,
    NOW,
    { purpose: 'authentication' },
  )

/** What comes of it where the key stands under these relationships in the document of the holder. */
async function judged(...relationships: readonly ('authentication' | 'assertionMethod')[]) {
  const { publicKeyMultibase } = KEY
  const id = `${HOLDER}#${publicKeyMultibase}`
  const document: JsonObject = {
    id: HOLDER,
    verificationMethod: [{ id, type: 'Multikey', controller: HOLDER, publicKeyMultibase }],
    ...Object.fromEntries(relationships.map((name) => [name, [id]])),
  }
  const { verify } = createPresentationVerifier({
    suite,
    resolver: fakeSources(new Map([[HOLDER, document]])),
    statusLists: { fetch: async () => 'unavailable' },
    anchors: noChain,
    trust: { look: async () => ({ by: 'setting' }) },
    clock: { now: () => NOW },
  })
  const { checks, credentials } = await verify({ presentation: await presentation() })
  const [inside] = credentials
  return {
    presentation: checks.find(({ name }) => name === 'proof')?.code,
    credential: inside?.checks.find(({ name }) => name === 'proof')?.code,
    verdict: inside?.verdict,
  }
}

test('a key to present with signs no credentials that the holder says of themselves', async () => {
  expect(await judged('authentication', 'assertionMethod')).toMatchObject({
    presentation: 'presentation-signed',
    credential: 'signature-holds',
    verdict: 'valid',
  })
  expect(await judged('authentication')).toMatchObject({
    presentation: 'presentation-signed',
    credential: 'proof-key-not-for-assertion',
    verdict: 'invalid',
  })
})

describe('beside credentials', () => {
  const KNOWN_WEB = fakeSources(
    new Map<string, Served>([
      [
        HOLDER,
        {
          id: HOLDER,
          verificationMethod: [
            {
              id: KEY.verificationMethod,
              type: 'Multikey',
              controller: HOLDER,
              publicKeyMultibase: KEY.publicKeyMultibase,
            },
          ],
          authentication: [KEY.verificationMethod],
        },
      ],
      [DID, didDocument()],
    ]),
  )
  const documents = async () => {
    const lists = fakeSources(new Map<string, Served>([[LIST, await statusList()]]))
    const needs: VerifierNeeds = {
      suite,
      resolver: KNOWN_WEB,
      statusLists: lists,
      anchors: noChain,
      trust: { look: async () => ({ by: 'setting' }) },
      clock: { now: () => NOW },
    }
    const presentations = createPresentationVerifier(needs)
    return createDocumentVerifier({ credentials: createVerifier(needs), presentations, suite })
  }
  const bare = (...credentials: readonly Json[]): JsonObject => ({
    '@context': [V2],
    type: ['VerifiablePresentation'],
    holder: HOLDER,
    verifiableCredential: credentials,
  })
  const shown = (document: JsonObject, options: SignOptions = {}) =>
    suite.addProof(document, KEY, NOW, { purpose: 'authentication', ...options })
  const codes = (report: AnyReport) =>
    Object.fromEntries(report.checks.map(({ name, code }): [string, string] => [name, code]))
  const ask = async (request: DocumentRequest) => {
    const report = await (await documents()).verify(request)
    if (!isPresentationReport(report)) throw new Error('This is the report of a credential.')
    return report
  }

  test('each credential has its own result, and one verdict stands above them', async () => {
    const good = await signedBadge()
    const report = await ask({
      document: await shown(bare(good, { ...good, name: 'Another' }), { challenge: 'c-1' }),
      challenge: 'c-1',
    })
    expect(report).toMatchObject({ verdict: 'invalid', holder: HOLDER })
    expect(codes(report)).toEqual({
      format: 'presentation-readable',
      proof: 'presentation-signed',
      challenge: 'challenge-answered',
      holder: 'holder-signed',
      credentials: 'credential-invalid',
    })
    expect(report.credentials.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid'])
    // The badge is about somebody with another id.
    expect(report.notProved.map(notProvedKind)).toEqual(['holderKey', 'subject'])
    expect(await ask({ document: await shown(bare(good)) })).toMatchObject({ verdict: 'valid' })
  })

  test('without a challenge it may be a copy, and with another one it is no answer', async () => {
    const document = await shown(bare(await signedBadge()), { challenge: 'c-1', domain: 'shop.example.org' })
    const unasked = await ask({ document })
    expect([unasked.verdict, codes(unasked)['challenge']]).toEqual(['valid', 'challenge-not-asked'])
    expect(unasked.notProved.map(notProvedKind)).toContain('copy')
    const wrong = await ask({ document, challenge: 'c-2' })
    expect([wrong.verdict, codes(wrong)['proof'], codes(wrong)['challenge']]).toEqual([
      'invalid',
      'proof-challenge-wrong',
      'challenge-unproven',
    ])
    expect(codes(await ask({ document, domain: 'shop.example.org' }))['challenge']).toBe('domain-answered')
  })

  test('one that was changed is not looked into; one without a proof is, and is not valid', async () => {
    const signed = await signedBadge()
    const changed = { ...(await shown(bare(signed))), id: 'urn:uuid:0d7e1c1e-6a52-4d0f-9f2c-3b1f1d7a9c03' }
    const skipped = await ask({ document: changed })
    expect([codes(skipped)['credentials'], skipped.credentials]).toEqual(['credentials-skipped', []])
    const unsigned = await ask({ document: bare(signed) })
    expect([unsigned.verdict, codes(unsigned)['proof'], codes(unsigned)['credentials']]).toEqual([
      'invalid',
      'proof-missing',
      'credentials-valid',
    ])
    expect(unsigned.credentials).toMatchObject([{ verdict: 'valid' }])
    expect(unsigned).not.toHaveProperty('holder')
  })

  test('nobody vouches for what an unsigned presentation says without a proof', async () => {
    const own = { ...bare(), verifiableCredential: (await presentation())['verifiableCredential'] ?? [] }
    const { credentials } = await ask({ document: own })
    expect(credentials.map(({ checks }) => checks.find(({ name }) => name === 'proof')?.code)).toEqual([
      'proof-missing',
    ])
  })

  test('a receipt goes to the credential that it is of', async () => {
    const { document, receipt } = await anchoredBadge({})
    const report = await ask({
      document: await shown(bare(await sign(buildBadgeCredential(badge({ test: true }))), document)),
      receipt: receipt as unknown as Json,
    })
    expect(
      report.credentials.map(({ checks }) => checks.find(({ name }) => name === 'anchor')?.code),
    ).toEqual(['no-receipt', 'chain-unavailable'])
  })

  test('what is no presentation is a credential, and answers no challenge', async () => {
    const { verify } = await documents()
    const document = await signedBadge()
    expect(isPresentationReport(await verify({ document }))).toBe(false)
    await expect(verify({ document, challenge: 'c-1' })).rejects.toMatchObject({ code: 'nothing-presented' })
    expect(isPresentation({ type: ['VerifiablePresentation', 'VerifiableCredential'] }, suite)).toBe(false)
    expect(isPresentation({ type: 'VerifiablePresentation' }, suite)).toBe(true)
    expect(isPresentation('a.b.c', suite)).toBe(false)
    const malformed = await ask({ document: { type: ['VerifiablePresentation'] } })
    expect(codes(malformed)).toMatchObject({ format: 'not-a-presentation', proof: 'unread' })
  })
})
