import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from './json.ts'
import { type JsonDifference, jsonDifference } from './json-difference.ts'

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json)

/** The obvious way to use a difference: from the last place to the first, so that places of arrays stay what they are. */
function apply(value: Json, differences: readonly JsonDifference[]): Json {
  const root: { '': Json | undefined } = { '': structuredClone(value) }
  const removed = differences.filter(({ after }) => after === undefined).reverse()
  const others = differences.filter(({ after }) => after !== undefined)
  for (const { path, after } of [...others, ...removed]) {
    const tokens = path.split('/').map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    // biome-ignore lint/suspicious/noExplicitAny: a value of any shape, walked into
    let at: any = root
    for (const token of tokens.slice(0, -1)) at = at[token]
    const last = tokens.at(-1) ?? ''
    if (after !== undefined) at[last] = structuredClone(after)
    else if (Array.isArray(at)) at.splice(Number(last), 1)
    else delete at[last]
  }
  return root[''] as Json
}

test('what differs, put in, makes the later value of the earlier one', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      expect(apply(before, jsonDifference(before, after))).toEqual(after)
    }),
  )
})

test('nothing differs between equal values, in whatever order their members stand', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse())
      expect(jsonDifference(value, turned)).toEqual([])
    }),
  )
})

test('a number in a part of a rule is one difference, at its own place', () => {
  const rule = (count: number) => ({ when: { all: [{ count, where: "event.type == 'a/b'" }] }, 'a/b': 1 })
  expect(jsonDifference(rule(2), rule(3))).toEqual([{ path: '/when/all/0/count', before: 2, after: 3 }])
})
