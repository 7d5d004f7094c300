type Undefinable<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]

/** The members that are there: those that may be undefined may be left out. */
type Present<T> = Omit<T, Undefinable<T>> & { readonly [K in Undefinable<T>]?: Exclude<T[K], undefined> }

/** The same without the members that are undefined: a member that is not known does not stand there at all. */
export function present<const T extends object>(members: T): Present<T> {
  const kept: Partial<T> = {}
  for (const name of Object.keys(members) as (keyof T)[])
    if (members[name] !== undefined) kept[name] = members[name]
  return kept as unknown as Present<T>
}
