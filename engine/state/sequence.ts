import type { Duration } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { compareItems, type LeafItem } from './leaf-state.ts'
import type { Met } from './read-leaf.ts'

/**
 * The earliest moment at which the steps have been taken in their order, each by an event of its own, from the first to
 * the last within `within` (closed). `steps` holds the items of each step, in order. How far the longest chain came
 * stands in `reached`. O(items × steps).
 */
export function sequenceMet(
  steps: readonly (readonly LeafItem[])[],
  within: Duration | undefined,
  notBefore: Instant | undefined,
): {
  readonly met: Met | undefined
  readonly reached: readonly LeafItem[]
  /** By step: of the chains that came so far, the one that began latest. */
  readonly chains: readonly (readonly LeafItem[] | undefined)[]
} {
  // For each step the chain that began latest: whatever follows has the most time left with it.
  const chains: (readonly LeafItem[] | undefined)[] = steps.map(() => undefined)
  let reached: readonly LeafItem[] = []
  for (const { item, atSteps } of inOrder(steps, notBefore)) {
    // From the last step down, so that one event is not taken for two steps.
    for (const step of atSteps) {
      const before = step === 0 ? [] : chains[step - 1]
      if (before === undefined) continue
      const chain = [...before, item]
      const begin = chain[0]?.time ?? item.time
      if (within !== undefined && item.time - begin > within) continue
      const known = chains[step]
      if (known === undefined || (known[0]?.time ?? begin) < begin) chains[step] = chain
      if (chain.length > reached.length) reached = chain
      if (step === steps.length - 1)
        return { met: { metAt: item.time, by: item, evidence: chain }, reached: chain, chains }
    }
  }
  return { met: undefined, reached, chains }
}

/** The longest chain that can still be gone on with at `now`, and until when. */
export function openSequence(
  steps: readonly (readonly LeafItem[])[],
  within: Duration | undefined,
  notBefore: Instant | undefined,
  now: Instant,
): { readonly reached: readonly LeafItem[]; readonly expiresAt: Instant | undefined } {
  const { chains } = sequenceMet(steps, within, notBefore)
  for (const chain of [...chains].reverse()) {
    const begin = chain?.[0]?.time
    if (chain === undefined || begin === undefined) continue
    if (within === undefined) return { reached: chain, expiresAt: undefined }
    if (begin + within >= now) return { reached: chain, expiresAt: asInstant(begin + within) }
  }
  return { reached: [], expiresAt: undefined }
}

function inOrder(steps: readonly (readonly LeafItem[])[], notBefore: Instant | undefined) {
  const byEvent = new Map<string, { readonly item: LeafItem; readonly atSteps: number[] }>()
  for (let step = steps.length - 1; step >= 0; step--)
    for (const item of steps[step] ?? []) {
      if (notBefore !== undefined && item.time < notBefore) continue
      const known = byEvent.get(item.eventId)
      if (known === undefined) byEvent.set(item.eventId, { item, atSteps: [step] })
      else known.atSteps.push(step)
    }
  return [...byEvent.values()].sort((a, b) => compareItems(a.item, b.item))
}
