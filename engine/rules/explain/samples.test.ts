import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseCloudEvent } from '#engine/events/cloud-event.ts'
import type { ParsedEvent } from '#engine/events/event-reader.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { parseXapiStatement } from '#engine/events/xapi-statement.ts'
import { checkRule } from '#engine/rules/check/check-rule.ts'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import { parseRule } from '#engine/rules/document/parse-rule.ts'
import { activeRule, catalogueOf, testHash } from '#engine/rules/testing/build-rules.ts'
import { createSmallStore } from '#engine/rules/testing/small-store.ts'
import type { EventId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { progress } from './explain.ts'
import type { LeafTrace, Trace } from './trace.ts'
import { explainInWords } from './words.ts'

const DOCS = new URL('../../../docs/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, DOCS), 'utf8')
const readJson = <T = Json>(path: string): T => JSON.parse(read(path))

const CATALOGUE = catalogueOf('first-aid-basics', 'first-aid-advanced')

/** The person's identifier serves as the id of the subject. */
function stored(parsed: ParsedEvent, number: number): StoredEvent {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const { event } = parsed
  return { ...event, id: `event-${number}` as EventId, subjectId: identifierText(event.actor) as SubjectId }
}

const cloudEvents = (list: readonly JsonObject[]) =>
  list.map((event, at) => stored(parseCloudEvent(event), at))

const at = (text: string): Instant => parseInstant(text) ?? asInstant(0)

describe('the sample events', () => {
  const source = 'https://lms.example.org/xapi'
  const events = [
    ...cloudEvents(readJson<JsonObject[]>('samples/learning-events.cloudevents.json')),
    ...readJson<JsonObject[]>('samples/learning-events.xapi.json').map((statement, number) =>
      stored(parseXapiStatement(statement, { source }), 100 + number),
    ),
  ]
  const documents = ['basics', 'advanced'].map((name) =>
    readJson(`samples/rules/first-aid-${name}.rule.json`),
  )
  const ruleSet = compileRules(
    documents.map((document) => activeRule(document, CATALOGUE)),
    testHash,
  )
  const expected = readJson<{
    awards: { learner: string; achievement: string; metAt: string }[]
    nearMisses: { learner: string; achievement: string; conjunct: string }[]
    nothing: string[]
  }>('samples/expected-awards.json')
  const now = at('2026-11-01T00:00:00Z')

  test('have rules without faults and warnings', () => {
    for (const document of documents) {
      const parsed = parseRule(document)
      expect(parsed.ok && checkRule(parsed.document, CATALOGUE)).toEqual({ faults: [], warnings: [] })
    }
  })

  test.each([
    ['in the order of the files, at once', [events]],
    ['one by one, last first', [...events].reverse().map((event) => [event])],
    ['one by one and all of them twice', [...events, ...events].map((event) => [event])],
  ])('earn what is expected: %s', (_name, portions) => {
    const store = createSmallStore(ruleSet)
    for (const portion of portions) store.process(now, portion)
    const standing = new Map(
      store.decisions.map((decision) => [`${decision.ruleId} ${decision.subjectId}`, decision]),
    )
    const learners = [...new Set(events.map(({ subjectId }) => subjectId))]
    const earned = [...standing.values()].filter(({ outcome }) => outcome === 'award')
    const metAt = ({ ruleId, subjectId }: (typeof earned)[number]) => {
      const input = { now, subjectId, states: store.states, holdings: store.holdingsOf(subjectId) }
      const verdict = progress(ruleSet, ruleId, input)?.verdict
      return verdict?.status === 'met' ? formatInstant(verdict.metAt) : undefined
    }
    expect(
      earned.map((decision) => `${decision.subjectId} ${decision.achievementId} ${metAt(decision)}`).sort(),
    ).toEqual(
      expected.awards
        .map((award) => `${award.learner} achievement-${award.achievement} ${at2(award.metAt)}`)
        .sort(),
    )
    const without = learners.filter((learner) => !earned.some(({ subjectId }) => subjectId === learner))
    expect(without.sort()).toEqual([...expected.nothing].sort())
  })

  test('show near misses by the condition that failed', () => {
    const store = createSmallStore(ruleSet)
    store.process(now, events)
    for (const { learner, achievement, conjunct } of expected.nearMisses) {
      const subjectId = learner as SubjectId
      const own = events.filter((event) => event.subjectId === subjectId)
      const trace = progress(ruleSet, `rule-${achievement}` as RuleId, {
        now,
        subjectId,
        states: store.states,
        holdings: [],
        events: own,
      })?.trace
      expect(leavesOf(trace).map(({ nearMiss }) => nearMiss?.conjunct)).toEqual([conjunct])
    }
  })
})

const at2 = (text: string) => formatInstant(at(text))

const leavesOf = (trace: Trace | undefined): readonly LeafTrace[] =>
  trace === undefined ? [] : 'children' in trace ? trace.children.flatMap(leavesOf) : [trace]

/** A block of the documentation, by the words after `json`. */
function block(kind: string) {
  const [, text = 'null'] = new RegExp(`\`\`\`json ${kind}\\n([\\s\\S]*?)\`\`\``).exec(read('rules.md')) ?? []
  return JSON.parse(text)
}

test('what is joined counts in any period and context, but where `on` says otherwise, as the documentation says', () => {
  const document = block('joined rule')
  const awardsBy = (rule: Json) => {
    const store = createSmallStore(compileRules([activeRule(rule, CATALOGUE)], testHash))
    store.process(at('2026-10-01T00:00:00Z'), cloudEvents(block('joined events')))
    return store.decisions.map(({ subjectId, metAt }) => ({
      learner: subjectId,
      metAt: formatInstant(metAt),
    }))
  }
  const { awards } = block('joined expected')
  expect(awardsBy(document)).toEqual(awards)
  const monthly = { ...document, occurrence: { kind: 'period', unit: 'month', zone: 'UTC' } }
  expect(awardsBy(monthly)).toEqual(awards)
  const score = { ...document.when.join.score, on: block('joined on') }
  expect(awardsBy({ ...document, when: { ...document.when, join: { score } } })).toEqual([])
})

test('the example of the documentation does what the documentation says', () => {
  const rule = activeRule(block('rule'), CATALOGUE)
  const ruleSet = compileRules([rule], testHash)
  const events = cloudEvents(block('events'))
  const expected = block('expected') as {
    awards: { learner: string; metAt: string }[]
    words: Record<string, string[]>
  }
  const now = at('2026-10-01T00:00:00Z')
  const store = createSmallStore(ruleSet)
  store.process(now, events)
  expect(
    store.decisions.map(({ subjectId, metAt }) => ({ learner: subjectId, metAt: formatInstant(metAt) })),
  ).toEqual(expected.awards)
  for (const [learner, words] of Object.entries(expected.words)) {
    const subjectId = learner as SubjectId
    const own = events.filter((event) => event.subjectId === subjectId)
    const found = progress(ruleSet, rule.ruleId, {
      now,
      subjectId,
      states: store.states,
      holdings: [],
      events: own,
    })
    const sentences = found === undefined ? [] : explainInWords(found.trace, rule.document, 'en')
    expect(sentences.map(({ text }) => text)).toEqual(words)
  }
})
