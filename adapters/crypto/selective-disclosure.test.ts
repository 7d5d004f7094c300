import { p256 } from '@noble/curves/nist'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDidDocument } from '#engine/credentials/did-document.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { concat } from '#engine/shared/bytes.ts'
import { asInstant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import type { SignOptions } from '#services/ports/sign-options.ts'
import { gaveUp } from './canonical.ts'
import { canonicalLabels } from './canonical-labels.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { encodeCbor } from './cbor.ts'
import { createCredentialSuite } from './credential-suite.ts'
import { didKeyOf } from './did-key.ts'
import { type BaseValue, type DerivedValue, readDisclosureValue, writeDerived } from './disclosure-value.ts'
import { createDocumentLoader } from './document-loader.ts'
import { issuingKeyOf } from './issuing-key.ts'
import { fromBase64Url, fromMultibase, toBase64Url } from './multibase.ts'
import { readMultikey, readMultikeyBytes } from './public-key.ts'
import { checkDisclosure, deriveValue, makeBaseValue } from './selective-disclosure.ts'
import { signingKeyOf } from './signing-key.ts'
import { areAllSignedBy } from './statement-signatures.ts'
import oneEdTech from './vectors/1edtech-open-badges-3.0.json' with { type: 'json' }
import w3c from './vectors/w3c-ecdsa-sd-2023.json' with { type: 'json' }

const NOW = parseInstant('2026-11-25T10:00:00Z') ?? asInstant(0)
const documentLoader = createDocumentLoader()

const readValue = (text: string) =>
  readDisclosureValue(fromBase64Url(text.slice(1)) ?? expect.unreachable()) ?? expect.unreachable()

/** The vector has a context of its own, which no document that is verified may have: so it goes in below that check. */
async function vectorSigned(document: object) {
  const options = { ...w3c.proof, '@context': w3c.credential['@context'] } as unknown as JsonObject
  const canonical = await canonicalQuads(options, documentLoader)
  if (!canonical.ok) return expect.unreachable()
  return { document: document as JsonObject, proofQuads: canonical.quads, documentLoader }
}

const vectorKey = () => readMultikey(w3c.proof.verificationMethod.split('#')[1] ?? '') ?? expect.unreachable()

test("W3C's published base proof is reproduced bit for bit, and holds", async () => {
  const secret = fromMultibase(w3c.privateKeyMultibase)?.slice(2) ?? expect.unreachable()
  const proofSecret = fromMultibase(w3c.proofPrivateKeyMultibase)?.slice(2) ?? expect.unreachable()
  const hmacKey = Uint8Array.from(Buffer.from(w3c.hmacKey, 'hex'))
  const signed = await vectorSigned(w3c.credential)
  const sign = async (message: Uint8Array) => p256.sign(message, secret, { prehash: true }).toBytes('compact')
  const made = await makeBaseValue(signed, w3c.mandatoryPointers, sign, { hmacKey, proofSecret })
  expect(made).toEqual({ ok: true, value: w3c.baseValue })
  expect(await checkDisclosure(signed, readValue(w3c.baseValue), vectorKey())).toEqual({ ok: true })
})

test("W3C's published disclosure is derived bit for bit, and holds", async () => {
  const base = readValue(w3c.baseValue) as BaseValue
  const document = w3c.credential as unknown as JsonObject
  expect(await deriveValue(document, base, w3c.selectivePointers, documentLoader)).toEqual({
    ok: true,
    revealed: w3c.revealed,
    value: w3c.derivedValue,
  })
  const signed = await vectorSigned(w3c.revealed)
  expect(await checkDisclosure(signed, readValue(w3c.derivedValue), vectorKey())).toEqual({ ok: true })
  const other = { ...w3c.revealed, issuer: 'https://vc.example/windsurf/others' }
  expect(
    await checkDisclosure(await vectorSigned(other), readValue(w3c.derivedValue), vectorKey()),
  ).toMatchObject({
    code: 'proof-signature-wrong',
  })
})

const suite = createCredentialSuite()
const { publicKeyMultibase, secretKey } = issuingKeyOf(new Uint8Array(32).fill(6), 'P-256')
const key = signingKeyOf(didKeyOf(publicKeyMultibase), secretKey, undefined, 'P-256')
const badge = {
  ...oneEdTech.credential,
  issuer: { id: key.controller, type: ['Profile'], name: 'Example Corp' },
} as unknown as PreparedCredential

const MANDATORY = ['/issuer', '/validFrom', '/credentialSubject/achievement/id']

const resolve: ResolveMethod = async (name) => {
  const method = readDidDocument(suite.resolveByText(key.controller) ?? {})?.methods[0]
  return method?.id === name ? { kind: 'found', method, forAssertion: true } : { kind: 'not-found' }
}

const outcome = async (document: JsonObject) => {
  const [finding] = await suite.verifyProofs(document, resolve, NOW, { takesBaseProofs: true })
  return finding?.outcome === 'passed' ? finding.suite : finding?.code
}

const signBase = (options: SignOptions = {}) =>
  suite.sign(badge, key, NOW, { cryptosuite: 'ecdsa-sd-2023', mandatoryPointers: MANDATORY, ...options })

const proofOf = ({ proof = null }: JsonObject) => (isJsonArray(proof) ? proof[0] : proof) as JsonObject

const withValue = (document: JsonObject, proofValue: string): JsonObject => ({
  ...document,
  proof: [{ ...proofOf(document), proofValue }],
})

test('a holder shows what is mandatory and what they choose, and nothing else', async () => {
  const signed = await signBase()
  expect(await outcome(signed)).toBe('ecdsa-sd-2023')
  expect(await suite.verifyProofs(signed, resolve, NOW)).toMatchObject([{ code: 'proof-is-base' }])
  const shown = await suite.derive(signed, ['/credentialSubject/achievement/name'])
  expect(await suite.verifyProofs(shown, resolve, NOW)).toMatchObject([{ outcome: 'passed' }])
  expect(await outcome(shown)).toBe('ecdsa-sd-2023')
  const { proof: _, ...document } = shown
  expect(document).toEqual({
    '@context': badge['@context'],
    id: badge['id'],
    type: badge['type'],
    issuer: badge['issuer'],
    validFrom: badge['validFrom'],
    credentialSubject: {
      ...(isJsonObject(badge['credentialSubject'] ?? null) &&
      'id' in (badge['credentialSubject'] as JsonObject)
        ? { id: (badge['credentialSubject'] as JsonObject)['id'] }
        : {}),
      type: ['AchievementSubject'],
      achievement: {
        id: oneEdTech.credential.credentialSubject.achievement.id,
        type: ['Achievement'],
        name: 'Teamwork',
      },
    },
  })
  expect(isJsonArray(shown['proof'] ?? null)).toBe(true)
  expect(await outcome(await suite.derive(signed, []))).toBe('ecdsa-sd-2023')
  await expect(suite.derive(shown, ['/name'])).rejects.toMatchObject({ code: 'no-base-proof', status: 422 })
})

test('where the issuer names nothing, issuer, dates and achievement are in every disclosure', async () => {
  const signed = await suite.sign(badge, key, NOW, { cryptosuite: 'ecdsa-sd-2023' })
  const { issuer, validFrom, credentialSubject } = await suite.derive(signed, [])
  expect({ issuer, validFrom }).toEqual({ issuer: badge['issuer'], validFrom: badge['validFrom'] })
  expect(credentialSubject).toMatchObject({ achievement: { name: 'Teamwork' } })
})

/** Every pointer into a document. */
function pointersInto(value: Json, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inside = Object.entries(value).flatMap(([name, member]) =>
    name === '@context'
      ? []
      : pointersInto(member, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
  return path === '' ? inside : [path, ...inside]
}

test('whatever is chosen, what is shown holds, is part of the badge, and cannot be changed', async () => {
  const pointers = fc.subarray(pointersInto(badge))
  await fc.assert(
    fc.asyncProperty(pointers, pointers, async (mandatoryPointers, chosen) => {
      fc.pre(mandatoryPointers.length + chosen.length > 0)
      const signed = await signBase({ mandatoryPointers })
      expect(await outcome(signed)).toBe('ecdsa-sd-2023')
      const shown = await suite.derive(signed, chosen)
      expect(await outcome(shown)).toBe('ecdsa-sd-2023')
      const { proof: _, ...document } = shown
      expect(badge).toMatchObject(document)
      for (const pointer of chosen) expect(valueAt(document, pointer)).toEqual(valueAt(badge, pointer))

      const texts = pointersInto(document).filter((pointer) => typeof valueAt(document, pointer) === 'string')
      const changed = texts.filter((pointer) => /\/(?:name|narrative|description)$/.test(pointer))
      for (const pointer of changed.slice(0, 2)) {
        expect(await outcome(changedAt(shown, pointer.split('/').slice(1)))).toBe('proof-signature-wrong')
      }
    }),
    { numRuns: 12 },
  )
})

function valueAt(document: Json, pointer: string): Json | undefined {
  return pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>((value, name) => (value as JsonObject | undefined)?.[name], document)
}

function changedAt(value: Json, [name, ...rest]: readonly string[]): JsonObject {
  if (name === undefined) return `${value}!` as unknown as JsonObject
  const inside = changedAt((value as JsonObject)[name] ?? null, rest)
  return (
    isJsonArray(value) ? value.with(Number(name), inside) : { ...(value as JsonObject), [name]: inside }
  ) as JsonObject
}

test('a statement cannot be left out of a disclosure, nor moved between signatures', async () => {
  const shown = await suite.derive(await signBase(), ['/credentialSubject/achievement', '/name'])
  const { name: _, ...without } = shown
  expect(await outcome(without)).not.toBe('ecdsa-sd-2023')
  const value = readValue(String(proofOf(shown)['proofValue'])) as DerivedValue
  const changes: readonly Partial<DerivedValue>[] = [
    { signatures: value.signatures.toReversed() },
    { signatures: value.signatures.slice(1) },
    { signatures: [...value.signatures, value.baseSignature] },
    { mandatoryIndexes: value.mandatoryIndexes.slice(1) },
    { mandatoryIndexes: [] },
    { baseSignature: value.signatures[0] ?? value.baseSignature },
  ]
  for (const change of changes)
    expect(await outcome(withValue(shown, writeDerived({ ...value, ...change })))).toBe(
      'proof-signature-wrong',
    )
  for (const change of [
    { mandatoryIndexes: [...value.mandatoryIndexes, 4000] },
    { mandatoryIndexes: [0, 0] },
    { labels: new Map() },
  ])
    expect(await outcome(withValue(shown, writeDerived({ ...value, ...change })))).toBe(
      'proof-value-malformed',
    )
})

test('a proof of this suite is none of another, and the other way round', async () => {
  const shown = await suite.derive(await signBase(), ['/name'])
  const asRdfc = { ...shown, proof: { ...proofOf(shown), cryptosuite: 'ecdsa-rdfc-2019' } }
  expect(await outcome(asRdfc)).toBe('proof-value-malformed')
  const rdfc = await suite.sign(badge, key, NOW)
  expect(await outcome({ ...rdfc, proof: { ...proofOf(rdfc), cryptosuite: 'ecdsa-sd-2023' } })).toBe(
    'proof-value-malformed',
  )
})

test('pointers must lead somewhere, for the issuer and for the holder', async () => {
  for (const pointer of [
    'name',
    '/nothing',
    '/type/9',
    '/type/01',
    '/type/-',
    '/__proto__',
    '/name/length',
    '/constructor',
  ]) {
    await expect(signBase({ mandatoryPointers: [pointer] })).rejects.toMatchObject({
      code: 'pointers-unmatched',
    })
    await expect(suite.derive(await signBase(), [pointer])).rejects.toMatchObject({
      code: 'pointers-unmatched',
    })
  }
  const bare = await signBase({ mandatoryPointers: [] })
  await expect(suite.derive(bare, [])).rejects.toMatchObject({ code: 'pointers-unmatched' })
})

test('what is no proof value is refused, and takes neither time nor room', async () => {
  const shown = await suite.derive(await signBase(), ['/name'])
  const good = fromBase64Url(String(proofOf(shown)['proofValue']).slice(1)) ?? expect.unreachable()
  const header = good.slice(0, 3)
  const hostile: readonly Uint8Array[] = [
    header,
    new Uint8Array(),
    concat(header, Uint8Array.of(0x85)),
    concat(good, Uint8Array.of(0)),
    good.slice(0, -1),
    // Lengths that are a lie, lists without an end, and lists in lists.
    concat(header, Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff)),
    concat(header, Uint8Array.of(0x5a, 0xff, 0xff, 0xff, 0xff)),
    concat(header, Uint8Array.of(0xba, 0xff, 0xff, 0xff, 0xff)),
    concat(header, Uint8Array.of(0x9f, 0xff)),
    concat(header, new Uint8Array(100_000).fill(0x81)),
    concat(header, encodeCbor([new Uint8Array(64), new Uint8Array(35), [], new Map(), []])),
    concat(header, encodeCbor(Array(100_000).fill(0))),
  ]
  for (const bytes of hostile) {
    const value = `u${toBase64Url(bytes)}`
    expect(await outcome(withValue(shown, value))).toBe('proof-value-malformed')
  }
  expect(await outcome(withValue(shown, 'z2V0'))).toBe('proof-value-malformed')
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
      const changed = good.slice()
      changed[at] = (changed[at] ?? 0) ^ mask
      expect(await outcome(withValue(shown, `u${toBase64Url(changed)}`))).not.toBe('ecdsa-sd-2023')
    }),
    { numRuns: 60 },
  )
})

