import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Json } from '#engine/shared/json.ts'
import { jsonDifference } from './json-difference.ts'

const json = fc.jsonValue({ maxDepth: 4, noUnicodeString: true }) as fc.Arbitrary<Json>

test('something is said exactly when something differs', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const isSame = canonicalJson(before) === canonicalJson(after)
      expect(jsonDifference(before, after).length === 0).toBe(isSame)
      expect(jsonDifference(before, before)).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

test.each<[string, Json, Json, readonly string[]]>([
  ['a value', { when: { count: 3 } }, { when: { count: 4 } }, ['/when/count: 3 becomes 4']],
  ['a member more', {}, { mode: 'review' }, ['/mode: "review" is added']],
  ['a member less', { within: 'P9D' }, {}, ['/within: "P9D" is removed']],
  [
    'another kind of part',
    { when: { count: 3 } },
    { when: { event: 'x' } },
    ['/when/count: 3 is removed', '/when/event: "x" is added'],
  ],
  ['a list of values', { in: ['a', 'b'] }, { in: ['c', 'a'] }, ['/in: "b" is removed', '/in: "c" is added']],
  [
    'a part with an id, wherever it stands',
    { all: [{ id: 'a', count: 1 }] },
    { all: [{ id: 'b' }, { id: 'a', count: 2 }] },
    ['/all/a/count: 1 becomes 2', '/all/b: {"id":"b"} is added'],
  ],
  [
    'the order alone',
    { all: [{ id: 'a' }, { id: 'b' }] },
    { all: [{ id: 'b' }, { id: 'a' }] },
    ['/all: the order changes'],
  ],
  [
    'parts without ids, by their place',
    [{ count: 1 }],
    [{ count: 1 }, { count: 2 }],
    ['/1: {"count":2} is added'],
  ],
])('%s', (_name, before, after, lines) => {
  expect(jsonDifference(before, after)).toEqual(lines)
})
