import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'

/** Another worker was faster: nothing of ours is kept, and there is nothing to do. */
export class AlreadySigned extends Error {}

export interface TogetherOrAlone<Item> {
  readonly clock: Clock
  /** Those that a pass has claimed, until a moment. */
  readonly claimed: readonly Item[]
  readonly until: Instant
  readonly signal: AbortSignal | undefined
  /** Does all that go as one, and answers those that it is done with. */
  readonly together: (claimed: readonly Item[]) => Promise<ReadonlySet<Item>>
  readonly alone: (item: Item) => Promise<void>
  /** They did not go as one. */
  readonly onSplit: (error: unknown) => void
  readonly onFailure: (item: Item, error: unknown) => Promise<void>
}

/** How many a pass claims, at most. */
export interface PassSize {
  readonly now: () => number
  /** Half as many after a pass that ran out of time; twice as many, up to all, after one that came to its end. */
  readonly after: (isAtItsEnd: boolean) => void
}

export function createPassSize(most: number): PassSize {
  let size = most
  return {
    now: () => size,
    after: (isAtItsEnd) => {
      size = isAtItsEnd ? Math.min(most, size * 2) : Math.max(1, Math.floor(size / 2))
    },
  }
}

/**
 * A pass over what is to be signed: as one where that goes, and what is left each by itself, where it fails or succeeds by
 * itself. So one that is unfit stops no other. Answers whether it came to its end: where it ran out of time, fewer are to be
 * claimed the next time. However late it is, one has gone alone by then, so that each pass has done something.
 */
export async function togetherOrAlone<Item>(pass: TogetherOrAlone<Item>): Promise<boolean> {
  const done = await asOne(pass)
  const left = pass.claimed.filter((item) => !done.has(item))
  for (const [at, item] of left.entries()) {
    if (pass.signal?.aborted) return true
    // From then on they are another worker's, or this one's of the next pass.
    if (at > 0 && pass.clock.now() >= pass.until) return false
    try {
      await pass.alone(item)
    } catch (error) {
      if (error instanceof AlreadySigned) continue
      if (isDatabaseGone(error)) throw error
      await pass.onFailure(item, error)
    }
  }
  return true
}

async function asOne<Item>({
  claimed,
  together,
  onSplit,
}: TogetherOrAlone<Item>): Promise<ReadonlySet<Item>> {
  try {
    return await together(claimed)
  } catch (error) {
    if (isDatabaseGone(error)) throw error
    if (!(error instanceof AlreadySigned)) onSplit(error)
    return new Set()
  }
}

const isDatabaseGone = (error: unknown): boolean =>
  error instanceof WaarmerkError && error.code === 'database-unavailable'
