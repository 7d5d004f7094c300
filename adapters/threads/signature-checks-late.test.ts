import { ed25519 } from '@noble/curves/ed25519'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type CheckingThread, createSignatureChecks, type SignatureChecks } from './signature-checks.ts'
import { type SignatureSlots, signatureMemory, signatureSlots } from './signature-slots.ts'

/*
 * What depends on when a thread answers: each test is the thread itself, and time goes on when it says so. The turns of the loop are
 * real ones.
 */

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  })
})
afterEach(() => {
  vi.useRealTimers()
})

const LATE_MS = 10
const secret = new Uint8Array(32).fill(1)
const publicKey = ed25519.getPublicKey(secret)
const message = new Uint8Array(64).fill(7)
const signature = ed25519.sign(message, secret)

/** A thread that is up, with the side of it that answers. */
function threadInHand(change: (slots: SignatureSlots, inside: SignatureSlots) => Partial<SignatureSlots>) {
  const memory = signatureMemory()
  const inside = signatureSlots(memory)
  const slots = signatureSlots(memory)
  const end = vi.fn(async () => {})
  let tell = (): void => {}
  inside.up()
  const thread: CheckingThread = {
    slots: { ...slots, ...change(slots, inside) },
    onEnd: (told) => {
      tell = told
    },
    end,
  }
  return { thread, inside, end, die: () => tell() }
}

const asItIs = () => ({})

/** Asks so many at once, and tells how many were answered so far; each of them holds. */
function askMany(checks: SignatureChecks, count: number): () => number {
  let answered = 0
  for (let number = 0; number < count; number++)
    void Promise.resolve(checks.verify(signature, message, publicKey)).then((holds) => {
      if (holds) answered += 1
    })
  return () => answered
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((go) => setImmediate(go))
}

test('what is answered while one is checked here is seen at once', async () => {
  const answerNext = (by: SignatureSlots): void => {
    const question = by.take()
    if (question !== undefined) by.answer(question.slot, true)
  }
  const { thread, inside } = threadInHand((slots, beside) => ({
    takeBack: (slot) => {
      const isOurs = slots.takeBack(slot)
      // The thread is through with the other two before this side is with that one.
      answerNext(beside)
      answerNext(beside)
      return isOurs
    },
  }))
  const checks = createSignatureChecks(() => thread)
  const answered = askMany(checks, 4)
  answerNext(inside)
  await turns(5)
  expect(answered()).toBe(4)
  await checks.close()
})

test('what is answered is seen without a timer, and a thread that answers one after the other is not late', async () => {
  const { thread, inside } = threadInHand((slots) => ({ moreThan: (seen) => slots.moreThan(seen, 60_000) }))
  const checks = createSignatureChecks(() => thread)
  const answered = askMany(checks, 5)
  const taken = [inside.take(), inside.take()]
  await turns(5)
  expect(answered()).toBe(3)
  for (const [at, question] of taken.entries()) {
    vi.advanceTimersByTime(LATE_MS - 4)
    await turns(3)
    expect(answered()).toBe(3 + at)
    inside.answer(question?.slot ?? expect.unreachable(), true)
    for (let turn = 0; turn < 100_000 && answered() === 3 + at; turn++) await turns(1)
    expect(answered()).toBe(4 + at)
  }
  await checks.close()
})

test('no thread begins after the end', async () => {
  const start = vi.fn(() => threadInHand(asItIs).thread)
  const checks = createSignatureChecks(start)
  const before = askMany(checks, 4)
  await checks.close()
  vi.advanceTimersByTime(60_000)
  const after = askMany(checks, 4)
  await turns(10)
  expect([before(), after(), start.mock.calls.length]).toEqual([4, 4, 1])
})

test('what a thread is late with is checked here without waiting again for each', async () => {
  const { thread, inside } = threadInHand(asItIs)
  const checks = createSignatureChecks(() => thread)
  const answered = askMany(checks, 6)
  inside.take()
  await turns(6)
  // The last two are left to it.
  expect(answered()).toBe(4)
  vi.advanceTimersByTime(LATE_MS)
  await turns(3)
  expect(answered()).toBe(6)
  await checks.close()
})

