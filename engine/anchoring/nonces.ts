/**
 * The nonces of one account. A chain takes them in order and without gaps: what waits behind a missing one waits for
 * ever. `next` is what the chain expects, `held` what is spoken for, in any order.
 */

/** The lowest nonce that the chain would take and that nobody holds: a gap first, then the end. */
export function firstFreeNonce(next: number, held: Iterable<number>): number {
  const taken = new Set(held)
  let free = next
  while (taken.has(free)) free++
  return free
}

/** The lowest nonces, `most` at most, that are missing below the highest that is held. */
export function missingNonces(next: number, held: readonly number[], most: number): readonly number[] {
  const taken = new Set(held)
  const end = held.reduce((highest, nonce) => Math.max(highest, nonce), next)
  const missing: number[] = []
  for (let nonce = next; nonce < end && missing.length < most; nonce++)
    if (!taken.has(nonce)) missing.push(nonce)
  return missing
}
