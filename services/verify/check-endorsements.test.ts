import { expect, test } from 'vitest'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { toBase64 } from '#adapters/crypto/multibase.ts'
import { achievementBytes } from '#engine/credentials/achievement-document.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import { issuerProfileBytes } from '#engine/credentials/issuer-profile.ts'
import { buildEndorsement, type EndorsementTarget } from '#engine/endorsements/endorsement-document.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import {
  achievement,
  badge,
  DID,
  keyOf,
  NOW,
  sign,
  signedBadge,
  signedToken,
  suite,
  verifierOf,
} from '#test/verification/sample-issuer.ts'

const ENDORSER = didKeyOf(keyOf('x', 20).publicKeyMultibase)
const endorserKey = keyOf(ENDORSER, 20)
const mediaType = 'application/ld+json'

const achievementTarget = (version = '1'): EndorsementTarget => ({
  id: achievement.id,
  name: achievement.name,
  bytes: achievementBytes({ ...achievement, version }, false),
  mediaType,
})

async function endorsement(target: EndorsementTarget, validUntil?: number): Promise<JsonObject> {
  const { unsigned } = buildEndorsement(
    {
      uuid: '7f0a1d5e-0000-4000-8000-000000000009',
      endorser: { did: ENDORSER, name: 'Trade association' },
      target,
      scope: 'criteria',
      comment: 'Meets what the trade asks.',
      validFrom: asInstant(NOW - 1000),
      ...(validUntil === undefined ? {} : { validUntil: asInstant(validUntil) }),
    },
    suite.sha256,
    toBase64,
  )
  return sign(unsigned, endorserKey)
}

const knowsBoth = {
  look: async (id: string) => (id === DID || id === ENDORSER ? { by: 'registry' as const } : undefined),
}

async function report(endorsements: readonly (JsonObject | string)[], document?: JsonObject) {
  return verifierOf({ trust: knowsBoth }).verify({
    document: document ?? (await signedBadge()),
    endorsements,
  })
}

const failures = (
  { checks }: { readonly checks: readonly { readonly outcome: string; readonly code: string }[] } = {
    checks: [],
  },
) => checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code)

test('endorsements of the achievement version, the issuer and the credential hold over their very bytes', async () => {
  const unsigned = buildBadgeCredential(badge())
  const targets: EndorsementTarget[] = [
    achievementTarget(),
    { id: DID, name: 'Sample Institute', bytes: issuerProfileBytes(badge().issuer), mediaType },
    { id: String(unsigned['id']), name: 'Badge', bytes: endorsableBytes(unsigned), mediaType },
  ]
  const { endorsements, verdict, checks } = await report(
    await Promise.all(targets.map((target) => endorsement(target))),
  )
  expect(endorsements.map((each) => each.verdict)).toEqual(['valid', 'valid', 'valid'])
  expect(endorsements[0]).toMatchObject({
    comment: 'Meets what the trade asks.',
    embedded: false,
    endorser: { id: ENDORSER, known: true },
  })
  expect(verdict).toBe('valid')
  expect(checks.find(({ name }) => name === 'endorsements')).toMatchObject({
    name: 'endorsements',
    outcome: 'passed',
  })
})

test('an endorser that nobody knows leaves the endorsement undecided and the badge as it is', async () => {
  const { endorsements, verdict, checks } = await verifierOf().verify({
    document: await signedBadge(),
    endorsements: [await endorsement(achievementTarget())],
  })
  expect(endorsements[0]?.verdict).toBe('undecided')
  expect(verdict).toBe('valid')
  expect(checks.find(({ name }) => name === 'endorsements')).toMatchObject({
    outcome: 'unknown',
    informs: true,
  })
})

test.each([
  [
    'another version of the achievement',
    () => endorsement(achievementTarget('2')),
    'endorsement-wrong-digest',
  ],
  [
    'something else',
    () => endorsement({ ...achievementTarget(), id: 'https://example.org/other' }),
    'endorsement-of-something-else',
  ],
  [
    'the right thing, but changed since',
    async () => ({ ...(await endorsement(achievementTarget())), name: 'Praise' }),
    'proof-signature-wrong',
  ],
  ['the right thing, but no more', () => endorsement(achievementTarget(), NOW - 1), 'expired'],
  ['nothing: a badge', () => signedBadge(), 'not-a-credential'],
  ['nothing: a text', async () => 'praise', 'not-a-credential'],
])('an endorsement of %s does not hold, which takes nothing from the badge', async (_name, made, code) => {
  const { endorsements, verdict, checks } = await report([await made()])
  expect(endorsements[0]?.verdict).toBe('invalid')
  expect(failures(endorsements[0])).toContain(code)
  expect(verdict).toBe('valid')
  expect(checks.find(({ name }) => name === 'endorsements')).toMatchObject({
    outcome: 'failed',
    code: 'endorsement-does-not-hold',
    informs: true,
  })
})

test('an endorsement inside the badge is found and checked', async () => {
  const unsigned = buildBadgeCredential(badge())
  const subject = unsigned['credentialSubject'] as JsonObject
  const inside = {
    ...(subject['achievement'] as JsonObject),
    endorsement: [await endorsement(achievementTarget())],
  }
  const document = await sign({ ...unsigned, credentialSubject: { ...subject, achievement: inside } })
  const { endorsements, verdict } = await report([], document)
  expect(endorsements).toMatchObject([{ embedded: true, verdict: 'valid' }])
  expect(verdict).toBe('valid')
})

test('an endorsement inside the badge that is too large does not hold, which takes nothing from the badge', async () => {
  const praise = Array.from({ length: 5000 }, () => 0)
  const endorsementJwt = await signedToken({ ...buildBadgeCredential(badge()), praise })
  const document = await sign({ ...buildBadgeCredential(badge()), endorsementJwt: [endorsementJwt] })
  const { endorsements, verdict, checks } = await report([await endorsement(achievementTarget())], document)
  expect(endorsements.map((each) => each.verdict)).toEqual(['invalid', 'valid'])
  expect(failures(endorsements[0])).toEqual(['endorsement-too-large'])
  expect(verdict).toBe('valid')
  expect(checks.find(({ name }) => name === 'endorsements')).toMatchObject({
    code: 'endorsement-does-not-hold',
    informs: true,
  })
})

test('of more than 16 endorsements it is told that there were more', async () => {
  const one = await endorsement(achievementTarget())
  const codeOf = async (count: number) => {
    const { endorsements, verdict, checks } = await report(Array.from({ length: count }, () => one))
    expect([endorsements.length, verdict]).toEqual([16, 'valid'])
    return checks.find(({ name }) => name === 'endorsements')
  }
  expect(await codeOf(16)).toMatchObject({ outcome: 'passed', code: 'endorsements-hold' })
  expect(await codeOf(17)).toMatchObject({
    outcome: 'unknown',
    code: 'endorsements-left-out',
    detail: 'Only the first 16 of 17 endorsements were looked at.',
    informs: true,
  })
})
