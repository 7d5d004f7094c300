import type { Instant } from '#engine/shared/instant.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { BlockReason } from './evaluation.ts'

/** An award of the same rule to the same person that stands. */
export interface PastAward {
  readonly occurrence: string
  readonly metAt: Instant | undefined
}

/** Whether anything but the rule itself can forbid an award. */
export const isLimited = ({ limits, isOnePerPerson }: CompiledRule): boolean =>
  isOnePerPerson ||
  limits.cap !== undefined ||
  limits.capPerPerson !== undefined ||
  limits.cooldownMs !== undefined

/**
 * Which limit forbids a further award, if one does. Limits look at what has been decided before: first come, first
 * served, so they are the one thing that the order of arrival may change.
 */
export function blockReason(
  { limits, isOnePerPerson, rule }: CompiledRule,
  metAt: Instant,
  {
    past,
    heldByOther,
    capLeft,
  }: { readonly past: readonly PastAward[]; readonly heldByOther: boolean; readonly capLeft: number },
): BlockReason | undefined {
  const { capPerPerson, cooldownMs, cap } = limits
  if (isOnePerPerson && heldByOther) return 'one-per-person'
  if (capPerPerson !== undefined && past.length >= capPerPerson) return 'cap-per-person'
  if (cooldownMs !== undefined)
    for (const { metAt: before } of past)
      if (before !== undefined && Math.abs(metAt - before) < cooldownMs) return 'cooldown'
  if (cap !== undefined && rule.status === 'active' && capLeft <= 0) return 'cap'
  return undefined
}
