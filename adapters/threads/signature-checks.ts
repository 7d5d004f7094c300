import { availableParallelism } from 'node:os'
import type { VerifyEd25519 } from '#adapters/crypto/crypto-means.ts'
import { verifyStrictly } from '#adapters/keys/strict-ed25519.ts'
import { asProduct } from './caller-scope.ts'
import { type JoinedParts, joinParts } from './joined-parts.ts'
import { createThreadPool, type ThreadPool } from './thread-pool.ts'

export interface SignatureChecks {
  readonly verify: VerifyEd25519
  /** Ends the thread; what it has is checked here. */
  close(): Promise<void>
}

/** The thread beside, which answers a byte for each signature: 1 where it holds. */
export type CheckingThread = ThreadPool<JoinedParts, Uint8Array>

/** A message there and back takes as long as checking one signature; with so many at once it is worth it. */
const LEAST_FOR_THREAD = 4

/** More at once would leave this side without work until they come back. */
const MOST_IN_MESSAGE = 8

/** One message is worked on, and the next lies ready. */
const MOST_AWAY = 2

/** Checking a message takes half a millisecond. A thread that has not answered after this has no processor, or is no more. */
const LATE_MS = 10

/** What is signed is a pair of hashes, or a token. Who sends a long one has it checked here. */
const LONGEST_MESSAGE = 4096

interface Waiting {
  readonly parts: readonly [signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array]
  readonly answer: (holds: boolean) => void
  isAnswered: boolean
}

/**
 * Checks signatures where the caller runs, and in one thread beside it while many wait: whoever reads documents all the time
 * has half of its work taken off. Which of the two checks makes no difference to the answer, and what the thread is late with is
 * checked here as well, whichever is first.
 */
export function createSignatureChecks(beside: CheckingThread | undefined = openThread()): SignatureChecks {
  /** What nobody checks yet, the oldest first. */
  const waiting: Waiting[] = []
  /** What the thread has and should have answered. */
  let overdue: readonly Waiting[] = []
  /** When each message that is away was sent. */
  const away = new Set<{ readonly since: number }>()
  let soon: NodeJS.Immediate | undefined
  let later: NodeJS.Timeout | undefined

  const answer = (one: Waiting, holds: boolean): void => {
    if (one.isAnswered) return
    one.isAnswered = true
    one.answer(holds)
  }

  const checkHere = (one: Waiting): void => {
    if (!one.isAnswered) answer(one, holdsHere(one.parts))
  }

  const send = async (thread: CheckingThread, batch: readonly Waiting[]): Promise<void> => {
    const message = { since: performance.now() }
    away.add(message)
    const late = setTimeout(() => {
      overdue = [...overdue, ...batch]
      plan()
    }, LATE_MS)
    const outcome = await asProduct(() => thread.run(joinParts(batch.flatMap(({ parts }) => parts)))).catch(
      () => undefined,
    )
    clearTimeout(late)
    away.delete(message)
    for (const [at, one] of batch.entries())
      if (outcome?.ok === true) answer(one, outcome.done[at] === 1)
      else checkHere(one)
    spread()
  }

  /** Hands over what is worth a message, and sees to the rest. */
  const spread = (): void => {
    if (
      beside !== undefined &&
      away.size < MOST_AWAY &&
      waiting.length >= LEAST_FOR_THREAD &&
      beside.isReady()
    )
      void send(beside, waiting.splice(0, MOST_IN_MESSAGE))
    plan()
  }

  /**
   * When to look again. Reading documents is for this side alone, so the rest is left to a thread that will soon be through with what it
   * has; while it has more than that, or nothing, one is checked here when all that could go on has gone on.
   */
  const plan = (): void => {
    if (overdue.length > 0) overdue = overdue.filter(({ isAnswered }) => !isAnswered)
    if (soon !== undefined || overdue.length + waiting.length === 0) return
    if (overdue.length === 0 && isSoonThrough()) {
      later ??= setTimeout(turn, LATE_MS)
      return
    }
    clearTimeout(later)
    later = undefined
    soon = setImmediate(turn)
  }

  const isSoonThrough = (): boolean => {
    const [message] = away
    return away.size === 1 && message !== undefined && performance.now() - message.since < LATE_MS
  }

  const turn = (): void => {
    soon = undefined
    clearTimeout(later)
    later = undefined
    const one = overdue[0] ?? (isSoonThrough() ? undefined : waiting.shift())
    if (one !== undefined) checkHere(one)
    spread()
  }

  return {
    verify: (signature, message, publicKey) => {
      const parts = [signature, message, publicKey] as const
      if (beside === undefined || message.length > LONGEST_MESSAGE) return holdsHere(parts)
      return new Promise((resolve) => {
        waiting.push({ parts, answer: resolve, isAnswered: false })
        spread()
      })
    },
    close: async () => {
      await beside?.close()
    },
  }
}

function holdsHere(parts: Waiting['parts']): boolean {
  try {
    return verifyStrictly(...parts)
  } catch {
    // Bytes that are no bytes any more, as those of a buffer that was handed away.
    return false
  }
}

/** One, where there is a second processor. */
export const openThread = (): CheckingThread | undefined =>
  availableParallelism() < 2
    ? undefined
    : createThreadPool({
        script: new URL('./signature-thread.ts', import.meta.url),
        threads: 1,
        deadlineMs: 2000,
        queue: 1,
        share: 1,
        reserve: MOST_AWAY,
        memoryMb: 32,
        mostJobs: Number.POSITIVE_INFINITY,
        what: 'checker of signatures',
      })
