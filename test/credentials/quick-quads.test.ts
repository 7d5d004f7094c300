import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalQuads } from '#adapters/crypto/canonical-quads.ts'
import { createDocumentLoader, type DocumentLoader } from '#adapters/crypto/document-loader.ts'
import { limitedWork } from '#adapters/crypto/json-ld/beyond.ts'
import { quickQuads } from '#adapters/crypto/json-ld/quick-quads.ts'
import { libraryQuads } from '#adapters/crypto/library-quads.ts'
import { portableTextHash } from '#adapters/crypto/text-hash.ts'
import oneEdTech from '#adapters/crypto/vectors/1edtech-open-badges-3.0.json' with { type: 'json' }
import w3c from '#adapters/crypto/vectors/w3c-eddsa.json' with { type: 'json' }
import chain from '#adapters/crypto/vectors/w3c-proof-chain.json' with { type: 'json' }
import { nativeTextHash } from '#adapters/system/native-text-hash.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { foreignBadges } from '../../bench/credentials/foreign-badges.ts'
import { randomJsonLd } from './random-json-ld.ts'

const EXAMPLES = new Map([
  [
    'https://www.w3.org/ns/credentials/examples/v2',
    { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } },
  ],
])

const quick = (document: JsonObject, { contextAt, cache }: DocumentLoader, work = 1e9) =>
  quickQuads(document, { contextAt, cache, textHash: nativeTextHash, work: limitedWork(work) })

const V2 = 'https://www.w3.org/ns/credentials/v2'
const OB = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'

const badges = foreignBadges(20, 'did:key:z6Mk')
const badge: JsonObject = badges[1] ?? {}

describe('beside the library', () => {
  test('random documents with random contexts: it says the same, or nothing', async () => {
    let said = 0
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(randomJsonLd, async ({ document, contexts }) => {
        const loader = createDocumentLoader(contexts)
        const found = quick(document, loader)
        // The library writes into what it loads.
        const library = await libraryQuads(document, createDocumentLoader(structuredClone(contexts)))
        if (library.ok) accepted += 1
        if (found.kind !== 'quads') return
        said += 1
        expect(library).toEqual({ ok: true, quads: found.quads })
        // Kept contexts say what fresh ones say.
        expect(quick(document, loader)).toEqual(found)
      }),
      { numRuns: Number(process.env['JSON_LD_PROPERTY_RUNS'] ?? 400) },
    )
    // It would be easy to be right by never saying anything.
    expect(said).toBeGreaterThan(accepted / 2)
  })

  const published = [oneEdTech.credential, w3c.credential, chain.signed] as unknown as readonly JsonObject[]
  test.each([...badges, ...published].map((document, at) => [at, document] as const))(
    'document %i, and whatever is said of its proof',
    async (_, document) => {
      const loader = createDocumentLoader(EXAMPLES)
      const { proof = null, ...bare } = document
      const proofs = [proof].flat().filter((each): each is JsonObject => each !== null)
      for (const part of [
        bare,
        ...proofs.map((each) => ({ ...each, '@context': document['@context'] ?? [] })),
      ]) {
        const library = await libraryQuads(part, loader)
        expect(library.ok).toBe(true)
        expect(quick(part, loader)).toEqual({ kind: 'quads', quads: library.ok ? library.quads : '' })
        expect(await canonicalQuads(part, loader)).toEqual(library)
      }
    },
  )

  test.each<readonly [string, JsonObject]>([
    ['an unmapped term', { ...badge, colour: 'red' }],
    ['a relative id', { ...badge, id: 'badge' }],
    ['an unknown type', { ...badge, type: ['VerifiableCredential', 'Nonsense'] }],
    ['an unknown context', { ...badge, '@context': [V2, 'https://elsewhere.example.org'] }],
    ['a protected term anew', { ...badge, '@context': [V2, OB, { name: 'https://x.example/n' }] }],
    ['contexts put aside', { ...badge, '@context': [V2, null, V2] }],
    ['a term that needs itself', { ...badge, '@context': [V2, { x: 'y:z', y: 'x:z' }] }],
    ['a language that is none', { ...badge, name: { '@value': 'Badge', '@language': 'not a tag' } }],
  ])('%s: refused with the code of the library', async (_, document) => {
    const loader = createDocumentLoader()
    const library = await libraryQuads(document, loader)
    expect(library.ok).toBe(false)
    expect(quick(document, loader).kind).toBe('beyond')
    expect(await canonicalQuads(document, loader)).toEqual(library)
  })

  test.each<readonly [string, JsonObject]>([
    [
      'blank nodes that look alike',
      { ...badge, evidence: [1, 2].map(() => ({ type: ['Evidence'], name: 'Twin' })) },
    ],
    [
      'a list in a list',
      { ...badge, '@context': [V2, OB, { l: { '@id': 'urn:l', '@container': '@list' } }], l: [['x'], ['y']] },
    ],
  ])('%s: left to the library', async (_, document) => {
    const loader = createDocumentLoader()
    expect(quick(document, loader).kind).toBe('beyond')
    expect(await canonicalQuads(document, loader)).toEqual(await libraryQuads(document, loader))
  })

  test('hashes of the platform and portable ones give the same names', () => {
    const { contextAt, cache } = createDocumentLoader()
    const parts = { contextAt, cache, work: limitedWork(1e9) }
    for (const document of badges)
      expect(quickQuads(document, { ...parts, textHash: portableTextHash })).toEqual(
        quickQuads(document, { ...parts, textHash: nativeTextHash }),
      )
  })
})

