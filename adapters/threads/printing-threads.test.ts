import { afterAll, expect, test } from 'vitest'
import { printReport } from '#adapters/paper/print-report.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { longestHoldMs } from '#test/verification/longest-hold.ts'
import { signedBadge, verifierOf } from '#test/verification/sample-issuer.ts'
import { asCaller } from './caller-scope.ts'
import { createPrintingThreads, type PrintingThreads } from './printing-threads.ts'

const opened: PrintingThreads[] = []
const open = (bounds: Parameters<typeof createPrintingThreads>[0] = {}): PrintingThreads => {
  const threads = createPrintingThreads(bounds)
  opened.push(threads)
  return threads
}
afterAll(() => Promise.all(opened.map((threads) => threads.close())))

const report = await verifierOf().verify({ document: await signedBadge() })
const options = { language: 'nl', page: 'https://badges.example.org/verify' } as const
const presentation = {
  verdict: 'valid',
  checkedAt: report.checkedAt,
  checks: [{ name: 'proof', outcome: 'passed', code: 'presentation-signed', detail: 'It is.' }],
  holder: 'did:web:holder.example.org',
  credentials: Array.from({ length: 3 }, () => report),
  notProved: [],
} as const

const outcomeOf = (answer: Promise<unknown>): Promise<string> =>
  answer.then(
    () => 'ok',
    (error: unknown) => (error instanceof WaarmerkError ? error.code : expect.unreachable()),
  )

test('a thread prints what is printed in place, and timers go on meanwhile', async () => {
  const threads = open()
  // The thread starts first: loading it is no part of what a report costs.
  expect(await threads.printReport(report, options)).toEqual(await printReport(report, options))
  let paper: Uint8Array = new Uint8Array()
  const there = await longestHoldMs(async () => {
    paper = await threads.printReport(presentation, options)
  })
  const here = await longestHoldMs(async () => {
    expect(await printReport(presentation, options)).toEqual(paper)
  })
  expect(there).toBeLessThan(here / 2)
})

test('where too many wait the next is told so, and one who asks for many waits for itself', async () => {
  const threads = open({ queue: 2, share: 2, reserve: 2 })
  const print = () => outcomeOf(threads.printReport(report, options))
  const outcomes = await Promise.all(Array.from({ length: 4 }, print))
  expect(outcomes.toSorted()).toEqual(['ok', 'ok', 'ok', 'unavailable'])
  const own = await asCaller(
    () => 'one',
    () => Promise.all([print(), print(), print()]),
  )
  expect(own).toEqual(['ok', 'ok', 'rate-limited'])
})

test('what takes too long, or breaks its thread, is unavailable, and the next one gets another thread', async () => {
  const hasty = open({ deadlineMs: 1 })
  expect(await outcomeOf(hasty.printReport(presentation, options))).toBe('unavailable')
  const threads = open()
  const broken = { ...report, checks: undefined } as unknown as typeof report
  const printed = [broken, report].map((each) => outcomeOf(threads.printReport(each, options)))
  expect(await Promise.all(printed)).toEqual(['unavailable', 'ok'])
})

test('closing gives up what is under way, and nothing is printed after', async () => {
  const threads = open()
  const under = outcomeOf(threads.printReport(presentation, options))
  await threads.close()
  expect(await under).toBe('unavailable')
  expect(await outcomeOf(threads.printReport(report, options))).toBe('unavailable')
})
