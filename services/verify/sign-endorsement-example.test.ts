import { expect, test } from 'vitest'
import { toBase64 } from '#adapters/crypto/multibase.ts'
import { achievementBytes } from '#engine/credentials/achievement-document.ts'
import { checkEndorsement } from '#engine/endorsements/check-endorsement.ts'
import { buildEndorsement } from '#engine/endorsements/endorsement-document.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import {
  achievement,
  DID,
  NOW,
  seed,
  signedBadge,
  suite,
  verifierOf,
} from '#test/verification/sample-issuer.ts'
import {
  type Document,
  didOf,
  faultOf,
  requestAddress,
  signEndorsement,
} from '../../examples/sign-endorsement.ts'

async function request(did: string) {
  const bytes = achievementBytes(achievement, false)
  const { unsigned, targetDigest } = buildEndorsement(
    {
      uuid: '7f0a1d5e-0000-4000-8000-000000000009',
      endorser: { did, name: 'Trade association' },
      target: { id: achievement.id, name: achievement.name, bytes, mediaType: 'application/ld+json' },
      scope: 'criteria',
      comment: 'Meets what the trade asks.',
      validFrom: asInstant(NOW - 1000),
    },
    suite.sha256,
    toBase64,
  )
  return {
    unsigned: unsigned as Document,
    target: JSON.parse(new TextDecoder().decode(bytes)) as Document,
    digest: targetDigest,
  }
}

test('the script signs, with public libraries alone, what this product asks and verifies', async () => {
  const did = await didOf(seed(30))
  const asked = await request(did)
  expect(faultOf(asked, did)).toBeUndefined()
  const signed = (await signEndorsement(asked.unsigned, seed(30))) as JsonObject
  expect(checkEndorsement(asked.unsigned as JsonObject, signed)).toBeUndefined()
  const trust = {
    look: async (id: string) => (id === DID || id === did ? { by: 'registry' as const } : undefined),
  }
  const clock = { now: () => asInstant(Date.now()) }
  const { endorsements } = await verifierOf({ trust, clock }).verify({
    document: await signedBadge(),
    endorsements: [signed],
  })
  expect(endorsements).toMatchObject([{ verdict: 'valid', targetId: achievement.id }])
})

test('the script signs nothing for another key, over another digest, or for another target', async () => {
  const did = await didOf(seed(30))
  const asked = await request(did)
  expect(faultOf(asked, await didOf(seed(31)))).toContain('made out to')
  expect(faultOf({ ...asked, digest: 'sha256-AAAA' }, did)).toContain('not the one to be signed')
  expect(faultOf({ ...asked, target: { ...asked.target, name: 'Other' } }, did)).toContain('What is shown')
})

test.each([
  ['https://badges.example.org/endorse#a_B-9', 'https://badges.example.org/v1/endorsement-requests/a_B-9'],
  ['http://localhost:3000/endorse#t', 'http://localhost:3000/v1/endorsement-requests/t'],
  [
    'https://badges.example.org/v1/endorsement-requests/t',
    'https://badges.example.org/v1/endorsement-requests/t',
  ],
])('the link %s leads to %s', (link, address) => {
  expect(requestAddress(link)).toBe(address)
})

test.each(['https://badges.example.org/endorse', 'https://badges.example.org/endorse#a/../b', 'endorse'])(
  'the link %s is refused',
  (link) => {
    expect(() => requestAddress(link)).toThrow()
  },
)
