import { availableParallelism } from 'node:os'
import type { VerifyEd25519, VerifyTextsByEd25519 } from '#adapters/crypto/crypto-means.ts'
import { signatureHolds } from '#adapters/keys/signature-holds.ts'
import { asProduct } from './caller-scope.ts'
import { openThread } from './open-thread.ts'
import { type SignatureSlots, type SlotQuestion, signatureMemory, signatureSlots } from './signature-slots.ts'

export interface SignatureChecks {
  readonly verify: VerifyEd25519
  readonly verifyTexts: VerifyTextsByEd25519
  /** Ends the thread; what it has is checked here. */
  close(): Promise<void>
}

/** The thread beside, and the memory that both share. One that ended answers nothing more, and the next one has memory of its own. */
export interface CheckingThread {
  readonly slots: SignatureSlots
  /** Who is told when it ended by itself. */
  onEnd(tell: () => void): void
  end(): Promise<void>
}

/** Waking a thread and being woken takes as long as a third of a signature; with so many at once it is worth it. */
const LEAST_FOR_THREAD = 4

/** One is worked on, and the next lies ready: a thread with no more than that will soon be through. */
const LEFT_TO_THREAD = 2

/** Checking a signature takes a twentieth of that. A thread that has answered none for so long has no processor, or is no more. */
const LATE_MS = 10

/** A thread that was late for so long is given up, and another one is not begun before. */
const GIVE_UP_MS = 20_000

/** A thread that has nothing to do ends after a while. */
const IDLE_MS = 30_000

interface Waiting extends SlotQuestion {
  readonly answer: (holds: boolean) => void
}

/**
 * Checks signatures where the caller runs, and in one thread beside it while many wait: whoever reads documents all the time
 * has half of its work taken off. Which of the two checks makes no difference to the answer, and what the thread is late with is
 * checked here.
 */
