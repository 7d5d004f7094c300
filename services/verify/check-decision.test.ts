import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { parseDecisionReceipt } from '#engine/decisions/decision-receipt.ts'
import { readGivenEvents } from '#engine/events/given-events.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { checkDecision } from './check-decision.ts'

interface Case {
  readonly name: string
  readonly receipt: JsonObject
  readonly events: Json
  readonly replay: string
  readonly reason?: string
  readonly parts?: readonly string[]
  readonly failed: readonly string[]
}

const docs = (path: string) => JSON.parse(readFileSync(`docs/${path}`, 'utf8')) as never
const { cases } = docs('vectors/replay.json') as { cases: readonly Case[] }

async function check({ receipt, events }: Pick<Case, 'receipt' | 'events'>) {
  const reading = parseDecisionReceipt(receipt)
  if (!reading.ok) throw new Error(`unreadable at ${reading.member}`)
  const given = readGivenEvents(utf8(JSON.stringify(events)), { sha256 })
  if (!given.ok) throw new Error(JSON.stringify(given.faults))
  return checkDecision(reading.receipt, given.events, {
    sha256,
    keccak256,
    anchors: { read: async () => 'unavailable' },
    findDid: async () => 'unavailable',
    clock: { now: () => asInstant(0) },
  })
}

test.each(cases.map((each) => [each.name, each] as const))('vector: %s', async (_name, each) => {
  const report = await check(each)
  expect(report.checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual(
    each.failed,
  )
  const { replay } = report
  expect(replay?.kind).toBe(each.replay)
  if (replay?.kind === 'different') expect(replay.differences.map(({ part }) => part)).toEqual(each.parts)
  if (replay?.kind === 'unknown') expect(replay.reasons[0]?.code).toBe(each.reason)
  // Without a chain nothing is settled; what is broken or different is so all the same.
  const broken = each.failed.some((name) => name !== 'replay')
  expect(report.verdict).toBe(broken ? 'broken' : each.failed.length > 0 ? 'different' : 'undecided')
})

test('the schemas of docs/schemas say what the vectors are', () => {
  const ajv = new Ajv2020({ strict: true })
  const bundle = ajv.compile(docs('schemas/decision-receipt.schema.json'))
  const decision = ajv.compile(docs('schemas/decision.schema.json'))
  for (const { receipt } of cases) {
    expect([bundle(receipt), bundle.errors]).toEqual([true, null])
    const { document } = receipt['decision'] as { document: string }
    expect([decision(JSON.parse(document)), decision.errors]).toEqual([true, null])
  }
})

test('a report never says that an award was right', async () => {
  const [good] = cases
  const report = await check(good ?? { receipt: {}, events: [] })
  expect(report.notProved).toContain('That the events are true, or that none was withheld.')
  expect(JSON.stringify(report)).not.toMatch(/\b(right|correct|deserved|tamper-proof)\b/)
})

test.each([
  ['/format', { format: 'waarmerk-decision-receipt/2' }],
  ['/more', { more: 1 }],
  ['/decision/document', { decision: { document: {} } }],
  ['/rule', { rule: null }],
  ['/issuer', { issuer: 7 }],
])('a receipt that is none is refused at %s', (member, change) => {
  expect(parseDecisionReceipt({ ...cases[0]?.receipt, ...change } as Json)).toEqual({ ok: false, member })
})

test('a rule that this version cannot read leaves it open', async () => {
  const [good] = cases
  if (good === undefined) throw new Error('no case')
  const rule = good.receipt['rule'] as { document: string }
  const document = rule.document.replace('"distinctOf"', '"medianOf"')
  const report = await check({ ...good, receipt: { ...good.receipt, rule: { ...rule, document } } as never })
  expect(report.replay).toMatchObject({ kind: 'rule-unreadable' })
})