describe('what strangers do to others', () => {
  // Alone, jsonld would refuse every later document whose contexts begin like this one's.
  test('a context that the library stumbles over is met by nobody else', async () => {
    const loader = createDocumentLoader()
    const hostile = { ...badge, '@context': [V2, OB, { '@foo': 'urn:foo' }] }
    expect((await libraryQuads(hostile, loader)).ok).toBe(false)
    for (const canonicalise of [libraryQuads, canonicalQuads])
      expect((await canonicalise(badge, loader)).ok).toBe(true)
  })

  test('contexts that a document brings itself are not kept', () => {
    const loader = createDocumentLoader()
    const keep: string[] = []
    const watched = {
      ...loader,
      contextAt: loader.contextAt,
      cache: {
        ...loader.cache,
        keep: (...[key, context]: Parameters<typeof loader.cache.keep>) => {
          keep.push(key)
          return loader.cache.keep(key, context)
        },
      },
    } as unknown as DocumentLoader
    const own: Json = { id: '@id', mine: { '@id': 'urn:mine', '@context': { deeper: 'urn:deeper' } } }
    const inner = { ...badge, '@context': own, mine: { deeper: 'x' } }
    expect(quick({ '@context': own, id: 'urn:x', mine: { deeper: 'x' } }, watched).kind).toBe('quads')
    expect(keep).toEqual([])
    expect(quick(badge, watched).kind).toBe('quads')
    const { length } = keep
    expect(length).toBeGreaterThan(0)
    // What holds where the stranger's context begins is known by now, and nothing follows from there.
    expect(quick({ ...badge, credentialSubject: inner }, watched).kind).toBe('quads')
    expect(quick(badge, watched).kind).toBe('quads')
    expect(keep).toHaveLength(length)
  })

  test('work is counted: one long id that a thousand members mean', async () => {
    const loader = createDocumentLoader()
    const long: JsonObject = {
      '@context': [V2],
      id: `urn:${'x'.repeat(50_000)}`,
      name: Array.from({ length: 1000 }, (_, number) => `${number}`),
    }
    expect(quick(long, loader, 1e6).kind).toBe('too-much')
    const canonical = await canonicalQuads(long, loader)
    expect(canonical.ok ? 'ok' : canonical.fault.code).toBe('canonicalisation-too-slow')
    // Where there is another place for it, it goes there.
    const asked: (JsonObject | string)[] = []
    const elsewhere = async (document: JsonObject | string) => {
      asked.push(document)
      return { ok: true as const, quads: 'elsewhere' }
    }
    const means = createDocumentLoader(new Map(), { elsewhere })
    expect(await canonicalQuads(long, means)).toEqual({ ok: true, quads: 'elsewhere' })
    expect((await canonicalQuads(badge, means)).ok).toBe(true)
    expect(asked).toEqual([long])
  })
})
