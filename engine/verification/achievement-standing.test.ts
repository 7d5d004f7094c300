import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { readStanding, standingAddress, standingDocument } from './achievement-standing.ts'

const ID = 'https://badges.example.org/achievements/0192f0c4-7c1e-7c3a-9a1e-2d7b8c0e4f31'
const DID = 'did:web:badges.example.org:issuers:sample'
const question = { achievementId: ID, version: '1', issuerId: DID }

const state = fc.constantFrom('published' as const, 'retired' as const, 'withdrawn' as const)
const end = fc.record({ at: fc.integer({ min: 0, max: 4e12 }).map(asInstant), reason: fc.string() })

test('what was written of every version is what is read, as counted from the list', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(state, end), { maxLength: 6 }), fc.nat({ max: 6 }), (all, asked) => {
      const versions = all.map(([is, over], index) => ({ version: String(index), state: is, end: over }))
      const written = standingDocument({ achievementId: ID, issuerDid: DID, versions })
      const document = JSON.parse(JSON.stringify(written)) as JsonObject
      const fact = readStanding(document, { ...question, version: String(asked) })
      const own = versions[asked]
      if (own === undefined) expect(fact).toEqual({ kind: 'not-looked-up' })
      else if (own.state === 'withdrawn') expect(fact).toEqual({ kind: 'withdrawn', ...own.end })
      else expect(fact.kind).toBe(all.some(([is]) => is === 'published') ? 'stands' : 'retired')
    }),
  )
})

test('what speaks of something else, or cannot be read, tells nothing', () => {
  const good = standingDocument({
    achievementId: ID,
    issuerDid: DID,
    versions: [{ version: '1', state: 'withdrawn', end: { at: asInstant(0), reason: 'Why.' } }],
  })
  const [version] = good.versions
  for (const change of [
    { issuer: 'did:web:badges.example.org:issuers:other' },
    { achievement: `${ID}2` },
    { versions: {} },
    { versions: [{ ...version, state: 'gone' }] },
    { versions: [{ ...version, endedAt: 'yesterday' }] },
  ])
    expect(readStanding({ ...good, ...change } as JsonObject, question)).toEqual({ kind: 'unavailable' })
  expect(readStanding({}, question)).toEqual({ kind: 'unavailable' })
})

test.each([
  [ID, DID, `${ID}/standing`],
  [
    'http://localhost:3000/achievements/1',
    'did:web:localhost%3A3000:issuers:a',
    'http://localhost:3000/achievements/1/standing',
  ],
  [ID, 'https://badges.example.org/issuers/sample', `${ID}/standing`],
  // Nobody speaks for an achievement but who lives where it does.
  [ID, 'did:web:elsewhere.example.org:issuers:sample', undefined],
  [ID, 'did:web:badges.example.org%3A8443:issuers:sample', undefined],
  [ID, 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH', undefined],
  ['urn:uuid:0192f0c4-7c1e-7c3a-9a1e-2d7b8c0e4f31', DID, undefined],
  [`${ID}?version=1`, DID, undefined],
  [`${ID}#a`, DID, undefined],
  ['https://badges.example.org/a/../b', DID, undefined],
  ['https://user@badges.example.org/achievements/1', DID, undefined],
  ['http://badges.example.org/achievements/1', DID, undefined],
])('the standing of %s, by %s, is found at %s', (achievementId, issuerId, address) => {
  expect(standingAddress({ achievementId, issuerId, version: '1' })).toBe(address)
})