export function createSignatureChecks(
  start: (() => CheckingThread) | undefined = availableParallelism() < 2 ? undefined : startThread,
): SignatureChecks {
  /** What nobody checks yet, the oldest first. */
  const waiting: Waiting[] = []
  /** What the thread is to answer, by its slot, the oldest first. */
  const handed = new Map<number, Waiting>()
  /** Slots that the thread still holds of what was answered here, as it was late. */
  const overdue = new Set<number>()
  let thread: CheckingThread | undefined
  let beginAgainAt = 0
  /** When the thread last answered something, or got something after it had nothing. */
  let movedAt = 0
  let usedAt = 0
  /** How many it had answered before that was last looked at: what came to be answered since then is yet to be collected. */
  let seen = 0
  let soon: NodeJS.Immediate | undefined
  let late: NodeJS.Timeout | undefined
  let listensTo: CheckingThread | undefined
  let closed = false

  /** Begins a thread where there is none. */
  const begin = (): void => {
    const now = performance.now()
    if (start === undefined || closed || thread !== undefined || now < beginAgainAt) return
    beginAgainAt = now + GIVE_UP_MS
    try {
      // It works for whoever asks, so it belongs to nobody.
      thread = asProduct(() => {
        const begun = start()
        begun.onEnd(() => leave(begun))
        endWhenIdle(begun)
        return begun
      })
      usedAt = now
      seen = 0
    } catch {
      // A process may have as many threads as the system lets it.
    }
  }

  const endWhenIdle = (begun: CheckingThread): void => {
    const timer = setInterval(() => {
      if (thread === begun && performance.now() - usedAt < IDLE_MS) return
      clearInterval(timer)
      // It ended already, and another one may have begun.
      if (thread !== begun) return
      leave(begun)
      beginAgainAt = 0
      void begun.end()
    }, IDLE_MS)
    timer.unref()
  }

  /** Of this thread nothing more is to be had, and what it has is nobody's. */
  const leave = (left: CheckingThread): void => {
    if (thread !== left) return
    thread = undefined
    waiting.unshift(...handed.values())
    handed.clear()
    overdue.clear()
    plan()
  }

  /** Puts what waits where the thread finds it, if it is worth it and a thread is there. */
  const hand = (): void => {
    if (handed.size === 0 && waiting.length < LEAST_FOR_THREAD) return
    begin()
    if (thread === undefined || !thread.slots.isThreadUp()) return
    usedAt = performance.now()
    if (handed.size + overdue.size === 0) movedAt = usedAt
    let taken = 0
    for (const one of waiting) {
      const slot = thread.slots.put(one)
      if (slot === undefined) break
      handed.set(slot, one)
      taken++
    }
    waiting.splice(0, taken)
  }

  /** Whether the thread has answered something. */
  const collect = (): boolean => {
    let moved = false
    if (thread === undefined) return moved
    const { slots } = thread
    seen = slots.answered()
    for (const [slot, one] of handed) {
      const holds = slots.answerIn(slot)
      if (holds === undefined) continue
      slots.free(slot)
      handed.delete(slot)
      moved = true
      one.answer(holds)
    }
    for (const slot of overdue)
      if (slots.answerIn(slot) !== undefined) {
        slots.free(slot)
        overdue.delete(slot)
        moved = true
      }
    if (moved) movedAt = performance.now()
    return moved
  }

  const lateFor = (): number => (handed.size + overdue.size === 0 ? 0 : performance.now() - movedAt)

  /** What is to be checked here, if anything: what no thread has, then what is more than it will soon be through with. */
  const takeOne = (): Waiting | undefined => {
    if (thread === undefined || handed.size === 0) return waiting.shift()
    const lateNow = lateFor()
    if (lateNow >= GIVE_UP_MS) {
      void thread.end()
      leave(thread)
      return waiting.shift()
    }
    const { slots } = thread
    const newestFirst = [...handed].toReversed()
    for (const [slot, one] of lateNow >= LATE_MS ? newestFirst : newestFirst.slice(0, -LEFT_TO_THREAD))
      if (slots.takeBack(slot)) {
        slots.free(slot)
        handed.delete(slot)
        return one
      }
    const [oldest] = handed
    if (lateNow < LATE_MS || oldest === undefined) return waiting.shift()
    // The thread has begun with it, and has no processor.
    const [slot, one] = oldest
    handed.delete(slot)
    overdue.add(slot)
    return one
  }

  /** When to look again: at once while there is something to do here, else when the thread has answered or is late. */
  const plan = (): void => {
    if (soon !== undefined || waiting.length + handed.size === 0) return
    const left = LATE_MS - lateFor()
    if (waiting.length > 0 || handed.size > LEFT_TO_THREAD || left <= 0) {
      soon = setImmediate(turn)
      return
    }
    late ??= setTimeout(turn, left)
    if (thread !== undefined && listensTo !== thread) void listen(thread)
  }

  const listen = async (to: CheckingThread): Promise<void> => {
    listensTo = to
    await to.slots.moreThan(seen, LATE_MS)
    if (listensTo === to) listensTo = undefined
    if (soon === undefined) turn()
  }

  /** What can go on goes on first; where nothing can, one is checked here. */
  const turn = (): void => {
    clearImmediate(soon)
    soon = undefined
    clearTimeout(late)
    late = undefined
    if (!collect()) {
      const one = takeOne()
      if (one !== undefined) one.answer(signatureHolds(one))
    }
    hand()
    plan()
  }

  const ask = (question: SlotQuestion): boolean | Promise<boolean> => {
    if (start === undefined) return signatureHolds(question)
    return new Promise((answer) => {
      waiting.push({ ...question, answer })
      hand()
      plan()
    })
  }

  return {
    verify: (signature, of, publicKey) => ask({ signature, of, publicKey }),
    verifyTexts: (signature, of, publicKey) => ask({ signature, of, publicKey }),
    close: async () => {
      closed = true
      const last = thread
      if (last === undefined) return
      leave(last)
      await last.end()
    },
  }
}

export function startThread(): CheckingThread {
  const memory = signatureMemory()
  const worker = openThread(new URL('./signature-thread.ts', import.meta.url), {
    workerData: memory,
    limits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 32 },
  })
  worker.unref()
  return {
    slots: signatureSlots(memory),
    onEnd: (tell) => {
      worker.on('error', tell)
      worker.on('exit', tell)
    },
    end: async () => {
      // Whoever waits for the end of it keeps the process until then.
      worker.ref()
      await worker.terminate()
    },
  }
}
