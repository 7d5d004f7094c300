import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { type EvidenceEvent, parseDecisionDocument } from '#engine/decisions/decision-document.ts'
import { replayDecision } from '#engine/decisions/replay-decision.ts'
import type { GivenEvent } from '#engine/events/given-events.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import { evaluate } from '#engine/rules/evaluate/evaluate.ts'
import {
  type DecisionOutcome,
  type EvaluationInput,
  type Holding,
  outcomeKey,
} from '#engine/rules/evaluate/evaluation.ts'
import { activeRule, catalogueOf, ruleFor } from '#engine/rules/testing/build-rules.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import type { DecisionId, EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { LeafState } from '#engine/state/leaf-state.ts'
import type { Stores } from '#services/ports/stores.ts'
import { documentDecisions } from './document-decisions.ts'

// Whatever was decided live, on events in any order and portions, is decided again from its document and the events that
// were known then: by another road (whole histories, one rule alone), so that the document must name all that counts.

const RUNS = Number(process.env['REPLAY_PROPERTY_RUNS'] ?? 400)
const DAY = 86_400_000
const START = 1_767_225_600_000
const SUBJECT = 'subject-a' as SubjectId
const TYPES = ['completed', 'passed', 'failed']

const within = fc.constantFrom('P2D', 'P7D', 'P20D')
const leaf = fc.record(
  {
    count: fc.integer({ min: 1, max: 3 }),
    where: fc.constantFrom(...TYPES).map((type) => `event.type == '${type}'`),
    within,
  },
  { requiredKeys: ['count', 'where'] },
)
const distinct = fc.record(
  {
    distinctOf: fc.integer({ min: 1, max: 2 }),
    by: fc.constant('event.activity'),
    in: fc.constant(['urn:x', 'urn:y', 'urn:z']),
    where: fc.constant('event.score >= 0.5'),
    within,
  },
  { requiredKeys: ['distinctOf', 'by', 'in', 'where'] },
)
const positive = fc.oneof(leaf, distinct)
const when = (prerequisites: readonly string[]): fc.Arbitrary<Json> =>
  fc
    .record({
      parts: fc.array(fc.oneof(positive, ...prerequisites.map((holds) => fc.constant({ holds }))), {
        minLength: 1,
        maxLength: 3,
      }),
      kind: fc.constantFrom('all', 'any', 'not'),
      negative: leaf,
    })
    .map(({ parts, kind, negative }) => {
      if (kind === 'any') return { any: parts }
      return { all: kind === 'not' ? [...parts, { not: negative, until: 'satisfied' }] : parts }
    }) as fc.Arbitrary<Json>

const portions = fc
  .array(
    fc.record({
      type: fc.constantFrom(...TYPES),
      day: fc.integer({ min: 0, max: 30 }),
      activity: fc.constantFrom('urn:x', 'urn:y', 'urn:z'),
      score: fc.constantFrom(0.1, 0.5, 0.9),
      portion: fc.integer({ min: 0, max: 5 }),
      voidedIn: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined, freq: 4 }),
    }),
    { minLength: 5, maxLength: 25 },
  )
  .map((drafts) => {
    const made: StoredEvent[][] = [[], [], [], [], [], []]
    drafts.forEach(({ type, day, activity, score, portion, voidedIn }, number) => {
      const event = { ...plain(`event-${number}`, type, START + day * DAY), activity, score }
      made[portion]?.push(event)
      if (voidedIn !== undefined)
        made[voidedIn]?.push({
          ...plain(`void-${number}`, 'voided', START + 31 * DAY),
          voids: event.sourceId,
        })
    })
    return made.filter((events) => events.length > 0)
  })

const plain = (id: string, type: string, time: number): StoredEvent => ({
  id: id as EventId,
  subjectId: SUBJECT,
  source: 'urn:lms:1',
  sourceId: `id-${id}`,
  type,
  time: asInstant(time),
  actor: { type: 'id', value: 'urn:test#1' },
  data: {},
})

const digestOf = (event: StoredEvent) => toHex(sha256(utf8(event.id)))

/** The one thing that is asked of the database: what stands in its event rows. */
const storesWith = (events: readonly StoredEvent[]) => {
  const rows = events.map((event): [EventId, EvidenceEvent] => [
    event.id,
    { id: event.id, source: event.source, sourceId: event.sourceId, digest: digestOf(event) },
  ])
  return { evaluation: { evidence: async () => new Map(rows) } } as unknown as Stores
}

const TEAM = 'event.data.team.members'

