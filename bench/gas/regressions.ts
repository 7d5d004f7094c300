export interface Regression {
  /** Where it stands among the figures, as `ours.anchor.0`. */
  readonly of: string
  readonly recorded: number
  readonly measured: number
}

/**
 * The figures that are more than 1 % above their records. A figure without a record, or a record without a figure, is
 * one too (NaN stands for what is not there): records are of everything.
 */
export function regressions(measured: object, recorded: object): readonly Regression[] {
  const now = leavesOf(measured)
  const before = leavesOf(recorded)
  return [...new Set([...now.keys(), ...before.keys()])]
    .map((of) => ({ of, recorded: before.get(of) ?? Number.NaN, measured: now.get(of) ?? Number.NaN }))
    .filter((each) => !(each.measured * 100 <= each.recorded * 101))
}

/** The figures that are less than their records: these may be written anew. */
export function savings(measured: object, recorded: object): readonly Regression[] {
  const before = leavesOf(recorded)
  return [...leavesOf(measured)]
    .map(([of, gas]) => ({ of, recorded: before.get(of) ?? Number.NaN, measured: gas }))
    .filter((each) => each.measured < each.recorded)
}

function leavesOf(figures: object, path = ''): Map<string, number> {
  return new Map(
    Object.entries(figures).flatMap(([name, value]: [string, unknown]) => {
      const of = path === '' ? name : `${path}.${name}`
      if (typeof value === 'number') return [[of, value] as const]
      return typeof value === 'object' && value !== null ? [...leavesOf(value, of)] : []
    }),
  )
}
