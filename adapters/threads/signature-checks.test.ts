import { setTimeout as sleep } from 'node:timers/promises'
import { ed25519 } from '@noble/curves/ed25519'
import fc from 'fast-check'
import { afterAll, expect, test, vi } from 'vitest'
import { sha256 } from '#adapters/crypto/hashes.ts'
import { signatureHolds } from '#adapters/keys/signature-holds.ts'
import { concat, utf8 } from '#engine/shared/bytes.ts'
import { asCaller } from './caller-scope.ts'
import { type CheckingThread, createSignatureChecks, startThread } from './signature-checks.ts'
import { type SignatureSlots, signatureMemory, signatureSlots } from './signature-slots.ts'

const secret = new Uint8Array(32).fill(1)
const publicKey = ed25519.getPublicKey(secret)
/** Every second one is of two texts, whose hashes were signed. */
const questions = Array.from({ length: 200 }, (_, number) => {
  const texts = [`options ${number} é 💎`, `document ${'x'.repeat(number * 20)}`] as const
  const bytes = new Uint8Array(64).map((__, at) => number + at)
  const isOfTexts = number % 2 === 0
  const message = isOfTexts ? concat(...texts.map((text) => sha256(utf8(text)))) : bytes
  const signature = ed25519.sign(message, secret)
  const holds = number % 3 !== 0
  if (!holds) signature[number % 64] = (signature[number % 64] ?? 0) ^ 1
  return { signature, of: isOfTexts ? texts : bytes, publicKey, holds }
})
type Question = (typeof questions)[number]

/** The real thread, with a count of what it answered and was asked. */
let begun = 0
let answeredBeside = 0
const real = (): CheckingThread => {
  const thread = startThread()
  begun += 1
  const { free } = thread.slots
  const slots: SignatureSlots = {
    ...thread.slots,
    free: (slot) => {
      if (thread.slots.answerIn(slot) !== undefined) answeredBeside += 1
      free(slot)
    },
  }
  return { ...thread, slots }
}
const checks = createSignatureChecks(real)
afterAll(() => checks.close())

const askOf =
  (by: typeof checks) =>
  async ({ signature, of, publicKey: key }: Question): Promise<boolean> =>
    of instanceof Uint8Array ? by.verify(signature, of, key) : by.verifyTexts(signature, of, key)
const ask = askOf(checks)

test('each question has its own answer, however many are asked at once and wherever they are checked', async () => {
  // The thread begins when many are asked for the first time, and nobody waits for it.
  await vi.waitFor(
    async () => {
      await Promise.all(questions.map(ask))
      expect(answeredBeside).toBeGreaterThan(0)
    },
    { timeout: 15_000 },
  )
  answeredBeside = 0
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
  expect(begun).toBe(1)
})

test('what is of the wrong form, or long, is answered as by who checks it alone', async () => {
  const bytes = new Uint8Array(64).fill(5)
  const short = ed25519.sign(bytes, secret)
  const long = new Uint8Array(100_000).fill(3)
  const signature = ed25519.sign(long, secret)
  const asked: readonly (readonly [Parameters<typeof checks.verify>, boolean])[] = [
    [[short.slice(1), bytes, publicKey], false],
    [[short, bytes, publicKey.slice(1)], false],
    [[new Uint8Array(), new Uint8Array(), new Uint8Array()], false],
    [[signature, long, publicKey], true],
    [[signature, long.subarray(1), publicKey], false],
    [[short, bytes, publicKey], true],
  ]
  expect(await Promise.all(asked.map(([parts]) => checks.verify(...parts)))).toEqual(
    asked.map(([, holds]) => holds),
  )
  // Texts that fit into no slot, in characters or in UTF-8, and such as are nothing.
  for (const texts of [
    ['a', 'b'.repeat(100_000)],
    ['é'.repeat(4000), '💎'.repeat(2000)],
    ['', ''],
    ['a\0\ud800', '\udc00é\0'],
    ['\ud83d', 'x'.repeat(8191)],
  ] as const) {
    const of = ed25519.sign(concat(...texts.map((text) => sha256(utf8(text)))), secret)
    const all = Array.from({ length: 8 }, () => checks.verifyTexts(of, texts, publicKey))
    expect(await Promise.all(all)).toEqual(all.map(() => true))
    expect(await checks.verifyTexts(of, [`${texts[0]}.`, texts[1]], publicKey)).toBe(false)
  }
})

