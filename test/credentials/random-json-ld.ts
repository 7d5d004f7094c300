import fc from 'fast-check'
import type { Json, JsonObject } from '#engine/shared/json.ts'

/*
 * For tests: documents and contexts of few names, so that terms meet each other, are defined anew and protected. Most of
 * what comes out is sound; much of it is wrong somewhere, as the world is.
 */

/** A document, and the contexts that it may name by address. */
export interface RandomJsonLd {
  readonly document: JsonObject
  readonly contexts: ReadonlyMap<string, object>
}

const TERMS = ['a', 'b', 'c', 'd', 'e', 'list', 'set', 'lang', 'graph', 'json', 'ref', 'voc', 'p']
const TYPES = ['T', 'a', 'U']
const URLS = ['https://contexts.example.org/1', 'https://contexts.example.org/2']

const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, share = 12): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: usual, weight: share }, { arbitrary: odd, weight: 1 })

const iri = fc.constantFrom('http://x.example/a', 'http://x.example/b', 'urn:c', 'p:d', 'http://x.example/#')

const typeOfValues = rarely(
  fc.constantFrom('@id', '@vocab', 'http://x.example/type', 'http://www.w3.org/2001/XMLSchema#double'),
  fc.constantFrom('@json', '@none', 'p:type', 'T', 'relative', '_:type'),
  24,
)
const container: fc.Arbitrary<Json> = rarely(
  fc.constantFrom<Json>('@set', '@list', '@graph', '@language', ['@graph', '@set'], []),
  fc.constantFrom<Json>(
    '@id',
    '@type',
    '@index',
    ['@language', '@set'],
    ['@graph', '@id'],
    ['@list', '@set'],
    '@none',
  ),
  12,
)

