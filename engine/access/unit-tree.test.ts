import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OrganisationId, UnitId } from '#engine/shared/ids.ts'
import { type Principal, RIGHTS } from './rights.ts'
import { judgeMove, pathsIn, rightsIn, type TreeUnit, UNIT_DEPTH_MAX } from './unit-tree.ts'

const unitId = (n: number) => `unit-${n}` as UnitId

/** Unit 0 is the root; each other one stands below one that was there before it. */
const trees = fc
  .array(fc.nat(), { maxLength: 40 })
  .map((parents): readonly TreeUnit[] => [
    { id: unitId(0) },
    ...parents.map((parent, n) => ({ id: unitId(n + 1), parentId: unitId(parent % (n + 1)) })),
  ])

/** The obvious way: up, one by one. */
function isBelow(units: readonly TreeUnit[], unit: UnitId, top: UnitId): boolean {
  if (unit === top) return true
  const parent = units.find(({ id }) => id === unit)?.parentId
  return parent !== undefined && isBelow(units, parent, top)
}

const depthOf = (units: readonly TreeUnit[], unit: UnitId): number => {
  const parent = units.find(({ id }) => id === unit)?.parentId
  return parent === undefined ? 1 : 1 + depthOf(units, parent)
}

test('a path holds exactly what a unit stands in', () => {
  fc.assert(
    fc.property(trees, (units) => {
      const paths = pathsIn(units)
      for (const { id } of units)
        expect(new Set(paths.get(id))).toEqual(
          new Set(units.filter((top) => isBelow(units, id, top.id)).map((top) => top.id)),
        )
    }),
  )
})

test('a right holds where it was granted and below, and nowhere else', () => {
  fc.assert(
    fc.property(
      trees,
      fc.array(fc.tuple(fc.nat(), fc.subarray([...RIGHTS])), { maxLength: 5 }),
      (units, granted) => {
        const grants = granted.map(([at, rights]) => ({
          organisationId: 'one' as OrganisationId,
          unitId: unitId(at % units.length),
          rights,
        }))
        const principal = { kind: 'session', grants } as unknown as Principal
        const held = rightsIn(principal, units)
        for (const { id } of units)
          for (const right of RIGHTS)
            expect(held.get(id)?.includes(right)).toBe(
              grants.some((grant) => grant.rights.includes(right) && isBelow(units, id, grant.unitId)),
            )
      },
    ),
  )
})

test('whatever moves are let through, one after another, what is left is a tree with one root that is not too deep', () => {
  fc.assert(
    fc.property(trees, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 }), (start, moves) => {
      fc.pre(Math.max(...start.map(({ id }) => depthOf(start, id))) <= UNIT_DEPTH_MAX)
      let units = start
      for (const [unit, parent] of moves) {
        const id = unitId(1 + (unit % Math.max(1, units.length - 1)))
        const parentId = unitId(parent % units.length)
        const judged = judgeMove(units, id, parentId)
        expect(judged === 'cycle').toBe(isBelow(units, parentId, id))
        if (judged !== 'fine') continue
        units = units.map((each) => (each.id === id ? { id, parentId } : each))
        expect(units.every((each) => isBelow(units, each.id, unitId(0)))).toBe(true)
        expect(Math.max(...units.map((each) => depthOf(units, each.id)))).toBeLessThanOrEqual(UNIT_DEPTH_MAX)
      }
    }),
  )
})

test('a move is refused for depth only where the tree would be too deep', () => {
  const chain = (length: number, from = 0): TreeUnit[] =>
    Array.from({ length }, (_, n) =>
      n === 0 ? { id: unitId(from) } : { id: unitId(from + n), parentId: unitId(from + n - 1) },
    )
  const high = chain(15)
  const other = chain(6, 100).map((each, n) => (n === 0 ? { ...each, parentId: unitId(0) } : each))
  const units = [...high, ...other]
  expect(judgeMove(units, unitId(100), unitId(13))).toBe('fine')
  expect(judgeMove(units, unitId(100), unitId(14))).toBe('too-deep')
})
