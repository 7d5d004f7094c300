import type { LeafState } from './leaf-state.ts'

/**
 * States by the name of (leaf, subject). Only what is asked for needs to be there: most of what is known of a person has
 * nothing to do with the event at hand.
 */
export interface LeafStates {
  get(key: string): LeafState | undefined
  keys(): Iterable<string>
}

/** States that are unpacked when somebody asks for them, once. */
export function unpackedOnDemand<Packed>(
  packed: ReadonlyMap<string, Packed>,
  unpack: (packed: Packed, key: string) => LeafState,
): LeafStates {
  const unpacked = new Map<string, LeafState>()
  return {
    get(key) {
      const known = unpacked.get(key)
      if (known !== undefined) return known
      const found = packed.get(key)
      if (found === undefined) return undefined
      const state = unpack(found, key)
      unpacked.set(key, state)
      return state
    },
    keys: () => packed.keys(),
  }
}

/** The same without some of them. */
export const withoutStates = (states: LeafStates, isGone: (key: string) => boolean): LeafStates => ({
  get: (key) => (isGone(key) ? undefined : states.get(key)),
  keys: () => [...states.keys()].filter((key) => !isGone(key)),
})

/** The same after changes. */
export const changedStates = (
  states: LeafStates,
  changes: ReadonlyMap<string, { readonly state: LeafState }>,
): LeafStates => ({
  get: (key) => changes.get(key)?.state ?? states.get(key),
  keys: () => new Set([...states.keys(), ...changes.keys()]),
})
