import type { Unit } from '#web/api/wire.ts'

export interface PlacedUnit {
  readonly unit: Unit
  /** 0 for what stands at the top of what the reader may see. */
  readonly depth: number
}

/** Units with those below them right after them, by name. Whoever may see a part of the tree sees it from its top. */
export function unitTree(units: readonly Unit[]): readonly PlacedUnit[] {
  const known = new Set(units.map(({ id }) => id))
  const below = (parentId: string | null, depth: number): readonly PlacedUnit[] =>
    units
      .filter((unit) =>
        parentId === null ? unit.parentId === null || !known.has(unit.parentId) : unit.parentId === parentId,
      )
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .flatMap((unit) => [{ unit, depth }, ...below(unit.id, depth + 1)])
  return below(null, 0)
}

/** The units under which one may be put: not itself, and none below it. */
export function possibleParents(units: readonly Unit[], moved: Unit | undefined): readonly Unit[] {
  if (moved === undefined) return units
  const tree = unitTree(units)
  const at = tree.findIndex(({ unit }) => unit.id === moved.id)
  const depth = tree[at]?.depth ?? 0
  const end = tree.findIndex((placed, index) => index > at && placed.depth <= depth)
  const within = new Set(tree.slice(at, end === -1 ? undefined : end).map(({ unit }) => unit.id))
  return units.filter(({ id }) => !within.has(id))
}
