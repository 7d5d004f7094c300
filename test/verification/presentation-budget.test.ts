import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBase64 } from '#adapters/crypto/multibase.ts'
import { createFetchBudget } from '#adapters/fetch/fetch-budget.ts'
import { foreignDids, foreignLists } from '#adapters/fetch/foreign-sources.ts'
import { createGuardedFetch } from '#adapters/fetch/guarded-fetch.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { achievementBytes } from '#engine/credentials/achievement-document.ts'
import { buildEndorsement } from '#engine/endorsements/endorsement-document.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { createPresentationVerifier } from '#services/verify/verify-presentation.ts'
import { CREATED, HOSTILE, METHOD, token } from '#test/credentials/hostile/hostile-issuer.ts'
import { achievement, keyOf, NOW, noChain, sign, suite } from './sample-issuer.ts'

// A presentation whose first badges name whoever they can, before one that needs a single answer: over a real network.

const ASKED: string[] = []
const server = createServer((request, response) => {
  ASKED.push(request.url ?? '')
  if (request.url !== '/good/did.json') return response.writeHead(404).end()
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(didDocument()))
})
let host = ''
beforeAll(async () => {
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  host = `did:web:localhost%3A${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const goodKey = () => keyOf(`${host}:good`, 30)

function didDocument(): JsonObject {
  const { publicKeyMultibase } = goodKey()
  const controller = `${host}:good`
  const id = `${controller}#${publicKeyMultibase}`
  return {
    id: controller,
    verificationMethod: [{ id, type: 'Multikey', controller, publicKeyMultibase }],
    assertionMethod: [id],
  }
}

const credential = (id: string, issuer: string, more: JsonObject = {}): JsonObject => ({
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ],
  id: `urn:uuid:7f0a1d5e-0000-4000-8000-0000000000${id}`,
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Rescuer',
  issuer: { id: issuer, type: ['Profile'], name: 'Somebody' },
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: {
    type: ['AchievementSubject'],
    achievement: {
      id: 'https://stranger.example.org/achievements/rescuer',
      type: ['Achievement'],
      name: 'Rescuer',
      description: 'Rescues.',
      criteria: { narrative: 'Rescued somebody.' },
    },
  },
  ...more,
})

/** Each by somebody else, whose DID has to be fetched. */
const endorsements = (of: number): Promise<JsonObject[]> =>
  Promise.all(
    Array.from({ length: 16 }, (_, n) => {
      const endorser = `${host}:nobody-${of}-${n}`
      const { unsigned } = buildEndorsement(
        {
          uuid: `7f0a1d5e-0000-4000-8000-${String(of * 100 + n).padStart(12, '0')}`,
          endorser: { did: endorser, name: 'Somebody' },
          target: {
            id: achievement.id,
            name: achievement.name,
            bytes: achievementBytes(achievement, false),
            mediaType: 'application/ld+json',
          },
          scope: 'criteria',
          comment: 'Good.',
          validFrom: asInstant(NOW - 1000),
        },
        suite.sha256,
        toBase64,
      )
      return sign(unsigned, keyOf(endorser, 32))
    }),
  )

test('badges that name many hosts leave a later one what it needs, within one budget', async () => {
  const hostile = []
  for (let of = 10; of < 15; of++)
    hostile.push(
      await sign(
        credential(String(of), HOSTILE, { endorsement: await endorsements(of) }),
        keyOf(HOSTILE, 60),
        CREATED,
      ),
    )
  const good = await sign(credential('99', `${host}:good`), goodKey())
  const presentation = await token(
    { alg: 'EdDSA', typ: 'vp+jwt', kid: METHOD },
    {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: HOSTILE,
      verifiableCredential: [...hostile, good],
    },
  )
  const budget = createFetchBudget(createGuardedFetch({ allowLocalhost: true }))
  const verifier = createPresentationVerifier({
    suite,
    resolver: foreignDids(budget.fetch),
    statusLists: foreignLists(budget.fetch),
    anchors: noChain,
    trust: { look: async () => undefined },
    clock: systemClock,
    share: budget.share,
  })
  const { credentials } = await budget.within(() => verifier.verify({ presentation }))
  expect(credentials).toHaveLength(6)
  expect(credentials.at(-1)?.checks.find(({ name }) => name === 'proof')).toMatchObject({ outcome: 'passed' })
  expect(ASKED.at(-1)).toBe('/good/did.json')
  // What there is for all was used, and no more.
  expect(ASKED.length).toBeGreaterThan(40)
  expect(ASKED.length).toBeLessThanOrEqual(64)
})
