import { expect, test } from 'vitest'
import { achievementDocument } from '#engine/credentials/achievement-document.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import { issuerProfileDocument } from '#engine/credentials/issuer-profile.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { buildEndorsement } from '#engine/endorsements/endorsement-document.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import {
  badge,
  DID,
  issuingKey,
  keyOf,
  NOW,
  resolveIssuingKey,
  suite,
} from '#test/verification/sample-issuer.ts'
import { publishedEndorsements, withOwnEndorsements } from './embed-endorsements.ts'

const ENDORSER = 'did:web:trade.example.org'
const endorser = keyOf(ENDORSER, 7)

type Spoil = (proof: JsonObject, contexts: Json) => JsonObject

const asSigned: Spoil = (proof) => proof
/** No signature of these covers what it says, and in a badge it would be a second context that is written out. */
const withOwnContext: Spoil = (proof) => ({ ...proof, '@context': { zz: 'https://x.example/zz' } })
/** Right by itself, and so much of it that nobody would read a badge that holds it with others. */
const withManyContexts: Spoil = (proof, contexts) => ({
  ...proof,
  '@context': contexts,
  previousProof: Array.from({ length: 20 }, () => ({ '@context': contexts, id: 'urn:x:another' })),
})

let made = 0
async function endorsementOf(target: JsonObject, spoil: Spoil): Promise<Endorsement> {
  made += 1
  const { unsigned } = buildEndorsement(
    {
      uuid: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
      endorser: { did: ENDORSER, name: 'Trade association' },
      target: {
        id: String(target['id']),
        name: 'Sample',
        bytes: endorsableBytes(target),
        mediaType: 'application/ld+json',
      },
      scope: 'criteria',
      comment: 'Meets what the trade asks.',
      validFrom: badge().validFrom,
    },
    suite.sha256,
    (bytes) => Buffer.from(bytes).toString('base64'),
  )
  const checked = await suite.prepare(unsigned)
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
  const signed = await suite.sign(checked.prepared, endorser, badge().validFrom, { proofAs: 'object' })
  const proof = spoil(signed['proof'] as JsonObject, unsigned['@context'] ?? [])
  return {
    targetId: target['id'],
    signed: credentialBytes({ ...signed, proof }),
    signedAt: made,
  } as unknown as Endorsement
}

/** Issues it, and says what our own verifier finds. */
async function verified(unsigned: Uint8Array): Promise<unknown> {
  const issuing = await suite.issue(unsigned, issuingKey, NOW)
  if (!issuing.ok) return issuing.faults
  const document = JSON.parse(new TextDecoder().decode(issuing.signed)) as JsonObject
  return (await suite.verifyProofs(document, resolveIssuingKey, NOW)).map(({ outcome }) => outcome)
}

const countOf = (endorsements: Json | undefined) => ((endorsements ?? []) as readonly Json[]).length

test.each([
  ['a context of its own in a proof', withOwnContext],
  ['contexts without end in a proof', withManyContexts],
])('%s keeps an endorsement out of the badge, and no other', async (_, spoil) => {
  const unsigned = buildBadgeCredential(badge())
  const all = [asSigned, spoil, asSigned, spoil].map((each) => endorsementOf(unsigned, each))
  const edition = { prepared: credentialBytes(unsigned) } as CredentialEdition
  const { prepared } = await withOwnEndorsements(suite, edition, await Promise.all(all))
  const document = JSON.parse(new TextDecoder().decode(prepared)) as JsonObject
  expect(countOf(document['endorsement'])).toBe(spoil === withOwnContext ? 2 : 3)
  expect(await verified(prepared)).toEqual(['passed'])

  // Those of its issuer and its achievement, which stand in every badge.
  const { issuer, achievement, test } = badge()
  const ofBoth = [issuerProfileDocument(issuer), achievementDocument(achievement, test)].flatMap((node) =>
    [spoil, asSigned, spoil].map(async (each, at) => ({
      ...(await endorsementOf(node, each)),
      targetId: node['id'] === DID ? 'issuer' : 'version',
      signedAt: at,
    })),
  )
  const published = await Promise.all(ofBoth)
  const stores = { endorsements: { published: async () => published } } as unknown as Stores
  const endorsements = await publishedEndorsements(suite, stores, {
    issuer: { ...issuer, issuerId: 'issuer' as never },
    achievement,
    versionId: 'version' as never,
    test,
  })
  expect(endorsements.issuer.length).toBeGreaterThan(0)
  expect(endorsements.achievement.length).toBeGreaterThan(0)
  expect(await verified(credentialBytes(buildBadgeCredential(badge({ endorsements }))))).toEqual(['passed'])
})

test('what endorsers have signed leaves a badge room to be read', async () => {
  const unsigned = buildBadgeCredential(badge())
  // Tokens that were taken before there was a bound to them.
  const long = async () => {
    const { signed, ...rest } = await endorsementOf(unsigned, asSigned)
    const { proof: _, ...payload } = JSON.parse(new TextDecoder().decode(signed)) as JsonObject
    const encoded = (part: JsonObject) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const head = encoded({
      alg: 'EdDSA',
      typ: 'vc+jwt',
      kid: endorser.verificationMethod,
      x: 'A'.repeat(150_000),
    })
    return { ...rest, signed: Buffer.from(`${head}.${encoded(payload)}.AA`) } as Endorsement
  }
  const edition = { prepared: credentialBytes(unsigned) } as CredentialEdition
  const all = await Promise.all(Array.from({ length: 5 }, long))
  const { prepared } = await withOwnEndorsements(suite, edition, all)
  const document = JSON.parse(new TextDecoder().decode(prepared)) as JsonObject
  expect(countOf(document['endorsementJwt'])).toBe(2)
  expect(await verified(prepared)).toEqual(['passed'])
})
