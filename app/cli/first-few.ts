/** How many of a long list people are told: the first say what is wrong, and the rest says the same. */
const FEW = 20

/** The first of a list, and how many there are besides. */
export function firstFew<T>(list: readonly T[]): { readonly shown: readonly T[]; readonly more: number } {
  return { shown: list.slice(0, FEW), more: Math.max(0, list.length - FEW) }
}
