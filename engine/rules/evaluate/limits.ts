import type { CompiledRule } from '#engine/rules/compile/compiled-rule.ts'
import type { Duration } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
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
 * From when on a rule can be met again for an award, where it is met at `metAt` and that is too near to one that stands;
 * undefined where it is not.
 */
export function cooldownEnd(
  cooldownMs: Duration,
  metAt: Instant,
  past: readonly PastAward[],
): Instant | undefined {
  const moments = past.flatMap(({ metAt: before }) => before ?? []).sort((a, b) => a - b)
  let end: Instant | undefined
  // In order: leaving one behind may lead to the next.
  for (const before of moments)
    if (Math.abs((end ?? metAt) - before) < cooldownMs) end = asInstant(before + cooldownMs)
  return end
}

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
  if (cooldownMs !== undefined && cooldownEnd(cooldownMs, metAt, past) !== undefined) return 'cooldown'
  if (cap !== undefined && rule.status === 'active' && capLeft <= 0) return 'cap'
  return undefined
}
