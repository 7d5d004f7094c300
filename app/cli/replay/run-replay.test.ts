import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { utf8 } from '#engine/shared/bytes.ts'
import { runReplay } from './run-replay.ts'

/** Runs the command on files that are in memory only. */
async function run(argv: readonly string[], files: Readonly<Record<string, unknown>>) {
  let [out, err] = ['', '']
  const code = await runReplay(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    read: async (path) => utf8(JSON.stringify(files[path])),
  })
  return { code, out, err }
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../../docs/vectors/replay.json', import.meta.url), 'utf8'),
)
const [{ receipt, events }] = cases

/** The decision rests on events besides that nobody gives. */
function receiptMissing(count: number) {
  const document = JSON.parse(receipt.decision.document)
  const strangers = Array.from({ length: count }, (_, at) => ({
    id: `other-${at}`,
    source: 'https://lms.example.org/sample',
    sourceId: `other-${at}`,
    digest: `0x${String(at).padStart(64, '0')}`,
  }))
  const text = JSON.stringify({ ...document, events: [...document.events, ...strangers] })
  return { ...receipt, decision: { ...receipt.decision, document: text } }
}

const ARGV = ['receipt', '--events', 'events', '--offline']
const count = (text: string, part: string) => text.split(part).length - 1

test.each([
  [20, undefined],
  [45, 25],
])('of %i missing events the first twenty are named, and the others are counted', async (missing, more) => {
  const files = { receipt: receiptMissing(missing), events }
  const words = (await run(ARGV, files)).out
  expect(words).toContain(`${missing} not given.`)
  expect(count(words, 'not given: ')).toBe(20)
  expect(words.match(/and (\d+) more/)?.[1]).toBe(more === undefined ? undefined : String(more))

  const { replay, checks } = JSON.parse((await run([...ARGV, '--json'], files)).out)
  expect(replay).toMatchObject({ kind: 'unknown', more: more ?? 0 })
  expect(replay.reasons).toHaveLength(20)
  expect(checks.at(-1).detail).toContain(`${missing} not given.`)
})

test('of many faulty events the first twenty are told, and the others are counted', async () => {
  const faulty = Array.from({ length: 50 }, () => ({ specversion: '1.0' }))
  const { code, err } = await run(ARGV, { receipt, events: faulty })
  expect(code).toBe(2)
  expect(count(err, 'events: /')).toBe(20)
  expect(err).toMatch(/\nand \d+ more\n/)
})
