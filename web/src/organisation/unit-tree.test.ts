import { expect, test } from 'vitest'
import type { Unit } from '#web/api/wire.ts'
import { possibleParents, unitTree } from './unit-tree.ts'

const unit = (id: string, parentId: string | null): Unit => ({
  id,
  parentId,
  kind: 'group',
  name: id,
  rights: [],
  revision: 1,
})
const units = [unit('c', 'a'), unit('a', 'root'), unit('root', null), unit('b', 'root'), unit('d', 'c')]

test('each unit stands right below the one that it belongs to', () => {
  const lines = unitTree(units).map((placed) => `${'-'.repeat(placed.depth)}${placed.unit.id}`)
  expect(lines).toEqual(['root', '-a', '--c', '---d', '-b'])
})

test('of a tree of which somebody may see a branch, the branch is shown from its top', () => {
  expect(unitTree(units.slice(0, 2)).map((placed) => [placed.unit.id, placed.depth])).toEqual([
    ['a', 0],
    ['c', 1],
  ])
})

test('a unit is put neither below itself nor below its own', () => {
  const parents = (id: string) =>
    possibleParents(
      units,
      units.find((each) => each.id === id),
    ).map((each) => each.id)
  expect(parents('a')).toEqual(['root', 'b'])
  expect(parents('c')).toEqual(['a', 'root', 'b'])
  expect(parents('b')).toEqual(['c', 'a', 'root', 'd'])
  expect(possibleParents(units, undefined)).toEqual(units)
})
