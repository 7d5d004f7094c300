import { availableParallelism } from 'node:os'
import type { VerifyEd25519 } from '#adapters/crypto/crypto-means.ts'
import { verifyStrictly } from '#adapters/keys/strict-ed25519.ts'
import { asProduct } from './caller-scope.ts'
import { type JoinedParts, joinParts } from './joined-parts.ts'
import { createThreadPool } from './thread-pool.ts'

export interface SignatureChecks {
  readonly verify: VerifyEd25519
  /** Ends the thread; what it has is checked here. */
  close(): Promise<void>
}

/** A message there and back takes as long as checking one signature; with so many at once it is worth it. */
const LEAST_FOR_THREAD = 4

/** More at once would leave this side without work until they come back. */
const MOST_IN_MESSAGE = 8

/** What is signed is a pair of hashes, or a token. Who sends a long one has it checked here. */
const LONGEST_MESSAGE = 4096

/** One message is worked on, and the next lies ready. */
const MOST_AWAY = 2

interface Waiting {
  readonly parts: readonly [signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array]
  readonly answer: (holds: boolean) => void
}

/**
 * Checks signatures where the caller runs, and in one thread beside it while many wait: whoever reads documents all the time
 * has half of its work taken off. Which of the two checks makes no difference to the answer.
 */
export function createSignatureChecks(): SignatureChecks {
  const hasThread = availableParallelism() > 1
  const waiting: Waiting[] = []
  let away = 0
  let isDue = false
  const pool = createThreadPool<JoinedParts, Uint8Array>({
    script: new URL('./signature-thread.ts', import.meta.url),
    threads: 1,
    deadlineMs: 2000,
    queue: 1,
    share: 1,
    reserve: 1,
    memoryMb: 32,
    mostJobs: Number.POSITIVE_INFINITY,
    what: 'checker of signatures',
  })

  const checkHere = ({ parts, answer }: Waiting): void => answer(verifyStrictly(...parts))

  const send = async (batch: readonly Waiting[]): Promise<void> => {
    away += 1
    const outcome = await asProduct(() => pool.run(joinParts(batch.flatMap(({ parts }) => parts)))).catch(
      () => undefined,
    )
    away -= 1
    for (const [at, one] of batch.entries())
      if (outcome?.ok === true) one.answer(outcome.done[at] === 1)
      else checkHere(one)
    spread()
  }

  /** Hands over what is worth a message. */
  const spread = (): void => {
    if (away < MOST_AWAY && waiting.length >= LEAST_FOR_THREAD) void send(waiting.splice(0, MOST_IN_MESSAGE))
    if (isDue || waiting.length === 0) return
    isDue = true
    setImmediate(turn)
  }

  /**
   * Comes when all that could go on has gone on. What waits is checked here, one in each turn of the loop, unless the thread is about to
   * be through with what it has: then it is for the thread, as reading documents is for this side alone.
   */
  const turn = (): void => {
    isDue = false
    if (away > 0 && away < MOST_AWAY) return
    const one = waiting.shift()
    if (one !== undefined) checkHere(one)
    spread()
  }

  return {
    verify: (signature, message, publicKey) => {
      if (!hasThread || message.length > LONGEST_MESSAGE) return verifyStrictly(signature, message, publicKey)
      return new Promise((answer) => {
        waiting.push({ parts: [signature, message, publicKey], answer })
        spread()
      })
    },
    close: pool.close,
  }
}
