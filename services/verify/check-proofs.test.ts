import { expect, test } from 'vitest'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { fakeSources } from '#test/verification/fake-sources.ts'
import { badge, DID, didDocument, keyOf, sign, verifierOf } from '#test/verification/sample-issuer.ts'

const witness = keyOf(didKeyOf(keyOf('x', 9).publicKeyMultibase), 9)
const registrar = keyOf('did:web:registrar.example.org', 5)
const unsigned = buildBadgeCredential(badge())

async function proofOf(...by: Parameters<typeof sign>): Promise<Json> {
  const { proof } = await sign(...by)
  return Array.isArray(proof) ? proof[0] : (proof ?? null)
}

async function check(proof: readonly Json[], dids: Readonly<Record<string, JsonObject>> = {}) {
  const asked: string[] = []
  const sources = fakeSources(new Map([[DID, didDocument()], ...Object.entries(dids)]))
  const resolver = {
    resolve: async (did: string) => {
      asked.push(did)
      return sources.resolve(did)
    },
  }
  const { checks } = await verifierOf({ resolver }).verify({ document: { ...unsigned, proof } })
  return { code: checks.find(({ name }) => name === 'proof')?.code, asked }
}

const registrarDocument: JsonObject = {
  id: registrar.controller,
  verificationMethod: [
    {
      id: registrar.verificationMethod,
      type: 'Multikey',
      controller: registrar.controller,
      publicKeyMultibase: registrar.publicKeyMultibase,
    },
  ],
  assertionMethod: [registrar.verificationMethod],
}

test('somebody else may sign beside the issuer', async () => {
  const own = await proofOf(unsigned)
  expect((await check([own, await proofOf(unsigned, witness)])).code).toBe('signature-holds')
  const both = [await proofOf(unsigned, registrar), own]
  expect((await check(both, { [registrar.controller]: registrarDocument })).code).toBe('signature-holds')
})

test('somebody else alone is not the issuer', async () => {
  expect((await check([await proofOf(unsigned, witness)])).code).toBe('proof-key-not-of-issuer')
})

test('every proof of a set must hold, those of others too', async () => {
  const own = await proofOf(unsigned)
  const ofAnother = await proofOf({ ...unsigned, name: 'Something else' }, witness)
  expect((await check([own, ofAnother])).code).toBe('proof-signature-wrong')
  const unpublished = await check([own, await proofOf(unsigned, registrar)])
  expect(unpublished.code).toBe('proof-key-unknown')
  const { assertionMethod: _, ...silent } = registrarDocument
  const notForThis = await check([own, await proofOf(unsigned, registrar)], {
    [registrar.controller]: silent,
  })
  expect(notForThis.code).toBe('proof-key-not-for-assertion')
})

test("the keys of others are looked up only once the issuer's own proof holds", async () => {
  const wrong = { ...((await proofOf({ ...unsigned, name: 'Something else' })) as JsonObject) }
  const { code, asked } = await check([wrong, await proofOf(unsigned, registrar)])
  expect(code).toBe('proof-signature-wrong')
  expect(asked).toEqual([DID])
})
