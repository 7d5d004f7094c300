import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { CompiledLeaf } from './compiled-rule.ts'

/**
 * The one condition on which an event fails; undefined where it meets all, or fails on more. What is of another type is
 * something else that was done, however much of it fits: it did not come close.
 */
export function onlyFailure(leaf: CompiledLeaf, event: LearningEvent): string | undefined {
  const failed = leaf.conjuncts.filter(({ test }) => test(event) !== true)
  const [only] = failed
  return failed.length === 1 && only?.isType === false ? only.text : undefined
}