const definition = (scoped: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(
    { arbitrary: iri, weight: 24 },
    {
      arbitrary: fc.constantFrom<Json>(
        null,
        '@id',
        '@type',
        'a',
        'T',
        '@value',
        '@graph',
        'relative',
        '@nest',
      ),
      weight: 1,
    },
    {
      arbitrary: fc
        .record({
          '@id': rarely<Json>(iri, fc.constantFrom<Json>(null, 'a', '@type', '', 'relative')),
          '@type': typeOfValues,
          '@container': container,
          '@language': rarely<Json>(
            fc.constantFrom<Json>('en', 'NL-be', null),
            fc.constantFrom<Json>('', 'a b'),
          ),
          '@direction': fc.constantFrom<Json>('ltr', 'rtl', null),
          '@protected': fc.boolean(),
          '@prefix': fc.boolean(),
          '@context': scoped,
        })
        .chain((whole) =>
          fc
            .subarray(
              Object.keys(whole).filter((name) => name !== '@id'),
              { maxLength: 3 },
            )
            .map((names) => pick(whole, ['@id', ...names])),
        ),
      weight: 24,
    },
    {
      arbitrary: fc.constantFrom<Json>(
        { '@reverse': 'http://x.example/back' },
        { '@id': 'http://x.example/n', '@nest': '@nest' },
        { '@id': 'http://x.example/i', '@container': '@index', '@index': 'a' },
        { '@type': '@id' },
        7,
      ),
      weight: 1,
    },
  )

/** What most contexts say, so that most documents mean something. */
const BASE: JsonObject = {
  id: '@id',
  type: '@type',
  T: 'http://x.example/T',
  a: 'http://x.example/a',
  b: { '@id': 'http://x.example/b' },
  list: { '@id': 'http://x.example/list', '@container': '@list' },
  set: { '@id': 'http://x.example/set', '@container': '@set' },
  lang: { '@id': 'http://x.example/lang', '@container': '@language' },
  graph: { '@id': 'http://x.example/graph', '@container': '@graph' },
  json: { '@id': 'http://x.example/json', '@type': '@json' },
  ref: { '@id': 'http://x.example/ref', '@type': '@id' },
  voc: { '@id': 'http://x.example/voc', '@type': '@vocab' },
  p: 'http://p.example/#',
}

const oneContext = (scoped: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc
    .record({
      isBased: fc.boolean(),
      terms: fc.dictionary(
        fc.oneof(fc.constantFrom(...TERMS, ...TYPES), fc.constantFrom('id', 'type', 'p:x', '@foo')),
        definition(scoped),
        { maxKeys: 4 },
      ),
      vocab: fc.option(
        rarely<Json>(fc.constantFrom<Json>('http://v.example/#'), fc.constantFrom<Json>(null, 'p:', 'rel')),
        {
          freq: 2,
          nil: undefined,
        },
      ),
      language: fc.option(rarely<Json>(fc.constantFrom<Json>('fr', null), fc.constant<Json>('not a tag')), {
        freq: 1,
        nil: undefined,
      }),
      isProtected: fc.option(rarely<Json>(fc.constant<Json>(true), fc.constant<Json>(false)), {
        freq: 1,
        nil: undefined,
      }),
      propagate: fc.option(fc.boolean(), { freq: 1, nil: undefined }),
      odd: rarely<JsonObject>(
        fc.constant({}),
        fc.constantFrom<JsonObject>({ '@base': 'http://base.example/' }, { '@direction': 'rtl' }),
        20,
      ),
    })
    .map(({ isBased, terms, vocab, language, isProtected, propagate, odd }) =>
      defined({
        '@version': 1.1,
        ...odd,
        '@vocab': vocab,
        '@language': language,
        '@protected': isProtected,
        '@propagate': propagate,
        ...(isBased ? BASE : {}),
        ...terms,
      }),
    )

/** With contexts of terms, so deep; `urls` are the addresses that it may name. */
function contextOf(depth: number, urls: readonly string[]): fc.Arbitrary<Json> {
  const plain = fc.constantFrom<Json>(...urls, null, [], [null, BASE], BASE, [BASE, ...urls])
  if (depth === 0) return plain
  const one = oneContext(contextOf(depth - 1, urls))
  return fc.oneof(
    { arbitrary: plain, weight: 3 },
    { arbitrary: one, weight: 3 },
    { arbitrary: fc.tuple(one, one), weight: 1 },
  )
}

const context = contextOf(3, URLS)

const text = rarely(
  fc.constantFrom(
    'urn:x:1',
    'urn:x:2',
    'http://x.example/y',
    'T',
    'p:z',
    '_:b0',
    '_:b1',
    'http://x.example/<y>',
  ),
  fc.constantFrom('U', 'say "so"\n\\', 'é\u0001', 'relative', '@id', '@foo', '', 'a'),
)
const scalar: fc.Arbitrary<Json> = fc.oneof(
  { arbitrary: text, weight: 5 },
  { arbitrary: fc.constantFrom<Json>(1, 0, -0, 1.5, 1e21, 1e-7, true, false), weight: 2 },
  { arbitrary: fc.constant(null), weight: 1 },
)
const id = rarely(fc.constantFrom('urn:x:1', 'urn:x:2', '_:b0', '_:b1', 'p:i'), text)
const type = rarely<Json>(
  fc.oneof(fc.constantFrom('T', 'b'), fc.subarray(['T', 'a', 'b', 'http://x.example/W'])),
  fc.oneof(text, fc.constant('U')),
)

const value = fc
  .record(
    {
      '@value': rarely(scalar, fc.constant<Json>({ x: 1 })),
      '@language': rarely(fc.constantFrom<Json>('en', 'de'), fc.constantFrom<Json>('not a tag', null)),
      '@direction': fc.constantFrom('ltr', 'rtl'),
      '@type': fc.constantFrom('http://x.example/type', 'T', '@json'),
    },
    { requiredKeys: ['@value'] },
  )
  .map((whole): Json => defined(whole))

const json = fc.constantFrom<Json>({ b: 1, a: [null, 'x'] }, [1.5, { é: '"' }], null, 'x', 1e21)

const odd = rarely<JsonObject>(
  fc.constant({}),
  fc.constantFrom<JsonObject>(
    { unmapped: 'x' },
    { '@graph': [] },
    { '@index': 'i' },
    { '@set': ['x'] },
    { 'http://x.example/full': 'x' },
    { 'p:compact': 'x' },
    { '@reverse': { a: { id: 'urn:x:1' } } },
    { '_:blank': 'x' },
    { '@included': [] },
  ),
  20,
)

const option = <T>(arbitrary: fc.Arbitrary<T>, share: number): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { freq: share, nil: undefined })

/** With nodes in it, so deep. */
function nodeOf(depth: number): fc.Arbitrary<JsonObject> {
  const inner: fc.Arbitrary<Json> = depth === 0 ? scalar : nodeOf(depth - 1)
  const any: fc.Arbitrary<Json> = fc.oneof(
    scalar,
    inner,
    value,
    fc.array(fc.oneof(scalar, inner, value), { maxLength: 3 }),
    fc.constantFrom<Json>([], [[]], [['x'], ['y']]),
  )
  return fc
    .record({
      id: option(id, 1),
      type: option(type, 1),
      members: fc.array(fc.tuple(fc.constantFrom(...TERMS), any), { maxLength: 4 }),
      texts: option(
        fc.dictionary(
          rarely(fc.constantFrom('en', 'nl', '@none'), fc.constant('not a tag')),
          fc.oneof(text, fc.array(text, { maxLength: 2 })),
          {
            maxKeys: 2,
          },
        ),
        1,
      ),
      json: option(json, 1),
      own: rarely<Json | undefined>(fc.constant(undefined), context, 8),
      odd,
    })
    .map(({ id, type, members, texts, json, own, odd }) =>
      defined({ ...odd, '@context': own, id, type, ...Object.fromEntries(members), lang: texts, json }),
    )
}

export const randomJsonLd: fc.Arbitrary<RandomJsonLd> = fc
  .record({
    document: nodeOf(3),
    first: rarely<Json>(
      fc.tuple(
        fc.constantFrom<Json>(
          BASE,
          { ...BASE, '@protected': true },
          { ...BASE, '@vocab': 'http://v.example/#' },
        ),
        context,
      ),
      context,
      8,
    ),
    // A file that led back to itself would keep the library busy for ever.
    one: contextOf(3, URLS.slice(1)),
    two: contextOf(3, []),
  })
  .map(({ document, first, one, two }) => ({
    document: { ...document, '@context': isFlat(first) ? first : (first as readonly Json[]).flat() },
    contexts: new Map(URLS.map((url, at) => [url, { '@context': at === 0 ? one : two }])),
  }))

const isFlat = (value: Json): boolean => !Array.isArray(value)

const pick = (whole: object, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name)))

const defined = (object: { readonly [name: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  )