test('the place of what was answered too late is free again, and the late answer is nobody’s', async () => {
  const { thread, inside } = threadInHand(asItIs)
  const checks = createSignatureChecks(() => thread)
  for (let time = 0; time < 80; time++) {
    const answered = askMany(checks, 4)
    const late = inside.take() ?? expect.unreachable(`no question at ${time}`)
    await turns(4)
    vi.advanceTimersByTime(LATE_MS)
    await turns(3)
    expect(answered()).toBe(4)
    // A wrong one, which would be seen where it is taken for that of the next question in this place.
    inside.answer(late.slot, false)
  }
  await checks.close()
})

test('a thread that was late for twenty seconds is given up for another one, and what it says then is nobody’s', async () => {
  const first = threadInHand(asItIs)
  const second = threadInHand(asItIs)
  const threads = [first.thread, second.thread]
  const start = vi.fn(() => threads.shift() ?? expect.unreachable())
  const checks = createSignatureChecks(start)
  const before = askMany(checks, 4)
  const stuck = first.inside.take() ?? expect.unreachable()
  await turns(4)
  vi.advanceTimersByTime(LATE_MS)
  await turns(3)
  expect(before()).toBe(4)
  vi.advanceTimersByTime(19_000)
  const during = askMany(checks, 4)
  await turns(6)
  expect([during(), start.mock.calls.length, first.end.mock.calls.length]).toEqual([4, 1, 0])
  vi.advanceTimersByTime(1000)
  const after = askMany(checks, 4)
  await turns(1)
  first.inside.answer(stuck.slot, false)
  await turns(6)
  vi.advanceTimersByTime(LATE_MS)
  await turns(6)
  expect([after(), first.end.mock.calls.length]).toEqual([4, 1])
  const last = askMany(checks, 4)
  expect(start).toHaveBeenCalledTimes(2)
  expect(second.inside.take()).toBeDefined()
  await turns(4)
  // It has its own time: it is not late with what the first one had.
  expect(last()).toBe(2)
  vi.advanceTimersByTime(LATE_MS)
  await turns(4)
  expect(last()).toBe(4)
  await checks.close()
})

test('a thread ends when nothing was asked for half a minute, and the next one begins when it is wanted', async () => {
  const threads = [threadInHand(asItIs), threadInHand(asItIs)]
  let begun = 0
  const checks = createSignatureChecks(() => threads[begun++]?.thread ?? expect.unreachable())
  const askFour = async (): Promise<void> => {
    const answered = askMany(checks, 4)
    await turns(4)
    vi.advanceTimersByTime(LATE_MS)
    await turns(4)
    expect(answered()).toBe(4)
  }
  await askFour()
  vi.advanceTimersByTime(20_000)
  await askFour()
  vi.advanceTimersByTime(20_000)
  expect(threads[0]?.end).not.toHaveBeenCalled()
  vi.advanceTimersByTime(20_000)
  expect(threads[0]?.end).toHaveBeenCalledTimes(1)
  await askFour()
  expect(begun).toBe(2)
  await checks.close()
})

test('threads that die one after the other are begun twenty seconds apart, whenever the first of them did', async () => {
  const begunAt: number[] = []
  const checks = createSignatureChecks(() => {
    const { thread, die } = threadInHand(asItIs)
    begunAt.push(performance.now())
    setTimeout(die, 100)
    return thread
  })
  for (let second = 0; second < 90; second++) {
    const answered = askMany(checks, 4)
    vi.advanceTimersByTime(1000)
    await turns(6)
    expect(answered()).toBe(4)
  }
  const apart = begunAt.slice(1).map((at, number) => at - (begunAt[number] ?? 0))
  expect(apart.length).toBeGreaterThan(2)
  for (const ms of apart) expect(ms).toBeGreaterThanOrEqual(20_000)
  await checks.close()
})