test('bytes that are no bytes any more are signed by nobody, and what is asked with them has its answers', async () => {
  const bytes = new Uint8Array(64).fill(5)
  const signature = ed25519.sign(bytes, secret)
  const gone = bytes.slice()
  structuredClone(gone.buffer, { transfer: [gone.buffer] })
  const asked = Array.from({ length: 8 }, (_, at) =>
    checks.verify(signature, at === 5 ? gone : bytes, publicKey),
  )
  expect(await Promise.all(asked)).toEqual(asked.map((_, at) => at !== 5))
  expect(await checks.verify(ed25519.sign(new Uint8Array(), secret), gone, publicKey)).toBe(false)
})

test('what the thread has when it is closed is checked here, and so is all that comes later', async () => {
  const closing = createSignatureChecks(startThread)
  const answers = Promise.all(questions.map(askOf(closing)))
  await closing.close()
  expect(await answers).toEqual(questions.map(({ holds }) => holds))
  const [first] = questions
  if (first === undefined) return expect.unreachable()
  expect(await askOf(closing)(first)).toBe(first.holds)
})

/**
 * A thread that does with each question what it is told: answers after a while, dies with it in hand, or says nothing at all
 * of it.
 */
type Deed = { readonly kind: 'answer' | 'die' | 'silence'; readonly ms: number }
function threadThat(deedOf: () => Deed): CheckingThread {
  const memory = signatureMemory()
  const inside = signatureSlots(memory)
  let tell = (): void => {}
  let ended = false
  const work = async (): Promise<void> => {
    inside.up()
    while (!ended) {
      const question = inside.take()
      const { kind, ms } = question === undefined ? { kind: 'silence', ms: 1 } : deedOf()
      await sleep(ms)
      if (question !== undefined && kind === 'answer') inside.answer(question.slot, signatureHolds(question))
      if (kind === 'die') {
        ended = true
        tell()
      }
    }
  }
  void work()
  return {
    slots: signatureSlots(memory),
    onEnd: (told) => {
      tell = told
    },
    end: async () => {
      ended = true
    },
  }
}

test('a thread that never answers, is late or dies loses nothing and swaps nothing', async () => {
  const deed = fc.record({
    kind: fc.constantFrom<Deed['kind']>('answer', 'answer', 'die', 'silence'),
    ms: fc.constantFrom(0, 1, 12, 30),
  })
  const asking = fc.record({
    question: fc.nat(199),
    pause: fc.constantFrom('none', 'none', 'none', 'turn', 'ms'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 1, maxLength: 6 }),
      fc.array(asking, { minLength: 1, maxLength: 90 }),
      async (deeds, asked) => {
        let next = 0
        const one = createSignatureChecks(() =>
          threadThat(() => deeds[next++ % deeds.length] ?? { kind: 'answer', ms: 0 }),
        )
        const answers: Promise<boolean>[] = []
        for (const { question, pause } of asked) {
          answers.push(askOf(one)(questions[question] ?? expect.unreachable()))
          if (pause === 'turn') await new Promise((go) => setImmediate(go))
          if (pause === 'ms') await sleep(1)
        }
        expect(await Promise.all(answers)).toEqual(asked.map(({ question }) => questions[question]?.holds))
        await one.close()
      },
    ),
    { numRuns: 60 },
  )
})

test('nobody waits for a thread that is not there yet, and one that cannot be begun is not tried each time', async () => {
  let asked = 0
  const memory = signatureMemory()
  const starting = createSignatureChecks(() => {
    asked += 1
    return { slots: signatureSlots(memory), onEnd: () => {}, end: async () => {} }
  })
  const answers = questions.map(askOf(starting))
  // Nothing lies ready for it that it might come to answer.
  expect(signatureSlots(memory).take()).toBeUndefined()
  expect(await Promise.all(answers)).toEqual(questions.map(({ holds }) => holds))
  expect(asked).toBe(1)
  await starting.close()
  let tried = 0
  const without = createSignatureChecks(() => {
    tried += 1
    throw new Error('ERR_WORKER_INIT_FAILED')
  })
  for (let time = 0; time < 3; time++)
    expect(await Promise.all(questions.map(askOf(without)))).toEqual(questions.map(({ holds }) => holds))
  expect(tried).toBe(1)
})

test('a thread that is killed is told of, and what it had is checked here', async () => {
  const killed = createSignatureChecks(() => {
    const thread = startThread()
    void sleep(300).then(() => thread.end())
    return thread
  })
  for (const until = performance.now() + 700; performance.now() < until; )
    expect(await Promise.all(questions.map(askOf(killed)))).toEqual(questions.map(({ holds }) => holds))
  await killed.close()
})

test('the loop has its turns while many are checked', async () => {
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  for (let time = 0; time < 5; time++) await Promise.all(questions.map(ask))
  clearInterval(timer)
  expect(turns).toBeGreaterThan(5)
})
