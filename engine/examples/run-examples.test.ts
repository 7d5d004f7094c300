import { expect, test } from 'vitest'
import { parseRule } from '#engine/rules/document/parse-rule.ts'
import type { RuleDocument } from '#engine/rules/document/rule-document.ts'
import { catalogueOf, ruleFor, testHash } from '#engine/rules/testing/build-rules.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Json } from '#engine/shared/json.ts'
import { parseRuleExamples } from './rule-examples.ts'
import { prepareExamples } from './run-examples.ts'

function documentOf(json: Json): RuleDocument {
  const parsed = parseRule(json)
  if (!parsed.ok) throw new Error(parsed.faults[0]?.message)
  return parsed.document
}

function examplesAt(now: string) {
  const reading = parseRuleExamples({ now, awards: [] })
  if (!reading.ok) throw new Error(reading.faults[0]?.message)
  return reading.examples
}

test('rules are compiled once, however many examples there are', () => {
  const slugs = Array.from({ length: 20 }, (_, at) => `badge-${at}`)
  const rules = slugs.map((slug) => ({
    name: slug,
    document: documentOf(ruleFor(slug, { event: 'completed' }) as unknown as Json),
  }))
  let hashed = 0
  const counted: Hash = (bytes) => {
    hashed++
    return testHash(bytes)
  }
  const run = prepareExamples({ rules, catalogue: catalogueOf(...slugs) }, counted)
  const hashedBy = (name: string, at: number) => {
    const before = hashed
    const examples = examplesAt(`2026-09-${String(at + 1).padStart(2, '0')}T00:00:00Z`)
    expect(run({ name, events: [], examples })).toEqual([])
    return hashed - before
  }
  const [first = 0, ...others] = slugs.map(hashedBy)
  expect(first).toBeGreaterThan(0)
  expect(new Set(others)).toEqual(new Set([0]))
})
