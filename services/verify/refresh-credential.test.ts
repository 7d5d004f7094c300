import { expect, test } from 'vitest'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { OB_EXTENSIONS_CONTEXT } from '#engine/credentials/contexts.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { notProvedKind } from '#engine/verification/not-proved-kind.ts'
import { credentialAnswer } from '#engine/verification/vc-api-answer.ts'
import { fakeSources, type Served } from '#test/verification/fake-sources.ts'
import {
  badge,
  issuingKey,
  keyOf,
  LIST,
  sign,
  statusList,
  suite,
  verifierOf,
} from '#test/verification/sample-issuer.ts'
import { createRefreshingVerifier } from './refresh-credential.ts'

const AT = 'https://badges.example.org/refresh/1'

function unsigned(change: JsonObject = {}): JsonObject {
  const document = buildBadgeCredential(badge())
  return {
    ...document,
    '@context': [...(document['@context'] as readonly string[]), OB_EXTENSIONS_CONTEXT],
    refreshService: { id: AT, type: '1EdTechCredentialRefresh' },
    validUntil: '2026-11-25T09:00:00Z',
    ...change,
  }
}

async function verify(document: JsonObject, answer: Served | undefined) {
  const asked: string[] = []
  const served = new Map<string, Served>([[LIST, await statusList()]])
  if (answer !== undefined) served.set(AT, answer)
  const sources = fakeSources(served)
  const verifier = createRefreshingVerifier({
    verifier: verifierOf({ statusLists: sources }),
    suite,
    source: {
      fetch: async (url) => {
        asked.push(url)
        return sources.fetch(url)
      },
    },
  })
  return { report: await verifier.verify({ document }), asked }
}

test('the newer text of an expired badge is what the report is of, and it is asked for once', async () => {
  const newer = await sign(unsigned({ validUntil: '2030-01-01T00:00:00Z' }))
  const { report, asked } = await verify(await sign(unsigned()), newer)
  expect(report.verdict).toBe('valid')
  expect(report.refreshed).toMatchObject({ at: AT, verdict: 'invalid' })
  // VC-API answers for the text that its caller has in hands.
  expect(credentialAnswer(report)).toMatchObject({
    status: 400,
    problemDetails: [{ code: 'expired' }],
    warnings: [{ code: 'newer-text' }],
  })
  expect(report.refreshed?.from).not.toBe(report.credential?.digest)
  expect(asked).toEqual([AT])
})

test('a newer text that is over makes the badge invalid', async () => {
  const given = await sign(unsigned({ validUntil: '2030-01-01T00:00:00Z' }))
  const { report } = await verify(given, await sign(unsigned({ validUntil: '2026-11-24T23:00:00Z' })))
  expect(report.verdict).toBe('invalid')
  expect(report.refreshed).toBeDefined()
})

test('the same text is no news', async () => {
  const given = await sign(unsigned())
  const { report } = await verify(given, given)
  expect(report.refreshed).toBeUndefined()
  expect(report.notProved.join(' ')).not.toContain(AT)
})

const other = keyOf(didKeyOf(keyOf('x', 9).publicKeyMultibase), 9)
const later = { validUntil: '2030-01-01T00:00:00Z' }

test.each<[string, () => Promise<Served | undefined>]>([
  ['nothing', async () => undefined],
  [
    'another credential',
    () => sign(unsigned({ ...later, id: 'urn:uuid:7f0a1d5e-0000-4000-8000-00000000000f' })),
  ],
  [
    'one of another issuer',
    () => sign(unsigned({ ...later, issuer: { id: other.controller, type: ['Profile'] } }), other),
  ],
  ['one that is signed by somebody else', () => sign(unsigned(later), other)],
  ['one that is not signed', async () => unsigned(later)],
  ['an older one', () => sign(unsigned({ ...later, validFrom: '2020-01-01T00:00:00Z' }))],
  ['no credential', async () => ({ hello: 'there' })],
  ['a token that is none', async () => 'a.b.c'],
])('%s does not take its place', async (_, answer) => {
  const { report } = await verify(await sign(unsigned()), await answer())
  expect(report.verdict).toBe('invalid')
  expect(report.refreshed).toBeUndefined()
  expect(report.notProved.join(' ')).toContain(AT)
})

test('nobody is asked for a badge whose proof does not hold, or that names no https address', async () => {
  const tampered = { ...(await sign(unsigned())), name: 'changed' }
  expect((await verify(tampered, undefined)).asked).toEqual([])
  const plain = await sign(
    unsigned({ refreshService: { id: 'http://example.org/1', type: '1EdTechCredentialRefresh' } }),
  )
  expect((await verify(plain, undefined)).asked).toEqual([])
  const otherKind = await sign(
    unsigned({ refreshService: { id: AT, type: 'https://example.org/Refresh' } }),
    issuingKey,
  )
  expect((await verify(otherKind, undefined)).asked).toEqual([])
})

test('where nobody is to be asked, the report says that nobody was', async () => {
  const lists = fakeSources(new Map<string, Served>([[LIST, await statusList()]]))
  const verifier = createRefreshingVerifier({ verifier: verifierOf({ statusLists: lists }), suite })
  const { notProved } = await verifier.verify({ document: await sign(unsigned(later)) })
  expect(notProved.map(notProvedKind)).toContain('newestUnasked')
})
