import { type AwardLife, currentEdition, possibleSteps } from '#engine/awards/award-life.ts'
import type { Instant } from '#engine/shared/instant.ts'

/**
 * What becomes of an award whose current edition a compromised key signed. `anchored`: a chain witnessed it before the
 * moment from which the key is not believed, so that it stands. `reissue`: nobody did, so that it is signed once more.
 * `left`: it is valid no longer, or its next edition is on its way under another key.
 */
export type CompromiseFate = 'anchored' | 'reissue' | 'left'

/** `anchoredAt`: the time of the block that holds its leaf; undefined while none does. */
export function fateUnderCompromise(
  life: AwardLife,
  anchoredAt: Instant | undefined,
  since: Instant,
): CompromiseFate {
  if (life.state !== 'issued' || currentEdition(life.editions)?.end !== undefined) return 'left'
  if (anchoredAt !== undefined && anchoredAt < since) return 'anchored'
  return possibleSteps(life).includes('reissue') ? 'reissue' : 'left'
}
