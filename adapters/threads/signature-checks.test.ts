import { setTimeout as sleep } from 'node:timers/promises'
import { ed25519 } from '@noble/curves/ed25519'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { verifyStrictly } from '#adapters/keys/strict-ed25519.ts'
import { asCaller } from './caller-scope.ts'
import { type JoinedParts, partsOf } from './joined-parts.ts'
import { type CheckingThread, createSignatureChecks, openThread } from './signature-checks.ts'

const publicKey = ed25519.getPublicKey(new Uint8Array(32).fill(1))
const questions = Array.from({ length: 200 }, (_, number) => {
  const message = new Uint8Array(64).map((__, at) => number + at)
  const signature = ed25519.sign(message, new Uint8Array(32).fill(1))
  const holds = number % 3 !== 0
  if (!holds) signature[number % 64] = (signature[number % 64] ?? 0) ^ 1
  return { signature, message, publicKey, holds }
})
type Question = (typeof questions)[number]

/** The real thread, with a count of what it answered. */
const pool = openThread() ?? expect.unreachable('one processor is not enough for these tests')
let answeredBeside = 0
let refusedBeside = 0
const checks = createSignatureChecks({
  ...pool,
  run: async (batch) => {
    const outcome = await pool.run(batch).catch((error: unknown) => {
      refusedBeside += 1
      throw error
    })
    if (outcome.ok) answeredBeside += outcome.done.length
    return outcome
  },
})
afterAll(() => checks.close())

const askOf =
  (by: typeof checks) =>
  async ({ signature, message, publicKey: key }: Question): Promise<boolean> =>
    by.verify(signature, message, key)
const ask = askOf(checks)

test('each question has its own answer, however many are asked at once and wherever they are checked', async () => {
  while (!pool.isReady()) await sleep(20)
  for (const atOnce of [1, 3, 4, 25, 200])
    for (let from = 0; from < 200; from += atOnce) {
      const some = questions.slice(from, from + atOnce)
      expect(await Promise.all(some.map(ask))).toEqual(some.map(({ holds }) => holds))
    }
  expect(answeredBeside).toBeGreaterThan(0)
})

test('a caller has no share to use up: what is checked together is checked in nobody’s name', async () => {
  const before = answeredBeside
  for (let time = 0; time < 5; time++) {
    const answers = await asCaller(
      () => 'somebody',
      () => Promise.all(questions.map(ask)),
    )
    expect(answers).toEqual(questions.map(({ holds }) => holds))
  }
  expect(answeredBeside).toBeGreaterThan(before)
  expect(refusedBeside).toBe(0)
})

test('what is of the wrong form, or long, is answered as by who checks it alone', async () => {
  const [good] = questions.filter(({ holds }) => holds)
  if (good === undefined) return expect.unreachable()
  const long = new Uint8Array(100_000).fill(3)
  const signature = ed25519.sign(long, new Uint8Array(32).fill(1))
  const asked: readonly (readonly [Parameters<typeof checks.verify>, boolean])[] = [
    [[good.signature.slice(1), good.message, publicKey], false],
    [[good.signature, good.message, publicKey.slice(1)], false],
    [[new Uint8Array(), new Uint8Array(), new Uint8Array()], false],
    [[signature, long, publicKey], true],
    [[signature, long.subarray(1), publicKey], false],
    [[good.signature, good.message, publicKey], true],
  ]
  expect(await Promise.all(asked.map(([parts]) => checks.verify(...parts)))).toEqual(
    asked.map(([, holds]) => holds),
  )
})

test('what the thread has when it is closed is checked here, and so is all that comes later', async () => {
  const closing = createSignatureChecks()
  const answers = Promise.all(questions.map(askOf(closing)))
  await closing.close()
  expect(await answers).toEqual(questions.map(({ holds }) => holds))
  const [first] = questions
  if (first === undefined) return expect.unreachable()
  expect(await askOf(closing)(first)).toBe(first.holds)
})

/** A thread that does with each message what it is told: answers after a while, gives up, refuses, or says nothing at all. */
type Deed = { readonly kind: 'answer' | 'give up' | 'refuse' | 'silence'; readonly ms: number }
const threadThat = (deedOf: () => Deed): CheckingThread => ({
  isReady: () => true,
  run: async (batch: JoinedParts) => {
    const { kind, ms } = deedOf()
    if (kind === 'silence') return new Promise(() => {})
    if (ms > 0) await sleep(ms)
    if (kind === 'refuse') throw new Error('unavailable')
    if (kind === 'give up') return { ok: false, why: 'ended its thread' }
    const parts = partsOf(batch)
    const holds = Array.from({ length: parts.length / 3 }, (_, at) =>
      verifyStrictly(...(parts.slice(at * 3, at * 3 + 3) as [Uint8Array, Uint8Array, Uint8Array])),
    )
    return { ok: true, done: Uint8Array.from(holds, Number) }
  },
  close: async () => {},
})

test('a thread that never answers, is late, dies or refuses loses nothing and swaps nothing', async () => {
  const deed = fc.record({
    kind: fc.constantFrom<Deed['kind']>('answer', 'give up', 'refuse', 'silence'),
    ms: fc.constantFrom(0, 1, 12, 30),
  })
  const asking = fc.record({
    question: fc.nat(199),
    pause: fc.constantFrom('none', 'none', 'none', 'turn', 'ms'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 1, maxLength: 6 }),
      fc.array(asking, { minLength: 1, maxLength: 60 }),
      async (deeds, asked) => {
        let next = 0
        const one = createSignatureChecks(
          threadThat(() => deeds[next++ % deeds.length] ?? { kind: 'answer', ms: 0 }),
        )
        const answers: Promise<boolean>[] = []
        for (const { question, pause } of asked) {
          answers.push(askOf(one)(questions[question] ?? expect.unreachable()))
          if (pause === 'turn') await new Promise((go) => setImmediate(go))
          if (pause === 'ms') await sleep(1)
        }
        expect(await Promise.all(answers)).toEqual(asked.map(({ question }) => questions[question]?.holds))
      },
    ),
    { numRuns: 60 },
  )
})

test('nobody waits for a thread that is not there yet', async () => {
  let asked = 0
  const starting = createSignatureChecks({
    isReady: () => false,
    run: async () => {
      asked += 1
      return { ok: false, why: 'found no thread' }
    },
    close: async () => {},
  })
  expect(await Promise.all(questions.map(askOf(starting)))).toEqual(questions.map(({ holds }) => holds))
  expect(asked).toBe(0)
})
