import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { checkTexts } from '#engine/verification/check-texts.ts'

// The verifier speaks in codes, and whoever reads one finds it in words, in both languages, and in the documentation.

const ROOT = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(resolve(ROOT, path), 'utf8')
const sources = globSync(
  [
    'engine/verification/**/*.ts',
    'engine/open-badges-2/*.ts',
    'services/verify/*.ts',
    'adapters/crypto/*.ts',
  ],
  { cwd: ROOT },
)
  .filter((file) => !/\.test\.ts$|-texts\.ts$/.test(file))
  .map(read)

/** Words of the same form that are no code of a check: kinds, names of suites and roles, codes of errors and of faults inside. */
const NO_CODES = new Set(
  [
    'chain-proof did-document did-itself kept-did-document not-looked-up not-named not-on-chain on-chain other-purpose status-list trust-list',
    'not-found not-of-issuer not-recorded none-came',
    'ecdsa-jcs-2019 ecdsa-rdfc-2019 ecdsa-sd-2023 eddsa-jcs-2022 eddsa-rdfc-2022',
    'json-ld rdf-canonize utf-8',
    'document-too-large document-unreadable nothing-presented receipt-digest-mismatch rule-unreadable rule-version',
    'pointers-refused too-deep too-large too-many too-much undefined-term unknown-context',
    // Of a warning of VC-API, which docs/vc-api.md has.
    'newer-text',
  ].flatMap((line) => line.split(' ')),
)

const codes = new Set(
  sources.flatMap((source) => [
    ...[...source.matchAll(/'([a-z][a-z0-9]*(?:-[a-z0-9]+)+)'/g)].map(([, word = '']) => word),
    // Those of one word show in their place only: name, outcome, code.
    ...[
      ...source.matchAll(
        /\b(?:check|told)\(\s*(?:'\w+',\s*)?'(?:passed|failed|unknown|not_applicable)',\s*'(\w+)',/g,
      ),
    ].map(([, word = '']) => word),
  ]),
)

test('every code that a check can have has a sentence, and no sentence is without its code', () => {
  const unspoken = [...codes].filter((code) => !NO_CODES.has(code) && !(code in checkTexts.en))
  expect(unspoken).toEqual([])
  const all = sources.join('\n')
  expect(Object.keys(checkTexts.en).filter((code) => !all.includes(`'${code}'`))).toEqual([])
  expect(Object.keys(checkTexts.nl)).toEqual(Object.keys(checkTexts.en))
})

test('every code of a check stands in the documentation', () => {
  const docs = `${read('docs/verification.md')}${read('docs/trust-lists.md')}`
  expect(Object.keys(checkTexts.en).filter((code) => !docs.includes(`\`${code}\``))).toEqual([])
})
