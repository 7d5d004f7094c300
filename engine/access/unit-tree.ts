import type { UnitId } from '#engine/shared/ids.ts'
import { holdsRight, type Principal, RIGHTS, type Right } from './rights.ts'

/** A unit as far as the tree is concerned. */
export interface TreeUnit {
  readonly id: UnitId
  readonly parentId?: UnitId
}

/** How many units may stand one in another. The path of a unit is read with every check of a right. */
export const UNIT_DEPTH_MAX = 20

/** By unit, the unit itself and all units above it, nearest first. O(units × depth). */
export function pathsIn(units: readonly TreeUnit[]): ReadonlyMap<UnitId, readonly UnitId[]> {
  const parents = new Map(units.map(({ id, parentId }) => [id, parentId]))
  return new Map(
    units.map(({ id }) => {
      const path: UnitId[] = []
      for (let at: UnitId | undefined = id; at !== undefined && !path.includes(at); at = parents.get(at))
        path.push(at)
      return [id, path]
    }),
  )
}

/** What someone may do on each unit: their own grants there and those above. */
export function rightsIn(
  principal: Principal,
  units: readonly TreeUnit[],
): ReadonlyMap<UnitId, readonly Right[]> {
  return new Map(
    [...pathsIn(units)].map(([id, path]) => [
      id,
      RIGHTS.filter((right) => holdsRight(principal, right, path)),
    ]),
  )
}

/**
 * Whether a unit may stand below another one.
 * `cycle`: it would stand in itself. `too-deep`: more than `UNIT_DEPTH_MAX` would stand one in another.
 */
export function judgeMove(
  units: readonly TreeUnit[],
  unit: UnitId,
  parent: UnitId,
): 'fine' | 'cycle' | 'too-deep' {
  const paths = pathsIn(units)
  const above = paths.get(parent) ?? []
  if (above.includes(unit)) return 'cycle'
  const own = paths.get(unit)?.length ?? 1
  const below = [...paths.values()].filter((path) => path.includes(unit))
  const height = Math.max(1, ...below.map((path) => path.length - own + 1))
  return above.length + height > UNIT_DEPTH_MAX ? 'too-deep' : 'fine'
}
