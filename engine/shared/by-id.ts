/** What was read in bulk, to be looked up by its id. */
export const byId = <T extends { readonly id: unknown }>(all: readonly T[]): ReadonlyMap<T['id'], T> =>
  new Map(all.map((each) => [each.id, each]))