test('a document that was given up is neither good nor bad, whatever the kind of its proof', async () => {
  const signed = await signBase()
  const shown = await suite.derive(signed, ['/name'])
  const canonicalise = async () => gaveUp('takes more than 2000 ms')
  const slow = createCredentialSuite({ means: { canonicalise } })
  for (const document of [signed, shown])
    expect(await slow.verifyProofs(document, resolve, NOW, { takesBaseProofs: true })).toMatchObject([
      { outcome: 'unknown', code: 'canonicalisation-too-slow' },
    ])
})

describe('a document that says much holds nobody up', () => {
  const saying = (count: number): JsonObject => ({
    ...badge,
    credentialSubject: {
      ...(badge['credentialSubject'] as JsonObject),
      identifier: Array.from({ length: count }, (_, at) => ({
        type: 'IdentityObject',
        identityHash: `${at}`,
        identityType: 'name',
        hashed: false,
      })),
    },
  })
  const signing = async (document: JsonObject) => {
    const signed = { document, proofQuads: '', documentLoader }
    return { signed, made: await makeBaseValue(signed, [], async () => new Uint8Array(64)) }
  }

  test('of more than a thousand statements none is signed, and no proof is read', async () => {
    const { signed, made } = await signing(saying(300))
    expect(made).toMatchObject({ ok: false, code: 'proof-value-malformed' })
    const small = await signing(badge)
    const value = small.made.ok ? readValue(small.made.value) : expect.unreachable()
    expect(await checkDisclosure(signed, value, vectorKey())).toMatchObject({ code: 'proof-value-malformed' })
    const derived: DerivedValue = {
      ...(value as BaseValue),
      kind: 'derived',
      labels: new Map(),
      mandatoryIndexes: [],
    }
    expect(await checkDisclosure(signed, derived, vectorKey())).toEqual(
      expect.objectContaining({ detail: expect.stringContaining('more than 1000 statements') }),
    )
    const read = (signatures: readonly Uint8Array[]) =>
      readDisclosureValue(
        fromBase64Url(writeDerived({ ...derived, signatures }).slice(1)) ?? new Uint8Array(),
      )
    const one = new Uint8Array(64)
    expect(read(Array.from({ length: 1000 }, () => one))).toBeDefined()
    expect(read(Array.from({ length: 1001 }, () => one))).toBeUndefined()
  })

  test('statements are labelled elsewhere, though few nodes have no name', async () => {
    const asked: string[] = []
    const elsewhere = async (quads: JsonObject | string) => {
      asked.push(String(quads))
      return gaveUp('elsewhere')
    }
    const loader = createDocumentLoader(new Map(), { elsewhere })
    const line = (at: number) => `_:b${at % 5} <urn:says> "${at}" .\n`
    const quads = (count: number) => Array.from({ length: count }, (_, at) => line(at)).join('')
    expect(await canonicalLabels(quads(150), loader)).toMatchObject({ ok: true })
    expect(asked).toEqual([])
    expect(await canonicalLabels(quads(250), loader)).toEqual(gaveUp('elsewhere'))
    const long = `_:b0 <urn:says> "${'x'.repeat(70_000)}" .\n`
    expect(await canonicalLabels(long, loader)).toEqual(gaveUp('elsewhere'))
    expect(asked).toEqual([quads(250), long])
  })

  test('others have a turn while statements are signed and checked', async () => {
    let turns = 0
    const others = setInterval(() => {
      turns += 1
    }, 0)
    try {
      const { made } = await signing(saying(40))
      expect(made.ok).toBe(true)
      const whileSigning = turns
      expect(whileSigning).toBeGreaterThanOrEqual(5)
      const value = made.ok ? readValue(made.value) : expect.unreachable()
      const proofKey = readMultikeyBytes(value.publicKey) ?? expect.unreachable()
      const secret = p256.utils.randomSecretKey()
      const message = new Uint8Array(8)
      const signature = p256.sign(message, secret, { prehash: true }).toBytes('compact')
      const publicKey = { curve: proofKey.curve, bytes: p256.getPublicKey(secret, true) }
      const many = <T>(item: T): readonly T[] => Array.from({ length: 160 }, () => item)
      expect(await areAllSignedBy(publicKey, many(signature), many(message))).toBe(true)
      expect(turns - whileSigning).toBeGreaterThanOrEqual(5)
    } finally {
      clearInterval(others)
    }
  })
})