/** The same, done by somebody else, and naming the person as one of a team; what takes back names nobody. */
const named = (event: StoredEvent): StoredEvent => ({
  ...event,
  actor: { type: 'id', value: 'urn:test#2' },
  recipient: TEAM,
  data: event.voids === undefined ? { team: { members: ['id:urn:test#3', 'id:urn:test#1'] } } : {},
})

async function live(documents: readonly Json[], deliveries: readonly (readonly StoredEvent[])[]) {
  const catalogue = catalogueOf('one', 'two', 'three')
  const active = documents.map((document) => activeRule(document, catalogue))
  const ruleSet = compileRules(active, sha256)
  const rules = {
    ruleSet,
    digestOf: new Map(active.map(({ ruleVersionId }) => [ruleVersionId, keccak256(utf8(ruleVersionId))])),
    achievementVersionOf: new Map(),
  }
  let states = new Map<string, LeafState>()
  const outcomes = new Map<string, DecisionOutcome>()
  let holdings: Holding[] = []
  const seen: StoredEvent[] = []
  const replayed: { readonly document: string; readonly known: number; readonly result: string }[] = []

  let work: Pick<EvaluationInput, 'events' | 'reconsider'>
  for (const [at, events] of deliveries.entries()) {
    const now = asInstant(START + (100 + at) * DAY)
    seen.push(...events)
    work = { events, reconsider: [] }
    for (let round = 0; round < 20; round++) {
      const knowledge = { states, outcomes, holdings: new Map([[SUBJECT, holdings]]) }
      let result = evaluate(ruleSet, { now, ...work, ...knowledge })
      let known = knowledge
      if (result.rescan.length > 0) {
        known = { ...knowledge, states: new Map() }
        result = evaluate(ruleSet, { now, events: seen, reconsider: [], ...known })
        states = new Map()
      }
      const decisions = result.decisions.map((decision, number) => ({
        ...decision,
        id: `${at}-${round}-${number}` as DecisionId,
        decidedAt: now,
      }))
      const organisationId = 'organisation' as OrganisationId
      const documented = await documentDecisions(storesWith(seen), {
        organisationId,
        rules,
        knowledge: { ...known, moments: new Map() },
        result,
        decisions,
      })
      for (const { document, outcome, ruleId } of documented) {
        if (outcome !== 'award') continue
        const reading = parseDecisionDocument(new TextDecoder().decode(document))
        const rule = active.find((each) => each.ruleId === ruleId)
        if (!reading.ok || rule === undefined) throw new Error('unreadable')
        const asSent = seen.map(
          ({ recipient: _, ...event }): GivenEvent => ({ event, digest: digestOf(event) }),
        )
        const exported = asSent.map((each, at): GivenEvent => {
          const { id, recipient } = seen[at] ?? plain('', '', 0)
          const recipients = recipient === undefined ? {} : { recipients: [recipient] }
          return {
            ...each,
            exported: { id, subjectId: SUBJECT, receivedAt: now, evaluatedAt: now, ...recipients },
          }
        })
        for (const events of [exported, asSent]) {
          const again = replayDecision({ decision: reading.decision, rule: rule.document, events }, sha256)
          replayed.push({
            document: new TextDecoder().decode(document),
            known: seen.length,
            result: again.kind === 'same' ? 'same' : JSON.stringify(again),
          })
        }
      }
      for (const [key, { state }] of result.states) states.set(key, JSON.parse(JSON.stringify(state)))
      for (const { ruleId, subjectId, occurrence, outcome, achievementId, metAt } of result.decisions) {
        outcomes.set(outcomeKey(ruleId, subjectId, occurrence), outcome)
        if (outcome === 'award') holdings = [...holdings, { achievementId, since: metAt, by: ruleId }]
        if (outcome === 'retracted')
          holdings = holdings.filter((holding) => holding.achievementId !== achievementId)
      }
      const due = result.timers.filter((timer) => timer.at <= now)
      if (due.length === 0) break
      work = { events: [], reconsider: due }
    }
  }
  return replayed
}

test('a decision that was made live is the same when it is replayed from its document', async () => {
  let decisions = 0
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(when([]), when(['one']), when(['one', 'two'])),
      portions,
      fc.boolean(),
      async ([one, two, three], deliveries, isNamed) => {
        const who = isNamed ? { recipient: TEAM } : {}
        const documents = [ruleFor('one', one, who), ruleFor('two', two, who), ruleFor('three', three, who)]
        const replayed = await live(
          documents,
          isNamed ? deliveries.map((each) => each.map(named)) : deliveries,
        )
        decisions += replayed.length
        for (const each of replayed) expect(each).toMatchObject({ result: 'same' })
      },
    ),
    { numRuns: RUNS },
  )
  // The rules were met often enough for this to say something.
  expect(decisions).toBeGreaterThan(RUNS)
})
