import fc from 'fast-check'
import { expect, test } from 'vitest'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import { type BadgeCredential, buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { readDidDocument } from '#engine/credentials/did-document.ts'
import { disclosableDocument, disclosurePlan } from '#engine/credentials/disclosure-parts.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import { achievement, badge, NOW, suite } from './sample-issuer.ts'

// Whatever a badge of ours says, and whatever its earner shows of it: a badge that holds, by 1EdTech's schema too.

const { publicKeyMultibase, secretKey } = issuingKeyOf(new Uint8Array(32).fill(7), 'P-256')
const did = didKeyOf(publicKeyMultibase)
const key = signingKeyOf(did, secretKey, undefined, 'P-256')
const resolve: ResolveMethod = async (name) => {
  const method = readDidDocument(suite.resolveByText(did) ?? {})?.methods[0]
  return method?.id === name ? { kind: 'found', method, forAssertion: true } : { kind: 'not-found' }
}

const word = fc.constantFrom('Report', 'Well done.', 'é日本', 'a "quote"\n', '7')
const evidence = fc.record(
  {
    id: fc.constantFrom('https://files.example.org/1', 'https://files.example.org/2'),
    name: word,
    narrative: word,
  },
  { requiredKeys: ['name'] },
)
const EDUCREDENTIAL = { participationType: 'online', assessmentType: 'portfolio', ects: 2.5 } as const

const anyBadge = fc
  .record({
    narrative: fc.option(word, { nil: undefined }),
    subjectName: fc.option(word, { nil: undefined }),
    creditsEarned: fc.option(fc.constantFrom(1, 2.5), { nil: undefined }),
    activityStartDate: fc.option(fc.constant(NOW), { nil: undefined }),
    activityEndDate: fc.option(fc.constant(NOW), { nil: undefined }),
    licenseNumber: fc.option(word, { nil: undefined }),
    role: fc.option(word, { nil: undefined }),
    term: fc.option(word, { nil: undefined }),
    source: fc.option(fc.constant({ id: 'https://assessor.example.org', name: 'Assessor' }), {
      nil: undefined,
    }),
    evidence: fc.array(evidence, { maxLength: 3 }),
    // The same twice, as some rules give them.
    results: fc.array(
      fc.record({ resultDescription: fc.constant(`${achievement.id}#result-exam`), value: word }),
      { maxLength: 3 },
    ),
    isEducredential: fc.boolean(),
  })
  .map(({ isEducredential, ...parts }) => {
    const told = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
    return {
      ...badge(told as Partial<BadgeCredential>),
      issuer: { did, name: 'Sample', url: 'https://badges.example.org' },
      achievement: { ...achievement, ...(isEducredential ? { educredential: EDUCREDENTIAL } : {}) },
    } as BadgeCredential
  })

test('every choice of parts of every badge verifies, fits the schema and holds nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyBadge,
      fc.boolean(),
      fc.infiniteStream(fc.boolean()),
      async (made, pictureTells, coin) => {
        const document = disclosableDocument(buildBadgeCredential(made))
        const { mandatory, parts } = disclosurePlan(document, { pictureTells })
        const checked = await suite.prepare(document)
        if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
        const base = await suite.sign(checked.prepared, key, NOW, {
          cryptosuite: 'ecdsa-sd-2023',
          mandatoryPointers: mandatory,
        })
        const chosen = parts.filter(() => coin.next().value)
        const derived = await suite.derive(
          base,
          chosen.flatMap(({ pointers }) => pointers),
        )
        expect(await suite.verifyProofs(derived, resolve, NOW, { noBaseProofs: true })).toMatchObject([
          { outcome: 'passed', disclosure: true },
        ])
        expect(suite.schemaFaults(derived)).toEqual([])
        const subject = derived['credentialSubject'] as JsonObject
        const shown = (kind: string) => chosen.filter((part) => part.kind === kind).length
        const countOf = (list: unknown) => (Array.isArray(list) ? list.length : 0)
        expect([countOf(derived['evidence']), countOf(subject['result'])]).toEqual([
          shown('evidence'),
          shown('result'),
        ])
        // Nothing of a badge is neither always shown nor among what can be.
        const all = await suite.derive(
          base,
          parts.flatMap(({ pointers }) => pointers),
        )
        expect({ ...all, proof: null }).toEqual({ ...document, proof: null })
        for (const [name, kind] of [
          ['narrative', 'narrative'],
          ['identifier', 'identifier'],
          ['creditsEarned', 'credits'],
        ] as const)
          expect([name, subject[name] !== undefined]).toEqual([name, shown(kind) > 0])
      },
    ),
    { numRuns: 40 },
  )
})
