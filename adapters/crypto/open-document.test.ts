import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { randomAward } from '#test/credentials/random-awards.ts'
import { badge, issuingKey, NOW, resolveIssuingKey, sign } from '#test/verification/sample-issuer.ts'
import { createCredentialSuite } from './credential-suite.ts'
import { sha256 } from './hashes.ts'

const RUNS = Number(process.env['CREDENTIAL_PROPERTY_RUNS'] ?? 100)

const suite = createCredentialSuite()
/** Contexts of its own, though none: a suite that remembers no shapes. */
const plain = createCredentialSuite({ contexts: new Map() })

async function answersOf(document: JsonObject, by = suite) {
  const opened = by.open(document)
  return {
    digest: Uint8Array.from(opened.digest()),
    format: opened.formatFaults(),
    schema: opened.schemaFaults(),
    proofs: await opened.verifyProofs(resolveIssuingKey, NOW),
  }
}

/** All of one shape, and each proof too. */
let signed: readonly JsonObject[] = []
beforeAll(async () => {
  const badges = Array.from({ length: 6 }, (_, number) =>
    buildBadgeCredential(
      badge({
        uuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
        narrative: `Says ${number}`,
      }),
    ),
  )
  signed = await Promise.all(badges.map((each) => sign(each)))
  for (const document of signed)
    expect(await answersOf(document)).toMatchObject({
      format: [],
      schema: [],
      proofs: [{ outcome: 'passed' }],
    })
})

/** Every place in a document: the names and numbers that lead to it. */
function placesIn(value: Json, path: readonly string[] = []): (readonly string[])[] {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [
    ...(path.length > 0 ? [path] : []),
    ...inside.flatMap(([name, each]) => placesIn(each, [...path, name])),
  ]
}

const at = (document: Json, path: readonly string[]): Json =>
  path.reduce<Json>((value, name) => (value as JsonObject)[name] ?? null, document)

/** The same with what `change` makes of the value there; undefined takes it away. */
function withChange(value: Json, path: readonly string[], change: (value: Json) => Json | undefined): Json {
  const [name, ...rest] = path
  if (name === undefined) return change(value) ?? null
  const entries = Object.entries(value as JsonObject).flatMap(([each, inner]): [string, Json][] => {
    if (each !== name) return [[each, inner]]
    const changed = rest.length === 0 ? change(inner) : withChange(inner, rest, change)
    return changed === undefined ? [] : [[each, changed]]
  })
  return isJsonArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries)
}

const CHANGES: readonly ((value: Json, other: Json) => Json | undefined)[] = [
  () => undefined,
  (_, other) => other,
  (value) => (typeof value === 'string' ? `${value} ` : [value]),
  (value) => (typeof value === 'string' ? value.slice(1) : null),
  (value) => (isJsonObject(value) ? { ...value, more: 'x' } : { '@value': value }),
  (value) => (isJsonObject(value) ? { ...value, id: 'urn:uuid:00000000-0000-4000-8000-000000000001' } : 7),
  (value) => (isJsonArray(value) ? [...value, ...value] : typeof value === 'string' ? 'urn:x:y' : value),
]

test('a document that is changed in any place is answered as by who has never seen its like', {
  timeout: 3_600_000,
}, async () => {
  const counted = { passed: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.nat(5),
      fc.nat(),
      fc.nat(),
      fc.nat(CHANGES.length - 1),
      async (which, place, from, how) => {
        const document = signed[which] ?? expect.unreachable()
        const places = placesIn(document)
        const [there, elsewhere] = [places[place % places.length] ?? [], places[from % places.length] ?? []]
        const changed = withChange(document, there, (value) => CHANGES[how]?.(value, at(document, elsewhere)))
        if (!isJsonObject(changed)) return
        const answers = await answersOf(changed)
        expect(answers).toEqual(await answersOf(changed, plain))
        expect(answers.digest).toEqual(Uint8Array.from(credentialDigest(changed, sha256)))
        counted[answers.proofs.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'refused']++
      },
    ),
    { numRuns: RUNS },
  )
  expect(counted.refused).toBeGreaterThan(RUNS / 2)
})

test('the digest of any document is that of its JCS, whatever is known of its shape', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomAward,
      fc.constantFrom(undefined, { type: 'x', b: 1 }, ['y']),
      async (award, proof) => {
        // It is learned when it comes for the second time.
        for (let times = 0; times < 2; times++)
          await suite.verifyProofs({ ...award, proof: FAILING }, resolveIssuingKey, NOW)
        const document: JsonObject = proof === undefined ? award : { ...award, proof }
        expect(Uint8Array.from(suite.open(document).digest())).toEqual(
          Uint8Array.from(credentialDigest(document, sha256)),
        )
      },
    ),
    { numRuns: RUNS / 2 },
  )
})

/** So good that the document is canonicalised, and wrong. */
const FAILING: JsonObject = {
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-rdfc-2022',
  created: '2026-01-01T00:00:00Z',
  verificationMethod: issuingKey.verificationMethod,
  proofPurpose: 'assertionMethod',
  proofValue: `z${'1'.repeat(64)}`,
}

test('ids that meet are looked at anew, though the shape is plain', async () => {
  const [document] = signed
  const subject = document?.['credentialSubject'] as JsonObject
  const doubled: JsonObject = { ...document, credentialSubject: { ...subject, id: document?.['id'] ?? null } }
  const answers = await answersOf(doubled)
  expect(answers).toEqual(await answersOf(doubled, plain))
  expect(answers.proofs).toMatchObject([{ code: 'json-ld-refused' }])
})
