import { type ActiveContext, INITIAL_CONTEXT } from './active-context.ts'

/** How many contexts are kept. A badge needs some ten of them, and a context holds a few hundred terms. */
const MOST = 1000

/**
 * Keeps active contexts that follow from pinned files alone, under what they follow from. What a document brings itself
 * is never kept, so that nothing that a stranger writes is ever met by another; the oldest go first.
 */
export interface ContextCache {
  /** A number for a context that is new. */
  nextNumber(): number
  /** The key of what follows from `active` by a context of a pinned file; undefined where nothing is kept. */
  keyOf(active: ActiveContext, local: object | string, manner: string): string | undefined
  get(key: string): ActiveContext | undefined
  keep(key: string, context: ActiveContext): ActiveContext
}

export function createContextCache(): ContextCache {
  const kept = new Map<string, ActiveContext>()
  const numbers = new WeakMap<object, number>()
  let contexts: number = INITIAL_CONTEXT.number
  let locals = 0
  const numberOf = (local: object): number => {
    const known = numbers.get(local)
    if (known !== undefined) return known
    locals += 1
    numbers.set(local, locals)
    return locals
  }
  return {
    nextNumber: () => {
      contexts += 1
      return contexts
    },
    keyOf: (active, local, manner) =>
      active.isPinned
        ? `${active.number} ${manner} ${typeof local === 'string' ? local : `#${numberOf(local)}`}`
        : undefined,
    get: (key) => {
      const context = kept.get(key)
      if (context !== undefined) {
        // The newest stand last.
        kept.delete(key)
        kept.set(key, context)
      }
      return context
    },
    keep: (key, context) => {
      kept.set(key, context)
      if (kept.size > MOST) {
        const [oldest] = kept.keys()
        if (oldest !== undefined) kept.delete(oldest)
      }
      return context
    },
  }
}
